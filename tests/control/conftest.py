"""An emulator whose clock stands still, and a way to ask it over a real socket."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest

from fauxreel.embed import Emulator

KEY = {"Authorization": "Bearer sk-test"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> tuple[int, str, str]:
        """Status, code and message of an error of the control API."""
        error = self.json["error"]
        return self.status, error["code"], error["message"]


Ask = Callable[..., Reply]


def _ask(emulator: Emulator, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """Sends one request: `body` as it is when it is bytes, as JSON otherwise."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, bytes) or body is None:
        sent = body
    else:
        given, sent = {**JSON, **given}, json.dumps(body).encode()
    connection = HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, sent, {**KEY, **given})
        response = connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def ask_of() -> Callable[..., Reply]:
    """Asks any emulator: `ask_of(emulator, "GET", "/_fauxreel/clock")`."""
    return _ask


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(clock="manual", seed=7) as running:
        yield running


@pytest.fixture
def ask(emulator: Emulator) -> Ask:
    """Asks the test's emulator: `ask("GET", "/_fauxreel/clock")`."""

    def asking(method: str, path: str, body: Any = None, **headers: str) -> Reply:
        return _ask(emulator, method, path, body, **headers)

    return asking
