"""Every row of the fact sheets has a clause, or says why not."""

from fnmatch import fnmatchcase

import pytest

from fauxreel_contracts.evidence import Grade
from fauxreel_contracts.not_covered import NOT_COVERED
from fauxreel_contracts.registry import CLAUSES
from fauxreel_contracts.sheets import ROWS

IDS = [clause.id for clause in CLAUSES]
WELL_KNOWN = {Grade.VERBATIM, Grade.DOCUMENTED, Grade.SPECIFIED, Grade.MEASURED}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.sheet} {row.place}: {row.fact}")
def test_each_row_names_clauses_that_there_are(row):
    assert row.clauses
    assert row.grade in WELL_KNOWN
    assert [
        pattern for pattern in row.clauses if not any(fnmatchcase(each, pattern) for each in IDS)
    ] == []


def test_no_row_stands_twice():
    rows = [(row.sheet, row.place, row.fact) for row in (*ROWS, *NOT_COVERED)]

    assert len(set(rows)) == len(rows)


def test_each_row_without_a_clause_says_why():
    assert [row for row in NOT_COVERED if not row.why] == []


def test_each_well_known_clause_stands_in_a_row():
    """So that a new fact gets its row, and the page of the sheets stays whole."""
    patterns = [pattern for row in ROWS for pattern in row.clauses]
    known = [clause.id for clause in CLAUSES if clause.evidence.grade in WELL_KNOWN]

    assert [each for each in known if not any(fnmatchcase(each, p) for p in patterns)] == []
