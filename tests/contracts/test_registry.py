"""The table of clauses: stable, complete in itself, and in an order that works."""

import re

import pytest

from fauxreel_contracts.clause import Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Grade
from fauxreel_contracts.registry import CLAUSES, UnknownClause, find, select


def test_each_id_is_there_once():
    ids = [clause.id for clause in CLAUSES]

    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_clause_says_what_it_is(clause):
    assert re.fullmatch(r"[a-z]+(\.[a-z0-9][a-z0-9_-]*)+", clause.id)
    assert (
        clause.title[0].isupper()
        or clause.title[0] == "`"
        or clause.title[0].isdigit()
        or (clause.title.startswith("sora-"))
    )
    assert not clause.title.endswith(".")
    assert clause.evidence.source
    assert clause.evidence.as_of or clause.evidence.grade is Grade.INFERRED
    assert clause.why or clause.severity is Severity.MAY
    assert clause.dialects
    assert set(clause.evidence_by_dialect) <= set(Dialect)
    assert (clause.cost.videos == 0) == (clause.cost.seconds == 0)


def test_what_deletes_the_second_video_comes_last():
    topics = [clause.topic for clause in CLAUSES]
    after = CLAUSES[topics.index(Topic.DELETE) :]

    assert {clause.topic for clause in after if Shared.SECOND in clause.shares} == {Topic.DELETE}


def test_a_clause_is_found_by_its_id():
    assert find("create.form").id == "create.form"
    with pytest.raises(UnknownClause, match="No clause 'create'"):
        find("create")


def test_everything_that_is_said_must_fit():
    chosen = select(
        ["create.*", "delete.*"],
        topics=[Topic.DELETE],
        severities=[Severity.MUST],
        grades=[Grade.MEASURED],
        dialect=Dialect.AZURE,
    )

    assert [clause.id for clause in chosen] == ["delete.accepted"]


def test_a_grade_is_that_of_the_dialect():
    of_azure = select(["list.answer.shape"], grades=[Grade.SPECIFIED], dialect=Dialect.AZURE)
    of_openai = select(["list.answer.shape"], grades=[Grade.SPECIFIED])

    assert (len(of_azure), len(of_openai)) == (1, 0)
