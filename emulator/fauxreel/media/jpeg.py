"""JPEG files as segments: where comments go, how they are read, and the size. All pure."""

from collections.abc import Iterator

from msgspec import Struct

from fauxreel.contents import Contents

COMMENT = 0xFE
_APP0 = 0xE0
_LONGEST_PAYLOAD = 65_533
_START_OF_SCAN = 0xDA
_FILL = 0xFF
# A file of nothing but markers must not keep us busy.
_MOST_MARKERS = 10_000
# SOF0 to SOF15 without DHT, JPG and DAC, which share the range.
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_MAGIC = b"fauxreel "


class Segment(Struct, frozen=True):
    """One segment: its marker, and where its payload stands in the file."""

    marker: int
    start: int
    end: int


def segments(data: Contents) -> Iterator[Segment]:
    """The segments before the pixels; raises ValueError where one runs past the end."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no start of image")
    at = 2
    for _ in range(_MOST_MARKERS):
        if data[at : at + 1] != b"\xff":
            raise ValueError("no marker where one should be")
        marker = int.from_bytes(data[at + 1 : at + 2], "big")
        if marker == _FILL:
            at += 1
            continue
        at += 2
        if marker in _WITHOUT_LENGTH:
            continue
        if marker == _START_OF_SCAN:
            return
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise ValueError("a segment is longer than the file")
        yield Segment(marker, at + 2, at + length)
        at += length
    raise ValueError("too many segments")


def halves(data: bytes) -> tuple[bytes, bytes]:
    """The file, parted where comments may stand: after SOI and APP0."""
    first = next(segments(data), None)
    cut = first.end if first and first.marker == _APP0 else 2
    return data[:cut], data[cut:]


def comments(payload: bytes) -> bytes:
    """The payload as comment segments, as many as its length needs."""
    room = _LONGEST_PAYLOAD - len(_MAGIC)
    parts = [_MAGIC + payload[at : at + room] for at in range(0, len(payload), room)]
    marker = bytes((0xFF, COMMENT))
    return b"".join(marker + (len(part) + 2).to_bytes(2, "big") + part for part in parts)


def comment(data: bytes) -> bytes | None:
    """What `comments` wrote into the file, joined again."""
    found = [
        data[segment.start + len(_MAGIC) : segment.end]
        for segment in segments(data)
        if segment.marker == COMMENT and data.startswith(_MAGIC, segment.start, segment.end)
    ]
    return b"".join(found) if found else None


def dimensions(data: Contents) -> tuple[int, int]:
    """Width and height from the frame header; raises ValueError when there is none."""
    for segment in segments(data):
        if segment.marker in _FRAME_HEADERS and segment.end - segment.start >= 5:
            at = segment.start + 1
            height, width = data[at : at + 2], data[at + 2 : at + 4]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
    raise ValueError("no frame header")
