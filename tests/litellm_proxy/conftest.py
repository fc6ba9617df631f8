"""The LiteLLM proxy's dialect on the wire: a plain HTTP client, so that nothing is smoothed over."""

import base64
import http.client
import json
from dataclasses import dataclass

import pytest

from fauxreel import Emulator, ManualClock


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def proxy_headers(self):
        """The proxy's own headers, without their prefix."""
        prefix = "x-litellm-"
        named = ((name.removeprefix(prefix), value) for name, value in self.headers.items())
        return {name: value for name, value in named if prefix + name in self.headers}


def exchange(root_url, method, path, body=None, *, key="Bearer sk-1", **headers):
    connection = http.client.HTTPConnection(root_url.removeprefix("http://"), timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict | list):
        body, named = json.dumps(body), {"content-type": "application/json", **named}
    if key is not None:
        named["Authorization"] = key
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    reply = Reply(
        answer.status,
        {name.lower(): value for name, value in answer.getheaders()},
        answer.read(),
    )
    connection.close()
    return reply


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def make_send(clock):
    """Starts an emulator with further settings; gives what sends a request to it."""
    emulators = []

    def make_send(**settings):
        fixed = {"clock": clock, "queue_seconds": 10, "processing_seconds": 60, "seed": 7}
        emulator = Emulator(**fixed, **settings).start()
        emulators.append(emulator)
        return lambda *arguments, **named: exchange(emulator.root_url, *arguments, **named)

    yield make_send
    for emulator in emulators:
        emulator.stop()


@pytest.fixture
def send(make_send):
    return make_send()


@pytest.fixture
def create(send):
    """Creates a video through the proxy; gives its wrapped id."""

    def create(**parameters):
        wanted = {"model": "sora-2", "prompt": "a cat", **parameters}
        return send("POST", "/litellm/v1/videos", wanted).json["id"]

    return create


@pytest.fixture
def completed(create, clock):
    """The wrapped id of a completed video."""
    wrapped = create()
    clock.advance(70)
    return wrapped


@pytest.fixture
def text_of():
    """What a wrapped id says."""

    def text_of(wrapped):
        kind, _, encoded = wrapped.partition("_")
        assert kind in ("video", "character")
        return base64.b64decode(encoded, validate=True).decode()

    return text_of


@pytest.fixture
def raw_of(text_of):
    """The raw id inside a wrapped one."""
    return lambda wrapped: text_of(wrapped).split("video_id:")[1].split(";")[0]


@pytest.fixture
def wrap():
    """An id of a text."""
    return lambda text, kind="video_": kind + base64.b64encode(text.encode()).decode()


@pytest.fixture
def form():
    """A multipart body, and its type as a keyword; bytes are a file."""

    def part(name, value):
        if isinstance(value, bytes):
            file = b'name="%s"; filename="a.mp4"\r\nContent-Type: video/mp4' % name.encode()
            return b"--b\r\nContent-Disposition: form-data; " + file + b"\r\n\r\n" + value
        text = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        return text.encode()

    def form(**parts):
        body = b"\r\n".join(part(name, value) for name, value in parts.items())
        return {
            "body": body + b"\r\n--b--\r\n",
            "content_type": "multipart/form-data; boundary=b",
        }

    return form
