"""Judges files that clients upload as references: which format, how large, and really decodable.

`dimensions` reads headers only; `verify` decodes, so compare the dimensions first.
"""

import warnings
from threading import Lock

from fauxreel.contents import Contents, opened
from fauxreel.media import ffmpeg
from fauxreel.media.errors import FfmpegRefused, MediaError, UndecodableReference
from fauxreel.media.formats import dimensions as header_dimensions
from fauxreel.media.formats import sniff

__all__ = ["MediaError", "UndecodableReference", "dimensions", "sniff", "verify"]

PIXEL_LIMIT = 64 * 1024 * 1024
_PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_VIDEO_TIME_LIMIT_SECONDS = 30.0
# Filters of warnings belong to the process, so two threads must not swap them at the same time.
_WARNINGS = Lock()


def dimensions(data: Contents, content_type: str) -> tuple[int, int]:
    """Width and height in pixels as the header has them, before any EXIF rotation."""
    try:
        return header_dimensions(data, content_type)
    except ValueError as error:
        raise UndecodableReference(content_type, str(error)) from error


def verify(data: Contents, content_type: str) -> None:
    """Decode all pixels of an image, or the first frames of a video; raises when that fails."""
    width, height = dimensions(data, content_type)
    if width * height > PIXEL_LIMIT:
        reason = f"{width}x{height} is more than {PIXEL_LIMIT} pixels"
        raise UndecodableReference(content_type, reason)
    if content_type == "video/mp4":
        _decode_video(data)
    else:
        _decode_image(data, content_type, (width, height))


def _decode_image(data: Contents, content_type: str, size: tuple[int, int]) -> None:
    from PIL import Image

    try:
        with _WARNINGS, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(opened(data), formats=(_PILLOW_FORMATS[content_type],)) as image:
                decoded = image.size
                if decoded == size:
                    image.load()
    except Exception as error:  # Pillow's decoders raise anything on broken bytes
        raise UndecodableReference(content_type, _reason(error)) from error
    if decoded != size:
        reason = f"its header says {size[0]}x{size[1]}, its pixels are {decoded[0]}x{decoded[1]}"
        raise UndecodableReference(content_type, reason)


def _reason(error: Exception) -> str:
    from PIL import UnidentifiedImageError

    # Pillow's text of this one holds the address of a Python object.
    if isinstance(error, UnidentifiedImageError):
        return "the pixels cannot be read"
    return str(error) or type(error).__name__


def _decode_video(data: Contents) -> None:
    # The demuxer is named and only files are allowed: a playlist must not make us fetch anything.
    # fmt: off
    arguments = (
        "-xerror", "-protocol_whitelist", "file", "-f", "mov", "-max_pixels", str(PIXEL_LIMIT),
        "-i", "reference.mp4", "-map", "0:v:0", "-frames:v", "3",
        "-vf", "scale=16:16,format=gray", "-f", "rawvideo",
    )
    # fmt: on
    try:
        frames = ffmpeg.run(
            arguments,
            inputs={"reference.mp4": data},
            output="frames.gray",
            making="the frames of a reference",
            time_limit_seconds=_VIDEO_TIME_LIMIT_SECONDS,
        )
    except FfmpegRefused as error:
        raise UndecodableReference("video/mp4", error.reason) from error
    if not frames:
        raise UndecodableReference("video/mp4", "it has no frames")
