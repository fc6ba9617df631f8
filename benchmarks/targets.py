"""The servers that are measured: how each is started, and which jobs it has before the load."""

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.operations import Answer, Jobs, http
from benchmarks.processes import Server

_HERE = Path(__file__).parent
RIVALS = _HERE / ".rivals"
_OPENAPI = _HERE.parent / "openapi.yaml"

# The one id that our document shows, which servers of examples take and answer with.
_EXAMPLE = "video_691608967fe8819399e710799dae2ae708872b008b63ff61"
_POLLED = 100
# Jobs go on for longer than the load does.
_LONG = ("--processing-seconds", "86400")
# The longest clip: as near to a megabyte as there is.
_CLIP_SECONDS = 12


class Failed(Exception):
    """An answer that is not what it should be; the message shows it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server to measure.

    Args:
        start: How it is started for its start to be measured, as its users do by default.
        serve: How it is started for a load.
        prepare: Gives it jobs; the bytes are those of the clip that the first target serves.
        missing: Why it cannot be measured here; empty when it can.
    """

    name: str
    start: Callable[[int], Sequence[str]]
    serve: Callable[[int], Sequence[str]]
    prepare: Callable[[Server, int], Jobs]
    missing: str = ""


def ask(port: int, request: bytes) -> Answer:
    """The answer to a request that is there as bytes."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())


def seed(port: int, count: int, **facts: Any) -> list[str]:
    """The ids of jobs that are put into an emulator, as many at a time as it takes."""
    ids: list[str] = []
    most = 10_000
    while len(ids) < count:
        some = {"count": min(most, count - len(ids)), **facts}
        body = json.dumps(some).encode()
        answer = ask(port, http("POST", "/_fauxreel/videos", body, Content_Type="application/json"))
        if answer.status != 200:
            raise Failed(f"Seeding answered {answer.status}: {answer.body!r}")
        ids += json.loads(answer.body)["ids"]
    return ids


def fauxreel_of(jobs: int) -> Callable[[Server, int], Jobs]:
    """Gives an emulator so many jobs, of which the newest are polled."""

    def prepare(server: Server, clip_bytes: int) -> Jobs:
        del clip_bytes
        (finished,) = seed(server.port, 1, seconds=_CLIP_SECONDS)
        ids = seed(server.port, jobs, status="processing", prompt="A red kite over a lake")
        clip = ask(server.port, http("GET", f"/v1/videos/{finished}/content")).body
        return Jobs(ids[-_POLLED:], finished, len(clip))

    return prepare


def fetch_clip(server: Server, path: Path) -> int:
    """Saves the clip that all targets are to serve; gives its size."""
    (finished,) = seed(server.port, 1, seconds=_CLIP_SECONDS)
    path.write_bytes(ask(server.port, http("GET", f"/v1/videos/{finished}/content")).body)
    return path.stat().st_size


def _made_by_create(server: Server, clip_bytes: int) -> Jobs:
    body = b'{"prompt": "A red kite over a lake", "model": "sora-2"}'
    answer = ask(server.port, http("POST", "/v1/videos", body, Content_Type="application/json"))
    made = json.loads(answer.body)["id"]
    return Jobs([made] * _POLLED, made, clip_bytes)


def _any(server: Server, clip_bytes: int) -> Jobs:
    del server
    return Jobs([_EXAMPLE] * _POLLED, _EXAMPLE, clip_bytes)


def _npm(program: str, *arguments: str) -> Callable[[int], Sequence[str]]:
    binary = str(RIVALS / "node_modules" / ".bin" / program)
    return lambda port: [binary, *(one.format(port=port) for one in arguments)]


def _missing(program: str) -> str:
    if shutil.which("node") is None:
        return "node is missing"
    there = (RIVALS / "node_modules" / ".bin" / program).exists()
    return "" if there else "not installed"


def _fauxreel(port: int) -> Sequence[str]:
    return [sys.executable, "-m", "fauxreel", "serve", "--port", str(port)]


def fauxreel_with_long_jobs(port: int) -> Sequence[str]:
    """The emulator with jobs that go on for longer than any load."""
    return [*_fauxreel(port), *_LONG]


def _rival(name: str, program: str, prepare: Callable[[Server, int], Jobs], *words: str) -> Target:
    command = _npm(program, *words)
    return Target(name, command, command, prepare, _missing(program))


def targets(clip: Path) -> list[Target]:
    """All servers, ours first and the yardstick next."""

    def bare(port: int) -> Sequence[str]:
        return [sys.executable, "-m", "benchmarks.bare", str(port), str(clip)]

    document = str(_OPENAPI)
    fixtures = str(_HERE / "rivals" / "aimock.json")
    aimock = ("--port", "{port}", "--fixtures", fixtures, "--log-level", "silent")
    prism = ("mock", document, "--port", "{port}", "--verboseLevel", "silent")
    steady = ("--quiet", "--host", "127.0.0.1", "--port", "{port}", document)
    return [
        Target("fauxreel", _fauxreel, fauxreel_with_long_jobs, fauxreel_of(1000)),
        Target("starlette", bare, bare, _any),
        _rival("aimock", "llmock", _made_by_create, *aimock),
        _rival("prism", "prism", _any, *prism),
        _rival("steady", "steady", _any, *steady),
    ]


def populous(jobs: int) -> Target:
    """Ours with as many jobs as one likes."""
    name = f"fauxreel, {jobs:,} jobs"
    return Target(name, _fauxreel, fauxreel_with_long_jobs, fauxreel_of(jobs))
