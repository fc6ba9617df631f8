"""The composition root and the ASGI middleware.

`create_app` makes an emulator as an ASGI application. Nothing is made at import, so two of
them in one process never meet.
"""

import re
from collections.abc import Awaitable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.assembly import Namespace, assemble
from fauxreel.catalogue import load_models
from fauxreel.clock import Clock, real_ns
from fauxreel.control.readiness import Readiness
from fauxreel.cors import Cors
from fauxreel.dispatch import not_http
from fauxreel.domain.errors import RefusedCredentials
from fauxreel.domain.models import Models
from fauxreel.ids import derived_seed, random_seed
from fauxreel.media.library import Library
from fauxreel.namespaces import MakeNamespace, Namespaces
from fauxreel.request_log import RequestLog
from fauxreel.settings import Settings, verified
from fauxreel.space import Space
from fauxreel.store import Store
from fauxreel.wire import openapi
from fauxreel.wire.credentials import KEY_HEADERS, Keys, presented
from fauxreel.wire.http import NotedSend

if TYPE_CHECKING:
    from fauxreel.store.archive import Archive
    from fauxreel.store.kept import Kept

_MEGABYTE = 2**20
_NAMESPACE = re.compile(r"/ns/([A-Za-z0-9._-]{1,64})(?=/)")


