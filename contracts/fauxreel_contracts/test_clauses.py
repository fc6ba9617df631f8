"""One test a clause and target; `conftest.py` says which."""

import pytest

from fauxreel_contracts.as_tests import Runs
from fauxreel_contracts.clause import Clause
from fauxreel_contracts.matrix import line_of
from fauxreel_contracts.result import Verdict


def test_clause(name: str, clause: Clause, contracts: Runs) -> None:
    result = contracts.result(name, clause)
    match result.verdict:
        case Verdict.HOLDS:
            return
        case Verdict.LEFT_OUT | Verdict.UNTOLD:
            pytest.skip(result.note)
        case Verdict.KNOWN:
            pytest.xfail(f"differs as known: {result.note}")
        case _:
            pytest.fail(line_of(result), pytrace=False)
