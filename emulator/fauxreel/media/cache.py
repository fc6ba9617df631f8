"""Keeps what was made: in memory, and in a folder that outlives the process.

The folder is a convenience: whatever goes wrong there (missing, read-only, full, damaged files)
costs time, never an answer. Names carry a digest of the content, so damage is found at reading;
files appear whole by `os.replace`, so several processes can share a folder.
"""

import os
import re
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from msgspec import Struct

from fauxreel.media.recipe import Item
from fauxreel.media.render import digest

# Only names of this shape are ever deleted: the folder may be somebody's own.
_OURS = re.compile(r"\d+x\d+-\d+s-[a-z]+-[0-9a-f]{16}-[0-9a-f]{16}\.[a-z0-9]+|fauxreel-.+\.tmp")


class Shared(Struct, frozen=True):
    """The segments that all jobs with the same wish share, and the digest of the file."""

    parts: tuple[bytes, ...]
    digest: str

    @property
    def length(self) -> int:
        return sum(map(len, self.parts))


class Memory:
    """The least recently used goes first; what is larger than the limit is not kept at all."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[Item, Shared] = OrderedDict()
        self.bytes = 0

    def get(self, wanted: Item) -> Shared | None:
        shared = self._kept.get(wanted)
        if shared:
            self._kept.move_to_end(wanted)
        return shared

    def put(self, wanted: Item, shared: Shared) -> None:
        if shared.length > self._limit_bytes:
            return
        self._kept[wanted] = shared
        self.bytes += shared.length
        while self.bytes > self._limit_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= dropped.length


class Folder:
    """Files by name, checked when they are read, the longest unused deleted first."""

    def __init__(self, path: Path | None, limit_bytes: int) -> None:
        self._path = path
        self._limit_bytes = limit_bytes

    def read(self, stem: str, suffix: str) -> bytes | None:
        """The bytes written under this name, unless they are gone or damaged."""
        if self._path is None:
            return None
        with suppress(OSError):
            for file in self._path.glob(f"{stem}-*.{suffix}"):
                data = file.read_bytes()
                if file.name == _name(stem, suffix, data):
                    with suppress(OSError):
                        os.utime(file)
                    return data
                file.unlink()
        return None

    def write(self, stem: str, suffix: str, data: bytes) -> None:
        """Keep the bytes under this name, if the folder lets us."""
        if self._path is None or len(data) > self._limit_bytes:
            return
        with suppress(OSError):
            self._path.mkdir(parents=True, exist_ok=True)
            _write_whole(self._path / _name(stem, suffix, data), data)
            self._trim(self._path)

    def _trim(self, path: Path) -> None:
        files = [(file, file.stat()) for file in path.iterdir() if _OURS.fullmatch(file.name)]
        files.sort(key=lambda pair: pair[1].st_mtime_ns)
        excess = sum(stat.st_size for _, stat in files) - self._limit_bytes
        for file, stat in files:
            if excess <= 0:
                return
            file.unlink(missing_ok=True)
            excess -= stat.st_size


def _name(stem: str, suffix: str, data: bytes) -> str:
    return f"{stem}-{digest(data)[:16]}.{suffix}"


def _write_whole(target: Path, data: bytes) -> None:
    with NamedTemporaryFile(
        dir=target.parent, prefix="fauxreel-", suffix=".tmp", delete=False
    ) as file:
        draft = Path(file.name)
    try:
        draft.write_bytes(data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
