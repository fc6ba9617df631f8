"""Suites that are run by a pytest within pytest, as a user's would be."""

import os
import sys

import openai  # noqa: F401 - once for all runs
import pytest

import fauxreel.testing  # noqa: F401

INI = """
[pytest]
filterwarnings =
    error
    ignore:The Sora API is scheduled to permanently shut down:DeprecationWarning
asyncio_default_fixture_loop_scope = function
"""


class _Modules:
    """What an inner run imported."""

    def __init__(self):
        self.seen = {}

    def pytest_unconfigure(self):
        self.seen |= sys.modules


@pytest.fixture
def imported():
    """Keeps what inner runs import, although pytester forgets it in the end: a second import of a
    library would bring exceptions that the first one does not know."""
    modules = _Modules()
    yield modules
    ours = {name for name in modules.seen if name.startswith(("test_", "conftest"))}
    for name in modules.seen.keys() - ours:
        sys.modules.setdefault(name, modules.seen[name])


@pytest.fixture
def suite(imported, pytester):
    """Runs the source of a suite in this process, or in one of its own."""

    def run(source, *arguments, ini="", apart=False):
        pytester.makeini(INI + ini)
        pytester.makepyfile(source)
        arguments = ("-p", "no:cacheprovider", *arguments)
        if apart:
            return pytester.runpytest_subprocess(*arguments)
        before = _environment()
        result = pytester.runpytest_inprocess(*arguments, plugins=[imported])
        assert _environment() == before
        return result

    return run


def _environment():
    return {name: os.environ[name] for name in os.environ if name != "PYTEST_CURRENT_TEST"}
