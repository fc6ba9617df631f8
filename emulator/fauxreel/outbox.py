"""Answers that are written in a row, once the requests that came together are answered.

A write wakes up a client that waits for it, which on a virtual machine takes as long as a fourth
of a poll; of several in a row, the first one wakes up them all.
"""

import asyncio
from typing import Any

# So many wait for each other: what they gain by more is little, and the first one waits longest.
_MOST = 16
# Two clients are served quickest one by one: each asks again while the other is answered.
# After turns with fewer answers than this, so many are written at once.
_FEW = 3
_AT_ONCE = 128

# What `put` gives where nothing waits.
SENT = -1


class Outbox:
    """What the connections of one event loop are about to send."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # How often it was emptied.
        self.sent = 0
        self._loop = loop
        self._answers: list[tuple[Any, bytes]] = []
        # How many came in this turn of the loop.
        self._came = 0
        # How many turns before had few, and how many more answers are not to wait.
        self._small_turns = 0
        self._at_once = 0

    def put(self, transport: Any, data: bytes) -> int:
        """Writes an answer at the end of this turn of the loop, or at once while few come.

        Returns:
            What `sent` is for as long as it waits.
        """
        if self._at_once:
            self._at_once -= 1
            transport.write(data)
            return SENT
        if not self._came:
            self._loop.call_soon(self._end_turn)
        self._came += 1
        self._answers.append((transport, data))
        waits_at = self.sent
        if len(self._answers) == _MOST:
            self.send()
        return waits_at

    def send(self) -> None:
        """Writes all of it."""
        self.sent += 1
        answers, self._answers = self._answers, []
        for transport, data in answers:
            if not transport.is_closing():
                transport.write(data)

    def _end_turn(self) -> None:
        # While some wait the others come, so that the turn after the first one counts.
        self._small_turns = self._small_turns + 1 if self._came < _FEW else 0
        if self._small_turns == 2:
            self._small_turns, self._at_once = 0, _AT_ONCE
        self._came = 0
        self.send()
