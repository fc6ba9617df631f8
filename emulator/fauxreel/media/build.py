"""Builds the shipped media and writes down what was built: a manifest, and a table in a README.

The same ffmpeg gives the same bytes again; another version may not, so the manifest names it.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from fauxreel.domain.video import Variant
from fauxreel.media import ffmpeg
from fauxreel.media.recipe import CLIP_SECONDS, SHIPPED, SUFFIXES, item, steps
from fauxreel.media.render import digest, render

MANIFEST = "manifest.json"
TABLE_START = "<!-- media table: written by fauxreel fixtures build -->"
TABLE_END = "<!-- end of media table -->"


class Entry(Struct, frozen=True):
    """One line of the manifest; images have no length of their own but that of their video."""

    file: str
    size: str
    seconds: int
    bytes: int
    sha256: str


def build(
    target: Path,
    on_progress: Callable[[int, int, str], None],
    sizes: Sequence[str] = tuple(SHIPPED),
) -> list[Path]:
    """Make all shipped media in `target`; returns what was written, the manifest last.

    Args:
        on_progress: Called after each file with files done, files in all, and the name.
    """
    target.mkdir(parents=True, exist_ok=True)
    total = len(sizes) * len(Variant)
    entries: list[Entry] = []
    for size in sizes:
        clip = item(size, CLIP_SECONDS, Variant.VIDEO)
        video = render(clip, None)
        for variant in Variant:
            wanted = item(size, CLIP_SECONDS, variant)
            data = video if wanted == clip else render(wanted, video)
            entries.append(_write(target / f"{size}.{SUFFIXES[variant]}", data, size))
            on_progress(len(entries), total, entries[-1].file)
    manifest = {
        "ffmpeg": ffmpeg.version(),
        "recipe": recipe_digest(sizes),
        "files": [asdict(entry) for entry in entries],
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    _update_readme(target.parent / "README.md", entries)
    return [*(target / entry.file for entry in entries), target / MANIFEST]


def recipe_digest(sizes: Sequence[str] = tuple(SHIPPED)) -> str:
    """Changes with any word of the recipe, so that a test can tell when to build again."""
    items = [item(size, CLIP_SECONDS, variant) for size in sizes for variant in Variant]
    return digest(repr([steps(wanted) for wanted in items]).encode())


def table(entries: list[Entry]) -> str:
    """The entries as a Markdown table."""
    rows = [
        f"| `media/{entry.file}` | {entry.size} | {entry.seconds} | {entry.bytes:,} |"
        for entry in entries
    ]
    head = ["| file | pixels | seconds | bytes |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _write(path: Path, data: bytes, size: str) -> Entry:
    path.write_bytes(data)
    return Entry(path.name, size, CLIP_SECONDS, len(data), digest(data))


def _update_readme(readme: Path, entries: list[Entry]) -> None:
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    if TABLE_START not in text or TABLE_END not in text:
        return
    before, _, rest = text.partition(TABLE_START)
    after = rest.partition(TABLE_END)[2]
    fresh = f"{before}{TABLE_START}\n\n{table(entries)}\n\n{TABLE_END}{after}"
    readme.write_text(fresh, encoding="utf-8")
