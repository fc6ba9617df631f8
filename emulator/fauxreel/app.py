"""The composition root and the ASGI middleware.

`create_app` makes an emulator as an ASGI application. Nothing is made at import, so two of
them in one process never meet.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.assembly import Namespace, assemble
from fauxreel.catalogue import load_models
from fauxreel.clock import Clock, real_ns
from fauxreel.control.routes import refusal
from fauxreel.cors import Cors
from fauxreel.diagnostics import DIAGNOSTICS, Diagnostics
from fauxreel.ids import derived_seed
from fauxreel.media.library import Library
from fauxreel.request_log import RequestLog
from fauxreel.settings import Settings, verify
from fauxreel.space import Space
from fauxreel.store import Store
from fauxreel.wire import openapi
from fauxreel.wire.defects import ERROR, cause, defect

logger = logging.getLogger("fauxreel")

_MEGABYTE = 2**20
_NAMESPACE = re.compile(r"/ns/([A-Za-z0-9._-]{1,64})(?=/)")


class App:
    """An emulator as an ASGI application.

    Below `/ns/NAME` it serves a namespace of its own, made when it is first asked for.

    Args:
        root: What is served outside of all namespaces.
        make: Makes the namespace of a name.
        log: Gets a line for each request; None for no access log.
    """

    def __init__(
        self,
        settings: Settings,
        root: Namespace,
        make: Callable[[str], Namespace],
        log: RequestLog | None,
    ) -> None:
        self.settings = settings
        self.space = root.space
        self.dispatch = root.dispatch
        self._root = root
        self._make = make
        self._named: OrderedDict[str, Namespace] = OrderedDict()
        self._log = log
        origins = settings.cors_origins
        self._answer: ASGIApp = Cors(self._serve, origins) if origins else self._serve

    def spaces(self) -> list[Space]:
        """The spaces of all namespaces, that of the root first."""
        return [self.space, *(namespace.space for namespace in self._named.values())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._log is None:
            await self._answer(scope, receive, send)
        else:
            await _logged(self._answer, self._log, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        namespace: Namespace | None = self._root
        if scope["type"] == "http" and scope["path"].startswith("/ns/"):
            scope, namespace = await self._below(scope)
        if namespace is None:
            await _TOO_MANY(scope, receive, send)
            return
        await namespace.dispatch(scope, receive, send)
        if ERROR in scope:
            _watch(namespace.space.diagnostics, scope)

    async def _below(self, scope: Scope) -> tuple[Scope, Namespace | None]:
        """The request as its namespace sees it, and the namespace; None when there are too many."""
        match = _NAMESPACE.match(scope["path"])
        if match is None:
            return scope, self._root
        name = match[1]
        if name in self._named:
            self._named.move_to_end(name)
        elif len(self._named) < self.settings.max_namespaces or await self._make_room():
            self._named[name] = self._make(name)
        else:
            return scope, None
        root_path = scope.get("root_path", "") + match[0]
        inner = {**scope, "path": scope["path"][match.end() :], "root_path": root_path}
        return inner, self._named[name]

    async def _make_room(self) -> bool:
        """Forgets the longest unused namespace that holds no jobs; whether there was one."""
        for name, namespace in self._named.items():
            if not any((await namespace.space.store.counts(namespace.space.clock.now())).values()):
                del self._named[name]
                return True
        return False


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    cache_dir: Path | None = None,
    log: RequestLog | None = None,
) -> App:
    """An emulator.

    Args:
        settings: Its settings; the defaults without them.
        clock: The time its jobs live by outside of namespaces; without one, as the settings say.
        store: Where its jobs are kept outside of namespaces; without one, in memory.
        cache_dir: Where made clips are kept between runs; `settings.media_cache` wins over it.
        log: Gets a line for each request.

    Raises:
        SettingError: The file of models is wrong.
    """
    settings = settings or Settings()
    verify(settings)
    models = load_models(settings.models)
    library = Library(
        settings.media_cache or cache_dir,
        memory_bytes=settings.media_memory_mb * _MEGABYTE,
        disk_bytes=settings.media_cache_mb * _MEGABYTE,
    )
    documents = openapi.routes()
    space = Space(settings, models, clock=clock, store=store)

    def named(name: str) -> Namespace:
        inner = Space(settings, models, seed=derived_seed(space.seed, name))
        return assemble(settings, inner, library, documents)

    return App(settings, assemble(settings, space, library, documents), named, log)


_TOO_MANY = refusal(
    429,
    "too_many_namespaces",
    "There are as many namespaces as there may be (max_namespaces); use one of them again.",
)


def _watch(diagnostics: Diagnostics, scope: Scope) -> None:
    """Names the defect of a client whose request was refused, in the log once a kind."""
    code = defect(scope)
    if code is None:
        return
    place = f"{scope['method']} {scope.get('root_path', '')}{scope['path']}"
    if (param := cause(scope).param) is not None:
        place += f" ({param:.60})"
    if diagnostics.note(code, place):
        found = DIAGNOSTICS[code]
        logger.warning(
            "%r: client defect %s (%s): %s %s",
            place,
            code,
            found.severity.value,
            found.seen,
            found.remedy,
        )


async def _logged(
    serve: ASGIApp, log: RequestLog, scope: Scope, receive: Receive, send: Send
) -> None:
    started = real_ns()
    status = 0

    def noting(message: MutableMapping[str, Any]) -> Awaitable[None]:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        return send(message)

    try:
        await serve(scope, receive, noting)
    finally:
        log.add(scope["method"], scope["path"], status, real_ns() - started)
