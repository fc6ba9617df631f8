"""Raw HTTP: what is sent is what a clause says, and nothing is retried or followed.

http.client knows no proxies of the environment. The key is added last, stands in no record, and
goes to the target's own address only.
"""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from fauxreel_contracts.forms import BOUNDARY, Part, encode
from fauxreel_contracts.pace import Clock, Pace

_CHUNK = 65536
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A request, below the base URL of a target.

    Args:
        form: What the body was made of, if it is a form.
        keyed: Whether the target's key is sent along.
        key_header: Name and form of the header that carries it, if not the dialect's own.
    """

    method: str
    path: str
    headers: Headers = ()
    body: bytes | None = None
    form: tuple[Part, ...] = ()
    keyed: bool = True
    key_header: tuple[str, str] | None = None


def call(
    method: str,
    path: str,
    *,
    headers: Headers = (),
    keyed: bool = True,
    key_header: tuple[str, str] | None = None,
) -> Call:
    """A request without a body."""
    return Call(method, path, headers, keyed=keyed, key_header=key_header)


def json_call(
    path: str, value: object, *, method: str = "POST", headers: Headers = (), keyed: bool = True
) -> Call:
    """A request with a JSON body."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Call(method, path, (("Content-Type", "application/json"), *headers), body, keyed=keyed)


def form_call(
    path: str, parts: tuple[Part, ...], *, headers: Headers = (), keyed: bool = True
) -> Call:
    """A request with a multipart form."""
    content_type = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    return Call("POST", path, (content_type, *headers), encode(parts), parts, keyed)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Args:
        seconds: How long it took, from sending to the last byte.
        at: When it was asked for, on the clock of the run.
    """

    call: Call
    status: int
    headers: Headers
    body: bytes
    seconds: float = 0.0
    at: float = 0.0

    def header(self, name: str) -> str | None:
        """The value of a header; None if it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: It is none.
        """
        return json.loads(self.body)

    def fields(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            value = cast("object", self.json())
        except ValueError:
            return {}
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


class NoAnswer(Exception):
    """The server gave no whole answer."""

    def __init__(self, request: Call, reason: str) -> None:
        super().__init__(f"{request.method} {request.path} got no answer: {reason}")
        self.call = request


@dataclass(frozen=True, slots=True)
class Secret:
    """A key, and the variable it came from.

    Args:
        header: Name and form of the header that carries it.
    """

    value: str = field(repr=False)
    variable: str
    header: tuple[str, str]

    def pair(self, request: Call) -> tuple[str, str]:
        """The header of a request."""
        name, form = request.key_header or self.header
        return name, form.format(self.value)

    def shown(self, request: Call) -> tuple[str, str]:
        """The same with the variable in place of the key."""
        name, form = request.key_header or self.header
        return name, form.format(f"${self.variable}")

    def hidden(self, text: str) -> str:
        """The text without the key."""
        return text.replace(self.value, f"${self.variable}")


@dataclass(slots=True)
class Wire:
    """Sends calls to one target.

    Args:
        timeout: The longest that a whole answer may take, in seconds.
        most_bytes: The longest that an answer may be.
    """

    base_url: str
    secret: Secret | None
    timeout: float
    clock: Clock
    pace: Pace
    most_bytes: int = 512 * 1024 * 1024

    def send(self, request: Call) -> Answer:
        """What the target answers.

        Raises:
            NoAnswer: It cannot be reached, takes too long, or its answer breaks off.
        """
        self.pace.await_turn()
        started = self.clock.now()
        connection = self._connection()
        try:
            self._write(connection, request)
            response = connection.getresponse()
            body = self._read(response, started)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(request, str(error) or type(error).__name__) from None
        finally:
            connection.close()
        took = self.clock.now() - started
        headers = tuple(response.getheaders())
        return Answer(request, response.status, headers, body, took, started)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                host, parts.port, timeout=self.timeout, context=context
            )
        return http.client.HTTPConnection(host, parts.port, timeout=self.timeout)

    def _write(self, connection: http.client.HTTPConnection, request: Call) -> None:
        path = urlsplit(self.base_url).path.rstrip("/") + request.path
        connection.putrequest(request.method, path, skip_accept_encoding=True)
        given = {name.lower() for name, _ in request.headers}
        for name, value in request.headers:
            connection.putheader(name, value)
        if request.keyed and self.secret is not None:
            connection.putheader(*self.secret.pair(request))
        if "user-agent" not in given:
            connection.putheader("User-Agent", "fauxreel-contracts")
        sends_length = request.body is not None or request.method in ("POST", "PUT", "PATCH")
        if sends_length and not given & {"content-length", "transfer-encoding"}:
            connection.putheader("Content-Length", str(len(request.body or b"")))
        connection.endheaders(request.body)

    def _read(self, response: http.client.HTTPResponse, started: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > self.most_bytes:
                raise http.client.HTTPException(f"more than {self.most_bytes} bytes")
            if self.clock.now() - started > self.timeout:
                raise TimeoutError(f"not whole after {self.timeout:g} seconds")
        if response.length:  # read() with a size says nothing of what is missing
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(chunks)
