"""A route of the control API: the guard, the method, the body, the errors.

Its errors are `{"error": {"code", "message"}}`.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct, field
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.control.guard import Guard, Refused
from fauxreel.control.parameters import Parameter, read_query
from fauxreel.domain.errors import BodyTooLarge, FauxreelError, StoreFull, StoreUnwritable
from fauxreel.faults.source import ascii_safe
from fauxreel.wire.credentials import SHARED_PROJECT
from fauxreel.wire.http import Answer, Exchange, first_header, read_body, send_answer

logger = logging.getLogger("fauxreel")

_MOST_BODY_BYTES = 2**20


class Call(Struct, frozen=True):
    """A request that passed the guard: its body (None when empty) and its parameters.

    Args:
        root_path: What stands before the path of the route: that of the namespace.
        accept: The header `Accept`.
    """

    body: Any
    params: Mapping[str, Any]
    query: Mapping[str, Any]
    root_path: str = ""
    accept: str = ""


class Problem(Struct, frozen=True):
    """An error that an operation can answer: its status, its code, and when it does."""

    status: int
    code: str
    when: str


class Operation(Struct, frozen=True):
    """What one method of a route does, and what its document says of it.

    Args:
        body: The name of the model of its body in `control.bodies`; None for none.
        answer: The name of the model of its answer in `control.answers`.
        query: The parameters that it takes.
        problems: The errors beside those that many operations have.
        content_types: Of its answer; where that is not JSON, `run` returns an `Answer`.
    """

    run: Callable[[Call], Awaitable[object]]
    summary: str
    answer: str
    body: str | None = None
    query: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    problems: tuple[Problem, ...] = ()
    content_types: tuple[str, ...] = ("application/json",)


Operations = Mapping[str, Operation]

# The status and the code of what the emulator raises on purpose.
_KNOWN: Mapping[type[FauxreelError], tuple[int, str]] = {
    BodyTooLarge: (413, "body_too_large"),
    StoreFull: (429, "store_full"),
    StoreUnwritable: (500, "store_unwritable"),
}
_BAD_REQUEST = (400, "bad_request")


class ControlEndpoint:
    """A route with its operations by method.

    Args:
        guard: Who may ask; None for everybody.
    """

    def __init__(self, guard: Guard | None, operations: Operations) -> None:
        self._guard = guard
        self.operations = operations
        self._methods = dict(operations)
        if "GET" in operations:
            self._methods["HEAD"] = operations["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            done = await self._run(scope, receive)
            answer = done if isinstance(done, Answer) else json_answer(200, done)
        except ClientDisconnect:
            return
        except Refused as error:
            answer = error_answer(error.status, error.code, str(error))
            if error.status == 405:
                answer.headers.append((b"allow", ", ".join(self._methods).encode("ascii")))
        except FauxreelError as error:
            if isinstance(error, StoreUnwritable):
                logger.error("%s %s: %s", scope["method"], scope["path"], error.detail)
            answer = error_answer(*_KNOWN.get(type(error), _BAD_REQUEST), str(error))
        except Exception as error:  # the boundary: no defect may reach a client
            logger.error(
                "%s %s: defect in the emulator: %s: %s (--log-level debug shows where)",
                scope["method"],
                scope["path"],
                type(error).__name__,
                error,
            )
            logger.debug("where it happened", exc_info=error)
            answer = error_answer(500, "defect", "The emulator failed; its log says how.")
        await send_answer(answer, [(b"cache-control", b"no-store")], scope, send)

    async def _run(self, scope: Scope, receive: Receive) -> object:
        if self._guard is not None:
            self._guard.check(scope)
        method, path = scope["method"], ascii_safe(scope["path"])
        operation = self._methods.get(method)
        if not self._methods:
            raise Refused(404, "no_such_route", f"There is no {path}.")
        if operation is None:
            raise Refused(405, "method_not_allowed", f"{path} does not take {method}.")
        body = _json(scope, await read_body(scope, receive, _MOST_BODY_BYTES))
        if operation.body is None and body not in (None, {}):
            raise Refused(400, "bad_request", f"{method} {path} takes no body.")
        query = Exchange(scope, receive, SHARED_PROJECT).query()
        values = read_query(query, operation.query)
        accept = (first_header(scope, b"accept") or b"").decode("latin-1")
        call = Call(body, scope["path_params"], values, scope.get("root_path", ""), accept)
        return await operation.run(call)


def refusal(status: int, code: str, message: str) -> ASGIApp:
    """Answers every request with this error."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        await send_answer(error_answer(status, code, message), [], scope, send)

    return refuse


def json_answer(status: int, value: object) -> Answer:
    return Answer(status, (json.dumps(value, ensure_ascii=False).encode("utf-8"),))


def error_answer(status: int, code: str, message: str) -> Answer:
    return json_answer(status, {"error": {"code": code, "message": message}})


def _json(scope: Scope, body: bytes) -> Any:
    if not body:
        return None
    content_type = (first_header(scope, b"content-type") or b"").partition(b";")[0].strip()
    if content_type.lower() != b"application/json":
        raise Refused(
            415,
            "json_only",
            f"Bodies are application/json here, not {content_type.decode('latin-1')!r}.",
        )
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not_json", f"The body is not JSON: {error}.") from None
