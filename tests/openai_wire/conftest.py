"""The OpenAI dialect on the wire: a plain HTTP client, so that nothing is smoothed over."""

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


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def emulator(clock):
    with Emulator(clock=clock, queue_seconds=10, processing_seconds=60, seed=7) as emulator:
        yield emulator


@pytest.fixture
def send(emulator):
    address = emulator.root_url.removeprefix("http://")

    def send(method, path, body=None, **headers):
        connection = http.client.HTTPConnection(address, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        connection.request(method, path, data, {"Authorization": "Bearer sk-1", **named})
        answer = connection.getresponse()
        reply = Reply(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read(),
        )
        connection.close()
        return reply

    return send


@pytest.fixture
def completed(send, clock):
    """The id of a completed video."""
    reply = send("POST", "/v1/videos", '{"prompt":"a cat"}', content_type="application/json")
    clock.advance(70)
    return reply.json["id"]
