"""What downloaded bytes are: kind, size in pixels, codecs, length; read from the bytes alone."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from fauxreel_contracts.fragments import fragmented_length


class Unreadable(Exception):
    """The bytes are not what they should be, with what they are in place of it."""


@dataclass(frozen=True, slots=True)
class Movie:
    """An mp4.

    Args:
        codecs: The sample formats of its tracks, such as `avc1` and `mp4a`.
    """

    brand: str
    seconds: float
    width: int
    height: int
    codecs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A still: `image/webp`, `image/jpeg` or `image/png`."""

    kind: str
    width: int
    height: int


def movie(data: bytes) -> Movie:
    """What the mp4 is.

    Raises:
        Unreadable: It is none, or not whole.
    """
    try:
        return _read(data)
    except struct.error:
        raise Unreadable(f"{len(data)} bytes with a header that breaks off") from None


def _read(data: bytes) -> Movie:
    top = dict(_boxes(data))
    if "ftyp" not in top or "moov" not in top or "mdat" not in top:
        raise Unreadable(f"boxes {', '.join(top) or 'none'}; it begins with {data[:16]!r}")
    inside = list(_boxes(top["moov"]))
    tracks = [dict(_boxes(box)) for kind, box in inside if kind == "trak"]
    sizes = [_track_size(track["tkhd"]) for track in tracks if "tkhd" in track]
    width, height = max(sizes, default=(0, 0))
    header = dict(inside).get("mvhd", b"")
    codecs = tuple(_codec(track.get("mdia", b"")) for track in tracks)
    seconds = _length(header) or fragmented_length(data, _boxes)
    return Movie(top["ftyp"][:4].decode("latin-1"), seconds, width, height, codecs)


def picture(data: bytes) -> Picture:
    """What the still is.

    Raises:
        Unreadable: It is none that is known here.
    """
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return Picture("image/webp", *_webp_size(data))
        if data[:2] == b"\xff\xd8":
            return Picture("image/jpeg", *_jpeg_size(data))
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            width, height = struct.unpack(">II", data[16:24])
            return Picture("image/png", width, height)
    except (struct.error, IndexError):
        raise Unreadable(f"{len(data)} bytes that break off") from None
    raise Unreadable(f"no picture; it begins with {data[:16]!r}")


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The boxes of an mp4, or of a box; one that reaches beyond the end is an error."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack(">Q", data[at + 8 : at + 16])
            head = 16
        elif size == 0:
            size = len(data) - at
        name = kind.decode("latin-1")
        if size < head or at + size > len(data):
            raise Unreadable(f"a box {name!r} of {size} bytes, {len(data) - at} of them there")
        yield name, data[at + head : at + size]
        at += size


def _length(header: bytes) -> float:
    """Seconds, from `mvhd`."""
    if len(header) < 20:
        return 0.0
    if header[0] == 1:
        scale, duration = struct.unpack(">IQ", header[20:32])
    else:
        scale, duration = struct.unpack(">II", header[12:20])
    return duration / scale if scale else 0.0


def _track_size(header: bytes) -> tuple[int, int]:
    """Pixels, from the end of `tkhd`: two numbers in 16.16."""
    width, height = struct.unpack(">II", header[-8:])
    return width >> 16, height >> 16


def _codec(media: bytes) -> str:
    """The sample format of a track: mdia, minf, stbl, stsd, first entry."""
    for name in ("minf", "stbl", "stsd"):
        media = dict(_boxes(media)).get(name, b"")
    return media[12:16].decode("latin-1")


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        read = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return next(read), next(read)
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


# The markers that begin a frame, and so hold its size.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + size
    raise Unreadable("a JPEG without a frame")
