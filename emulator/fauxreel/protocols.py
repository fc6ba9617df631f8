"""uvicorn's two HTTP protocols, each with the `Connection` of its client in the scope.

What an answer does with it is in `wire.transport`. That of httptools, which is the default, is
also where polls are made quick (`docs/explanation/performance.md`): it starts a request without
a task, and writes an answer in one piece.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from fauxreel.connection import EXTENSION, Connection
from fauxreel.eager import begin

# How much a client may send ahead while its first request is still being answered.
_MOST_AHEAD_BYTES = 2**20

# Neither these nor ends of lines may stand in a header.
_CONTROLS = bytes(set(range(32)) - {9} | {127})


class Offering:
    """What both protocols have beyond uvicorn's."""

    app: Any
    flow: Any
    # The request that is being answered, as uvicorn sees it.
    _cycle: Any = None
    _ahead = 0
    # Whether it copies what it sends.
    _copies = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)  # type: ignore[misc] # a protocol comes after this class
        app, extensions = self.app, {EXTENSION: self._connection(transport)}

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            self._cycle, self._ahead = getattr(receive, "__self__", None), 0
            scope["extensions"] = extensions  # uvicorn has none of its own
            await app(scope, receive, send)

        self.app = served

    def _connection(self, transport: Any) -> Connection:
        return Connection(transport, copies=self._copies)

    def data_received(self, data: bytes) -> None:
        """Goes on reading behind a request in a pipeline, which alone shows that a client left."""
        super().data_received(data)  # type: ignore[misc]
        self._ahead += len(data)
        if self.flow.read_paused and self._is_next_waiting() and self._ahead < _MOST_AHEAD_BYTES:
            self.flow.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells the request that is being answered; uvicorn tells the last one of a pipeline."""
        super().connection_lost(exc)  # type: ignore[misc]
        if self._cycle is not None and not self._cycle.response_complete:
            self._cycle.disconnected = True
            self._cycle.message_event.set()

    def _is_next_waiting(self) -> bool:
        return self._cycle is not None and not self._cycle.more_body


class Burst:
    """Lets only so many requests be begun at once before everything else has its turn.

    libuv reads on for as long as 1,024 clients have something to say, and tasks and timers wait
    meanwhile: without this, those of 2,000 busy clients that came last waited for seconds.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int = 256) -> None:
        self._loop = loop
        self._most = most
        self._begun = 0

    def take(self) -> bool:
        """Whether one more may be begun at once."""
        self._begun += 1
        if self._begun == self._most:
            self._loop.call_soon(self._again)
        return self._begun <= self._most

    def _again(self) -> None:
        self._begun = 0


class Quick:
    """What makes uvicorn's httptools protocol quick."""

    flow: Any
    loop: Any
    server_state: Any
    tasks: Any
    transport: Any
    status_lines: Mapping[int, bytes]
    # Of all connections of one server.
    burst: Burst | None = None
    _cycle: Any
    # The requests that came with the bytes that are being read; None while none are.
    _came: list[tuple[Any, Any]] | None = None

    def data_received(self, data: bytes) -> None:
        """Starts requests once all that came with them is read, so that few wait for a body."""
        came = self._came = []
        try:
            super().data_received(data)  # type: ignore[misc]
            for cycle, app in came:  # answering one may start the next one of a pipeline
                if self._burst().take():
                    self._begin(cycle, app)
                else:
                    super()._start_asgi_task(cycle, app)  # type: ignore[misc]
        finally:
            self._came = None

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._came is None:  # from within another request
            super()._start_asgi_task(cycle, app)  # type: ignore[misc]
        else:
            self._came.append((cycle, app))

    def _burst(self) -> Burst:
        kind = type(self)
        if kind.burst is None:
            kind.burst = Burst(self.loop)
        return kind.burst

    def _begin(self, cycle: Any, app: Any) -> None:
        task = begin(cycle.run_asgi(app), self.loop)
        if task is not None:
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)

    def _connection(self, transport: Any) -> Connection:
        return Connection(transport, self._write_answer)

    def _write_answer(
        self, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """Does what uvicorn does for a whole answer, with one look at all headers."""
        cycle = self._cycle
        is_own = getattr(send, "__self__", None) is cycle
        busy = cycle.response_started or cycle.disconnected or self.flow.write_paused
        if busy or not is_own:
            return False
        lines = [b"%b: %b" % pair for pair in self.server_state.default_headers]
        lines += [b"%b: %b" % pair for pair in headers]
        if not cycle.keep_alive:
            lines.append(b"connection: close")
        text = b"".join(lines)
        if len(text.translate(None, _CONTROLS)) != len(text):
            return False  # uvicorn says what is wrong
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        head = b"\r\n".join((*lines, b"", b""))
        self.transport.write(self.status_lines[status] + head + body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True


def protocol(name: str, *, at_once: bool) -> type[asyncio.Protocol]:
    """A protocol by its name: `h11`, `httptools`, or `auto` for the faster one that is there.

    Args:
        at_once: Whether the application may be begun outside of a task, which much of Starlette
            and anyio may not.
    """
    if name == "h11":
        return _h11()
    try:
        return _httptools(at_once=at_once)
    except ImportError:
        if name == "httptools":
            raise
        return _h11()


# Each is imported when it is wanted, for the start's sake.


def _h11() -> type[asyncio.Protocol]:
    """The protocol in Python."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class H11(Offering, H11Protocol):
        _copies = True

    return H11


def _httptools(*, at_once: bool) -> type[asyncio.Protocol]:
    """The protocol in C."""
    from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

    class HttpTools(Offering, HttpToolsProtocol): ...

    class QuickHttpTools(Quick, HttpTools):
        status_lines = STATUS_LINE

    return QuickHttpTools if at_once else HttpTools
