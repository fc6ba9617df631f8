"""WebP files as chunks: the extended format, and a chunk of our own at the end. All pure."""

import struct
from collections.abc import Iterator

from msgspec import Struct

from fauxreel.contents import Contents

STAMP = b"FXRL"
_HEADER = 12  # "RIFF", size, "WEBP"


class Chunk(Struct, frozen=True):
    """One chunk: its FourCC and where its payload stands in the file."""

    kind: bytes
    start: int
    end: int


def chunks(data: Contents) -> Iterator[Chunk]:
    """The chunks of a file in their order; raises ValueError where one runs past the end."""
    if len(data) < _HEADER or data[:4] != b"RIFF" or data[8:_HEADER] != b"WEBP":
        raise ValueError("no WebP header")
    at = _HEADER
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        start = at + 8
        length = int.from_bytes(data[at + 4 : start], "little")
        if start + length > len(data):
            raise ValueError("a chunk is longer than the file")
        yield Chunk(data[at : at + 4], start, start + length)
        at = start + length + length % 2


def extended(data: bytes, width: int, height: int) -> bytes:
    """The same picture in the extended format, where unknown chunks are allowed."""
    flags_and_canvas = bytes(4) + _u24(width - 1) + _u24(height - 1)
    body = chunk(b"VP8X", flags_and_canvas) + data[_HEADER:]
    return header(len(body)) + body


def header(body_length: int) -> bytes:
    """The twelve bytes before the chunks."""
    return struct.pack("<4sI4s", b"RIFF", 4 + body_length, b"WEBP")


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A chunk, padded to an even length."""
    return struct.pack("<4sI", kind, len(payload)) + payload + bytes(len(payload) % 2)


def dimensions(data: Contents) -> tuple[int, int]:
    """Width and height of the canvas; raises ValueError when the file does not say."""
    first = next(chunks(data), None)
    if first is None:
        raise ValueError("no chunk")
    payload = data[first.start : min(first.end, first.start + 10)]
    if first.kind == b"VP8X" and len(payload) == 10:
        return _from_u24(payload[4:7]) + 1, _from_u24(payload[7:10]) + 1
    if first.kind == b"VP8 " and payload[3:6] == b"\x9d\x01\x2a" and len(payload) == 10:
        width, height = struct.unpack("<HH", payload[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if first.kind == b"VP8L" and payload[:1] == b"\x2f" and len(payload) >= 5:
        bits = int.from_bytes(payload[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise ValueError("no picture chunk at the start")


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _from_u24(data: bytes) -> int:
    return int.from_bytes(data, "little")
