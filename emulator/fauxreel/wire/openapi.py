"""The OpenAPI document, served as it is shipped and as JSON; no credentials are asked for.

These are routes of the emulator, not of a dialect, so they carry none of a dialect's headers.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from fauxreel.headers import Headers
from fauxreel.resources import shipped
from fauxreel.wire.http import Answer, Route, send_answer

_METHODS = ("GET", "HEAD")
_HEADERS: Headers = [(b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff")]


class Document:
    """An endpoint that serves one file, made at the first request and kept.

    Args:
        make: Makes its bytes; takes long enough to be kept off the event loop.
    """

    def __init__(self, content_type: bytes, make: Callable[[], Awaitable[bytes]]) -> None:
        self._content_type = content_type
        self._make = make
        self._body: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["method"] not in _METHODS:
            allow = (b"allow", ", ".join(_METHODS).encode("ascii"))
            await send_answer(Answer(405, (), b"text/plain", [allow]), [], scope, send)
            return
        if self._body is None:
            self._body = await self._make()
        await send_answer(Answer(200, (self._body,), self._content_type), _HEADERS, scope, send)


def routes() -> list[Route]:
    """`/openapi.yaml` and `/openapi.json`."""
    return [
        Route("/openapi.yaml", Document(b"application/yaml", _yaml)),
        Route("/openapi.json", Document(b"application/json", _json)),
    ]


async def _yaml() -> bytes:
    return await asyncio.to_thread(shipped("openapi.yaml").read_bytes)


async def _json() -> bytes:
    return await asyncio.to_thread(_converted, await _yaml())


def _converted(document: bytes) -> bytes:
    import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

    return json.dumps(yaml.safe_load(document), ensure_ascii=False).encode("utf-8")
