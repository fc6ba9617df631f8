"""One exchange over ASGI: reading a request, and the answer as a value.

Plain ASGI rather than Starlette's request and response, because polling is what clients do most.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.domain.errors import BodyTooLarge, DuplicateParameter

Headers = list[tuple[bytes, bytes]]

JSON = b"application/json"

_MOST_DIGITS = 20
# Answers without a body, and so without its type and length (RFC 9110, section 8.6).
BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers, and a body in one or more parts (shared parts are not copied)."""

    status: int
    parts: tuple[bytes | memoryview, ...]
    content_type: bytes = JSON
    headers: Headers = field(default_factory=list[tuple[bytes, bytes]])

    @property
    def length(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that was routed and whose credentials were accepted.

    Args:
        consult: Asks the rules, once the body is read; None where somebody else does.
    """

    scope: Scope
    receive: Receive
    project: str
    consult: Callable[[], Awaitable[None]] | None = None

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    def path_param(self, name: str) -> str:
        return str(self.scope["path_params"][name])

    def query(self) -> dict[str, str]:
        """The query's parameters.

        Raises:
            DuplicateParameter: One is given twice.
        """
        parameters: dict[str, str] = {}
        pairs = parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        for name, value in pairs:
            if name in parameters:
                raise DuplicateParameter(name)
            parameters[name] = value
        return parameters

    def header(self, name: bytes) -> bytes | None:
        return first_header(self.scope, name)


@dataclass(frozen=True, slots=True)
class Route:
    """A path, in which `{names}` are parameters, and what answers there."""

    path: str
    app: ASGIApp


Handler = Callable[[Exchange], Awaitable[Answer]]
Methods = Mapping[str, Handler]


def first_header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body.

    Raises:
        BodyTooLarge: It has, or claims to have, more than `limit` bytes.
        ClientDisconnect: The client left before it was complete.
    """
    claimed = first_header(scope, b"content-length")
    if claimed is not None and claimed.isdigit():
        # Python limits how many digits it reads; nobody sends so many bytes.
        size = int(claimed[:_MOST_DIGITS])
        if size > limit:
            raise BodyTooLarge(limit, size)
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


async def send_answer(answer: Answer, common: Headers, scope: Scope, send: Send) -> None:
    """Sends the answer; the body of a HEAD stays away, its length does not."""
    headers: Headers = [*answer.headers, *common]
    if answer.status not in BODILESS:
        headers = [
            (b"content-type", answer.content_type),
            (b"content-length", b"%d" % answer.length),
            *headers,
        ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    parts = () if scope["method"] == "HEAD" else answer.parts
    for part in parts[:-1]:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": parts[-1] if parts else b""})
