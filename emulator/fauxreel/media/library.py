"""The door to the media: a size, a length and a stamp go in, the segments of a file come out.

What is in memory is answered at once; whatever must be made is made once, in a thread, however
many ask for it at the same time.
"""

import asyncio
import hashlib
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import MappingProxyType

from msgspec import Struct

from fauxreel.background import Workers
from fauxreel.domain.video import Variant
from fauxreel.media.cache import Folder, Memory, Shared
from fauxreel.media.errors import RenderFailed, UnreadableMedia
from fauxreel.media.recipe import CLIP_SECONDS, SUFFIXES, Item, item
from fauxreel.media.render import as_jpeg, digest, fingerprint, render
from fauxreel.media.stamp import Stamp, parted, payload, stamped
from fauxreel.resources import shipped

CONTENT_TYPES = MappingProxyType(
    {
        Variant.VIDEO: "video/mp4",
        Variant.THUMBNAIL: "image/webp",
        Variant.SPRITESHEET: "image/jpeg",
    }
)

# More ffmpegs at once only take each other's cores.
_MAKING_AT_ONCE = 2
# Pictures of some ten kilobytes each, one a size.
_MOST_POSTERS = 100


class Asset(Struct, frozen=True):
    """One job's file: shared segments and its own, to be sent one after the other."""

    segments: tuple[bytes, ...]
    content_type: str
    etag: str

    @property
    def length(self) -> int:
        return sum(map(len, self.segments))


class Library:
    """Makes and keeps media; to be used from one event loop at a time.

    Args:
        cache_dir: A folder for what was made; None keeps it in memory only.
        memory_bytes: Files beyond this are dropped from memory, the longest unused first.
        disk_bytes: The same for the folder.
        make: Makes an item from the bytes of its source; blocks.
    """

    def __init__(
        self,
        cache_dir: Path | None,
        *,
        memory_bytes: int,
        disk_bytes: int,
        make: Callable[[Item, bytes | None], bytes] = render,
    ) -> None:
        self._memory = Memory(memory_bytes)
        self._folder = Folder(cache_dir, disk_bytes)
        self._render = make
        self._posters: dict[str, bytes] = {}
        self._making: dict[Item, asyncio.Task[Shared]] = {}
        self._workers = Workers(_MAKING_AT_ONCE)

    async def asset(self, size: str, seconds: int, variant: Variant, stamp: Stamp) -> Asset:
        """The stamped file of a job; raises MediaError when it cannot be made."""
        wanted = item(size, seconds, variant)
        shared = await self._shared(wanted)
        words = payload(stamp)
        return Asset(
            stamped(shared.parts, variant, words),
            CONTENT_TYPES[variant],
            _etag(shared.digest, words),
        )

    async def own(self, path: str) -> Asset:
        """A file of the user's, as it is now; raises MediaError when it cannot be read."""
        data = await self._workers.run(_read_own, path)
        return Asset((data,), CONTENT_TYPES[Variant.VIDEO], f'"{digest(data)[:32]}"')

    async def poster(self, size: str, stamp: Stamp) -> Asset:
        """The stamped first frame as a JPEG file; raises MediaError when it cannot be made."""
        shared = await self._shared(item(size, CLIP_SECONDS, Variant.THUMBNAIL))
        picture = self._posters.get(shared.digest)
        if picture is None:
            picture = await self._workers.run(as_jpeg, shared.parts[0])
            if len(self._posters) < _MOST_POSTERS:
                self._posters[shared.digest] = picture
        words = payload(stamp)
        segments = stamped(parted(picture, Variant.SPRITESHEET), Variant.SPRITESHEET, words)
        return Asset(segments, "image/jpg", _etag(f"{shared.digest} jpeg", words))

    async def _shared(self, wanted: Item) -> Shared:
        kept = self._memory.get(wanted)
        if kept:
            return kept
        if wanted.shipped_name:
            # A file of some hundred kilobytes is read in less time than a thread takes to start.
            return self._kept(wanted, _share(_read_shipped(wanted.shipped_name), wanted.variant))
        task = self._making.get(wanted)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.create_task(self._make(wanted))
            self._making[wanted] = task
            task.add_done_callback(partial(self._finished, wanted))
        # Unlike awaiting the task, this leaves it alone when one of the waiters is cancelled.
        await asyncio.wait((task,))
        return task.result()

    async def _make(self, wanted: Item) -> Shared:
        source = await self._shared(wanted.source) if wanted.source else None
        return self._kept(wanted, await self._workers.run(self._read_or_render, wanted, source))

    def _kept(self, wanted: Item, shared: Shared) -> Shared:
        self._memory.put(wanted, shared)
        return shared

    def _finished(self, wanted: Item, task: asyncio.Task[Shared]) -> None:
        if self._making.get(wanted) is task:
            del self._making[wanted]
        # When all waiters have gone, nobody else looks at a failure, and asyncio would complain.
        if not task.cancelled():
            task.exception()

    def _read_or_render(self, wanted: Item, source: Shared | None) -> Shared:
        stem = f"{wanted.stem}-{fingerprint(wanted, source.digest if source else '')}"
        suffix = SUFFIXES[wanted.variant]
        data = self._folder.read(stem, suffix)
        if data is None:
            data = self._render(wanted, source.parts[0] if source else None)
            self._folder.write(stem, suffix, data)
        return _share(data, wanted.variant)


def default_cache_dir(environ: Mapping[str, str], *, platform: str = sys.platform) -> Path | None:
    """Where this platform keeps caches, or None when the environment does not say."""
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return Path(local, "fauxreel", "Cache") if PureWindowsPath(local).is_absolute() else None
    home = environ.get("HOME", "")
    if platform == "darwin":
        return _below(home, "Library", "Caches", "fauxreel")
    # The XDG specification has relative paths ignored.
    return _below(environ.get("XDG_CACHE_HOME", ""), "fauxreel") or _below(
        home, ".cache", "fauxreel"
    )


def _below(folder: str, *parts: str) -> Path | None:
    return Path(folder, *parts) if PurePosixPath(folder).is_absolute() else None


def _share(data: bytes, variant: Variant) -> Shared:
    return Shared(parted(data, variant), digest(data))


def _read_shipped(name: str) -> bytes:
    try:
        return shipped("fixtures", "media", name).read_bytes()
    except OSError as error:
        raise RenderFailed(name, str(error)) from error


def _read_own(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UnreadableMedia(path, error.strerror or str(error)) from error


def _etag(shared_digest: str, words: bytes) -> str:
    return f'"{hashlib.sha256(shared_digest.encode() + words).hexdigest()[:32]}"'
