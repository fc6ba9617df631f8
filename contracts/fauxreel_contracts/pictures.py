"""Pictures of one colour in each format, written by hand, so that the kit needs no library.

A server that decodes them finds nothing wrong with them; `forms.png` makes the third format.
"""

import struct

_WEBP_COLOUR = (0x80, 0x40, 0xC0, 0xFF)  # green, red, blue, alpha
_BLOCK = 8  # pixels at each side of a block of a JPEG
_BRIGHT = "10" + "100000" + "0"  # a DC of 32, six bits long, then the end of the block
_SAME = "0" + "0"  # no change to the DC, then the end of the block


def webp(width: int, height: int) -> bytes:
    """A lossless WebP: each channel has one symbol, so that a pixel takes no bits at all."""
    fields = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3)]
    fields += [(0, 1), (0, 1), (0, 1)]  # no transform, no colour cache, one group of codes
    for symbol in _WEBP_COLOUR:
        fields += [(1, 1), (0, 1), (1, 1), (symbol, 8)]  # a simple code of one symbol
    fields += [(1, 1), (0, 1), (0, 1), (0, 1)]  # that of the distances, which none uses
    bits = at = 0
    for value, size in fields:
        bits |= value << at
        at += size
    data = bits.to_bytes((at + 7) // 8, "little")
    padded = data + b"\0" * (len(data) % 2)
    chunk = b"VP8L" + struct.pack("<I", len(data)) + padded
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def jpeg(width: int, height: int) -> bytes:
    """A baseline JPEG: the first block has the colour, and no other differs from it."""
    blocks = -(-width // _BLOCK) * -(-height // _BLOCK)
    bits = _BRIGHT + _SAME * 2 + _SAME * 3 * (blocks - 1)
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    parts = (
        _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        _segment(0xDB, b"\0" + b"\x08" * 64),
        _segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + _components(b"\x11\0")),
        _segment(0xC4, _codes(0x00, b"\x01\x01", b"\0\x06") + _codes(0x10, b"\x01", b"\0")),
        _segment(0xDA, b"\x03" + _components(b"\0") + b"\0\x3f\0"),
    )
    return b"\xff\xd8" + b"".join(parts) + scan + b"\xff\xd9"


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _components(each: bytes) -> bytes:
    """The three components, each with the same words behind its number."""
    return b"".join(bytes([number]) + each for number in (1, 2, 3))


def _codes(table: int, counts: bytes, symbols: bytes) -> bytes:
    """A table of Huffman codes: how many there are of each length, and what they stand for."""
    return bytes([table]) + counts.ljust(16, b"\0") + symbols
