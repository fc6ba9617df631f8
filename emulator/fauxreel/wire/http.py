"""One exchange over ASGI: reading a request, and the answer as a value.

Plain ASGI rather than Starlette's request and response, because polling is what clients do most.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from operator import getitem
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.background import Workers
from fauxreel.connection import EXTENSION, Connection
from fauxreel.contents import PIECE_BYTES, Contents
from fauxreel.domain.errors import BodyTooLarge, DuplicateParameter
from fauxreel.headers import Common, Filled, Headers, encoded
from fauxreel.heads import OWN, SAME
from fauxreel.journal import Told
from fauxreel.whole import taken
from fauxreel.wire.known import KNOWN, Known

JSON = b"application/json"

_MOST_DIGITS = 20
# What is longer is written as fast as the client takes it.
_MOST_AT_ONCE = 64 * 1024
_DISKS = Workers(4)
# Answers without a body, and so without its type and length (RFC 9110, section 8.6).
BODILESS = (204, 304)
_NONE: Mapping[str, Any] = {}


class Answer(Struct):
    """A status, headers, and a body in one or more parts (shared ones are not copied)."""

    status: int
    parts: tuple[Contents | memoryview, ...]
    content_type: bytes = JSON
    headers: Headers = []
    # What the journal keeps of it, once that was found out; an answer may be sent again.
    told: Told | None = None
    _lines: bytes | None = None

    def altered(self, **changes: Any) -> "Answer":
        """The same with something else in it; what was found out about it holds no more."""
        return replace(self, told=None, _lines=None, **changes)

    def lines(self) -> bytes | None:
        """Its type, length and headers as they stand on the wire, to be asked for once it is sent.

        Returns:
            None if a header has a character that none may have.
        """
        if self._lines is None:
            lines = encoded(self.headers) if self.headers else b""
            if lines is None or self.status in BODILESS:
                return lines
            about = self.content_type, self.length, lines
            self._lines = b"content-type: %b\r\ncontent-length: %d\r\n%b" % about
        return self._lines

    @property
    def length(self) -> int:
        parts = self.parts
        return len(parts[0]) if len(parts) == 1 else sum(map(len, parts))

    def short(self) -> bytes | None:
        """The body in one piece, if it is not long."""
        if len(self.parts) == 1:  # as with most
            body = self.parts[0]
            if type(body) is bytes and len(body) <= _MOST_AT_ONCE:
                return body
        return self.whole() if self.length <= _MOST_AT_ONCE else None

    def whole(self) -> bytes:
        """The body in one piece."""
        parts = self.parts
        if len(parts) == 1 and type(parts[0]) is bytes:
            return parts[0]
        return self.between(0, self.length)

    def between(self, start: int, stop: int) -> bytes:
        """A copy of what is between two places of the body."""
        found: list[bytes | memoryview] = []
        for part in self.parts:
            found.append(part[max(start, 0) : max(stop, 0)])
            start, stop = start - len(part), stop - len(part)
        return b"".join(found)


class Exchange(Struct, frozen=True):
    """A request that was routed and whose credentials were accepted.

    Args:
        ask: `consult` for the namespace, to be called once the body is read; None where somebody
            else does.
    """

    scope: Scope
    receive: Receive
    project: str
    ask: Callable[[Scope], Awaitable[None] | None] | None = None

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    def path_param(self, name: str) -> str:
        return str(self.scope["path_params"][name])

    def query(self) -> Mapping[str, str]:
        """The query's parameters.

        Raises:
            DuplicateParameter: One is given twice.
        """
        known: Known | None = self.scope.get(KNOWN)
        if known is None:
            return parsed_query(self.scope["query_string"])
        if known.query is None:
            known.query = parsed_query(self.scope["query_string"])
        return known.query

    def header(self, name: bytes) -> bytes | None:
        return first_header(self.scope, name)


class Route(Struct, frozen=True):
    """A path, in which `{names}` are parameters, and what answers there."""

    path: str
    app: ASGIApp


class NotedSend(Struct):
    """A `send` that keeps the status of the answer, 0 before there is one."""

    send: Send
    status: int = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)


Handler = Callable[[Exchange], Awaitable[Answer]]
Methods = Mapping[str, Handler]


def first_header(scope: Scope, name: bytes) -> bytes | None:
    """The value of the first header of this name, in lower case; None without one."""
    known: Known | None = scope.get(KNOWN)
    if known is not None:
        own: Mapping[bytes, bytes] = scope.get(OWN, _NONE)
        return own[name] if name in own else known.headers.get(name)
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


def parsed_query(query: bytes) -> Mapping[str, str]:
    """
    Raises:
        DuplicateParameter: A parameter is given twice.
    """
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name in parameters:
            raise DuplicateParameter(name)
        parameters[name] = value
    return parameters


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: It has, or claims to have, more than `limit` bytes.
        ClientDisconnect: The client left before it was complete.
    """
    whole = taken(receive, limit)
    if whole is not None:
        return whole
    refuse_claim(scope, limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return _within(message.get("body", b""), limit)
    body = bytearray()
    while message["type"] == "http.request":
        body += message.get("body", b"")
        if len(body) > limit:
            raise BodyTooLarge(limit, len(body))
        if not message.get("more_body"):
            return bytes(body)
        message = await receive()
    raise ClientDisconnect


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise BodyTooLarge(limit, len(body))
    return body


def refuse_claim(scope: Scope, limit: int) -> None:
    """
    Raises:
        BodyTooLarge: The body claims to have more than `limit` bytes.
    """
    if SAME in scope:
        return  # all of it is there, so that its length need not be claimed
    claimed = first_header(scope, b"content-length")
    if claimed is not None and claimed.isdigit():
        # Python limits how many digits it reads; nobody sends so many bytes.
        size = int(claimed[:_MOST_DIGITS])
        if size > limit:
            raise BodyTooLarge(limit, size)


async def send_answer(answer: Answer, common: Common, scope: Scope, send: Send) -> None:
    """Sends the answer; the body of a HEAD stays away, its length does not."""
    is_head = scope["method"] == "HEAD"
    connection: Connection | None = scope.get("extensions", _NONE).get(EXTENSION)
    if connection is not None and _is_written_at_once(answer, common, send, is_head, connection):
        return
    length = answer.length
    headers = [*answer.headers, *common]
    if answer.status not in BODILESS:
        about = [(b"content-type", answer.content_type), (b"content-length", b"%d" % length)]
        headers = about + headers
    parts = () if is_head else answer.parts
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if length > PIECE_BYTES and not _goes_uncopied(answer, connection):
        await _send_in_pieces(parts, send)
        parts = ()
    for part in parts[:-1]:
        await send({"type": "http.response.body", "body": part[:], "more_body": True})
    await send({"type": "http.response.body", "body": parts[-1][:] if parts else b""})


def _is_written_at_once(
    answer: Answer, common: Common, send: Send, is_head: bool, connection: Connection
) -> bool:
    """Writes an answer that is not long in one piece, if it can; whether it did."""
    body = answer.short()
    if body is None:
        return False
    first = answer.lines()
    last = common.lines() if isinstance(common, Filled) else encoded(common)
    if first is None or last is None:
        return False  # the server says what is wrong
    noted = send if isinstance(send, NotedSend) else None
    server = send if noted is None else noted.send
    if not connection.write_answer(server, answer.status, first + last, b"" if is_head else body):
        return False
    if noted is not None:
        noted.status = answer.status
    return True


def _goes_uncopied(answer: Answer, connection: Connection | None) -> bool:
    """Whether a client that is slow to take it costs nothing, even if all is sent at once."""
    if connection is None or connection.copies:
        return False
    return all(isinstance(part, bytes | memoryview) for part in answer.parts)


async def _send_in_pieces(parts: Iterable[Contents | memoryview], send: Send) -> None:
    """Sends so much at a time that a client which is slow to take it holds little of it."""
    for part in parts:
        view = memoryview(part) if isinstance(part, bytes | memoryview) else part
        for at in range(0, len(view), PIECE_BYTES):
            span = slice(at, at + PIECE_BYTES)
            on_disk = not isinstance(view, memoryview)
            piece = await _DISKS.run(getitem, view, span) if on_disk else view[span]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
