"""`fauxreel inspect`: what a file is, and whose."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from fauxreel.cli import main
from fauxreel.domain.video import Variant
from fauxreel.media.library import Library
from fauxreel.media.stamp import Stamp
from fauxreel.resources import shipped

STAMP = Stamp("video_1", "a cat ✂ with\ntwo lines", 7)
IMAGE = {"seconds": None, "video_codec": None, "audio_codec": None, "frames": None}
VIDEO = {"seconds": 4.0, "video_codec": "h264", "audio_codec": "aac", "frames": 120}


@pytest.fixture
def downloaded(tmp_path: Path) -> Callable[[Variant], Path]:
    """Writes a job's file as a client would."""

    def write(variant: Variant) -> Path:
        library = Library(None, memory_bytes=2**26, disk_bytes=0)
        asset = asyncio.run(library.asset("1280x720", 4, variant, STAMP))
        path = tmp_path / variant
        path.write_bytes(b"".join(asset.segments))
        return path

    return write


@pytest.mark.parametrize(
    ("variant", "facts"),
    [
        (Variant.VIDEO, {"content_type": "video/mp4", **VIDEO}),
        (Variant.THUMBNAIL, {"content_type": "image/webp", **IMAGE}),
        (Variant.SPRITESHEET, {"content_type": "image/jpeg", **IMAGE}),
    ],
)
def test_the_facts_and_the_job_of_a_file_are_one_json_object(capsys, downloaded, variant, facts):
    path = downloaded(variant)
    status = main(["inspect", "--json", str(path)])
    out, err = capsys.readouterr()

    assert (status, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out) == {
        "kind": variant.value,
        "width": 1280,
        "height": 720,
        "size_in_bytes": path.stat().st_size,
        "stamp": {"id": "video_1", "prompt": "a cat ✂ with\ntwo lines", "seed": 7},
        **facts,
    }


def test_the_facts_of_a_video_are_a_line_each(capsys, downloaded):
    path = downloaded(Variant.VIDEO)
    status = main(["inspect", str(path)])
    out, err = capsys.readouterr()

    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "kind: video",
        "content_type: video/mp4",
        "width: 1280",
        "height: 720",
        "seconds: 4.0",
        "video_codec: h264",
        "audio_codec: aac",
        "frames: 120",
        f"size_in_bytes: {path.stat().st_size}",
        "id: video_1",
        "prompt: a cat ✂ with\\ntwo lines",
        "seed: 7",
    ]


def test_a_shipped_clip_is_nobodys(capsys):
    status = main(["inspect", "--json", str(shipped("fixtures", "media", "720x1280.mp4"))])

    assert status == 0
    assert json.loads(capsys.readouterr().out)["stamp"] is None


def test_a_foreign_picture_is_said_to_be_foreign(capsys, tmp_path):
    path = tmp_path / "holiday.jpg"
    Image.new("RGB", (30, 20)).save(path)
    status = main(["inspect", str(path)])
    out, err = capsys.readouterr()

    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "kind: spritesheet",
        "content_type: image/jpeg",
        "width: 30",
        "height: 20",
        f"size_in_bytes: {path.stat().st_size}",
        "stamp: none: this file is not Fauxreel's",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "it is text/plain, not an mp4, WebP or JPEG file"),
        (b"", "it is no media file, not an mp4, WebP or JPEG file"),
        (b"\x89PNG\r\n\x1a\n", "it is image/png, not an mp4, WebP or JPEG file"),
    ],
    ids=["text", "empty", "png"],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_is_no_media_file_is_one_line_and_status_1(capsys, tmp_path, content, reason, form):
    path = tmp_path / "file"
    path.write_bytes(content)
    status = main(["inspect", *form, str(path)])

    assert status == 1
    assert capsys.readouterr() == ("", f"fauxreel: Cannot read {str(path)!r}: {reason}\n")


@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize("length", [12, 20])
def test_a_cut_off_file_is_one_line_and_status_1(capsys, downloaded, variant, length):
    path = downloaded(variant)
    path.write_bytes(path.read_bytes()[:length])
    status = main(["inspect", str(path)])
    out, err = capsys.readouterr()

    assert (status, out) == (1, "")
    assert err.startswith(f"fauxreel: Cannot read {str(path)!r}: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("missing", "No such file or directory"), (".", "Is a directory")]
)
def test_a_path_that_cannot_be_read_is_one_line_and_status_1(capsys, tmp_path, name, reason):
    path = tmp_path / name
    status = main(["inspect", str(path)])

    assert status == 1
    assert capsys.readouterr() == ("", f"fauxreel: Cannot read {str(path)!r}: {reason}\n")
