"""Emulators whose requests and answers are altered on the way, as a server that errs would."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fauxreel import Emulator
from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.evidence import inferred

QUICK = {"queue_seconds": 0.1, "processing_seconds": 0.3, "poll_after_ms": 20}


@dataclass
class Passage:
    """One request and, once there is one, its answer; what is set here is what passes."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    sent: bytes = b""
    status: int = 0
    reply_headers: dict[str, str] = field(default_factory=dict)
    reply: bytes = b""

    @property
    def last(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def creates(self) -> bool:
        return self.method == "POST" and self.last in ("videos", "jobs")

    @property
    def lists(self) -> bool:
        return self.method == "GET" and self.last in ("videos", "jobs")

    @property
    def retrieves(self) -> bool:
        return self.method == "GET" and self.last.startswith(("video_", "task_"))

    @property
    def loads(self) -> bool:
        return self.method == "GET" and self.last == "content"

    @property
    def deletes(self) -> bool:
        return self.method == "DELETE"

    @property
    def json(self) -> Any:
        return json.loads(self.reply)

    def answer(self, value: Any, status: int | None = None) -> None:
        """Answers this JSON."""
        self.reply = json.dumps(value, separators=(",", ":")).encode()
        self.status = self.status if status is None else status


Change = Callable[[Passage], None]


def unchanged(_: Passage) -> None: ...


class Altered:
    """An application in front of which requests, and behind which answers, are altered."""

    def __init__(self, app: Any, before: Change, after: Change) -> None:
        self._app, self._before, self._after = app, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = Passage(
            scope["method"],
            scope["path"],
            dict(parse_qsl(scope["query_string"].decode())),
            {name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
        )
        self._before(passage)
        scope = {
            **scope,
            "path": passage.path,
            "raw_path": passage.path.encode(),
            "query_string": urlencode(passage.query).encode(),
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in passage.headers.items()],
        }

        async def received() -> Any:
            message = await receive()
            passage.sent += message.get("body", b"")
            return message

        async def gathered(message: Any) -> None:
            if message["type"] == "http.response.start":
                passage.status = message["status"]
                passage.reply_headers = {
                    name.decode(): value.decode("latin-1") for name, value in message["headers"]
                }
            else:
                passage.reply += message.get("body", b"")

        await self._app(scope, received, gathered)
        self._after(passage)
        passage.reply_headers["content-length"] = str(len(passage.reply))
        headers = [(k.encode(), v.encode("latin-1")) for k, v in passage.reply_headers.items()]
        await send({"type": "http.response.start", "status": passage.status, "headers": headers})
        await send({"type": "http.response.body", "body": passage.reply})


@contextmanager
def altered(
    after: Change = unchanged, *, before: Change = unchanged, **settings: Any
) -> Iterator[Emulator]:
    """A running emulator that errs so."""
    emulator = Emulator(**{**QUICK, **settings})
    emulator.app = Altered(emulator.app, before, after)
    with emulator:
        yield emulator


def clause(
    name: str,
    severity: Severity = Severity.MAY,
    check: Callable[[Any], Any] = lambda session: None,
    **more: Any,
) -> Clause:
    """A clause of a test's own; it holds unless it is given a check."""
    evidence = inferred("openai", "a test")
    fields = {"topic": Topic.CREATE, "evidence": evidence, "severity": severity, "check": check}
    return Clause(id=name, title="A test", **fields, **more)
