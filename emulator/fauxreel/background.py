"""Blocking work off the event loop, in daemon threads: the end of a server waits for none.

`asyncio.to_thread` uses a pool that is joined when the loop is closed, and a clip may take
seconds to make.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Runs functions in threads, so many at a time for each event loop.

    Args:
        most: How many may run at the same time; further ones wait for their turn.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # A semaphore belongs to one loop, and each running emulator has one of its own.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns or raises. When the caller is cancelled it runs on, unseen."""
        loop = asyncio.get_running_loop()
        async with self._turns.setdefault(loop, asyncio.Semaphore(self._most)):
            done: asyncio.Future[T] = loop.create_future()
            work = partial(_work, loop, done, partial(function, *args, **kwargs))
            threading.Thread(target=work, name="fauxreel work", daemon=True).start()
            try:
                return await done
            finally:
                # An error knows this frame: what it names would live until the next collection.
                del done, work


def _work(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[T]", function: Callable[[], T]
) -> None:
    try:
        tell = partial(_succeed, done, function())
    except BaseException as error:  # noqa: BLE001 - whoever awaits gets it
        tell = partial(_fail, done, error)
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(tell)
    del tell, done, function  # as above


def _succeed(done: "asyncio.Future[T]", result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: "asyncio.Future[T]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
