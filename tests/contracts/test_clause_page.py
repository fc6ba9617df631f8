"""The reference page of clauses is what the code says."""

from pathlib import Path

from fauxreel_contracts.clause_page import page
from fauxreel_contracts.registry import CLAUSES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clauses.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text() == page(), (
        "docs/reference/clauses.md is out of date; write it again with "
        "`python -m fauxreel_contracts.clause_page docs/reference/clauses.md`"
    )


def test_the_page_has_each_clause_once():
    rows = [line.split("`")[1] for line in page().splitlines() if line.startswith("| `")]
    assert sorted(rows[3:]) == sorted(one.id for one in CLAUSES)
