import io
import struct
import sys
import warnings
import zlib
from typing import Any

import pytest
from PIL import Image

from fauxreel.media import mp4, webp
from fauxreel.media.errors import FfmpegMissing
from fauxreel.media.reference import UndecodableReference, dimensions, sniff, verify
from fauxreel.resources import shipped

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def image(name: str, size: tuple[int, int] = (33, 21), **options: Any) -> bytes:
    file = io.BytesIO()
    picture = Image.effect_noise(size, 60).convert("RGB")
    picture.save(file, name, **options)
    return file.getvalue()


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, payload: bytes) -> bytes:
        check = zlib.crc32(kind + payload)
        return struct.pack(">I4s", len(payload), kind) + payload + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"few pixels"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def clip() -> bytes:
    return shipped("fixtures", "media", "720x1280.mp4").read_bytes()


IMAGES = [
    pytest.param("JPEG", {}, id="jpeg"),
    pytest.param("JPEG", {"progressive": True}, id="progressive-jpeg"),
    pytest.param("JPEG", {"comment": b"c" * 60_000}, id="commented-jpeg"),
    pytest.param("PNG", {}, id="png"),
    pytest.param("WEBP", {}, id="webp"),
    pytest.param("WEBP", {"lossless": True}, id="lossless-webp"),
    pytest.param("WEBP", {"exif": b"Exif\x00\x00"}, id="extended-webp"),
]


@pytest.mark.parametrize(("name", "options"), IMAGES)
def test_a_good_image_is_known_measured_and_accepted(name: str, options: dict[str, Any]) -> None:
    data = image(name, **options)
    assert sniff(data) == TYPES[name]
    assert dimensions(data, TYPES[name]) == (33, 21)
    verify(data, TYPES[name])


def test_a_good_video_is_known_measured_and_accepted() -> None:
    assert sniff(clip()) == "video/mp4"
    assert dimensions(clip(), "video/mp4") == (720, 1280)
    verify(clip(), "video/mp4")


def test_an_exif_rotation_does_not_swap_the_sides() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert dimensions(image("JPEG", exif=exif.tobytes()), "image/jpeg") == (33, 21)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"GIF89a", "image/gif"),
        (b"BM\x00\x00", "image/bmp"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        ("é".encode() * 300, "text/plain"),
        (b"x" + "é".encode() * 300, "text/plain"),
        (b"", None),
        (b"\x00\x00\x00\x00", None),
        (b"\xff\xfe\xff", None),
    ],
)
def test_other_formats_are_named_for_the_refusal(data: bytes, content_type: str | None) -> None:
    assert sniff(data) == content_type


@pytest.mark.parametrize(("name", "options"), IMAGES)
@pytest.mark.parametrize("kept", [0, 1, 12, 25, 30])
def test_a_header_that_breaks_off_is_refused(name: str, options: dict[str, Any], kept: int) -> None:
    data = image(name, **options)[:kept]
    with pytest.raises(UndecodableReference):
        verify(data, TYPES[name])


@pytest.mark.parametrize(("name", "options"), IMAGES)
def test_pixels_that_break_off_are_refused(name: str, options: dict[str, Any]) -> None:
    data = image(name, (200, 200), **options)
    with pytest.raises(UndecodableReference, match=f"not a readable {TYPES[name]} file"):
        verify(data[: len(data) * 3 // 4], TYPES[name])


@pytest.mark.parametrize("content_type", [*TYPES.values(), "video/mp4", "image/gif"])
@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"RIFF\x00\x00\x00\x00WEBP", b"\xff\xd8", b"garbage" * 20]
)
def test_garbage_is_refused(data: bytes, content_type: str) -> None:
    with pytest.raises(UndecodableReference):
        dimensions(data, content_type)
    with pytest.raises(UndecodableReference):
        verify(data, content_type)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("declared", TYPES.values())
