"""Forms and pictures as bytes: what requests carry."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BOUNDARY = "fauxreel-contracts-7d1e0f"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form.

    Args:
        filename: Makes it a file; None leaves it a text.
        content_type: None sends no such line.
    """

    name: str
    value: bytes
    filename: str | None = None
    content_type: str | None = None


def texts(fields: Mapping[str, object]) -> tuple[Part, ...]:
    """A text part for each field, in their order."""
    return tuple(Part(name, str(value).encode()) for name, value in fields.items())


def file(name: str, value: bytes, filename: str, content_type: str | None) -> Part:
    return Part(name, value, filename, content_type)


def encode(parts: Iterable[Part]) -> bytes:
    """The parts as multipart/form-data, separated by `BOUNDARY`."""
    lines: list[bytes] = []
    for part in parts:
        disposition = f'Content-Disposition: form-data; name="{part.name}"'
        if part.filename is not None:
            disposition += f'; filename="{part.filename}"'
        lines += [f"--{BOUNDARY}".encode(), disposition.encode()]
        if part.content_type is not None:
            lines.append(f"Content-Type: {part.content_type}".encode())
        lines += [b"", part.value]
    return b"\r\n".join([*lines, f"--{BOUNDARY}--".encode(), b""])


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    row = b"\0" + b"\x40\x80\xc0" * width
    pixels = chunk(b"IDAT", zlib.compress(row * height, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")
