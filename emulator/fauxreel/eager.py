"""Taking the first step of a coroutine at once, instead of in a task that the loop comes to later.

Most requests are answered without waiting for anything, and never need a task: this saves
making one, and a turn of the loop. What has to wait goes on in a task from there.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from functools import partial
from typing import Any

_Step = Coroutine[Any, Any, None]


def begun(coroutine: _Step) -> Awaitable[None] | None:
    """Runs a coroutine until it waits for something; to be called by the loop, not in a task.

    Returns:
        The rest, to be awaited in a task, which raises what the coroutine did; None if it ended.
    """
    try:
        awaited = coroutine.send(None)
    except StopIteration:
        return None
    except BaseException as error:  # noqa: BLE001 - whoever awaits the rest gets it
        return _failed(error)
    return _Rest(coroutine, awaited)


async def ended() -> None:
    """What is left of a coroutine that ended."""


async def _failed(error: BaseException) -> None:
    raise error


async def in_task() -> None:
    """Returns within a task, which time limits need, wherever it was called."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


class _Rest:
    """What is left of a coroutine after its first step.

    Args:
        awaited: What it waits for.
    """

    def __init__(self, coroutine: _Step, awaited: Any) -> None:
        self._coroutine = coroutine
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        awaited, self._awaited = self._awaited, None
        while True:
            try:
                value = yield awaited
            except BaseException as error:  # noqa: BLE001 - the coroutine gets it
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, value)
            # An error knows this frame, which would keep it until the next collection.
            awaited = None
            try:
                awaited = step()
            except StopIteration:
                return
            finally:
                del step
