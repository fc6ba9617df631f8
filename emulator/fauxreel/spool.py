"""Large bodies on disk: a temporary file without a name, gone with the last who reads it.

As it has no name, nothing of it stays behind either, however the process ends.
"""

import logging
import sys
from collections.abc import Callable
from tempfile import TemporaryFile
from threading import Lock
from typing import BinaryIO, Self
from weakref import finalize

from fauxreel.contents import PIECE_BYTES, digest

logger = logging.getLogger("fauxreel")

# So much at a time goes to the file.
_MOST_BUFFERED_BYTES = 2**20
# Smaller parts are had as bytes, so that they do not keep a whole file.
SMALL_BYTES = 64 * 1024


class _File:
    """A file that several threads may use; closed, and thereby deleted, when nobody has it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._turn = Lock()
        # Unlike __del__, this comes before the end of the file in a ring of garbage, too.
        finalize(self, file.close)

    def write(self, at: int, data: bytes | bytearray) -> None:
        with self._turn:
            self._file.seek(at)
            self._file.write(data)
            self._file.flush()

    def read(self, at: int, count: int) -> bytes:
        with self._turn:
            self._file.seek(at)
            return self._file.read(count)


class Spooled:
    """A part of a temporary file, to be used like bytes; what is asked for is read at once."""

    def __init__(self, file: _File, start: int, stop: int) -> None:
        self._file = file
        self._start = start
        self._stop = stop
        self._digests: dict[int, str] = {}

    def __len__(self) -> int:
        return self._stop - self._start

    def __getitem__(self, key: slice, /) -> bytes:
        start, stop, _ = key.indices(len(self))
        return self._file.read(self._start + start, stop - start) if start < stop else b""

    def find(self, wanted: bytes, start: int, stop: int, /) -> int:
        """The first place of some bytes between two others, or -1; `wanted` is short."""
        stop = min(stop, len(self))
        shared = len(wanted) - 1
        at = start
        while at + shared < stop:
            block = self[at : min(at + PIECE_BYTES, stop)]
            found = block.find(wanted)
            if found >= 0:
                return at + found
            at += len(block) - shared
        return -1

    def part(self, start: int, stop: int) -> "bytes | Spooled":
        """What is between two places; little is read, of more the file is kept."""
        if stop - start <= SMALL_BYTES:
            return self[start:stop]
        return Spooled(self._file, self._start + start, self._start + stop)

    def digest(self, size: int) -> str:
        """As `contents.digest`, but read only once."""
        if size not in self._digests:
            self._digests[size] = digest(self, size)
        return self._digests[size]


class Spool:
    """Bytes that arrive: in memory up to a limit, then in a file.

    Args:
        most: The most bytes that are kept in memory.
        make: Makes a temporary file.
    """

    def __init__(self, most: int, make: Callable[[], BinaryIO] = TemporaryFile) -> None:
        self._most = most
        self._make = make
        self._buffer = bytearray()
        self._file: _File | None = None
        self._written = 0

    def __len__(self) -> int:
        return self._written + len(self._buffer)

    def add(self, data: bytes) -> Self:
        """Takes further bytes, without touching the disk."""
        self._buffer += data
        return self

    @property
    def full(self) -> bool:
        """Whether it should be written before more is added."""
        return len(self._buffer) > self._most

    @property
    def fits(self) -> bool:
        """Whether all of it is in memory."""
        return self._file is None

    def write(self) -> None:
        """Moves to the file what is in memory; blocks.

        Where there is no room or no folder for one, all stays in memory.
        """
        try:
            if self._file is None:
                self._file = _File(self._make())
            self._file.write(self._written, self._buffer)
        except OSError as error:
            logger.warning("a large body is kept in memory: no temporary file: %s", error)
            self._back()
            return
        self._written += len(self._buffer)
        self._buffer = bytearray()
        self._most = min(self._most, _MOST_BUFFERED_BYTES)

    def _back(self) -> None:
        before = self._file.read(0, self._written) if self._file is not None else b""
        self._buffer[:0] = before
        self._file, self._written = None, 0
        self._most = sys.maxsize

    def whole(self) -> bytes | Spooled:
        """All that came; blocks where there is a file."""
        if self._file is not None:
            self.write()
        if self._file is None:
            return bytes(self._buffer)
        return Spooled(self._file, 0, self._written)
