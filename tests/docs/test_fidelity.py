"""What is said about the real service has its evidence, names real code, and is on the page.

That the page is what the code says is a test in test_reference.py.
"""

import pkgutil
import re
from pathlib import Path

import pytest

from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.settings import SPECS, flag
from fauxreel.wire.azure_words import AZURE_WORDINGS
from fauxreel.wire.litellm_words import PROXY_WORDINGS
from fauxreel.wire.openai_facts import FACTS
from fauxreel.wire.openai_words import WORDINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "fidelity.md").read_text()
RECORDS = [
    pytest.param(fact, id=f"{topic}: {fact.what}")
    for topic, facts in FACTS.items()
    for fact in facts
]
EVIDENCE = [fact.evidence for facts in FACTS.values() for fact in facts]
EVIDENCE += [wording.evidence for wording in WORDINGS.values()]
# On the page of errors only.
ALL_EVIDENCE = EVIDENCE + [
    wording.evidence
    for wordings in (AZURE_WORDINGS, PROXY_WORDINGS)
    for wording in wordings.values()
]


def counted(text):
    """The numbers in the table of grades at the top of the page."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\d+) \|$", text, re.MULTILINE)
    return {grade: int(count) for grade, count in rows}


@pytest.mark.parametrize("fact", RECORDS)
def test_a_record_names_something_that_exists(fact):
    if fact.where.startswith("--"):
        assert fact.where in map(flag, SPECS)
    else:
        assert pkgutil.resolve_name(f"fauxreel.{fact.where}") is not None


@pytest.mark.parametrize("fact", RECORDS)
def test_a_record_is_on_the_page(fact):
    columns = (fact.what, f"`{fact.evidence.grade}`", fact.evidence.place, fact.evidence.as_of)
    row = " | ".join((*columns, fact.evidence.source, f"`{fact.where}`"))
    assert f"\n| {row} |\n" in PAGE


@pytest.mark.parametrize("kind", WORDINGS, ids=lambda kind: kind.__name__)
def test_the_words_of_an_error_are_on_the_page(kind):
    (row,) = [line for line in PAGE.splitlines() if f"| `domain.errors.{kind.__name__}` |" in line]
    evidence = WORDINGS[kind].evidence
    assert row.split(" | ")[1:5] == [
        f"`{evidence.grade}`",
        evidence.place,
        evidence.as_of,
        evidence.source,
    ]


@pytest.mark.parametrize("evidence", ALL_EVIDENCE, ids=lambda evidence: evidence.source)
def test_evidence_is_graded_and_says_where_it_is_from(evidence):
    assert isinstance(evidence, Evidence)
    assert isinstance(evidence.grade, Grade)
    assert evidence.place
    assert evidence.source


@pytest.mark.parametrize("evidence", ALL_EVIDENCE, ids=lambda evidence: evidence.source)
def test_evidence_has_a_date_unless_it_is_a_choice(evidence):
    dated = re.fullmatch(r"20\d\d(-[01]\d)?", evidence.as_of) is not None
    assert dated is (evidence.grade is not Grade.INFERRED)


def test_no_behaviour_is_listed_twice():
    listed = [fact.what for facts in FACTS.values() for fact in facts]
    assert sorted(listed) == sorted(set(listed))


def test_the_page_counts_the_behaviours_of_each_grade():
    grades = [evidence.grade for evidence in EVIDENCE]
    assert counted(PAGE) == {grade.value: grades.count(grade) for grade in Grade}


def test_the_topics_are_in_alphabetical_order():
    topics = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert topics == sorted([*FACTS, "Error texts"])
