"""Runs ffmpeg: bytes in, bytes out, in a temporary folder that is gone afterwards.

The binary comes with imageio-ffmpeg and is looked for when it is first needed.
"""

import atexit
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from fauxreel.contents import Contents, pieces
from fauxreel.media.errors import FfmpegMissing, FfmpegRefused, RenderFailed

QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y")
# A 4096x4096 clip takes some 25 s of one core; everything else stays far below.
TIME_LIMIT_SECONDS = 300.0

# Children belong to the process, not to an emulator: at its exit none may stay behind.
_RUNNING: "set[subprocess.Popen[bytes]]" = set()


def run(
    arguments: Sequence[str],
    *,
    inputs: Mapping[str, Contents],
    output: str,
    making: str,
    time_limit_seconds: float = TIME_LIMIT_SECONDS,
) -> bytes:
    """The bytes that ffmpeg writes to `output`.

    Args:
        arguments: All but the output; file names are relative to a folder that holds `inputs`.
        making: What is being made, for the message of an error.
    """
    try:
        with TemporaryDirectory(prefix="fauxreel-") as folder:
            for name, data in inputs.items():
                with Path(folder, name).open("wb") as file:
                    file.writelines(pieces(data))
            _call([*QUIET, *arguments, output], folder, making, time_limit_seconds)
            return Path(folder, output).read_bytes()
    except OSError as error:
        raise RenderFailed(making, str(error)) from error


def version() -> str:
    """The version word of the binary, such as `7.0.2-static`."""
    banner = subprocess.run([executable(), "-version"], capture_output=True, check=True)
    return banner.stdout.decode().split()[2]


def executable() -> str:
    """The path of the ffmpeg binary."""
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _call(arguments: Sequence[str], folder: str, making: str, time_limit_seconds: float) -> None:
    try:
        program = executable()
    except (ImportError, RuntimeError) as error:  # imageio-ffmpeg finds no binary
        raise FfmpegMissing(making, str(error)) from error
    with subprocess.Popen(
        [program, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        _RUNNING.add(process)
        try:
            _, told = process.communicate(timeout=time_limit_seconds)
        except subprocess.TimeoutExpired as error:
            reason = f"ffmpeg was not done after {time_limit_seconds:g} s"
            raise RenderFailed(making, reason) from error
        finally:
            process.kill()
            _RUNNING.discard(process)
    if process.returncode != 0:
        raise FfmpegRefused(making, _last_line(told) or f"exit code {process.returncode}")


@atexit.register
def _kill_running() -> None:
    """Whatever still runs was started by a daemon thread, which nobody waited for."""
    for process in list(_RUNNING):
        process.kill()


def _last_line(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode(errors="replace").split("\n") if line.strip()]
    # What stands in brackets names a part of ffmpeg by its address, different in every run.
    return re.sub(r"^(\[[^]]*\]\s*)+", "", lines[-1]) if lines else ""
