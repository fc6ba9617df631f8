"""Pages of other origins may use the API surfaces, if the user names these origins.

The control API is left out: its guard keeps pages away, and no setting here lets them in.
"""

import re
from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

# What SDKs look at, by name for clients that send credentials, and `*` for all the others.
_EXPOSED = (
    "*",
    "content-disposition",
    "content-range",
    "etag",
    "openai-organization",
    "openai-poll-after-ms",
    "openai-processing-ms",
    "openai-project",
    "openai-version",
    "retry-after",
    "retry-after-ms",
    "x-request-id",
    "x-should-retry",
)
_CONTROL = re.compile(r"(?:/ns/[^/]+)?/_fauxreel(?:/|$)")


class Cors:
    """The application, with preflights answered and origins allowed on its API surfaces.

    Args:
        origins: Such as `http://localhost:3000`; `*` is all of them.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._surfaces = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("*",),
            allow_headers=("*",),
            allow_private_network=True,
            expose_headers=_EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _CONTROL.match(scope["path"]) is None:
            await self._surfaces(scope, receive, send)
        else:
            await self._app(scope, receive, send)
