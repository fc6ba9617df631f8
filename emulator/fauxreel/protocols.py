"""uvicorn's two HTTP protocols, each with the `Connection` of its client in the scope.

What an answer does with it is in `wire.transport`.
"""

from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from fauxreel.connection import EXTENSION, Connection

if TYPE_CHECKING:
    from asyncio import Protocol

# How much a client may send ahead while its first request is still being answered.
_MOST_AHEAD_BYTES = 2**20


class Offering:
    """What both protocols have beyond uvicorn's."""

    app: Any
    flow: Any
    # The request that is being answered, as uvicorn sees it.
    _cycle: Any = None
    _ahead = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)  # type: ignore[misc] # a protocol comes after this class
        app, extensions = self.app, {EXTENSION: Connection(transport)}

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            self._cycle, self._ahead = getattr(receive, "__self__", None), 0
            scope["extensions"] = {**scope.get("extensions", {}), **extensions}
            await app(scope, receive, send)

        self.app = served

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


def protocol(name: str) -> "type[Protocol]":
    """A protocol by its name: `h11`, `httptools`, or `auto` for the faster one that is there."""
    if name == "h11":
        return _h11()
    try:
        return _httptools()
    except ImportError:
        if name == "httptools":
            raise
        return _h11()


# Each is imported when it is wanted, for the start's sake.


def _h11() -> "type[Protocol]":
    """The protocol in Python."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class H11(Offering, H11Protocol): ...

    return H11


def _httptools() -> "type[Protocol]":
    """The protocol in C."""
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class HttpTools(Offering, HttpToolsProtocol): ...

    return HttpTools
