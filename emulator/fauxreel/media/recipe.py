"""What each file is and how it is made: items, the table of shipped sizes, and ffmpeg's arguments.

Everything is periodic in four seconds (gradient, discs, tones), so that a clip loops without a
seam; clips have no B-frames and a whole number of AAC frames, so that stream copies cut exactly.
All pure: `steps(item)` is the whole plan, and its text is part of the cache key.
"""

import math
from types import MappingProxyType

from msgspec import Struct

from fauxreel.domain.size import LONGEST_SECONDS, SIZE_RULE, parse_size
from fauxreel.domain.video import Variant
from fauxreel.media.errors import UnsupportedMedia

# inferred: H.264 and AAC at 30 frames a second are what such a service would serve;
# documented: every video has sound.
FRAMES_PER_SECOND = 30
CLIP_SECONDS = 4
CLIP_FRAMES = CLIP_SECONDS * FRAMES_PER_SECOND
# 4 s of 32 kHz sound are exactly 125 AAC frames of 1024 samples.
SAMPLE_RATE = 32_000
# inferred: the guide shows a sheet, but not its grid; 4 x 4 tiles give it the size of the video.
SHEET_TILES = 4

# inferred from the file names in the guide (`thumbnail.webp`, `spritesheet.jpg`, `video.mp4`).
SUFFIXES = MappingProxyType(
    {Variant.VIDEO: "mp4", Variant.THUMBNAIL: "webp", Variant.SPRITESHEET: "jpg"}
)

_BITEXACT = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact")
_SCALING = "flags=area+accurate_rnd+full_chroma_int+bitexact"


class Look(Struct, frozen=True):
    """Four colours and the shape of the gradient that turns once in a clip."""

    shape: str
    colours: tuple[str, str, str, str]


SHIPPED = MappingProxyType(
    {
        "720x1280": Look("linear", ("1b2a49", "e07a5f", "f2cc8f", "3d405b")),
        "1280x720": Look("radial", ("f4d58d", "bf4342", "708d81", "14342b")),
        "1024x1792": Look("radial", ("ffd6a5", "f4845f", "7b2d8b", "22223b")),
        "1792x1024": Look("linear", ("dff6ff", "47b5ff", "1363df", "06283d")),
        "1080x1920": Look("linear", ("31572c", "90a955", "ecf39e", "4f772d")),
        "1920x1080": Look("radial", ("fff3b0", "e09f3e", "9e2a2b", "335c67")),
    }
)


class Item(Struct, frozen=True):
    """One shared file, before any job puts its stamp on it."""

    width: int
    height: int
    seconds: int
    variant: Variant

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def stem(self) -> str:
        """A readable name, such as `720x1280-8s-spritesheet`."""
        return f"{self.size}-{self.seconds}s-{self.variant}"

    @property
    def shipped_name(self) -> str | None:
        """The file of this item in `fixtures/media`, if there is one."""
        if self.size not in SHIPPED or self.seconds != CLIP_SECONDS:
            return None
        return f"{self.size}.{SUFFIXES[self.variant]}"

    @property
    def source(self) -> "Item | None":
        """The video that this item is made from; None for what is drawn or shipped."""
        if self.shipped_name:
            return None
        if self.variant is not Variant.VIDEO:
            return Item(self.width, self.height, self.seconds, Variant.VIDEO)
        if self.seconds != CLIP_SECONDS:
            return Item(self.width, self.height, CLIP_SECONDS, Variant.VIDEO)
        return None


class Step(Struct, frozen=True):
    """One call of ffmpeg; it may read `source.mp4` and the outputs of the steps before it."""

    output: str
    arguments: tuple[str, ...]


def item(size: str, seconds: int, variant: Variant) -> Item:
    """The item for a wish; thumbnails of all lengths are one, for they share the first frame."""
    sides = parse_size(size)
    if sides is None:
        raise UnsupportedMedia("Size", size, SIZE_RULE)
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise UnsupportedMedia("Length", seconds, f"1 to {LONGEST_SECONDS} whole seconds")
    length = CLIP_SECONDS if variant is Variant.THUMBNAIL else seconds
    return Item(sides[0], sides[1], length, variant)


def steps(wanted: Item) -> tuple[Step, ...]:
    """How to make an item from its source."""
    if wanted.variant is Variant.THUMBNAIL:
        return (_thumbnail(),)
    if wanted.variant is Variant.SPRITESHEET:
        return (_sheet(wanted),)
    if wanted.source:
        return (_loop(wanted.seconds),)
    return (_tones(), _clip(wanted.width, wanted.height))


