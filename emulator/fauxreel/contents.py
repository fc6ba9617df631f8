"""The bytes of an upload, wherever they are: what only looks at parts of them never needs all.

`bytes` are such contents, and `spool.Spooled` those in a temporary file; `contents[:]` gives the
bytes of either.
"""

import hashlib
from collections.abc import Iterator
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, BytesIO, RawIOBase
from typing import Any, BinaryIO, Protocol

PIECE_BYTES = 256 * 1024


class Contents(Protocol):
    """Bytes that can be had in parts."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: slice, /) -> bytes: ...


def pieces(contents: Contents) -> Iterator[bytes]:
    """All of it, one piece after the other."""
    for at in range(0, len(contents), PIECE_BYTES):
        yield contents[at : at + PIECE_BYTES]


def opened(contents: Contents) -> BinaryIO:
    """All of it as a file to be read."""
    if isinstance(contents, bytes):
        return BytesIO(contents)
    return BufferedReader(_Opened(contents))


def digest(contents: Contents, size: int) -> str:
    """The BLAKE2b digest of so many bytes, in hex."""
    found = hashlib.blake2b(digest_size=size)
    for piece in pieces(contents):
        found.update(piece)
    return found.hexdigest()


class _Opened(RawIOBase):
    """Contents as an unbuffered file."""

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        self._contents = contents
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: len(self._contents)}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        data = self._contents[self._at : self._at + len(view)]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
