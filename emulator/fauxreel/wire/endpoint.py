"""What every route of a dialect does around its handler: method, credentials, errors, headers.

An ASGI object rather than a function, so that Starlette's router calls it without a detour.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from fauxreel.clock import real_ns
from fauxreel.domain.errors import (
    Defect,
    MediaUnavailable,
    MethodNotAllowed,
    NoSuchRoute,
    RequestError,
)
from fauxreel.wire.defects import ERROR
from fauxreel.wire.http import Answer, Exchange, Headers, Methods, send_answer

logger = logging.getLogger("fauxreel")


class Surface(Protocol):
    """What an endpoint needs of its dialect."""

    def authenticate(self, scope: Scope) -> str:
        """The project whose key the request carries.

        Raises:
            RequestError: The credentials are missing or refused.
        """
        ...

    def render_error(self, error: RequestError) -> Answer:
        """The error in the dialect's words."""
        ...

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Headers:
        """The headers of every answer; `project` is None when no credentials were accepted."""
        ...


class Endpoint:
    """A route of a dialect: its handlers by method.

    Args:
        head: Whether HEAD goes where GET goes.
    """

    def __init__(self, surface: Surface, methods: Methods, *, head: bool = True) -> None:
        self._surface = surface
        self.methods = dict(methods)
        if head and "GET" in methods:
            self.methods["HEAD"] = methods["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = real_ns()
        surface = self._surface
        project: str | None = None
        try:
            handler = self.methods.get(scope["method"])
            if handler is None:
                raise MethodNotAllowed(scope["method"], scope["path"], tuple(self.methods))
            project = surface.authenticate(scope)
            answer = await handler(Exchange(scope, receive, project))
        except ClientDisconnect:
            return
        except RequestError as error:
            scope[ERROR] = error
            for cause in (error, error.__cause__):
                if isinstance(cause, MediaUnavailable):
                    logger.error("%s %s: %s", scope["method"], scope["path"], cause)
            answer = surface.render_error(error)
        except Exception as error:  # the boundary: no defect may reach a client
            logger.error(
                "%s %s: defect in the emulator: %s: %s (--log-level debug shows where)",
                scope["method"],
                scope["path"],
                type(error).__name__,
                error,
            )
            logger.debug("where it happened", exc_info=error)
            answer = surface.render_error(Defect())
        common = surface.common_headers(answer, project, real_ns() - started)
        await send_answer(answer, common, scope, send)


def no_such_route(scope: Scope) -> RequestError:
    """The error of a path that a dialect does not have."""
    return NoSuchRoute(scope["method"], scope["path"])


class Fallback:
    """What answers where a dialect has no route.

    Args:
        error: Which error that is.
    """

    def __init__(
        self, surface: Surface, error: Callable[[Scope], RequestError] = no_such_route
    ) -> None:
        self._surface = surface
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        error = scope[ERROR] = self._error(scope)
        answer = self._surface.render_error(error)
        await send_answer(answer, self._surface.common_headers(answer, None, 0), scope, send)
