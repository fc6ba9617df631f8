"""Characters: the emulator keeps each clause, and each can be broken."""

import pytest

from altered import Passage
from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    accepts,
    cases,
    drop,
    gets,
    left_out,
    of_refusals,
    posts_to,
    put,
    refuses,
    results,
    sends,
    status,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts.clauses.characters import CLAUSES
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.registry import find
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.target import Options, resolve

DIALECTS = {OPENAI: Dialect.OPENAI, AZURE: Dialect.AZURE}
MAKES_PATH = ("POST", "/v1/videos/characters")
MAKES = posts_to("characters")
GETS = gets("char_")


def unknown(passage: Passage) -> bool:
    return passage.method == "GET" and passage.last.startswith("char_") and passage.status == 404


def takes_any_upload(passage: Passage) -> None:
    if passage.method == "POST" and passage.status == 400:
        passage.answer({"id": "char_1", "created_at": 1, "name": "Mossy"}, 200)


BREAKS = of_refusals(CLAUSES) | {
    "characters.create": [
        when(MAKES, refuses),
        when(MAKES, put(id=7)),
        when(MAKES, drop("name")),
        when(MAKES, put(created_at="now")),
    ],
    "characters.retrieve": [when(GETS, status(404)), when(GETS, put(name="Fern"))],
    "characters.name": [when(MAKES, put(name="Fern"))],
    "characters.keys": [when(MAKES, put(object="character"))],
    "characters.id": [when(MAKES, put(id="7"))],
    "characters.unknown": [when(unknown, lambda p: p.answer({"id": None}, 200))],
    "characters.name.longest": [when(sends(b"x" * 80), refuses)],
    "characters.name.long": [takes_any_upload],
    "characters.name.empty": [takes_any_upload],
    "characters.octets": [takes_any_upload],
    "characters.json": [takes_any_upload],
    "characters.files": [takes_any_upload],
    "characters.shown.json": [when(sends(b'"characters"'), refuses)],
    "characters.shown.form": [when(sends(b'name="characters[][id]"'), refuses)],
    "characters.shown.two": [when(sends(b'"characters"'), refuses)],
    "characters.shown.unknown": [accepts],
    "characters.absent": [when(unknown, status(200))],
}


def test_the_emulator_keeps_every_clause():
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES)

    assert unheld(found) == []
    assert left_out(found) == {"characters.absent"}


def test_azure_keeps_every_clause_where_the_specified_routes_are_served():
    with Emulator(**POLLS, azure_specified_routes=True) as emulator:
        found = results(emulator, CLAUSES, AZURE, characters=True)

    assert unheld(found) == []
    assert left_out(found) == {"characters.absent"}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_a_server_without_characters_is_asked_for_one_that_cannot_be(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base, characters=False)

    assert unheld(found) == []
    served = {clause.id for clause in CLAUSES if DIALECTS[base] in clause.dialects}
    assert left_out(found) == served - {"characters.absent"}


def test_one_character_is_made_for_all_clauses_and_said_to_stay():
    chosen = [find(f"characters.{name}") for name in ("create", "name", "retrieve", "shown.form")]
    with Emulator(**POLLS) as emulator:
        report = run(resolve("it", Options(url=emulator.base_url), {}), chosen)
        made = [each for each in emulator.requests if (each.method, each.path) == MAKES_PATH]

    assert unheld(report.results) == []
    assert len(made) == 1
    assert [line.rsplit("_", 1)[0] for line in report.left_behind] == ["/videos/characters/char"]


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    has = clause != "characters.absent"
    assert verdict_of(clause, change, characters=has) is Verdict.DIFFERS
