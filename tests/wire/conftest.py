"""Requests as raw bytes over real sockets, so that no client smooths anything over."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from fauxreel import Emulator

_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def _connected(emulator: Emulator) -> socket.socket:
    host, _, port = emulator.root_url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_TIMEOUT_SECONDS)


@pytest.fixture(scope="module")
def small() -> Iterator[Emulator]:
    """An emulator that reads little."""
    with Emulator(
        queue_seconds=0, processing_seconds=0, max_body_bytes=65536, max_text_bytes=16384
    ) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def roomy() -> Iterator[Emulator]:
    """An emulator with the usual limits, whose jobs are completed at once; the same each time."""
    with Emulator(clock="manual", seed=7, queue_seconds=0, processing_seconds=0) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def talk() -> Callable[[Emulator, bytes], Reply]:
    """Sends bytes; the first answer, read to its end."""

    def run(emulator: Emulator, request: bytes) -> Reply:
        method = request.partition(b" ")[0].decode("latin-1")
        with (
            closing(_connected(emulator)) as connection,
            closing(http.client.HTTPResponse(connection, method=method)) as answer,
        ):
            connection.sendall(request)
            answer.begin()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, headers, answer.read())

    return run


def _until_closed(connection: socket.socket) -> bytes:
    received = bytearray()
    while chunk := connection.recv(65536):
        received += chunk
    return bytes(received)


@pytest.fixture(scope="session")
def listen() -> Callable[[Emulator, bytes], bytes]:
    """Sends requests, the last of which closes the connection; everything that comes back."""

    def run(emulator: Emulator, requests: bytes) -> bytes:
        with closing(_connected(emulator)) as connection:
            connection.sendall(requests)
            return _until_closed(connection)

    return run


@pytest.fixture(scope="session")
def leave() -> Callable[[Emulator, bytes], bytes]:
    """Sends bytes and ends; everything that comes back."""

    def run(emulator: Emulator, start: bytes) -> bytes:
        with closing(_connected(emulator)) as connection:
            connection.sendall(start)
            connection.shutdown(socket.SHUT_WR)
            return _until_closed(connection)

    return run


@pytest.fixture(scope="session")
def post() -> Callable[..., bytes]:
    """The bytes of a POST; without a content type there is no such header."""

    def run(content_type: bytes | None, body: bytes, target: bytes = b"/v1/videos") -> bytes:
        header = b"" if content_type is None else b"Content-Type: %s\r\n" % content_type
        return (
            b"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-1\r\n%s"
            b"Content-Length: %d\r\n\r\n%s" % (target, header, len(body), body)
        )

    return run


@pytest.fixture(scope="session")
def ask() -> Callable[..., bytes]:
    """The bytes of a request without a body."""

    def run(target: bytes, method: bytes = b"GET", headers: bytes = b"") -> bytes:
        return b"%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-1\r\n%s\r\n" % (
            method,
            target,
            headers,
        )

    return run


@pytest.fixture
def unharmed(
    small: Emulator,
    talk: Callable[[Emulator, bytes], Reply],
    ask: Callable[..., bytes],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[None]:
    """After the test the small emulator answers, holds nothing, and has told of no defect."""
    yield
    after = talk(small, ask(b"/v1/videos"))
    told = "".join(capfd.readouterr()) + caplog.text
    assert after.status == 200
    assert after.json == {
        "object": "list",
        "data": [],
        "first_id": None,
        "has_more": False,
        "last_id": None,
    }
    assert "Traceback" not in told
    assert "defect in the emulator" not in told
