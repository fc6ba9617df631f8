"""The Azure dialects on the wire: a plain HTTP client, so that nothing is smoothed over."""

import http.client
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fauxreel import Emulator, ManualClock

BOUNDARY = "between"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("ascii")

    @property
    def told(self) -> tuple[int, str]:
        return self.status, self.text


def _send(emulator: Emulator, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """Sends one request: `body` as JSON when it is an object, else as it is."""
    given: dict[str, str | None] = {"api-key": "key-1"}
    if isinstance(body, dict):
        given, body = {**given, "Content-Type": "application/json"}, json.dumps(body)
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    data = body.encode() if isinstance(body, str) else body
    connection = http.client.HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=20)
    connection.request(method, path, data, sent)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    reply = Reply(answer.status, found, answer.read())
    connection.close()
    return reply


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where clips are kept, so that no size is made twice."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def run(clock: ManualClock, clips: Path) -> Iterator[Callable[..., Emulator]]:
    """Runs emulators with settings of the test's own."""
    with ExitStack() as stack:

        def run(**settings: object) -> Emulator:
            timed = {"clock": clock, "queue_seconds": 10, "processing_seconds": 60}
            usual = {**timed, "seed": 7, "cache_dir": clips}
            return stack.enter_context(Emulator(**(usual | settings)))

        yield run


@pytest.fixture
def emulator(run: Callable[..., Emulator]) -> Emulator:
    return run()


@pytest.fixture
def sender_of() -> Callable[[Emulator], Callable[..., Reply]]:
    """The way to ask any emulator."""
    return lambda emulator: partial(_send, emulator)


@pytest.fixture
def send(emulator: Emulator) -> Callable[..., Reply]:
    """Asks the test's emulator, with an api-key unless the test names it None."""
    return partial(_send, emulator)


@pytest.fixture(scope="session")
def form() -> Callable[..., dict[str, Any]]:
    """A multipart body with its content type: texts, and files as (name, bytes, type)."""

    def form(*parts: tuple[str, str | tuple[str, bytes, str]]) -> dict[str, Any]:
        body = b""
        for name, value in parts:
            body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
            if isinstance(value, str):
                body += f"\r\n\r\n{value}\r\n".encode()
            else:
                filename, data, kind = value
                body += f'; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
                body += data + b"\r\n"
        return {
            "body": body + f"--{BOUNDARY}--\r\n".encode(),
            "Content_Type": f"multipart/form-data; boundary={BOUNDARY}",
        }

    return form


@pytest.fixture(scope="session")
def image() -> Callable[..., bytes]:
    """The bytes of an image."""

    def image(width: int = 720, height: int = 1280, kind: str = "png") -> bytes:
        file = io.BytesIO()
        Image.new("RGB", (width, height), "teal").save(file, kind)
        return file.getvalue()

    return image
