"""Polls made quick: what is done here that uvicorn's httptools protocol does not do.

A request is begun without a task, those that came together are answered in a row (`inbox`), an
answer is written in one piece, the timer of an idle connection goes on while it is busy, and what
requests have in common up to their bodies is read once (`heads`).
`docs/explanation/performance.md` says what that buys.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope, Send

from fauxreel.connection import Connection
from fauxreel.eager import begun, ended
from fauxreel.headers import Headers, encoded
from fauxreel.heads import Head, Heads
from fauxreel.inbox import Inbox
from fauxreel.whole import Whole

_LONGEST = 16 * 1024
_MOST_DIGITS = 9
_END = b"\r\n\r\n"


class Shared:
    """What the connections of one server have in common."""

    def __init__(self) -> None:
        self.heads = Heads()
        self._inbox: Inbox | None = None
        self._default_headers: Headers = []
        self._default_lines = b""

    def inbox(self, loop: asyncio.AbstractEventLoop) -> Inbox:
        """Where their requests wait for each other."""
        self._inbox = self._inbox or Inbox(loop)
        return self._inbox

    def default_lines(self, headers: Headers) -> bytes:
        """The headers of the server as they stand on the wire; they change once a second."""
        if headers is not self._default_headers:
            self._default_headers = headers
            self._default_lines = encoded(headers) or b""
        return self._default_lines


def _parts(data: bytes) -> tuple[bytes, bytes]:
    """A request up to its body, and the body."""
    end = data.find(_END) + 4
    return (data, b"") if end == len(data) else (data[:end], data[end:])


def _claimed(scope: Scope) -> int | None:
    """How long the body will be; None if it is too long to wait for, or nobody knows."""
    claims = [value for name, value in scope["headers"] if name == b"content-length"]
    if len(claims) != 1 or not claims[0].isdigit() or len(claims[0]) > _MOST_DIGITS:
        return None
    length = int(claims[0])
    return length if length <= _LONGEST else None


class Quick:
    """What makes uvicorn's httptools protocol quick."""

    # uvicorn's.
    client: Any
    cycle: Any
    flow: Any
    loop: Any
    parser: Any
    pipeline: Any
    server: Any
    server_state: Any
    tasks: Any
    transport: Any
    timeout_keep_alive: Any
    timeout_keep_alive_task: Any
    status_lines: Mapping[int, bytes]
    shared: Shared
    whole_cycle: type[Whole]
    # Those of `Offering`.
    _ahead: int
    _application: Any
    _cycle: Any
    _extensions: dict[str, Connection]
    _answered = 0.0
    # Whether a request waits in the inbox.
    _waits = False
    # A request whose head is known, while its body is still to come.
    _held = b""
    # Whether a request has come in part.
    _partial = False
    # The requests that came with the bytes that are being read; None while none are.
    _came: list[tuple[Any, Any]] | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)  # type: ignore[misc]
        self._inbox = self.shared.inbox(self.loop)
        # What the scopes of all its requests have in common.
        own = {"server": self.server, "client": self.client, "extensions": self._extensions}
        self._own: dict[str, Any] = own

    def on_message_begin(self) -> None:
        self._partial = True
        super().on_message_begin()  # type: ignore[misc]

    def on_message_complete(self) -> None:
        self._partial = False
        super().on_message_complete()  # type: ignore[misc]

    def data_received(self, data: bytes) -> None:
        """Starts requests once all that came with them is read, so that few wait for a body."""
        if self._waits:
            self._inbox.begin()
        if self._held:
            data, self._held = self._held + data, b""
        cycle = self.cycle
        is_between = not self._partial and (cycle is None or cycle.response_complete)
        is_new = is_between and len(data) <= _LONGEST
        if is_new:
            end = data.find(_END) + 4
            length = len(data) - end
            known = self.shared.heads.find(data[:end] if length else data)
            if known is not None and known.length == length:
                self._waits = self._inbox.put(self._again, known, data[end:])
                return
            if known is not None and known.length > length:
                self._held = data
                return
        self._read(data, is_new=is_new)

    def _read(self, data: bytes, *, is_new: bool) -> None:
        """Has uvicorn read what came."""
        came = self._came = []
        try:
            super().data_received(data)  # type: ignore[misc]
            if is_new and len(came) == 1:
                self._remember(data, came[0][0])
            for cycle, app in came:
                self._waits = self._inbox.put(self._begin, cycle, app)
        finally:
            self._came = None

    def _wait_no_more(self) -> None:
        """Begins this connection's request, if it waits for others or for the rest of its body."""
        if self._held:
            data, self._held = self._held, b""
            self._read(data, is_new=False)
        if self._waits:
            self._inbox.begin()

    def eof_received(self) -> None:
        self._wait_no_more()  # before the transport is closed
        super().eof_received()  # type: ignore[misc]

    def shutdown(self) -> None:
        self._wait_no_more()
        super().shutdown()  # type: ignore[misc]

    def _remember(self, data: bytes, cycle: Any) -> None:
        """Keeps what a request was read as that came as these bytes, if it is a plain one."""
        head, body = _parts(data)
        is_plain = cycle.keep_alive and not cycle.waiting_for_100_continue and body == cycle.body
        if not is_plain or self.parser.should_upgrade():
            return
        if not self._partial:
            self.shared.heads.keep(head, cycle.scope, len(body))
        elif (length := _claimed(cycle.scope)) is not None:
            # What is kept of requests that are there holds not for this one, which may never be.
            self.shared.heads.keep(head, {**cycle.scope}, length)

    def _again(self, head: Head, body: bytes) -> None:
        """Begins a request with the head of an earlier one."""
        scope: Scope = {**head.scope, **head.own, **self._own, "state": {}}
        self._waits = False
        self._ahead = 0
        self.cycle = self._cycle = cycle = self.whole_cycle(self, scope, body)
        self._begin(cycle, self._application)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._came is None:  # from within another request
            super()._start_asgi_task(cycle, app)  # type: ignore[misc]
        else:
            self._came.append((cycle, app))

    def on_response_complete(self) -> None:
        """Leaves the timer that ends an idle connection as it is; it looks how long it is idle."""
        self._answered = self.loop.time()
        if self.timeout_keep_alive_task is None or self.pipeline or self.flow.read_paused:
            super()._unset_keepalive_if_required()  # type: ignore[misc]
            super().on_response_complete()  # type: ignore[misc]

    def _unset_keepalive_if_required(self) -> None:
        """Does nothing, for the same reason."""

    def timeout_keep_alive_handler(self) -> None:
        is_partial = self._partial or self._held or self._waits
        is_idle = not is_partial and self.cycle.response_complete
        since = self._answered if is_idle else self.loop.time()
        left = since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            again = self.timeout_keep_alive_handler
            self.timeout_keep_alive_task = self.loop.call_later(left, again)
        else:
            super().timeout_keep_alive_handler()  # type: ignore[misc]

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)  # type: ignore[misc]
        super()._unset_keepalive_if_required()  # type: ignore[misc]

    def _begin(self, cycle: Any, app: Any) -> None:
        """Answers a request at once; one that has to wait, or fails, is uvicorn's affair."""
        self._waits = False
        rest = begun(app(cycle.scope, cycle.receive, cycle.send))
        if rest is None and cycle.response_complete:
            cycle.on_response = None  # which knows this connection, which knows the cycle
        else:
            super()._start_asgi_task(cycle, lambda *_: rest or ended())  # type: ignore[misc]

    def _connection(self, transport: Any) -> Connection:
        return Connection(transport, self._write_answer)

    def _write_answer(self, send: Send, status: int, lines: bytes, body: bytes) -> bool:
        """Does what uvicorn does for a whole answer, without a look at each header."""
        cycle = self._cycle
        is_own = getattr(send, "__self__", None) is cycle
        busy = cycle.response_started or cycle.disconnected or self.flow.write_paused
        if busy or not is_own:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        date = self.shared.default_lines(self.server_state.default_headers)
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        data = b"".join((self.status_lines[status], date, lines, end, body))
        if cycle.keep_alive:
            self._inbox.write(self.transport, data)
        else:
            self.transport.write(data)
            self.transport.close()
        cycle.message_event.set()
        self.on_response_complete()
        return True
