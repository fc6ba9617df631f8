"""Extensions: the emulator keeps each clause, and each can be broken."""

import pytest

from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    cases,
    derived,
    id_of_the_first,
    left_out,
    of_refusals,
    of_source,
    posts_to,
    put,
    refuses,
    results,
    sends,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts.clauses.extensions import CLAUSES
from fauxreel_contracts.result import Verdict

EXTENSIONS = posts_to("extensions")
BREAKS = (
    of_refusals(CLAUSES)
    | derived("extensions", "extensions")
    | {
        "extensions.json": [when(EXTENSIONS, refuses), when(EXTENSIONS, put(seconds=4))],
        "extensions.id": [id_of_the_first(EXTENSIONS)],
        "extensions.form": [when(sends(b'name="video[id]"'), refuses)],
        "extensions.total": [when(EXTENSIONS, put(seconds="4"))],
        "extensions.inherits": [
            when(EXTENSIONS, put(model="sora-2-pro")),
            when(EXTENSIONS, put(size="720x1280")),
        ],
        **{
            f"extensions.seconds.{seconds}": [
                when(EXTENSIONS, refuses),
                when(EXTENSIONS, put(seconds=str(seconds))),
            ]
            for seconds in (8, 12, 16, 20)
        },
    }
)
BREAKS["extensions.content"].append(when(of_source, put(seconds="12")))


def test_the_emulator_keeps_every_clause():
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES)

    assert unheld(found) == []
    assert left_out(found) == {"extensions.absent"}


def test_azure_keeps_every_clause_but_for_the_lengths_it_never_had():
    with Emulator(**POLLS, azure_specified_routes=True) as emulator:
        found = results(emulator, CLAUSES, AZURE, extensions=True)

    longer = {"extensions.seconds.16", "extensions.seconds.20"}
    assert {clause_id for clause_id, *_ in unheld(found)} <= longer
    assert left_out(found) == {"extensions.absent"}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_a_server_without_extensions_is_asked_for_one_that_cannot_be(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base, extensions=False)
        asked = [(each.method, each.path, each.status) for each in emulator.requests]

    assert unheld(found) == []
    assert left_out(found) == {clause.id for clause in CLAUSES} - {"extensions.absent"}
    assert asked == [("POST", f"{base}/videos/extensions", 404)]


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    has = clause != "extensions.absent"
    assert verdict_of(clause, change, extensions=has) is Verdict.DIFFERS
