"""mp4 files as boxes: what the tracks are, and a `uuid` box of our own. All pure."""

from collections.abc import Iterator

from msgspec import Struct

from fauxreel.contents import Contents

# Chosen once; whoever looks for stamps looks for this.
STAMP = bytes.fromhex("fa0c5ee14d0c4b1e8f2a5a3d0b7c9e16")

_CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"mp4a": "aac"}
# In one box; a file of nothing but empty boxes must not keep us busy.
_MOST_BOXES = 10_000


class Box(Struct, frozen=True):
    """One box: its kind, and where its payload stands in the file."""

    kind: bytes
    start: int
    end: int


class Track(Struct, frozen=True):
    """What a track's headers say; width and height are 0 for sound."""

    handler: str
    codec: str
    width: int
    height: int
    seconds: float
    samples: int


def boxes(data: Contents, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes between two places; raises ValueError where one runs past the end."""
    limit = len(data) if end is None else end
    at = start
    for _ in range(_MOST_BOXES):
        if at >= limit:
            return
        size, head = _number(data, at, 4, limit), 8
        kind = data[at + 4 : at + 8]
        if size == 1:
            size, head = _number(data, at + 8, 8, limit), 16
        elif size == 0:
            size = limit - at
        if size < head or at + size > limit:
            raise ValueError(f"box {kind.decode('latin-1')!r} is longer than what holds it")
        yield Box(kind, at + head, at + size)
        at += size
    raise ValueError("too many boxes")


def tracks(data: Contents) -> list[Track]:
    """The tracks of a file; raises ValueError when its boxes are broken."""
    # All boxes, so that a file which was cut off in its pixels is found out.
    top = {box.kind: box for box in boxes(data)}
    if b"moov" not in top:
        raise ValueError("no moov box")
    movie = top[b"moov"]
    return [_track(data, box) for box in boxes(data, movie.start, movie.end) if box.kind == b"trak"]


def stamp_box(payload: bytes) -> bytes:
    """A top-level box that players skip."""
    return (24 + len(payload)).to_bytes(4, "big") + b"uuid" + STAMP + payload


def stamp_payload(data: bytes) -> bytes | None:
    """What `stamp_box` holds, if the file has one."""
    for box in boxes(data):
        if box.kind == b"uuid" and data[box.start : box.start + 16] == STAMP:
            return data[box.start + 16 : box.end]
    return None


def _track(data: Contents, track: Box) -> Track:
    media = _child(data, track, b"mdia")
    header = _child(data, media, b"mdhd")
    table = _child(data, _child(data, media, b"minf"), b"stbl")
    handler = _child(data, media, b"hdlr")
    kind = data[handler.start + 8 : handler.start + 12].decode("latin-1")
    codec, width, height = _description(data, _child(data, table, b"stsd"), kind)
    return Track(kind, codec, width, height, _seconds(data, header), _samples(data, table))


def _child(data: Contents, parent: Box, kind: bytes) -> Box:
    for box in boxes(data, parent.start, parent.end):
        if box.kind == kind:
            return box
    raise ValueError(f"no {kind.decode()} box")


def _description(data: Contents, box: Box, handler: str) -> tuple[str, int, int]:
    entry = next(boxes(data, box.start + 8, box.end), None)
    if entry is None:
        raise ValueError("a track describes no codec")
    codec = _CODECS.get(entry.kind, entry.kind.decode("latin-1").strip())
    if handler != "vide":
        return codec, 0, 0
    width = _number(data, entry.start + 24, 2, entry.end)
    return codec, width, _number(data, entry.start + 26, 2, entry.end)


def _seconds(data: Contents, header: Box) -> float:
    # Version 1 has 64-bit moments, version 0 those of 32 bits.
    long = data[header.start : header.start + 1] == b"\x01"
    at, size = (header.start + 20, 8) if long else (header.start + 12, 4)
    scale = _number(data, at, 4, header.end)
    return _number(data, at + 4, size, header.end) / scale if scale else 0.0


def _samples(data: Contents, table: Box) -> int:
    sizes = _child(data, table, b"stsz")
    return _number(data, sizes.start + 8, 4, sizes.end)


def _number(data: Contents, at: int, size: int, limit: int) -> int:
    if at + size > limit:
        raise ValueError("a box is cut off")
    return int.from_bytes(data[at : at + size], "big")
