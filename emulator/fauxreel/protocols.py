"""uvicorn's two HTTP protocols, each with the `Connection` of its client in the scope.

What an answer does with it is in `wire.transport`. That of httptools, which is the default, is
made quick by `quick`.
"""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from fauxreel.connection import EXTENSION, Connection
from fauxreel.quick import Quick, Shared
from fauxreel.whole import Whole

# How much a client may send ahead while its first request is still being answered.
_MOST_AHEAD_BYTES = 2**20
# With so many that wait nothing more is read: a client that reads no answers would fill the memory.
_MOST_AHEAD_REQUESTS = 100


class Offering:
    """What both protocols have beyond uvicorn's."""

    app: Any
    flow: Any
    _application: Any
    _extensions: dict[str, Connection]
    # The request that is being answered, as uvicorn sees it.
    _cycle: Any = None
    _ahead = 0
    # Whether it copies what it sends.
    _copies = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)  # type: ignore[misc] # a protocol comes after this class
        app = self._application = self.app
        self._extensions = {EXTENSION: self._connection(transport)}

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            self._cycle, self._ahead = getattr(receive, "__self__", None), 0
            scope["extensions"] = self._extensions  # uvicorn has none of its own
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
    from uvicorn.protocols.http.httptools_impl import (
        STATUS_LINE,
        HttpToolsProtocol,
        RequestResponseCycle,
    )

    class HttpTools(Offering, HttpToolsProtocol):
        def on_response_complete(self) -> None:
            """Reads on, as uvicorn does after each answer, unless many requests wait already."""
            super().on_response_complete()
            if self._is_far_ahead() and not self.transport.is_closing():
                self.flow.pause_reading()

        def _is_next_waiting(self) -> bool:
            return super()._is_next_waiting() and not self._is_far_ahead()

        def _is_far_ahead(self) -> bool:
            return len(self.pipeline) > _MOST_AHEAD_REQUESTS

    # uvicorn sets what is a property here in its own `__init__` alone, which is not called.
    class WholeCycle(Whole, RequestResponseCycle): ...  # type: ignore[override]

    class QuickHttpTools(Quick, HttpTools):
        status_lines = STATUS_LINE
        shared = Shared()
        whole_cycle = WholeCycle

    return QuickHttpTools if at_once else HttpTools