class App:
    """An emulator as an ASGI application.

    Below `/ns/NAME` it serves a namespace of its own, made when it is first asked for; with
    `--isolate key` each API key has one, too, whose name is the key's hash.

    Args:
        root: What is served outside of all namespaces.
        make: Makes the namespace of a name, with these settings.
        log: Gets a line for each request; None for no access log.
        archive: Keeps the namespaces for a later process; None to keep none.
    """

    # What needs a task sees to it (`eager.in_task`), so that a server need not make one.
    begins_at_once = True

    def __init__(
        self,
        settings: Settings,
        root: Namespace,
        make: MakeNamespace,
        log: RequestLog | None,
        given: Collection[str] | None,
        readiness: Readiness,
        archive: "Archive | None" = None,
    ) -> None:
        self.settings = settings
        self.space = root.space
        self.dispatch = root.dispatch
        self.namespaces = Namespaces(settings, root, make, given, archive)
        self._root = root
        self._log = log
        self._archive = archive
        self.readiness = readiness
        self._by_key = settings.isolate == "key"
        self._keys = Keys(settings.keys, root.space.seed)
        origins = settings.cors_origins
        self._answer: ASGIApp = Cors(self._serve, origins) if origins else self._serve

    def open(self) -> None:
        """Takes hold of the file again in which it keeps things, if it was closed.

        Raises:
            SettingError: It cannot be used any more.
        """
        if self._archive is not None:
            self._archive.reopen()

    def close(self) -> None:
        """Lets go of the file in which it keeps things, if it does; it serves no more."""
        if self._archive is not None:
            for space in self.spaces():
                space.settle()
            self._archive.close()

    def spaces(self) -> list[Space]:
        """The spaces of all namespaces, that of the root first."""
        return self.namespaces.spaces()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await not_http(scope, receive, send)
            return
        if self._log is None:
            await self._answer(scope, receive, send)
            return
        started = real_ns()
        noted = NotedSend(send)
        try:
            await self._answer(scope, receive, noted)
        finally:
            self._log.add(scope["method"], scope["path"], noted.status, real_ns() - started)

    def _serve(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._by_key or scope["path"].startswith("/ns/"):
            return self._serve_namespace(scope, receive, send)
        return self._root.dispatch(scope, receive, send)

    async def _serve_namespace(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope, namespace = await self._placed(scope)
        await (_too_many if namespace is None else namespace.dispatch)(scope, receive, send)

    async def _placed(self, scope: Scope) -> tuple[Scope, Namespace | None]:
        """The request as its namespace sees it, and the namespace; None when there are too many."""
        if scope["path"].startswith("/ns/"):
            return await self._below(scope)
        name = self._named_by_key(scope)
        if not name:
            return scope, self._root
        inner = {**scope, "root_path": f"{scope.get('root_path', '')}/ns/{name}"}
        return inner, await self.namespaces.of(name)

    async def _below(self, scope: Scope) -> tuple[Scope, Namespace | None]:
        """The same for one that names its namespace."""
        match = _NAMESPACE.match(scope["path"])
        if match is None:
            return scope, self._root
        root_path = scope.get("root_path", "") + match[0]
        inner = {**scope, "path": scope["path"][match.end() :], "root_path": root_path}
        return inner, await self.namespaces.of(match[1])

    def _named_by_key(self, scope: Scope) -> str | None:
        """The namespace of the key that a request shows; None for none, or a refused one."""
        headers = {name: value for name, value in scope["headers"] if name in KEY_HEADERS}
        key = presented(headers)
        if not key or key == self.settings.control_token:
            return None
        try:
            self._keys.project(key)
        except RefusedCredentials:
            return None
        return self.space.key_name(key)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    cache_dir: Path | None = None,
    log: RequestLog | None = None,
    given: Collection[str] | None = None,
) -> App:
    """An emulator.

    Args:
        settings: Its settings; the defaults without them.
        clock: The time its jobs live by outside of namespaces; without one, as the settings say.
        store: Where its jobs are kept outside of namespaces; without one, as the settings say.
        cache_dir: Where made clips are kept between runs; `settings.media_cache` wins over it.
        log: Gets a line for each request.
        given: The settings that somebody gave, which no scenario changes; without it, those that
            are not the default.

    Raises:
        SettingError: The file of models or of the store, a scenario or a rule is wrong.
    """
    settings = verified(settings or Settings())
    models = load_models(settings.models)
    library = Library(
        settings.media_cache or cache_dir,
        memory_bytes=settings.media_memory_mb * _MEGABYTE,
        disk_bytes=settings.media_cache_mb * _MEGABYTE,
    )
    archive, path = None, settings.store_file
    if path is not None:
        from fauxreel.store.archive import archive_of

        archive = archive_of(path, settings, store)
    try:
        return _app(settings, models, library, clock, store, log, given, archive)
    except BaseException:
        if archive is not None:
            archive.close()
        raise


def _app(
    settings: Settings,
    models: Models,
    library: Library,
    clock: Clock | None,
    store: Store | None,
    log: RequestLog | None,
    given: Collection[str] | None,
    archive: "Archive | None",
) -> App:
    documents = openapi.routes()
    readiness = Readiness()

    def kept(name: str, own: Settings) -> "Kept | None":
        return archive.space(name) if archive and own.store_file else None

    def named(name: str, own: Settings, given: Collection[str] | None) -> Namespace:
        derived, keep = own.seed == settings.seed, kept(name, own)
        inner = Space(
            own,
            models,
            store=None if keep is None else keep.store,
            seed=derived_seed(space.seed, name) if derived else own.seed,
            # A key has one name in all namespaces, but for those with a seed of their own.
            salt=space.salt if derived else own.seed,
            given=given,
            keep=keep,
        )
        return assemble(own, inner, library, documents, readiness)

    def everywhere() -> list[Space]:
        return app.spaces()

    keep = kept("", settings)
    space = Space(
        settings,
        models,
        clock=clock,
        store=store if keep is None else keep.store,
        seed=archive.seed(settings.seed, random_seed) if archive else None,
        given=given,
        keep=keep,
    )
    root = assemble(settings, space, library, documents, readiness, everywhere)
    app = App(settings, root, named, log, given, readiness, archive)
    return app


async def _too_many(scope: Scope, receive: Receive, send: Send) -> None:
    from fauxreel.control.endpoint import refusal

    refuse = refusal(
        429,
        "too_many_namespaces",
        "There are as many namespaces as there may be (max_namespaces); use one of them again.",
    )
    await refuse(scope, receive, send)
