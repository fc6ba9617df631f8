"""Makes each job's bytes its own: id, prompt and seed, where each format keeps foreign data.

A file is parted once into shared segments; a stamp is a small segment between or behind them, so
that nothing of the shared bytes is ever copied.
"""

import json

from msgspec import Struct
from msgspec.structs import asdict

from fauxreel.domain.video import Variant
from fauxreel.media import jpeg, mp4, webp


class Stamp(Struct, frozen=True):
    """Whose file it is."""

    id: str
    prompt: str
    seed: int


def parted(data: bytes, variant: Variant) -> tuple[bytes, ...]:
    """The shared segments of a file, ready to be stamped any number of times."""
    if variant is Variant.SPRITESHEET:
        return jpeg.halves(data)
    if variant is Variant.THUMBNAIL:
        return (data[len(webp.header(0)) :],)
    return (data,)


def payload(stamp: Stamp) -> bytes:
    """A stamp in bytes, the same in every format."""
    return json.dumps(asdict(stamp), ensure_ascii=False, separators=(",", ":")).encode()


def stamped(parts: tuple[bytes, ...], variant: Variant, words: bytes) -> tuple[bytes, ...]:
    """The segments of a stamped file, from what `parted` and `payload` gave."""
    if variant is Variant.SPRITESHEET:
        return (parts[0], jpeg.comments(words), *parts[1:])
    if variant is Variant.THUMBNAIL:
        own = webp.chunk(webp.STAMP, words)
        return (webp.header(len(parts[0]) + len(own)), *parts, own)
    return (*parts, mp4.stamp_box(words))


def read(data: bytes, content_type: str) -> Stamp | None:
    """The stamp in a file, or None when it is not one of ours."""
    try:
        words = _words(data, content_type)
        return Stamp(**json.loads(words)) if words else None
    except (ValueError, TypeError):
        return None


def _words(data: bytes, content_type: str) -> bytes | None:
    if content_type == "video/mp4":
        return mp4.stamp_payload(data)
    if content_type == "image/jpeg":
        return jpeg.comment(data)
    if content_type == "image/webp":
        own = [chunk for chunk in webp.chunks(data) if chunk.kind == webp.STAMP]
        return data[own[-1].start : own[-1].end] if own else None
    return None
