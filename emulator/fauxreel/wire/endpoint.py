"""What every route of a dialect does around its handler: method, credentials, rules, errors,
headers, journal.

An ASGI object rather than a function, so that it is called without a detour.
"""

import logging
from collections.abc import Callable
from functools import partial
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
    StoreUnwritable,
)
from fauxreel.domain.operations import CREATING
from fauxreel.headers import Common, Headers
from fauxreel.journal import Request
from fauxreel.space import Space
from fauxreel.wire.consult import RULING, Replaced, Ruling, consult, ruled_after
from fauxreel.wire.defects import ERROR
from fauxreel.wire.http import Answer, Exchange, Methods, send_answer
from fauxreel.wire.known import KNOWN, Known
from fauxreel.wire.operations import OPERATIONS
from fauxreel.wire.rate_limits import rate_limits
from fauxreel.wire.record import REQUEST, answered, entered

logger = logging.getLogger("fauxreel")

# Where the scope holds the project whose credentials were accepted.
PROJECT = "fauxreel.project"


class Surface(Protocol):
    """What an endpoint needs of its dialect."""

    @property
    def name(self) -> str:
        """Its name, such as `openai`."""
        ...

    @property
    def space(self) -> Space:
        """The namespace that it serves."""
        ...

    def authenticate(self, scope: Scope) -> str:
        """The project whose key the request carries, which its head alone decides.

        Raises:
            RequestError: The credentials are missing or refused.
        """
        ...

    def render_error(self, error: RequestError) -> Answer:
        """The error in the dialect's words."""
        ...

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Common:
        """The headers of every answer; `project` is None when no credentials were accepted."""
        ...


class Endpoint:
    """A route of a dialect: its handlers by method.

    Args:
        path: The path below the dialect's prefix, which says what operations these are.
        head: Whether HEAD goes where GET goes.
        consults: Whether the rules are asked here; the LiteLLM proxy asks them upstream.
    """

    def __init__(
        self,
        surface: Surface,
        path: str,
        methods: Methods,
        *,
        head: bool = True,
        consults: bool = True,
    ) -> None:
        self._surface = surface
        self._space = surface.space
        self._ask = partial(consult, surface.space)
        self._operations = dict(OPERATIONS[path])
        self._consults = consults
        self.methods = dict(methods)
        if head and "GET" in methods:
            self.methods["HEAD"] = methods["GET"]
            self._operations["HEAD"] = self._operations["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = real_ns()
        surface, space = self._surface, self._space
        operation = self._operations.get(scope["method"])
        request = entered(space, scope, surface.name, operation, started)
        try:
            answer = await self._handled(scope, receive, request)
        except ClientDisconnect:
            answered(space, scope, None)
            return
        except Replaced:
            answer = Answer(200, ())
        except RequestError as error:
            answer = self._refused(scope, error)
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
        common = surface.common_headers(answer, scope.get(PROJECT), real_ns() - started)
        if space.limits.quotas.per_minute is not None:
            common = [*common, *_rate_limits(space, scope)]
        if RULING in scope:
            await _ruled(space, scope[RULING], answer, common, scope, receive, send)
        else:
            await send_answer(answer, common, scope, send)
            answered(space, scope, answer)

    async def _handled(self, scope: Scope, receive: Receive, request: Request) -> Answer:
        method = request.method
        handler = self.methods.get(method)
        if handler is None:
            raise MethodNotAllowed(method, scope["path"], tuple(self.methods))
        project = scope[PROJECT] = self._project(scope)
        if not self._consults:
            return await handler(Exchange(scope, receive, project))
        if method == "POST":  # once the body is read
            answer = await handler(Exchange(scope, receive, project, self._ask))
        else:
            if (asking := self._ask(scope)) is not None:
                await asking
            answer = await handler(Exchange(scope, receive, project))
        if RULING in scope:
            ruled_after(scope)
        return answer

    def _project(self, scope: Scope) -> str:
        known: Known | None = scope.get(KNOWN)
        if known is None:
            return self._surface.authenticate(scope)
        if known.project is None:
            known.project = self._surface.authenticate(scope)
        return known.project

    def _refused(self, scope: Scope, error: RequestError) -> Answer:
        scope[ERROR] = error
        for cause in (error, error.__cause__):
            if isinstance(cause, MediaUnavailable | StoreUnwritable):
                said = cause.detail if isinstance(cause, StoreUnwritable) else cause
                logger.error("%s %s: %s", scope["method"], scope["path"], said)
        return self._surface.render_error(error)


def _rate_limits(space: Space, scope: Scope) -> Headers:
    """What is left of the minute, where a request counts."""
    request: Request = scope[REQUEST]
    if request.operation not in CREATING or scope.get(PROJECT) is None:
        return []
    return rate_limits(space, request.surface or "", scope[PROJECT])


async def _ruled(
    space: Space,
    ruling: Ruling,
    answer: Answer,
    common: Common,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Sends an answer as a rule wants it."""
    from fauxreel.wire.transport import deliver, reshaped

    answer = reshaped(answer, ruling.plan, scope)
    own = {name for name, _ in answer.headers}
    common = [pair for pair in common if pair[0] not in own]
    delivery = await deliver(answer, common, ruling.plan, scope, receive, send)
    answered(space, scope, delivery.answer, degraded=delivery.degraded)


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
        surface = self._surface
        entered(surface.space, scope, surface.name, None, real_ns())
        error = scope[ERROR] = self._error(scope)
        answer = surface.render_error(error)
        await send_answer(answer, surface.common_headers(answer, None, 0), scope, send)
        answered(surface.space, scope, answer)
