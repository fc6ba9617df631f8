"""Tells formats apart by their first bytes, and reads pixel sizes from headers. All pure.

No pixel is decoded here, so hostile headers cost nothing.
"""

from codecs import getincrementaldecoder

from fauxreel.contents import Contents
from fauxreel.media import jpeg, mp4, webp

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
)
# The ftyp box is shared by a family; what is not listed plays as mp4.
_BRANDS = {
    b"qt  ": "video/quicktime",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
}


def sniff(data: Contents) -> str | None:
    """The content type that the bytes speak for; None when they are of no known format."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video/mp4")
    for magic, content_type in _MAGIC:
        if data[: len(magic)] == magic:
            return content_type
    return "text/plain" if _is_text(data[:512]) else None


def dimensions(data: Contents, content_type: str) -> tuple[int, int]:
    """Width and height in pixels; raises ValueError when the header is broken or unknown."""
    if content_type == "image/jpeg":
        size = jpeg.dimensions(data)
    elif content_type == "image/webp":
        size = webp.dimensions(data)
    elif content_type == "image/png":
        size = _png_dimensions(data)
    elif content_type == "video/mp4":
        size = _mp4_dimensions(data)
    else:
        raise ValueError(f"sizes of {content_type} files are not read")
    if not all(size):
        raise ValueError(f"{size[0]}x{size[1]} pixels")
    return size


def _png_dimensions(data: Contents) -> tuple[int, int]:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 24:
        raise ValueError("no PNG header")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _mp4_dimensions(data: Contents) -> tuple[int, int]:
    for track in mp4.tracks(data):
        if track.handler == "vide":
            return track.width, track.height
    raise ValueError("no video track")


def _is_text(start: bytes) -> bool:
    try:
        # Incremental, for the last character may be cut in two.
        text = getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return bool(text) and all(character.isprintable() or character.isspace() for character in text)
