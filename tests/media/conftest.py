"""Decoding with ffmpeg and Pillow, so that tests look at pixels and frames and not at our words."""

import asyncio
import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from fauxreel.domain.video import Variant
from fauxreel.media import ffmpeg
from fauxreel.media.library import Library
from fauxreel.media.stamp import Stamp

MAKER_STAMP = Stamp("video_1", "a cat", 7)


@dataclass(frozen=True)
class Decoded:
    video_codec: str
    audio_codec: str
    pixel_format: str
    size: str
    frames: int
    video_seconds: float
    audio_seconds: float


@pytest.fixture
def decode(tmp_path: Path) -> Callable[[bytes], Decoded]:
    def run(data: bytes) -> Decoded:
        path = tmp_path / "decode.mp4"
        path.write_bytes(data)
        # fmt: off
        done = subprocess.run(
            [ffmpeg.executable(), "-nostdin", "-hide_banner", "-nostats", "-xerror",
             "-i", str(path), "-map", "0", "-f", "framecrc", "-"],
            capture_output=True, text=True, check=True,
        )
        # fmt: on
        streams = re.findall(r"Stream #0:\d.*?: (?:Video|Audio): (\w+)", done.stderr)
        pixels = re.search(r"Video: h264 .*?, (\w+)\(", done.stderr)
        size = re.search(r"#dimensions 0: (\w+)", done.stdout)
        lines = [line.split(",") for line in done.stdout.splitlines() if line[0] != "#"]
        video = [line for line in lines if line[0] == "0"]
        samples = sum(int(line[3]) for line in lines if line[0] == "1")
        assert pixels
        assert size
        return Decoded(
            video_codec=streams[0],
            audio_codec=streams[1],
            pixel_format=pixels[1],
            size=size[1],
            frames=len(video),
            video_seconds=(int(video[-1][2]) + int(video[-1][3])) / 30,
            audio_seconds=samples / 32_000,
        )

    return run


@pytest.fixture
def frame(tmp_path: Path) -> Callable[[bytes, int], Image.Image]:
    def run(data: bytes, number: int) -> Image.Image:
        path = tmp_path / "frame.mp4"
        path.write_bytes(data)
        picture = f"select=eq(n\\,{number}),scale=in_color_matrix=bt709"
        # fmt: off
        done = subprocess.run(
            [ffmpeg.executable(), *ffmpeg.QUIET, "-i", str(path), "-vf", picture,
             "-frames:v", "1", "-c:v", "bmp", "-f", "image2pipe", "-"],
            capture_output=True, check=True,
        )
        # fmt: on
        return Image.open(io.BytesIO(done.stdout)).convert("RGB")

    return run


@pytest.fixture
def difference() -> Callable[[Image.Image, Image.Image], float]:
    def run(one: Image.Image, other: Image.Image) -> float:
        delta = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
        return sum(ImageStat.Stat(delta).mean) / 3

    return run


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def made(media_folder: Path) -> Callable[..., bytes]:
    def run(
        size: str, seconds: int, variant: Variant = Variant.VIDEO, stamp: Stamp = MAKER_STAMP
    ) -> bytes:
        library = Library(media_folder, memory_bytes=2**26, disk_bytes=2**28)
        asset = asyncio.run(library.asset(size, seconds, variant, stamp))
        return b"".join(asset.segments)

    return run
