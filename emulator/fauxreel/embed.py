"""An emulator inside a program: a server on a free port, in a thread of its own.

with Emulator(queue_seconds=0) as emulator:
    client = OpenAI(base_url=emulator.base_url, api_key=emulator.api_key)
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from fauxreel.addresses import http_of_openai
from fauxreel.app import App, create_app
from fauxreel.client_variables import API_KEY
from fauxreel.clock import Clock
from fauxreel.handle import Handle
from fauxreel.inspection import in_thread
from fauxreel.request_log import RequestLog
from fauxreel.server import EventServer, listen, url_of
from fauxreel.settings import SettingError, Settings, resolve, verified
from fauxreel.space import Space
from fauxreel.store import Store
from fauxreel.tls import verify_files

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

_IN_PROCESS = "http://fauxreel"


class Emulator(Handle):
    """A running emulator; starts with `with`, ends with it.

    Args:
        settings: All settings at once; or name single ones, as on the command line.
        clock: The time its jobs live by: a clock to be moved by the test, or a kind of clock.
        store: Where its jobs are kept: a store, or what the setting of that name takes.
        cache_dir: Where made clips are kept between runs.
        log: Gets a line for each request.
        given: Beside `settings`, those that somebody gave, which no scenario changes.
        single: Settings by name, such as `queue_seconds=0`. The port is a free one
            unless `port` says otherwise.

    Raises:
        SettingError: A setting is unknown or bad, or named beside `settings`.
        CannotListen: The port is taken.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | str | None = None,
        store: Store | str | None = None,
        cache_dir: Path | None = None,
        log: RequestLog | None = None,
        given: Collection[str] | None = None,
        **single: object,
    ) -> None:
        either = {"clock": clock, "store": store}
        named = {**{name: one for name, one in either.items() if isinstance(one, str)}, **single}
        if settings is not None and named:
            names = ", ".join(named)
            raise SettingError(f"{names}: is named beside settings that say it already.")
        resolved = resolve({"port": 0, **named}) if settings is None else None
        self.settings = resolved.settings if resolved else verified(settings or Settings())
        verify_files(self.settings)
        self.app: App = create_app(
            self.settings,
            clock=None if isinstance(clock, str) else clock,
            store=None if isinstance(store, str) else store,
            cache_dir=cache_dir,
            log=log,
            given=self.chosen(resolved.sources) if resolved else given,
        )
        super().__init__(self.settings.keys[0] if self.settings.keys else API_KEY)
        self._server: EventServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._root = _IN_PROCESS

    def chosen(self, sources: Mapping[str, str]) -> Collection[str]:
        """Of the settings that were given, those that no scenario changes."""
        return sources.keys()

    @property
    def root_url(self) -> str:
        """`http://127.0.0.1:PORT`, or `https://` of it with a certificate; before the start a name
        that only `in_process` knows."""
        return self._root

    def in_process(self) -> "AsyncOpenAI":
        """A client that is answered on its own event loop, without a server and a socket.

        Faults of the transport are only imitated there; the journal then says `degraded`.

        Raises:
            RuntimeError: The server runs, and its loop alone may touch what is stored.
        """
        if self._loop is not None:
            raise RuntimeError("The emulator serves already: in_process is for one not started.")
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        http = http_of_openai()
        return AsyncOpenAI(
            base_url=f"{_IN_PROCESS}/v1",
            api_key=self.api_key,
            http_client=DefaultAsyncHttpxClient(transport=http.ASGITransport(app=self.app)),
        )

    def start(self) -> Self:
        """Listens and serves; returns when requests are answered. Once it runs, changes nothing."""
        if self._thread is not None:
            return self
        self.app.open()
        sockets = listen(self.settings.host, self.settings.port)
        self._root = url_of(sockets[0], self.settings.certfile)
        self.app.readiness.begin()
        # Done without a result when requests are answered, with the error when they never will be.
        ready: Future[None] = Future()
        server = EventServer(
            self.app,
            lambda: ready.set_result(None),
            on_end=self.app.readiness.end,
            certfile=self.settings.certfile,
            keyfile=self.settings.keyfile,
        )

        def serve() -> None:
            try:
                with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
                    self._loop = runner.get_loop()
                    runner.run(server.serve(sockets))
            except BaseException as error:
                if ready.done():
                    raise
                ready.set_exception(error)

        self._server = server
        self._thread = threading.Thread(target=serve, name="fauxreel", daemon=True)
        self._thread.start()
        try:
            ready.result()
        except BaseException:
            self._thread.join()
            self._thread = self._loop = None
            for listener in sockets:
                listener.close()
            raise
        return self

    def stop(self) -> None:
        """Ends the server and its thread; its jobs stay for another start."""
        self.close_clients()
        if self._thread is not None and self._loop is not None and self._server is not None:
            self._loop.call_soon_threadsafe(self._server.end)
            self._thread.join()
            self._thread = self._loop = None
        self.app.close()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the server's loop; before the start and after the stop, here."""
        if self._loop is None:
            return _driven(coroutine)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    @property
    def space(self) -> Space:
        """The namespace outside of all others."""
        return self.app.space

    @property
    def serves(self) -> bool:
        """Whether it was started and not stopped."""
        return self._loop is not None

    def on_loop(self, function: Callable[[], T]) -> T:
        """Calls a function on the server's loop; before the start and after the stop, here."""
        if self._loop is None or threading.current_thread() is self._thread:
            return function()

        done: Future[T] = Future()

        def called() -> None:
            try:
                done.set_result(function())
            except BaseException as error:  # noqa: BLE001 - the caller gets it
                done.set_exception(error)

        self._loop.call_soon_threadsafe(called)
        return done.result()

    def __enter__(self) -> Self:
        return self.start()

    async def __aenter__(self) -> Self:
        return await in_thread(self.start)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await in_thread(self.stop)
        self._conclude()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._conclude()

    def _conclude(self) -> None:
        """Says what can only be said at the end."""
        for space in self.app.spaces():
            space.watch.conclude()


def _driven(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing, inside or outside of a loop.

    Raises:
        RuntimeError: It waits for something, and a loop is running here that must not stand still.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("This needs a running emulator: use it inside `with emulator:`.")
