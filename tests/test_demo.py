"""The demo: the main job once, as a user's program would do it."""

import os
import re
import subprocess
import sys

import pytest
from PIL import Image

from fauxreel.demo import DemoFailed, demo


def test_the_demo_makes_three_files_of_one_job(tmp_path):
    output = tmp_path / "new" / "folder"
    result = demo(output, None)
    video, thumbnail, sheet = result.files.values()

    assert result.video.status == "completed"
    assert list(result.files) == [
        output / "video.mp4",
        output / "thumbnail.webp",
        output / "spritesheet.jpg",
    ]
    assert [found.kind for found in result.files.values()] == ["video", "thumbnail", "spritesheet"]
    assert {(found.width, found.height) for found in result.files.values()} == {(1280, 720)}
    assert (video.seconds, video.frames) == (4.0, 120)
    assert (video.video_codec, video.audio_codec) == ("h264", "aac")
    assert video.stamp == thumbnail.stamp == sheet.stamp
    assert (video.stamp.id, video.stamp.prompt) == (result.video.id, result.video.prompt)
    for path in (output / "thumbnail.webp", output / "spritesheet.jpg"):
        with Image.open(path) as picture:
            picture.load()
            assert picture.size == (1280, 720)


def test_the_command_prints_the_files_and_the_two_lines_for_ones_own_program(tmp_path):
    # A proxy that nobody listens at: the demo talks to this machine alone, and goes past it.
    environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "OPENAI_BASE_URL": "http://x"}
    done = subprocess.run(
        [sys.executable, "-m", "fauxreel", "demo", "--output", "out put"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    folder = (tmp_path / "out put").resolve()

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"emulator    http://127\.0\.0\.1:\d+", lines[0])
    assert re.fullmatch(r"created     video_[0-9a-f]{48}", lines[1])
    assert re.fullmatch(r"completed   .* 100 % 0:00:0\d", lines[-8])
    assert lines[-7:] == [
        f"video       {folder / 'video.mp4'}  (1280x720, 4 s, h264 + aac)",
        f"thumbnail   {folder / 'thumbnail.webp'}  (1280x720)",
        f"spritesheet {folder / 'spritesheet.jpg'}  (1280x720)",
        "",
        "The same with your own program: run `fauxreel serve`, and set",
        "  export OPENAI_BASE_URL=http://127.0.0.1:4010/v1",
        "  export OPENAI_API_KEY=sk-fauxreel",
    ]


def test_a_folder_that_cannot_be_made_fails_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DemoFailed, match=r"\Athe demo failed: [^\n]+\Z"):
        demo(tmp_path / "file" / "folder", None)
