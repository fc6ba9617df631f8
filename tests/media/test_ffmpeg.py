import tempfile
from pathlib import Path

import pytest

from fauxreel.media import ffmpeg
from fauxreel.media.errors import RenderFailed

ENDLESS = ("-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null")


def test_bytes_go_in_and_bytes_come_out() -> None:
    data = ffmpeg.run(
        ("-f", "u8", "-i", "in.raw", "-f", "u8"),
        inputs={"in.raw": bytes(100)},
        output="out.raw",
        making="a copy",
    )
    assert data == bytes(100)


def test_a_failure_names_the_making_and_the_last_line_of_ffmpeg() -> None:
    with pytest.raises(RenderFailed) as raised:
        ffmpeg.run(("-i", "nothing.mp4"), inputs={}, output="out.mp4", making="a wish")
    assert str(raised.value).startswith("Could not make a wish: Error opening input file")
    assert "\n" not in str(raised.value)


def test_a_run_over_its_time_limit_is_ended() -> None:
    with pytest.raises(RenderFailed, match=r"ffmpeg was not done after 0\.2 s"):
        ffmpeg.run(ENDLESS, inputs={}, output="-", making="silence", time_limit_seconds=0.2)


def test_an_output_that_never_came_is_a_failure() -> None:
    with pytest.raises(RenderFailed, match="No such file"):
        ffmpeg.run(("-version",), inputs={}, output="out.mp4", making="nothing")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RenderFailed):
        ffmpeg.run(("-i", "nothing.mp4"), inputs={"a": b"b"}, output="out.mp4", making="a wish")
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_one_word() -> None:
    assert len(ffmpeg.version().split()) == 1
