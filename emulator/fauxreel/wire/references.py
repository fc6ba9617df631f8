"""What a request refers to: an uploaded image or video, a data URL, a file, a remote address.

Uploads are really decoded: their type, their pixel size, and whether they are broken.
"""

import base64
import binascii
import logging
import re

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.background import Workers
from fauxreel.contents import Contents, digest
from fauxreel.domain.commands import Create
from fauxreel.domain.errors import (
    InvalidDataUrl,
    InvalidUrl,
    MediaUnavailable,
    ReferenceSizeMismatch,
    UndecodableFile,
    UnsupportedFile,
)
from fauxreel.domain.size import LONGEST_SECONDS, parse_size
from fauxreel.domain.video import Reference
from fauxreel.media import mp4
from fauxreel.media import reference as media
from fauxreel.media.errors import MediaError, UndecodableReference
from fauxreel.memory import Memory
from fauxreel.uploads import Files
from fauxreel.wire.multipart import Upload

logger = logging.getLogger("fauxreel")

SUPPORTED = ("image/jpeg", "image/png", "image/webp", "video/mp4")
VIDEO_ONLY = ("video/mp4",)
_UNKNOWN = "application/octet-stream"
_DIGEST_BYTES = 16
_MOST_WHOLE = 1000
_DECODERS = Workers(4)
_FETCHERS = Workers(8)
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[\w.+-]+=[\w.+-]+)*);base64,", re.IGNORECASE)
_REMOTE_URL = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


class FileId(Struct, frozen=True):
    """`input_reference.file_id`."""

    file_id: str


class ImageUrl(Struct, frozen=True):
    """`input_reference.image_url`: a data URL or a remote address."""

    url: str


Referred = Upload | FileId | ImageUrl


class References:
    """Looks at what creates refer to.

    Args:
        fetch_remote: Whether remote addresses are fetched; otherwise they are accepted unseen.
        lenient: Whether nothing is looked at.
    """

    def __init__(self, files: Files, *, fetch_remote: bool, lenient: bool) -> None:
        self._files = files
        self._fetch_remote = fetch_remote
        self._lenient = lenient
        # What was decoded and found whole: tests send the same few files again and again.
        self._whole: Memory[tuple[str, int, str | None], Reference] = Memory(_MOST_WHOLE)

    async def checked(self, project: str, command: Create, referred: Referred) -> Create:
        """The command with its reference.

        Raises:
            FileNotFound: There is no such file in the project.
            InvalidUrl, InvalidDataUrl, UnreachableUrl: The address is wrong.
            UnsupportedFile, UndecodableFile, ReferenceSizeMismatch: As `decoded`.
        """
        param = "input_reference"
        if isinstance(referred, FileId):
            param = "input_reference.file_id"
            stored = await self._files.get(project, referred.file_id, param)
            kind = media.sniff(stored.data)
            upload: Upload | None = Upload(stored.filename, kind, stored.data)
        elif isinstance(referred, ImageUrl):
            param = "input_reference.image_url"
            upload = await self._at(param, referred.url)
        else:
            upload = referred
        if upload is None or self._lenient:
            return command
        return replace(command, reference=await self._decoded(param, upload, command.size))

    async def _decoded(self, param: str, upload: Upload, size: str) -> Reference:
        key = upload.digest(), len(upload.data), upload.content_type
        known = self._whole.get(key)
        if known is None:
            return self._whole.keep(key, await decoded(param, upload, SUPPORTED, size))
        _refuse_other_size(known.width, known.height, size)
        return known

    async def _at(self, param: str, url: str) -> Upload | None:
        if url[:5].lower() == "data:":
            return _data(param, url)
        if not _REMOTE_URL.fullmatch(url):
            raise InvalidUrl(param)
        if self._fetch_remote:
            from fauxreel.wire.remote import fetch

            return await _FETCHERS.run(fetch, param, url)
        logger.debug("%s is accepted unseen: --fetch-image-urls looks at it", param)
        return None


async def decoded(
    param: str, upload: Upload, supported: tuple[str, ...], size: str | None
) -> Reference:
    """What is kept of an upload.

    The declared type counts, as on the real service, which refuses an image sent as
    `application/octet-stream` (evidence: measured); a part without a type is one.

    Args:
        size: The pixel size it must have, or None for any.

    Raises:
        UnsupportedFile: The declared type, or that of the bytes, is not supported.
        UndecodableFile: The bytes are broken.
        ReferenceSizeMismatch: The pixel size is another.
    """
    declared = (upload.content_type or _UNKNOWN).partition(";")[0].strip().lower()
    if declared not in supported:
        raise UnsupportedFile(param, declared, supported, declared=True)
    sniffed = media.sniff(upload.data)
    if sniffed not in supported:
        raise UnsupportedFile(param, sniffed or _UNKNOWN, supported)
    # Decoding takes milliseconds to seconds: not on the event loop.
    return await _DECODERS.run(_decode, param, upload.data, sniffed, size)


def _decode(param: str, data: Contents, content_type: str, size: str | None) -> Reference:
    try:
        width, height = media.dimensions(data, content_type)
        # Before the pixels are decoded: what is not as large as a video is no bomb either.
        _refuse_other_size(width, height, size)
        media.verify(data, content_type)
    except UndecodableReference:
        raise UndecodableFile(param) from None
    except MediaError as error:
        raise MediaUnavailable(str(error)) from error
    return Reference(content_type, width, height, len(data), digest(data, _DIGEST_BYTES))


def _refuse_other_size(width: int, height: int, size: str | None) -> None:
    if size is not None and f"{width}x{height}" != size:
        raise ReferenceSizeMismatch(size, width, height)


async def shape(param: str, upload: Upload) -> tuple[str, int]:
    """The pixel size and the length in whole seconds of an uploaded mp4 that was decoded.

    Raises:
        UndecodableFile: It has no picture, or sizes and lengths that no video has here.
    """
    tracks = await _DECODERS.run(mp4.tracks, upload.data)
    videos = [track for track in tracks if track.handler == "vide"]
    size = f"{videos[0].width}x{videos[0].height}" if videos else ""
    if parse_size(size) is None:
        raise UndecodableFile(param)
    return size, min(max(1, round(videos[0].seconds)), LONGEST_SECONDS)


def _data(param: str, url: str) -> Upload:
    match = _DATA_URL.match(url)
    if match is None:
        raise InvalidDataUrl(param)
    try:
        data = base64.b64decode(url[match.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidDataUrl(param) from None
    return Upload("", match[1].lower(), data)