def test_a_wrong_content_type_is_refused(name: str, declared: str) -> None:
    if TYPES[name] == declared:
        verify(image(name), declared)
        return
    with pytest.raises(UndecodableReference):
        verify(image(name), declared)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(png(0, 10), "image/png", id="png-no-width"),
        pytest.param(
            b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x09", "image/jpeg", id="jpeg-short"
        ),
        pytest.param(b"\xff\xd8\xff\xfe\xff\xff", "image/jpeg", id="jpeg-long-segment"),
        pytest.param(b"\xff\xd8\xff\xfe\x00\x01", "image/jpeg", id="jpeg-negative-segment"),
        pytest.param(b"\xff\xd8" + b"\xff" * 50, "image/jpeg", id="jpeg-only-fill"),
        pytest.param(b"\xff\xd8\xff\xd0\x00", "image/jpeg", id="jpeg-no-marker"),
        pytest.param(b"\xff\xd8" + b"\xff\xd0" * 10_001, "image/jpeg", id="jpeg-only-markers"),
        pytest.param(b"\xff\xd8\xff\xfe\x00\x02" * 2, "image/jpeg", id="jpeg-no-frame"),
        pytest.param(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 10_001, "image/jpeg", id="jpeg-many"),
        pytest.param(webp.header(0), "image/webp", id="webp-empty"),
        pytest.param(webp.header(12) + webp.chunk(b"VP8X", b""), "image/webp", id="webp-short"),
        pytest.param(webp.header(9) + b"VP8X\xff\xff\xff\xff", "image/webp", id="webp-long-chunk"),
        pytest.param(b"\x00\x00\x00\x01ftypisom", "video/mp4", id="mp4-huge-box-cut"),
        pytest.param(b"\x00\x00\x00\x04ftypisom", "video/mp4", id="mp4-tiny-box"),
        pytest.param(b"\x00\x00\x00\x00moov", "video/mp4", id="mp4-empty-movie"),
        pytest.param(b"\x00\x00\x00\x08free" * 10_001, "video/mp4", id="mp4-many-boxes"),
        pytest.param(
            b"\x00\x00\x00\x10moov\x00\x00\x00\x08trak", "video/mp4", id="mp4-empty-track"
        ),
    ],
)
def test_hostile_headers_are_refused(data: bytes, content_type: str) -> None:
    with pytest.raises(UndecodableReference):
        dimensions(data, content_type)


def test_huge_dimensions_are_told_but_never_decoded() -> None:
    bomb = png(60_000, 60_000)
    assert dimensions(bomb, "image/png") == (60_000, 60_000)
    with pytest.raises(UndecodableReference, match="60000x60000 is more than"):
        verify(bomb, "image/png")


def test_a_second_header_that_contradicts_the_first_is_refused() -> None:
    first = png(48, 16)[8:33]
    data = image("PNG")
    with pytest.raises(UndecodableReference, match="says 48x16, its pixels are 33x21"):
        verify(data[:8] + first + data[8:], "image/png")


def test_a_canvas_that_is_not_the_picture_is_refused() -> None:
    plain = image("WEBP", (32, 32))
    with pytest.raises(UndecodableReference):
        verify(webp.extended(plain, 64, 64), "image/webp")


def test_a_video_that_breaks_off_is_refused() -> None:
    with pytest.raises(UndecodableReference, match="longer than what holds it"):
        verify(clip()[:-1000], "video/mp4")


def test_a_video_whose_pixels_are_noise_is_refused() -> None:
    data = clip()
    pixels = next(box for box in mp4.boxes(data) if box.kind == b"mdat")
    noise = bytes(pixels.end - pixels.start)
    with pytest.raises(UndecodableReference, match="not a readable video/mp4 file"):
        verify(data[: pixels.start] + noise + data[pixels.end :], "video/mp4")


def test_a_track_without_a_codec_is_refused() -> None:
    data = clip()
    at = data.index(b"stsd")
    size = int.from_bytes(data[at - 4 : at], "big")
    empty = (16).to_bytes(4, "big") + data[at : at + 12] + (size - 16).to_bytes(4, "big") + b"free"
    with pytest.raises(UndecodableReference, match="describes no codec"):
        dimensions(data[: at - 4] + empty + data[at + 20 :], "video/mp4")


def test_a_video_without_samples_is_refused() -> None:
    data = clip()
    at = data.index(b"stsz") + 12
    with pytest.raises(UndecodableReference, match="not a readable video/mp4 file"):
        verify(data[:at] + bytes(4) + data[at + 4 :], "video/mp4")


def test_sound_alone_is_no_video() -> None:
    with pytest.raises(UndecodableReference, match="no video track"):
        dimensions(clip().replace(b"vide", b"soun"), "video/mp4")


def test_a_missing_ffmpeg_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(FfmpegMissing, match="No ffmpeg to make"):
        verify(clip(), "video/mp4")


def test_verifying_leaves_the_warning_filters_alone() -> None:
    before = list(warnings.filters)
    verify(image("PNG"), "image/png")
    assert list(warnings.filters) == before
