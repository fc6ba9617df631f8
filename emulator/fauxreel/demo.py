"""`fauxreel demo`: the main job once, as a user's program would do it, through the official SDK."""

# pyright: reportDeprecated=false
# The SDK calls its video API deprecated since the live one was shut down; it is what we show.

from pathlib import Path
from threading import Event
from typing import Literal
from warnings import catch_warnings, filterwarnings

from msgspec import Struct
from openai import DefaultHttpxClient, OpenAI, OpenAIError
from openai.types import Video
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from fauxreel.embed import Emulator
from fauxreel.media.errors import MediaError
from fauxreel.media.inspect import Inspection, inspect

_PROMPT = "A paper boat sails down a rain gutter, macro shot, golden hour"
_FILES: tuple[tuple[Literal["video", "thumbnail", "spritesheet"], str], ...] = (
    ("video", "video.mp4"),
    ("thumbnail", "thumbnail.webp"),
    ("spritesheet", "spritesheet.jpg"),
)
_POLL_SECONDS = 0.1
_pause = Event().wait


class DemoFailed(Exception):
    """The demo could not do its job; the message is one line."""


class Result(Struct, frozen=True):
    """A finished demo: the job, and its files with what was found in them."""

    video: Video
    files: dict[Path, Inspection]


def demo(output: Path, cache_dir: Path | None) -> Result:
    """Starts an emulator, creates a video, polls it, downloads and decodes its three files.

    Args:
        output: The folder for the files; made if need be.
        cache_dir: Where made clips are kept between runs.

    Raises:
        DemoFailed: A step did not work.
    """
    console = Console(highlight=False, soft_wrap=True)
    with catch_warnings():
        filterwarnings("ignore", "The Sora API is scheduled", DeprecationWarning)
        try:
            output.mkdir(parents=True, exist_ok=True)
            with Emulator(cache_dir=cache_dir) as emulator:
                console.print(f"emulator    {emulator.root_url}")
                result = _create_poll_download(emulator, output, console)
        except (OpenAIError, MediaError, OSError) as error:
            raise DemoFailed(f"the demo failed: {error}") from error
    _report(result, console)
    return result


def _create_poll_download(emulator: Emulator, output: Path, console: Console) -> Result:
    # A proxy of the environment cannot reach this machine's own loopback address.
    direct = DefaultHttpxClient(trust_env=False)
    with OpenAI(base_url=emulator.base_url, api_key=emulator.api_key, http_client=direct) as client:
        video = client.videos.create(prompt=_PROMPT, model="sora-2", seconds="4", size="1280x720")
        console.print(f"created     {video.id}")
        video = _polled(client, video, console)
        if video.status != "completed":
            raise DemoFailed(f"the demo's video is {video.status}: {video.error}")
        files: dict[Path, Inspection] = {}
        for variant, name in _FILES:
            path = output / name
            client.videos.download_content(video.id, variant=variant).write_to_file(path)
            files[path] = inspect(path)
    return Result(video, files)


def _polled(client: OpenAI, video: Video, console: Console) -> Video:
    columns = (
        TextColumn("{task.description:11}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task(video.status, total=100)
        while video.status in ("queued", "in_progress"):
            _pause(_POLL_SECONDS)
            video = client.videos.retrieve(video.id)
            progress.update(task, completed=video.progress, description=video.status)
    return video


def _report(result: Result, console: Console) -> None:
    for path, found in result.files.items():
        facts = [f"{found.width}x{found.height}"]
        if found.seconds is not None:
            facts += [f"{found.seconds:g} s", f"{found.video_codec} + {found.audio_codec}"]
        console.print(f"{found.kind:11} {path.resolve()}  ({', '.join(facts)})")
    console.print("\nThe same with your own program: run `fauxreel serve`, and set")
    console.print("  export OPENAI_BASE_URL=http://127.0.0.1:4010/v1")
    console.print("  export OPENAI_API_KEY=sk-fauxreel")
