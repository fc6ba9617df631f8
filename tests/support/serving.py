"""A server of its own for an application, in a thread."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from fauxreel.server import EventServer, listen


async def hello(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(app: Any = hello) -> Iterator[tuple[int, Callable[[], float]]]:
    """The port of a server in a thread, and what ends it and answers how long that took."""
    sockets = listen("localhost", 0)
    ready, loops = threading.Event(), []
    server = EventServer(app, ready.set)

    def run() -> None:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            loops.append(runner.get_loop())
            runner.run(server.serve(sockets))

    thread = threading.Thread(target=run)

    def end() -> float:
        started = perf_counter()
        if thread.is_alive():
            loops[0].call_soon_threadsafe(server.end)
        thread.join()
        return perf_counter() - started

    thread.start()
    ready.wait()
    try:
        yield sockets[0].getsockname()[1], end
    finally:
        end()
