"""The clauses as tests: `pytest --pyargs fauxreel_contracts --fauxreel-target URL`."""

import os
from collections.abc import Iterator

import pytest

from fauxreel_contracts.as_tests import Runs, runs_of
from fauxreel_contracts.registry import UnknownClause
from fauxreel_contracts.target import TargetError

_TESTS: pytest.StashKey[Runs] = pytest.StashKey()


def _tests(config: pytest.Config) -> Runs:
    if _TESTS not in config.stash:
        try:
            config.stash[_TESTS] = runs_of(config.getoption, os.environ)
        except (TargetError, UnknownClause, ValueError) as error:
            raise pytest.UsageError(str(error)) from None
    return config.stash[_TESTS]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "clause" in metafunc.fixturenames:
        pairs = _tests(metafunc.config).pairs
        names = [f"{name}:{clause.id}" for name, clause in pairs]
        metafunc.parametrize(("name", "clause"), pairs, ids=names)


@pytest.fixture(scope="session")
def contracts(request: pytest.FixtureRequest) -> Iterator[Runs]:
    """What runs against which target; everything that was made is deleted at the end."""
    tests = _tests(request.config)
    yield tests
    tests.close()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash[_TESTS].summary() if _TESTS in config.stash else ():
        terminalreporter.write_line(line)
