"""Requests that came together are answered in a row, and their answers sent in a row.

A call of the kernel between two requests costs more than the call: a processor forgets the way
through the emulator meanwhile. And an answer wakes up a client that waits for it, which on a
virtual machine takes as long as a fourth of a poll; of several in a row, the first one wakes up
them all.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

# So many are answered before everything else has its turn: what they gain by more is little, and
# the first one waits longest.
_MOST = 16
# Two or three clients are served quickest one by one: each asks again while another is answered.
# After turns with fewer requests than this, so many are answered as they come.
_FEW = 4
_AT_ONCE = 128

Begin = Callable[[Any, Any], None]


class Inbox:
    """What the connections of one event loop were just asked."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[tuple[Begin, Any, Any]] = deque()
        # The answers of a row; None outside of one.
        self._answers: list[tuple[Any, bytes]] | None = None
        # How many came in this turn of the loop, and how many turns before had few.
        self._came = 0
        self._small_turns = 0
        # How many more are not to wait.
        self._at_once = 0

    def put(self, begin: Begin, one: Any, other: Any) -> bool:
        """Calls `begin` at the end of this turn of the loop, or at once while few come.

        Returns:
            Whether it waits.
        """
        if self._at_once:
            self._at_once -= 1
            begin(one, other)
            return False
        if not self._waiting:
            self._loop.call_soon(self._end_turn)
        self._waiting.append((begin, one, other))
        self._came += 1
        return True

    def write(self, transport: Any, data: bytes) -> None:
        """Sends an answer, with others of its row."""
        if self._answers is None:
            transport.write(data)
        else:
            self._answers.append((transport, data))

    def begin(self) -> None:
        """Begins all that wait."""
        self._begin(len(self._waiting))

    def _begin(self, count: int) -> None:
        answers = self._answers = []
        try:
            for _ in range(count):
                begin, one, other = self._waiting.popleft()
                begin(one, other)
        finally:
            self._answers = None
            for transport, data in answers:
                if not transport.is_closing():
                    transport.write(data)

    def _end_turn(self) -> None:
        # While some wait the others come, so that the turn after the first one counts.
        self._small_turns = self._small_turns + 1 if self._came < _FEW else 0
        if self._small_turns == 2:
            self._small_turns, self._at_once = 0, _AT_ONCE
        self._came = 0
        if len(self._waiting) > _MOST:
            self._loop.call_soon(self._end_turn)
        self._begin(min(len(self._waiting), _MOST))
