"""A request that is there with all of its body before anybody is asked to answer it."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope


class Nobody:
    """What would be told that a request has come or gone, if somebody waited for it."""

    def set(self) -> None:
        """Does nothing."""


def taken(receive: Receive, most: int) -> bytes | None:
    """The body of so many bytes at most, if the server has all of it; else it is to be received."""
    cycle = getattr(receive, "__self__", None)
    return cycle.take(most) if isinstance(cycle, Whole) else None


class Whole:
    """uvicorn's cycle of request and answer, of a request that is there with all of its body.

    It has an event to wait for only once somebody has the body, and listens on.
    """

    access_log = False
    chunked_encoding: bool | None = None
    disconnected = False
    expected_content_length = 0
    keep_alive = True
    message_event: Any = Nobody()
    more_body = False
    response_complete = False
    response_started = False
    waiting_for_100_continue = False
    _is_told = False

    def __init__(self, protocol: Any, scope: Scope, body: bytes) -> None:
        self.scope: Any = scope
        self.body: Any = body
        self.on_response = protocol.on_response_complete
        self._protocol = protocol

    # What a whole answer does not need is looked up when uvicorn asks for it.

    @property
    def transport(self) -> Any:
        return self._protocol.transport

    @property
    def flow(self) -> Any:
        return self._protocol.flow

    @property
    def logger(self) -> Any:
        return self._protocol.logger

    @property
    def default_headers(self) -> Any:
        return self._protocol.server_state.default_headers

    def take(self, most: int) -> bytes | None:
        """The body, for whoever would receive it next; None if it is longer, or was received."""
        body: bytes = self.body
        if self._is_told or self.disconnected or self.response_complete or len(body) > most:
            return None
        self._is_told = True
        return body

    async def receive(self) -> Any:
        if not self.disconnected and not self.response_complete:
            if not self._is_told:
                self._is_told = True
                return {"type": "http.request", "body": self.body, "more_body": False}
            self.message_event = asyncio.Event()
        return await super().receive()  # type: ignore[misc] # uvicorn's
