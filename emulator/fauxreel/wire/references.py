"""An uploaded reference: its type, its pixel size, and whether it can be decoded at all."""

import asyncio
import hashlib
from dataclasses import replace

from fauxreel.domain.commands import Create
from fauxreel.domain.errors import (
    ReferenceSizeMismatch,
    UndecodableFile,
    UnsupportedFile,
)
from fauxreel.domain.video import Reference
from fauxreel.media import reference as media
from fauxreel.media.errors import UndecodableReference
from fauxreel.wire.bodies import Upload

SUPPORTED = ("image/jpeg", "image/png", "image/webp", "video/mp4")
_UNKNOWN = "application/octet-stream"


async def checked_reference(command: Create, param: str, upload: Upload) -> Create:
    """The command with its reference.

    The declared type counts, as on the real service, which refuses an image sent as
    `application/octet-stream` (evidence: measured); a part without a type is one.

    Raises:
        UnsupportedFile: The declared type, or that of the bytes, is not supported.
        UndecodableFile: The bytes are broken.
        ReferenceSizeMismatch: The pixel size is not the video's.
    """
    declared = (upload.content_type or _UNKNOWN).partition(";")[0].strip().lower()
    if declared not in SUPPORTED:
        raise UnsupportedFile(param, declared)
    sniffed = media.sniff(upload.data)
    if sniffed not in SUPPORTED:
        raise UnsupportedFile(param, sniffed or _UNKNOWN)
    # Decoding takes milliseconds to seconds: not on the event loop.
    reference = await asyncio.to_thread(_decoded, param, upload.data, sniffed, command.size)
    return replace(command, reference=reference)


def _decoded(param: str, data: bytes, content_type: str, size: str) -> Reference:
    try:
        width, height = media.dimensions(data, content_type)
        # Before the pixels are decoded: what is not as large as a video is no bomb either.
        if f"{width}x{height}" != size:
            raise ReferenceSizeMismatch(size, width, height)
        media.verify(data, content_type)
    except UndecodableReference:
        raise UndecodableFile(param) from None
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    return Reference(content_type, width, height, len(data), digest)
