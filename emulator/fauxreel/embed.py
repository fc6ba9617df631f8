"""An emulator inside a program: a server on a free port, in a thread of its own.

with Emulator(queue_seconds=0) as emulator:
    client = OpenAI(base_url=emulator.base_url, api_key=emulator.api_key)
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from fauxreel.app import App, create_app
from fauxreel.client_variables import API_KEY
from fauxreel.clock import Clock
from fauxreel.request_log import RequestLog
from fauxreel.server import EventServer, listen, url_of
from fauxreel.settings import SettingError, Settings, resolve
from fauxreel.store import Store
from fauxreel.tls import verify_files

T = TypeVar("T")


class Emulator:
    """A running emulator; starts with `with`, ends with it.

    Args:
        settings: All settings at once; or name single ones, as on the command line.
        clock: The time its jobs live by: a clock to be moved by the test, or a kind of clock.
        store: Where its jobs are kept.
        cache_dir: Where made clips are kept between runs.
        log: Gets a line for each request.
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
        store: Store | None = None,
        cache_dir: Path | None = None,
        log: RequestLog | None = None,
        **single: object,
    ) -> None:
        named = clock if isinstance(clock, str) else None
        own = None if isinstance(clock, str) else clock
        if settings is not None and (named or single):
            names = ", ".join([*(["clock"] if named else []), *single])
            raise SettingError(f"{names}: is named beside settings that say it already.")
        self.settings = settings or resolve({"port": 0, "clock": named, **single}).settings
        verify_files(self.settings)
        self.app: App = create_app(
            self.settings, clock=own, store=store, cache_dir=cache_dir, log=log
        )
        self.api_key = self.settings.keys[0] if self.settings.keys else API_KEY
        self._server: EventServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._root = ""

    @property
    def root_url(self) -> str:
        """`http://127.0.0.1:PORT`, or `https://` of it with a certificate."""
        return self._root

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` should be: the root and `/v1`."""
        return f"{self._root}/v1"

    def start(self) -> Self:
        """Listens and serves; returns when requests are answered. Once it runs, changes nothing."""
        if self._thread is not None:
            return self
        sockets = listen(self.settings.host, self.settings.port)
        self._root = url_of(sockets[0], self.settings.certfile)
        # Done without a result when requests are answered, with the error when they never will be.
        ready: Future[None] = Future()
        server = EventServer(
            self.app,
            lambda: ready.set_result(None),
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
        ready.result()
        return self

    def stop(self) -> None:
        """Ends the server and its thread; its jobs stay for another start."""
        if self._thread is not None and self._loop is not None and self._server is not None:
            self._loop.call_soon_threadsafe(self._server.end)
            self._thread.join()
            self._thread = self._loop = None

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the server's loop, the only thread that may touch its state."""
        assert self._loop is not None, "the emulator is not running"
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
