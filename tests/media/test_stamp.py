import io
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from fauxreel.domain.video import Variant
from fauxreel.media import jpeg, mp4, webp
from fauxreel.media.library import CONTENT_TYPES
from fauxreel.media.stamp import Stamp, parted, payload, read, stamped

Made = Callable[..., bytes]
Frame = Callable[[bytes, int], Image.Image]
Decode = Callable[[bytes], Any]
LONG = Stamp("video_long", "🐈" * 32_000, 2**63 - 1)
STAMPS = [
    pytest.param(Stamp("video_1", "a cat", 7), id="plain"),
    pytest.param(Stamp("video_2", "", -1), id="empty"),
    pytest.param(Stamp("video_3", 'quotes " \\ \n\u2028 \x7f é 猫 🐈', 0), id="signs"),
    pytest.param(LONG, id="long"),
]


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("variant", Variant)
def test_a_stamp_is_read_back(stamp: Stamp, variant: Variant, made: Made) -> None:
    assert read(made("720x1280", 4, variant, stamp), CONTENT_TYPES[variant]) == stamp


def test_a_stamped_video_still_decodes(made: Made, decode: Decode) -> None:
    assert decode(made("720x1280", 4, stamp=LONG)).frames == 120


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("variant", [Variant.THUMBNAIL, Variant.SPRITESHEET])
def test_a_stamped_image_still_decodes(stamp: Stamp, variant: Variant, made: Made) -> None:
    with Image.open(io.BytesIO(made("720x1280", 4, variant, stamp))) as image:
        image.load()
        assert image.size == (720, 1280)


@pytest.mark.parametrize("variant", [Variant.THUMBNAIL, Variant.SPRITESHEET])
def test_ffmpeg_reads_a_stamped_image(variant: Variant, made: Made, frame: Frame) -> None:
    assert frame(made("720x1280", 4, variant, LONG), 0).size == (720, 1280)


@pytest.mark.parametrize("variant", Variant)
def test_two_stamps_never_give_the_same_bytes(variant: Variant, made: Made) -> None:
    stamps = [
        Stamp("video_1", "a cat", 7),
        Stamp("video_2", "a cat", 7),
        Stamp("video_1", "a dog", 7),
        Stamp("video_1", "a cat", 8),
    ]
    assert len({made("720x1280", 4, variant, stamp) for stamp in stamps}) == 4


@pytest.mark.parametrize("variant", Variant)
def test_stamping_copies_no_shared_bytes(variant: Variant, made: Made) -> None:
    parts = parted(made("720x1280", 4, variant), variant)
    segments = stamped(parts, variant, payload(LONG))
    assert all(any(part is segment for segment in segments) for part in parts)


@pytest.mark.parametrize("length", [0, 1, 2, 3])
def test_a_stamped_webp_file_is_padded_and_says_its_length(length: int, made: Made) -> None:
    data = made("720x1280", 4, Variant.THUMBNAIL, Stamp("v", "x" * length, 0))
    assert len(data) % 2 == 0
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert [chunk.kind for chunk in webp.chunks(data)] == [b"VP8X", b"VP8 ", b"FXRL"]


def test_comments_stand_between_app0_and_the_tables(made: Made) -> None:
    markers = [
        segment.marker for segment in jpeg.segments(made("720x1280", 4, Variant.SPRITESHEET, LONG))
    ]
    assert markers[:3] == [0xE0, 0xFE, 0xFE]
    assert all(one <= 0xFE for one, _ in pairwise(markers))


def test_a_jpeg_file_without_app0_takes_comments_first() -> None:
    head, tail = jpeg.halves(b"\xff\xd8\xff\xda\x00\x02")
    assert (head, tail) == (b"\xff\xd8", b"\xff\xda\x00\x02")


def test_the_stamp_of_a_video_is_its_last_box(made: Made) -> None:
    boxes = list(mp4.boxes(made("720x1280", 4)))
    assert [box.kind for box in boxes][-1] == b"uuid"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "video/mp4"),
        (b"\x00\x00\x00\x08ftyp", "video/mp4"),
        (mp4.stamp_box(b"no JSON"), "video/mp4"),
        (mp4.stamp_box(b'{"id": "only"}'), "video/mp4"),
        (mp4.stamp_box(b"[1, 2]"), "video/mp4"),
        (b"\xff\xd8\xff\xda\x00\x02", "image/jpeg"),
        (b"\xff\xd8\xff\xfe\x00\x06hey!", "image/jpeg"),
        (webp.header(0), "image/webp"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_what_is_not_ours_has_no_stamp(data: bytes, content_type: str) -> None:
    assert read(data, content_type) is None
