"""Standard error behind a queue, so that a parent who does not read it holds nobody up.

A pipe takes some 64 KiB; a server that writes to a full one stands still.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

_MOST_TEXTS = 2000
_GRACE_SECONDS = 0.5


class Outlet:
    """A stream for logs: what cannot be written in time is dropped and counted.

    Args:
        write: Writes a text, and may block.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self.dropped = 0
        self._write = write
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="fauxreel log", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Hands a text over; never blocks."""
        if self._texts.qsize() >= _MOST_TEXTS:
            self.dropped += 1
            return
        self._texts.put(text)

    def flush(self) -> None:
        """Nothing to do: the thread writes what comes."""

    def close(self) -> None:
        """Waits a moment until all is written."""
        if self.dropped:
            self._texts.put(f"{self.dropped} parts of the log were not read in time\n")
        self._texts.put(None)
        self._thread.join(_GRACE_SECONDS)

    def _run(self) -> None:
        while (text := self._texts.get()) is not None:
            try:
                self._write(text)
            except (OSError, ValueError):
                return  # the reader has gone, or the stream is closed
