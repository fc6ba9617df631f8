"""Edits: the emulator keeps each clause, and each can be broken."""

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
from fauxreel_contracts.clauses.edits import CLAUSES
from fauxreel_contracts.result import Verdict

EDITS = posts_to("edits")
BREAKS = (
    of_refusals(CLAUSES)
    | derived("edits", "edits")
    | {
        "edits.json": [when(EDITS, refuses), when(EDITS, put(seconds=4))],
        "edits.id": [id_of_the_first(EDITS)],
        "edits.form": [when(sends(b'name="video[id]"'), refuses)],
        "edits.model": [when(EDITS, put(model="sora-2-pro"))],
        "edits.inherits": [
            when(EDITS, put(seconds="8")),
            when(EDITS, put(size="720x1280")),
        ],
    }
)
BREAKS["edits.content"].append(when(of_source, put(size="720x1280")))


def test_the_emulator_keeps_every_clause():
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES)

    assert unheld(found) == []
    assert left_out(found) == {"edits.absent"}


def test_azure_keeps_every_clause_where_the_specified_routes_are_served():
    with Emulator(**POLLS, azure_specified_routes=True) as emulator:
        found = results(emulator, CLAUSES, AZURE, edits=True)

    assert unheld(found) == []
    assert left_out(found) == {"edits.absent"}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_a_server_without_edits_is_asked_for_one_that_cannot_be(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base, edits=False)
        asked = [(each.method, each.path, each.status) for each in emulator.requests]

    assert unheld(found) == []
    assert left_out(found) == {clause.id for clause in CLAUSES} - {"edits.absent"}
    assert asked == [("POST", f"{base}/videos/edits", 404)]


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    has = clause != "edits.absent"
    assert verdict_of(clause, change, edits=has) is Verdict.DIFFERS
