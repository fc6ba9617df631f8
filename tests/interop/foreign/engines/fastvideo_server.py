"""FastVideo's published HTTP layer over an engine that draws a test picture with ffmpeg.

Run by the Python of an environment with `fastvideo` without what it depends on: modules that
would load torch are stood in for, those under `entrypoints/openai` are the package's own.
"""

import argparse
import subprocess
import sys
import threading
import time
import types
from importlib.util import find_spec
from pathlib import Path

GENERATION_SECONDS = 1.5


class Engine:
    """Has what the HTTP layer asks of `VideoGenerator`."""

    ffmpeg = "ffmpeg"

    def __init__(self):
        self._made = 0
        self._lock = threading.Lock()

    @classmethod
    def from_fastvideo_args(cls, args):
        return cls()

    def generate_video(
        self, *, output_path, width=832, height=480, num_frames=96, fps=24, **others
    ):
        started = time.monotonic()
        with self._lock:
            self._made += 1
            hue = self._made * 37 % 360  # each video has bytes of its own
        picture = f"testsrc=size={width}x{height}:rate={fps},hue=h={hue}"
        draft = Path(output_path).with_suffix(".draft")
        into = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-f", "mp4")
        command = (self.ffmpeg, "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", picture)
        subprocess.run((*command, "-frames:v", str(num_frames), *into, draft), check=True)
        time.sleep(max(0.0, GENERATION_SECONDS - (time.monotonic() - started)))
        draft.rename(output_path)
        return {"generation_time": time.monotonic() - started, "peak_memory_mb": 0.0}

    def shutdown(self):
        pass


def stand_in(name, **members):
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return module


def stand_in_for_the_engine():
    """Puts modules in the places of those that would load torch and the models."""
    (folder,) = find_spec("fastvideo").submodule_search_locations
    # The own __init__ of these would import the engine.
    stand_in("fastvideo", __path__=[folder])
    stand_in("fastvideo.api", __path__=[f"{folder}/api"])
    stand_in("fastvideo.api.compat", explicit_request_updates=lambda request: {})
    stand_in("fastvideo.entrypoints.video_generator", VideoGenerator=Engine)
    stand_in("fastvideo.fastvideo_args", FastVideoArgs=types.SimpleNamespace)
    stand_in("fastvideo.registry", get_preset_selection=lambda path: (None, None))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("output")
    parser.add_argument("ffmpeg")
    given = parser.parse_args()
    Engine.ffmpeg = given.ffmpeg
    stand_in_for_the_engine()
    from fastvideo.entrypoints.openai.api_server import run_server

    arguments = types.SimpleNamespace(model_path="sora-2")
    run_server(arguments, "127.0.0.1", given.port, given.output)


if __name__ == "__main__":
    main()
