"""The stores that fulfil the protocol, and a loop that outlives each call to them."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from fauxreel.store import Store
from fauxreel.store.memory import MemoryStore

# Each makes an empty store of that capacity.
STORES = [pytest.param(MemoryStore, id="memory")]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session", params=STORES)
def make_store(request: pytest.FixtureRequest) -> Callable[[int], Store]:
    make: Callable[[int], Store] = request.param
    return make


@pytest.fixture
def store(make_store: Callable[[int], Store]) -> Store:
    return make_store(100)
