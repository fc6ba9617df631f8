"""Whether media files can be made on this machine.

ffmpeg is looked for and not run: where nothing has read its 170 MB yet, that takes a second.
"""

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from fauxreel.media.ffmpeg import executable
from fauxreel.resources import shipped


def media_problem() -> str | None:
    """Why files cannot be made, as a sentence; None when they can."""
    try:
        shipped("fixtures", "media", "manifest.json")
        tempfile.gettempdir()
        program = _program()
    except OSError as error:  # a shipped file, or each temporary folder
        return f"Files cannot be made: {error}."
    except (ImportError, RuntimeError) as error:  # imageio-ffmpeg finds no binary
        return f"There is no ffmpeg: {' '.join(str(error).split())}"
    if shutil.which(program) is None:
        return f"There is no ffmpeg: {program!r} cannot be run."
    return None


def _program() -> str:
    """The ffmpeg that would be used, by the rules of imageio-ffmpeg."""
    chosen = os.environ.get("IMAGEIO_FFMPEG_EXE")  # noqa: TID251 - it is that package's variable
    if chosen:
        return chosen
    package = find_spec("imageio_ffmpeg")
    shipped_with_it = (
        Path(package.origin).parent.glob("binaries/ffmpeg-*") if package and package.origin else ()
    )
    return next(map(str, shipped_with_it), None) or executable()
