"""What is said about the real service has its evidence, names real code, and is on the page.

That the page is what the code says is a test in test_reference.py.
"""

import pkgutil
import re
from pathlib import Path

import pytest

from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.faults.presets import PRESETS
from fauxreel.faults.rule import Subject
from fauxreel.settings import SPECS, flag
from fauxreel.wire.azure_words import AZURE_WORDINGS
from fauxreel.wire.litellm_words import PROXY_WORDINGS
from fauxreel.wire.openai_facts import FACTS
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.refusal_words import AZURE_REFUSALS, REFUSALS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "fidelity.md").read_text()
ERRORS = (ROOT / "docs" / "reference" / "errors.md").read_text()
RECORDS = [
    pytest.param(fact, id=f"{topic}: {fact.what}")
    for topic, facts in FACTS.items()
    for fact in facts
]
EVIDENCE = [fact.evidence for facts in FACTS.values() for fact in facts]
WORDS = {**WORDINGS, **REFUSALS}
EVIDENCE += [wording.evidence for wording in WORDS.values()]
# On the page of errors only.
ALL_EVIDENCE = EVIDENCE + [
    wording.evidence
    for wordings in (AZURE_WORDINGS, AZURE_REFUSALS, PROXY_WORDINGS)
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


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_the_words_of_an_error_are_on_the_page(kind):
    where = f"{kind.__module__}.{kind.__name__}".removeprefix("fauxreel.")
    assert pkgutil.resolve_name(f"fauxreel.{where}") is kind
    (row,) = [line for line in PAGE.splitlines() if f"| `{where}` |" in line]
    evidence = WORDS[kind].evidence
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


@pytest.mark.parametrize("wordings", [REFUSALS, AZURE_REFUSALS], ids=["openai", "azure"])
def test_what_rules_and_limits_answer_is_on_the_page_of_errors(wordings):
    presets = {type(one.make(Subject(), None)): f"`{name}`" for name, one in PRESETS.items()}
    rows = [line[2:-2].split(" | ") for line in ERRORS.splitlines() if line.startswith("|")]
    for kind, wording in wordings.items():
        evidence = wording.evidence
        told = [f"`{evidence.grade}`", evidence.place, evidence.as_of, evidence.source]
        named = [re.sub("(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower(), str(wording.status)]
        expected = (named, [*told, presets.get(kind, "")])
        assert expected in [(row[:2], row[-5:]) for row in rows]


def test_no_type_of_error_has_two_wordings():
    assert not WORDINGS.keys() & REFUSALS.keys()
    assert not AZURE_WORDINGS.keys() & AZURE_REFUSALS.keys()


def test_no_behaviour_is_listed_twice():
    listed = [fact.what for facts in FACTS.values() for fact in facts]
    assert sorted(listed) == sorted(set(listed))


def test_the_page_counts_the_behaviours_of_each_grade():
    grades = [evidence.grade for evidence in EVIDENCE]
    assert counted(PAGE) == {grade.value: grades.count(grade) for grade in Grade}


def test_the_topics_are_in_alphabetical_order():
    topics = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert topics == sorted([*FACTS, "Error texts"])
