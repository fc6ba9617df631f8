import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from fauxreel.domain.video import Variant
from fauxreel.media import mp4
from fauxreel.media.errors import UnsupportedMedia
from fauxreel.media.recipe import SHIPPED, item, sheet_frames

Made = Callable[..., bytes]
Frame = Callable[[bytes, int], Image.Image]
Decode = Callable[[bytes], Any]
Difference = Callable[[Image.Image, Image.Image], float]
FRAME = 1 / 30


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("size", SHIPPED)
def test_a_shipped_clip_is_120_frames_of_h264_with_aac(
    size: str, made: Made, decode: Decode
) -> None:
    decoded = decode(made(size, 4))
    assert (decoded.video_codec, decoded.audio_codec) == ("h264", "aac")
    assert (decoded.pixel_format, decoded.size) == ("yuv420p", size)
    assert (decoded.frames, decoded.video_seconds, decoded.audio_seconds) == (120, 4.0, 4.0)


@pytest.mark.parametrize(
    ("size", "seconds"),
    [("720x1280", 5), ("720x1280", 8), ("1280x720", 20), ("64x48", 1), ("64x48", 120)],
)
def test_any_length_has_exactly_its_frames_and_as_much_sound(
    size: str, seconds: int, made: Made, decode: Decode
) -> None:
    decoded = decode(made(size, seconds))
    assert (decoded.size, decoded.frames) == (size, 30 * seconds)
    assert decoded.video_seconds == seconds
    assert abs(decoded.audio_seconds - seconds) < FRAME


def test_an_odd_size_is_exact(made: Made, decode: Decode) -> None:
    decoded = decode(made("101x77", 4))
    assert (decoded.size, decoded.pixel_format, decoded.frames) == ("101x77", "yuv444p", 120)
    assert picture(made("101x77", 4, Variant.THUMBNAIL)).size == (101, 77)
    assert picture(made("101x77", 4, Variant.SPRITESHEET)).size == (101, 77)


def test_a_clip_starts_playing_before_it_is_complete(made: Made) -> None:
    kinds = [box.kind for box in mp4.boxes(made("720x1280", 8))]
    assert kinds.index(b"moov") < kinds.index(b"mdat")


def test_a_loop_has_no_seam(made: Made, frame: Frame, difference: Difference) -> None:
    video = made("720x1280", 8)
    across_the_seam = difference(frame(video, 119), frame(video, 120))
    within_the_clip = difference(frame(video, 130), frame(video, 131))
    assert across_the_seam < 1.5 * within_the_clip + 0.5


def test_a_clip_changes_from_frame_to_frame(
    made: Made, frame: Frame, difference: Difference
) -> None:
    video = made("720x1280", 4)
    assert difference(frame(video, 0), frame(video, 1)) > 0.5
    assert difference(frame(video, 0), frame(video, 60)) > 20


@pytest.mark.parametrize("size", SHIPPED)
def test_a_thumbnail_is_the_first_frame_in_an_extended_webp_file(
    size: str, made: Made, frame: Frame, difference: Difference
) -> None:
    thumbnail = made(size, 4, Variant.THUMBNAIL)
    first = frame(made(size, 4), 0)
    assert thumbnail[12:16] == b"VP8X"
    assert picture(thumbnail).size == first.size
    assert difference(picture(thumbnail), first) < 3


@pytest.mark.parametrize(
    ("size", "seconds"), [("720x1280", 4), ("1280x720", 5), ("320x240", 20), ("320x240", 1)]
)
@pytest.mark.parametrize("tile", [0, 6, 15])
def test_a_tile_of_a_sheet_is_the_frame_of_its_moment(
    size: str, seconds: int, tile: int, made: Made, frame: Frame, difference: Difference
) -> None:
    sheet = picture(made(size, seconds, Variant.SPRITESHEET))
    still = frame(made(size, seconds), sheet_frames(seconds)[tile])
    width, height = still.width // 4, still.height // 4
    left, top = tile % 4 * width, tile // 4 * height
    cut = sheet.crop((left, top, left + width, top + height))
    assert sheet.size == still.size
    assert difference(cut, still.resize(cut.size, Image.Resampling.BOX)) < 4


def test_a_tile_of_a_sheet_is_nearer_to_its_frame_than_to_the_neighbours(
    made: Made, frame: Frame, difference: Difference
) -> None:
    sheet = picture(made("320x240", 5, Variant.SPRITESHEET))
    number = sheet_frames(5)[6]
    cut = sheet.crop((160, 60, 240, 120))
    off = {
        near: difference(cut, frame(made("320x240", 5), number + near).resize(cut.size))
        for near in (-1, 0, 1)
    }
    assert min(off, key=off.__getitem__) == 0


def test_a_sheet_spreads_its_frames_evenly_from_the_first() -> None:
    assert sheet_frames(4)[:4] == [0, 7, 15, 22]
    assert sheet_frames(4)[-1] == 112
    assert len(set(sheet_frames(1))) == 16


@pytest.mark.parametrize(
    "size", ["", "720", "15x16", "16x4097", "0720x1280", "720X1280", "\u066720x99"]
)
def test_a_size_out_of_bounds_is_named(size: str) -> None:
    with pytest.raises(UnsupportedMedia, match="WIDTHxHEIGHT with 16 to 4096 pixels") as raised:
        item(size, 4, Variant.VIDEO)
    assert repr(size) in str(raised.value)


@pytest.mark.parametrize("seconds", [-1, 0, 121])
def test_a_length_out_of_bounds_is_named(seconds: int) -> None:
    with pytest.raises(UnsupportedMedia, match=f"Length {seconds} cannot be made: 1 to 120"):
        item("720x1280", seconds, Variant.VIDEO)
