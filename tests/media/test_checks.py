"""Whether files can be made is told without running ffmpeg."""

import pytest

from fauxreel.media.checks import media_problem


def test_files_can_be_made_here():
    assert media_problem() is None


@pytest.mark.parametrize("program", ["/nowhere/ffmpeg", "no-such-ffmpeg"])
def test_a_program_that_cannot_be_run_is_named(monkeypatch, program):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", program)

    assert media_problem() == f"There is no ffmpeg: {program!r} cannot be run."


def test_a_program_is_looked_for_in_the_path_too(monkeypatch, tmp_path):
    program = tmp_path / "my-ffmpeg"
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "my-ffmpeg")

    assert media_problem() is None


def test_files_cannot_be_made_without_a_temporary_folder(monkeypatch):
    def none():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)

    assert media_problem() == "Files cannot be made: No usable temporary directory found."


def test_a_package_without_a_binary_says_so(monkeypatch):
    def none():
        raise RuntimeError("No ffmpeg exe could be found.\nInstall ffmpeg.")

    monkeypatch.setattr("fauxreel.media.checks.find_spec", lambda _: None)
    monkeypatch.setattr("fauxreel.media.checks.executable", none)

    assert media_problem() == ("There is no ffmpeg: No ffmpeg exe could be found. Install ffmpeg.")
