import json
from pathlib import Path

import pytest

from fauxreel.domain.video import Variant
from fauxreel.media import ffmpeg
from fauxreel.media.build import (
    MANIFEST,
    TABLE_END,
    TABLE_START,
    Entry,
    build,
    recipe_digest,
    table,
)
from fauxreel.media.inspect import inspect
from fauxreel.media.recipe import SHIPPED, SUFFIXES, item
from fauxreel.media.render import digest, render
from fauxreel.resources import shipped

MEDIA = shipped("fixtures", "media")
LISTED = json.loads((MEDIA / MANIFEST).read_text())
ENTRIES = [Entry(**entry) for entry in LISTED["files"]]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.file)
def test_a_shipped_file_is_the_one_in_the_manifest(entry: Entry) -> None:
    data = (MEDIA / entry.file).read_bytes()
    seen = inspect(MEDIA / entry.file)
    assert (len(data), digest(data)) == (entry.bytes, entry.sha256)
    assert f"{seen.width}x{seen.height}" == entry.size
    assert seen.seconds in (None, entry.seconds)


def test_every_size_is_shipped_in_every_variant_and_nothing_else() -> None:
    expected = {f"{size}.{SUFFIXES[variant]}" for size in SHIPPED for variant in Variant}
    assert {entry.file for entry in ENTRIES} == expected
    assert {file.name for file in MEDIA.iterdir()} == {*expected, MANIFEST}


def test_all_shipped_media_stay_below_four_mebibytes() -> None:
    assert sum(file.stat().st_size for file in MEDIA.iterdir()) < 4 * 2**20


def test_the_readme_lists_what_is_shipped() -> None:
    assert table(ENTRIES) in shipped("fixtures", "README.md").read_text()


@pytest.mark.skipif(
    ffmpeg.version() != LISTED["ffmpeg"], reason="another ffmpeg builds other bytes"
)
def test_the_same_ffmpeg_builds_the_same_bytes() -> None:
    clip = (MEDIA / "720x1280.mp4").read_bytes()
    thumbnail = render(item("720x1280", 4, Variant.THUMBNAIL), clip)
    drawn, again = (render(item("64x48", 4, Variant.VIDEO), None) for _ in range(2))
    assert thumbnail == (MEDIA / "720x1280.webp").read_bytes()
    assert drawn == again


def test_the_shipped_files_were_built_by_the_recipe_as_it_stands() -> None:
    assert LISTED["recipe"] == recipe_digest()


def test_a_build_tells_its_progress_and_writes_manifest_and_table(tmp_path: Path) -> None:
    progress: list[tuple[int, int, str]] = []
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{TABLE_START}\nstale\n{TABLE_END}\nafter\n")
    written = build(tmp_path / "media", lambda *done: progress.append(done), ["64x48"])
    names = ["64x48.mp4", "64x48.webp", "64x48.jpg"]
    assert [path.name for path in written] == [*names, MANIFEST]
    assert progress == [(number, 3, name) for number, name in enumerate(names, 1)]
    entries = [Entry(**entry) for entry in json.loads(written[-1].read_text())["files"]]
    assert readme.read_text() == (
        f"before\n{TABLE_START}\n\n{table(entries)}\n\n{TABLE_END}\nafter\n"
    )


def test_a_build_needs_no_readme(tmp_path: Path) -> None:
    build(tmp_path / "media", lambda *_: None, ["16x16"])
    assert not (tmp_path / "README.md").exists()
