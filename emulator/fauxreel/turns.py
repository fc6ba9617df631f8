"""One after another, where several tasks would change the same thing at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turns:
    """Lets one task after another change a thing, by its name.

    An `asyncio.Lock` for each would belong to one event loop; these outlive it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}

    async def take(self, name: str) -> None:
        """Waits until nothing else changes the thing."""
        while (waiting := self._waiting.get(name)) is not None:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            waiting.append(turn)
            await turn
        self._waiting[name] = []

    def end(self, name: str) -> None:
        """Lets the next one have its turn."""
        for turn in self._waiting.pop(name):
            if not turn.done():
                turn.set_result(None)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncGenerator[None, None]:
        """Takes a turn, and ends it."""
        await self.take(name)
        try:
            yield
        finally:
            self.end(name)
