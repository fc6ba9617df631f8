"""Says what a media file is, and whose: the facts of its headers and the stamp of its job."""

from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from fauxreel.domain.video import Variant
from fauxreel.media import mp4
from fauxreel.media.errors import UndecodableReference, UnreadableMedia
from fauxreel.media.formats import dimensions, sniff
from fauxreel.media.reference import verify
from fauxreel.media.stamp import Stamp, read

_KINDS = MappingProxyType(
    {
        "video/mp4": Variant.VIDEO,
        "image/webp": Variant.THUMBNAIL,
        "image/jpeg": Variant.SPRITESHEET,
    }
)


class Inspection(Struct, frozen=True):
    """The facts of one file.

    Args:
        kind: The variant whose format this is.
        seconds: The length of the video track; None for images, as are frames and codecs.
        stamp: Whose it is; None when it carries no stamp of ours.
    """

    kind: Variant
    content_type: str
    width: int
    height: int
    seconds: float | None
    video_codec: str | None
    audio_codec: str | None
    frames: int | None
    size_in_bytes: int
    stamp: Stamp | None


def inspect(path: Path) -> Inspection:
    """Reads and decodes a file; raises UnreadableMedia when it is no media of ours, or broken."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableMedia(repr(str(path)), error.strerror or str(error)) from error
    content_type = sniff(data)
    if content_type is None or content_type not in _KINDS:
        reason = f"it is {content_type or 'no media file'}, not an mp4, WebP or JPEG file"
        raise UnreadableMedia(repr(str(path)), reason)
    try:
        verify(data, content_type)
        return _facts(data, content_type)
    except UndecodableReference as error:
        raise UnreadableMedia(repr(str(path)), error.reason) from error
    except ValueError as error:
        raise UnreadableMedia(repr(str(path)), str(error)) from error


def _facts(data: bytes, content_type: str) -> Inspection:
    width, height = dimensions(data, content_type)
    tracks = mp4.tracks(data) if content_type == "video/mp4" else []
    video = next((track for track in tracks if track.handler == "vide"), None)
    audio = next((track for track in tracks if track.handler == "soun"), None)
    return Inspection(
        kind=_KINDS[content_type],
        content_type=content_type,
        width=width,
        height=height,
        seconds=video.seconds if video else None,
        video_codec=video.codec if video else None,
        audio_codec=audio.codec if audio else None,
        frames=video.samples if video else None,
        size_in_bytes=len(data),
        stamp=read(data, content_type),
    )
