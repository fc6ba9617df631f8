"""Emulators on either of uvicorn's protocols, and what must be true after each test."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from fauxreel.faults.book import RuleBook
from fauxreel.faults.grammar import Source, rules_of_text
from running import Running


@pytest.fixture(scope="session")
def running() -> Callable[..., Any]:
    """Makes an emulator that runs for as long as the `with` does."""

    @contextmanager
    def run(http: str = "auto", **settings: Any) -> Iterator[Running]:
        quick = {"queue_seconds": 0, "processing_seconds": 0, "seed": 7}
        emulator = Running(http, **{**quick, **settings})
        try:
            yield emulator
        finally:
            emulator.end()

    return run


@pytest.fixture(scope="session", params=["h11", "httptools"])
def em(request, running) -> Iterator[Running]:
    """An emulator whose jobs are completed at once, on both protocols."""
    with running(request.param, clock="manual") as emulator:
        yield emulator


@pytest.fixture
def open_emulators(running) -> Iterator[Callable[..., Running]]:
    """Starts emulators that end with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(**settings))


# What the emulator says of its clients, which here ask for trouble.
_CLIENT = "client defect"


@pytest.fixture
def quiet(caplog, capfd) -> Iterator[None]:
    """After the test, nothing was logged as a warning or worse, and nothing stands in stderr."""
    caplog.set_level(logging.INFO)
    yield
    records = [one for when in ("setup", "call", "teardown") for one in caplog.get_records(when)]
    lines = [f"{one.name}: {one.getMessage()}" for one in records if one.levelno > logging.INFO]
    assert [line for line in lines if _CLIENT not in line] == []
    assert "".join(capfd.readouterr()) == ""


@pytest.fixture(scope="module")
def video(em):
    """A completed job, and its file."""
    video_id = em.video(seconds="4")
    return video_id, em.ask("GET", f"/v1/videos/{video_id}/content").body


@pytest.fixture(scope="module")
def large(em):
    """A completed job of 20 seconds, and its file."""
    more = {"seconds": "20", "model": "sora-2-pro", "size": "1792x1024"}
    video_id = em.video("a large cat", **more)
    return video_id, em.ask("GET", f"/v1/videos/{video_id}/content").body


@pytest.fixture
def serves_on(em):
    """After each fault the next client is answered as ever, and nothing is left over."""
    yield
    em.settle()
    after = em.ask("GET", "/v1/models")
    em.settle()
    assert (after.status, em.last().rule) == (200, None)


class Now:
    """A time moved by hand."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def book(now):
    return RuleBook(7, now, lambda text, place: rules_of_text(text, Source(place)))
