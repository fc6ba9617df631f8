"""Emulators on either of uvicorn's protocols, asked by clients that smooth nothing over."""

import asyncio
import http.client
import json
import socket
import struct
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fauxreel.app import App, create_app
from fauxreel.connection import EXTENSION
from fauxreel.journal import Request
from fauxreel.server import EventServer, listen
from fauxreel.settings import resolve
from fauxreel.space import Space

TIMEOUT_SECONDS = 30
LISTED = ("GET", "/v1/videos")
SURFACES = {
    "openai": "/v1/videos",
    "azure": "/openai/v1/videos",
    "azure-jobs": "/openai/v1/video/generations/jobs?api-version=preview",
    "litellm": "/litellm/v1/videos?custom_llm_provider=openai",
}
KEY = {"Authorization": "Bearer sk-1"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Running:
    """An emulator that runs, and the connections that it has."""

    def __init__(
        self, http: str, *, seam: bool = True, config: Path | None = None, **settings: Any
    ) -> None:
        self.app: App = create_app(resolve(settings, config=config).settings)
        self._ready = threading.Event()
        self.server = EventServer(
            self.app if seam else without_seam(self.app), self._ready.set, http=http
        )
        self._sockets = listen("127.0.0.1", 0)
        self.port: int = self._sockets[0].getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=self.server.config.get_loop_factory()) as runner:
            self._loop = runner.get_loop()
            runner.run(self.server.serve(self._sockets))

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self.server.end)
        self._thread.join()

    def call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    @property
    def space(self) -> Space:
        return self.app.space

    def requests(self, space: Space | None = None) -> list[Request]:
        async def read() -> list[Request]:
            return (space or self.space).journal.requests()

        return self.call(read())

    def last(self) -> Request:
        """The last request, once it is over."""
        self.settle()
        return self.requests()[-1]

    def advance(self, seconds: float) -> None:
        async def advance() -> None:
            self.space.clock.advance(seconds)

        self.call(advance())

    def arrived(self, count: int) -> None:
        """Waits until so many requests have come."""

        async def arrive() -> None:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while len(self.space.journal.requests()) < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)

        self.call(arrive())

    def settle(self) -> None:
        """Waits until no request is being answered and no client is connected."""

        async def settled() -> None:
            state = self.server.server_state
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while state.tasks or state.connections:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)

        self.call(settled())

    def connect(self, timeout: float = TIMEOUT_SECONDS) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        rule: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> Reply:
        """The answer to a request on a connection of its own."""
        given = {**KEY, **({} if body is None else JSON), **(headers or {})}
        if rule is not None:
            given["X-Fauxreel"] = rule
        data = json.dumps(body) if body is not None else None
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as client:
            client.request(method, path, data, given)
            answer = client.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())

    def video(self, prompt: str = "a cat", **more: Any) -> str:
        """The id of a new job."""
        reply = self.ask("POST", "/v1/videos", {"prompt": prompt, **more})
        assert reply.status == 200, reply.body
        return reply.json["id"]

    def raw(self, request: bytes) -> tuple[bytes, str]:
        """Everything that comes back, and how the connection ended."""
        with closing(self.connect()) as connection:
            connection.sendall(request)
            return received(connection)


def received(connection: socket.socket, size: int = 65536) -> tuple[bytes, str]:
    """What comes until the connection ends, and how: with a FIN, with a RST, or not at all."""
    got = bytearray()
    try:
        while chunk := connection.recv(size):
            got += chunk
    except ConnectionResetError:
        return bytes(got), "reset"
    except TimeoutError:
        return bytes(got), "silent"
    return bytes(got), "closed"


def leave_at_once(connection: socket.socket) -> None:
    """Ends a connection with a RST, as a client that was killed does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def without_seam(app: Any) -> Any:
    """The application under a server that offers no connection."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        extensions = {k: v for k, v in scope.get("extensions", {}).items() if k != EXTENSION}
        await app({**scope, "extensions": extensions}, receive, send)

    return served


def request_bytes(
    method: str, path: str, rule: str | None = None, body: bytes = b"", more: str = ""
) -> bytes:
    """A request as bytes."""
    rules = "" if rule is None else f"X-Fauxreel: {rule}\r\n"
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-1\r\n"
    return f"{head}{rules}{length}{more}\r\n".encode("latin-1") + body


def content(video_id: str, prefix: str = "") -> str:
    """The path of a job's file."""
    return f"{prefix}/v1/videos/{video_id}/content"


def head_and_body(got: bytes) -> tuple[bytes, bytes]:
    """An answer's head, in lower case, and its body."""
    head, _, body = got.partition(b"\r\n\r\n")
    return head.lower(), body
