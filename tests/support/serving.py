"""Any ASGI application on a free port, as the servers of others that the contract kit runs against."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from fauxreel.server import EventServer, listen


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serves it; gives its root URL."""
    ready = threading.Event()
    server = EventServer(app, ready.set)
    (listening,) = sockets = listen("127.0.0.1", 0)
    loops: list[asyncio.AbstractEventLoop] = []

    def serve() -> None:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            loops.append(runner.get_loop())
            runner.run(server.serve(sockets))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loops[0].call_soon_threadsafe(server.end)
        thread.join()
