"""Emulators for a test, asked by a plain HTTP client, and where each surface has its jobs."""

import http.client
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from fauxreel import Emulator

GENERATIONS = "/openai/v1/video/generations"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Asker:
    """Asks an emulator; a keyword is a header."""

    emulator: Emulator

    def __call__(self, method, path, body=None, **headers):
        address = self.emulator.root_url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": "Bearer sk-1", "Content-Type": "application/json", **named}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()


@contextmanager
def running(**usual):
    """Starts emulators with settings of the test's own; gives what asks them."""
    with ExitStack() as stack:
        yield lambda **settings: Asker(stack.enter_context(Emulator(**(usual | settings))))


@dataclass(frozen=True)
class Surface:
    """Where a surface makes, retrieves and serves a job."""

    create: str
    fields: dict

    def made(self, ask, rule=None):
        """The path of a new job that goes as the rule in its prompt says."""
        prompt = "a cat" if rule is None else f"a cat [[fauxreel {rule}]]"
        reply = ask("POST", self.create, {**self.fields, "prompt": prompt})
        assert reply.status in (200, 201), reply.body
        return f"{self.create}/{reply.json['id']}"


OPENAI = Surface("/v1/videos", {})
AZURE = Surface("/openai/v1/videos", {"model": "sora-2"})
LITELLM = Surface("/litellm/v1/videos", {"model": "sora-2"})
SORA_1 = Surface(f"{GENERATIONS}/jobs", {"model": "sora", "width": 480, "height": 480})

# Those whose jobs have a status, a progress and an error.
SURFACES = [
    pytest.param(OPENAI, id="openai"),
    pytest.param(AZURE, id="azure"),
    pytest.param(LITELLM, id="litellm"),
]
EVERYWHERE = [*SURFACES, pytest.param(SORA_1, id="azure-jobs")]
