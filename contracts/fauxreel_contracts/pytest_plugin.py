"""The options of `pytest --pyargs fauxreel_contracts`; all else is in `conftest.py`.

pytest reads options before it looks at packages, so this part is a plugin of its own, and a thin
one: it is loaded wherever the kit is installed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_REPEATABLE = {
    "--fauxreel-target": "base URL of a server, or the name of one in the file; runs its contract",
    "--fauxreel-clause": "an id, or a pattern such as create.*",
    "--fauxreel-topic": "only clauses of a topic",
    "--fauxreel-severity": "only must, should or may",
    "--fauxreel-grade": "only clauses that are known so well",
}
_SINGLE = {
    "--fauxreel-config": "file of targets; default: contracts.toml",
    "--fauxreel-profile": "the kind of server",
    "--fauxreel-key-variable": "the variable that holds the key",
    "--fauxreel-max-spend": "US dollars that all may cost at worst",
}


def pytest_addoption(parser: "pytest.Parser") -> None:
    group = parser.getgroup("fauxreel contracts")
    for flag, text in _REPEATABLE.items():
        group.addoption(flag, action="append", default=[], help=text)
    for flag, text in _SINGLE.items():
        group.addoption(flag, help=text)
    group.addoption("--fauxreel-free", action="store_true", help="send nothing that generates")
