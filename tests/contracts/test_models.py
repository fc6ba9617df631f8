"""The list of models: the emulator keeps each clause, and each can be broken."""

import pytest

from altered import Passage
from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    cases,
    left_out,
    put,
    results,
    status,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts.clauses.models import CLAUSES
from fauxreel_contracts.result import Verdict


def lists(passage: Passage) -> bool:
    return passage.last == "models"


def first(**values):
    """Sets keys of the first model."""

    def change(passage: Passage) -> None:
        if lists(passage):
            head, *rest = passage.json["data"]
            put(data=[{**head, **values}, *rest])(passage)

    return change


BREAKS = {
    "list.models": [
        when(lists, status(404)),
        when(lists, put(data=[])),
        when(lists, put(object="models")),
        when(lists, lambda p: p.answer(p.json["data"])),
    ],
    "list.models.names": [first(id="sora-1"), when(lists, put(data=["sora-2", "sora-2-pro"]))],
    "list.models.shape": [
        first(object="engine"),
        first(created="2025"),
        first(permission=[]),
        when(lists, put(data=["sora-2"])),
    ],
}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_the_emulator_keeps_every_clause(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base)

    assert (unheld(found), left_out(found)) == ([], set())


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    assert verdict_of(clause, change) is Verdict.DIFFERS