def sheet_frames(seconds: int) -> list[int]:
    """The numbers of the frames that a spritesheet shows, evenly spread from the first."""
    tiles = SHEET_TILES * SHEET_TILES
    return [tile * seconds * FRAMES_PER_SECOND // tiles for tile in range(tiles)]


def _tones() -> Step:
    # Three times the clip; the clip takes the middle, so that no fade-in of the encoder is heard
    # at the seam. All frequencies are multiples of 1/4 Hz.
    swell = f"(0.75+0.25*sin(2*PI*t/{CLIP_SECONDS}))"
    left = f"0.1*(sin(2*PI*220*t)+0.6*sin(2*PI*277.25*t))*{swell}"
    right = f"0.1*(sin(2*PI*220*t)+0.6*sin(2*PI*329.75*t))*{swell}"
    source = f"aevalsrc='{left}|{right}':s={SAMPLE_RATE}:d={3 * CLIP_SECONDS}"
    encode = ("-c:a", "aac", "-b:a", "64k", "-threads", "1", *_BITEXACT, "-f", "adts")
    return Step("tones.aac", ("-f", "lavfi", "-i", source, *encode))


def _clip(width: int, height: int) -> Step:
    # yuv420p halves both sides; only yuv444p holds an odd size exactly.
    pixels = "yuv444p" if width % 2 or height % 2 else "yuv420p"
    colour = "color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    convert = f"scale=out_color_matrix=bt709:out_range=tv:{_SCALING},format={pixels}"
    light, dark = (max(2, round(min(width, height) * share)) for share in (0.24, 0.12))
    overlay = f"overlay=format={pixels.removesuffix('p')}"
    graph = (
        f"[0]{convert}[ground];"
        f"[ground][1]{overlay}:{_orbit(0.36, turns=1)}[one];"
        f"[one][2]{overlay}:{_orbit(-0.42, turns=2)},setparams={colour},format={pixels}[v]"
    )
    sources = (_gradient(width, height), _disc(light, "f8f4e3"), _disc(dark, "1d1d2b"))
    drawn = tuple(word for source in sources for word in ("-f", "lavfi", "-i", source))
    sound = ("-ss", str(CLIP_SECONDS), "-t", str(CLIP_SECONDS), "-i", "tones.aac")
    # fmt: off
    encode = (
        "-filter_complex_threads", "1", "-filter_complex", graph,
        "-map", "[v]", "-map", "3:a", "-c:a", "copy", "-frames:v", str(CLIP_FRAMES),
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "29", "-threads", "1",
        "-bf", "0", "-g", str(FRAMES_PER_SECOND),
        "-x264-params", "scenecut=0:open-gop=0:rc-lookahead=0:mbtree=0",
    )
    # fmt: on
    return Step("clip.mp4", (*drawn, *sound, *encode, *_BITEXACT, "-movflags", "+faststart"))


def _gradient(width: int, height: int) -> str:
    looks = tuple(SHIPPED.values())
    look = SHIPPED.get(f"{width}x{height}", looks[(width + height) % len(looks)])
    colours = ":".join(f"c{number}=0x{colour}" for number, colour in enumerate(look.colours))
    ends = f"x0={width // 5}:y0={height // 5}:x1={width - 1}:y1={height - 1}"
    speed = 2 * math.pi / CLIP_FRAMES
    return (
        f"gradients=s={width}x{height}:r={FRAMES_PER_SECOND}:n=4:{colours}:{ends}"
        f":type={look.shape}:speed={speed:.7f}:seed=1:d={CLIP_SECONDS}"
    )


def _disc(across: int, colour: str) -> str:
    radius = across / 2
    edge = f"235*clip({radius}-hypot(X+0.5-{radius},Y+0.5-{radius}),0,1)"
    return (
        f"color=c=0x{colour}:s={across}x{across}:r={FRAMES_PER_SECOND}:d=0.03,format=yuva444p,"
        f"geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='{edge}',loop=-1:1"
    )


def _orbit(reach: float, *, turns: int) -> str:
    angle = f"{2 * turns}*PI*n/{CLIP_FRAMES}"
    return f"x='(W-w)*(0.5+{reach}*sin({angle}))':y='(H-h)*(0.5-{reach}*cos({angle}))'"


def _loop(seconds: int) -> Step:
    repeats = math.ceil(seconds / CLIP_SECONDS) - 1
    source = ("-stream_loop", str(repeats), "-i", "source.mp4", "-t", str(seconds))
    copy = ("-map", "0", "-c", "copy", *_BITEXACT, "-movflags", "+faststart")
    return Step("loop.mp4", (*source, *copy))


def _thumbnail() -> Step:
    picture = f"scale=out_color_matrix=bt601:out_range=tv:{_SCALING},format=yuv420p"
    encode = ("-c:v", "libwebp", "-quality", "80", "-threads", "1", *_BITEXACT, "-f", "webp")
    return Step("thumbnail.webp", ("-i", "source.mp4", "-frames:v", "1", "-vf", picture, *encode))


def _sheet(wanted: Item) -> Step:
    # Sixteen seeks, so that a sheet of two minutes costs no more than one of four seconds.
    frames = sheet_frames(wanted.seconds)
    starts = [max(0.0, (frame - 0.5) / FRAMES_PER_SECOND) for frame in frames]
    seek = ("-threads", "1", "-an", "-ss")
    sources = [word for start in starts for word in (*seek, f"{start:.4f}", "-i", "source.mp4")]
    across, down = wanted.width // SHEET_TILES, wanted.height // SHEET_TILES
    # Pasted in RGB, which has neither odd sides nor ranges to get wrong.
    tile = f"trim=end_frame=1,scale={across}:{down}:{_SCALING},format=rgb24,setpts=0"
    tiles = range(len(frames))
    cut = "".join(f"[{n}:v]{tile}[t{n}];" for n in tiles)
    joined = "".join(f"[t{n}]" for n in tiles)
    paste = f"concat=n={len(frames)},tile={SHEET_TILES}x{SHEET_TILES}"
    encoded = f"scale=out_color_matrix=bt601:out_range=pc:{_SCALING},format=yuvj420p"
    graph = f"{cut}{joined}{paste},pad={wanted.width}:{wanted.height},{encoded}"
    encode = ("-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-threads", "1", *_BITEXACT)
    return Step("sheet.jpg", (*sources, "-filter_complex", graph, *encode, "-f", "mjpeg"))
