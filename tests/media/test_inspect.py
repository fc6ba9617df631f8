from collections.abc import Callable
from pathlib import Path

import pytest

from fauxreel.domain.video import Variant
from fauxreel.media.errors import MediaError
from fauxreel.media.inspect import Inspection, inspect
from fauxreel.media.stamp import Stamp
from fauxreel.resources import shipped

Made = Callable[..., bytes]
STAMP = Stamp("video_1", "a cat", 7)


def test_a_video_is_described_and_its_owner_named(made: Made, tmp_path: Path) -> None:
    data = made("720x1280", 8, stamp=STAMP)
    (tmp_path / "download").write_bytes(data)
    assert inspect(tmp_path / "download") == Inspection(
        kind=Variant.VIDEO,
        content_type="video/mp4",
        width=720,
        height=1280,
        seconds=8.0,
        video_codec="h264",
        audio_codec="aac",
        frames=240,
        size_in_bytes=len(data),
        stamp=STAMP,
    )


@pytest.mark.parametrize(
    ("variant", "content_type"),
    [(Variant.THUMBNAIL, "image/webp"), (Variant.SPRITESHEET, "image/jpeg")],
)
def test_an_image_is_described_without_a_length(
    variant: Variant, content_type: str, made: Made, tmp_path: Path
) -> None:
    data = made("1280x720", 4, variant, STAMP)
    (tmp_path / "download").write_bytes(data)
    assert inspect(tmp_path / "download") == Inspection(
        variant, content_type, 1280, 720, None, None, None, None, len(data), STAMP
    )


def test_a_file_without_a_stamp_is_nobodys() -> None:
    assert inspect(shipped("fixtures", "media", "720x1280.mp4")).stamp is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no media file, not an mp4, WebP or JPEG file"),
        (b"\x00\x01\x02\x03", "it is no media file, not an mp4, WebP or JPEG file"),
        (b"hello", "it is text/plain, not an mp4, WebP or JPEG file"),
        (b"GIF89a....", "it is image/gif, not an mp4, WebP or JPEG file"),
        (b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00", "no moov box"),
        (b"\xff\xd8\xff\xda", "no frame header"),
    ],
)
def test_what_is_no_readable_media_file_is_refused_in_one_line(
    data: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(MediaError) as raised:
        inspect(path)
    assert str(raised.value) == f"Cannot read {str(path)!r}: {reason}"


def test_a_download_that_broke_off_is_refused(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "half.mp4"
    path.write_bytes(made("720x1280", 4)[:100_000])
    with pytest.raises(MediaError, match="box 'mdat' is longer than what holds it"):
        inspect(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"missing\.mp4.*No such file or directory"):
        inspect(tmp_path / "missing.mp4")
