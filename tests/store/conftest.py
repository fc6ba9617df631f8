"""The stores that fulfil the protocol, and a loop that outlives each call to them."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from fauxreel.store import Store
from fauxreel.store.archive import Archive
from fauxreel.store.memory import MemoryStore
from fauxreel.store.sqlite import SqliteStore

MakeStore = Callable[[int], Store]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def make_sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeStore]:
    """Makes empty stores that share a file, each in a namespace of its own."""
    archive = Archive(tmp_path_factory.mktemp("store") / "store.db", 100)
    names = count()
    yield lambda capacity: SqliteStore(capacity, archive._writer, f"store-{next(names)}")
    archive.close()


@pytest.fixture(scope="session", params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    """Makes an empty store of that capacity."""
    if request.param == "memory":
        return MemoryStore
    make: MakeStore = request.getfixturevalue("make_sqlite_store")
    return make


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store(100)
