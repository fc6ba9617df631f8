import asyncio
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from fauxreel import resources
from fauxreel.domain.video import Variant
from fauxreel.media import mp4
from fauxreel.media.errors import MediaError, RenderFailed
from fauxreel.media.library import Asset, Library, default_cache_dir
from fauxreel.media.recipe import Item
from fauxreel.media.render import digest, render
from fauxreel.media.stamp import Stamp
from fauxreel.resources import shipped

STAMP = Stamp("video_1", "a cat", 7)


class Room(TypedDict):
    memory_bytes: int
    disk_bytes: int


ROOM = Room(memory_bytes=2**24, disk_bytes=2**24)

SHEET = "64x48-5s-spritesheet"


class Maker:
    """Makes at once, and remembers what it was asked for."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[str] = []
        self._failures = failures

    def __call__(self, wanted: Item, _source: bytes | None) -> bytes:
        self.asked.append(wanted.stem)
        if self._failures:
            self._failures -= 1
            raise RenderFailed(wanted.stem, "no more disk space")
        return mp4.stamp_box(wanted.stem.encode() * 100)


async def video(library: Library, size: str, seconds: int, stamp: Stamp = STAMP) -> Asset:
    return await library.asset(size, seconds, Variant.VIDEO, stamp)


@pytest.mark.parametrize(
    ("variant", "suffix", "content_type"),
    [
        (Variant.VIDEO, "mp4", "video/mp4"),
        (Variant.THUMBNAIL, "webp", "image/webp"),
        (Variant.SPRITESHEET, "jpg", "image/jpeg"),
    ],
)
def test_a_shipped_file_is_served_with_its_content_type(
    variant: Variant, suffix: str, content_type: str
) -> None:
    library = Library(None, **ROOM)
    asset = asyncio.run(library.asset("720x1280", 4, variant, STAMP))
    file = shipped("fixtures", "media", f"720x1280.{suffix}")
    assert asset.content_type == content_type
    assert asset.length == len(b"".join(asset.segments))
    assert file.stat().st_size < asset.length < file.stat().st_size + 200


def test_what_is_in_memory_is_answered_without_waiting() -> None:
    library = Library(None, **ROOM)
    asyncio.run(video(library, "720x1280", 4))
    with pytest.raises(StopIteration):
        video(library, "720x1280", 4).send(None)


def test_an_etag_belongs_to_the_file_and_the_stamp() -> None:
    async def etags() -> list[str]:
        library = Library(None, **ROOM, make=Maker())
        other = Stamp("video_2", "a cat", 7)
        wishes = [(4, STAMP), (4, STAMP), (5, STAMP), (4, other)]
        return [(await video(library, "64x48", *wish)).etag for wish in wishes]

    first, again, longer, other = asyncio.run(etags())
    assert first == again
    assert len({first, longer, other}) == 3
    assert all(tag[0] == tag[-1] == '"' and len(tag) == 34 for tag in (first, longer, other))


def test_fifty_askers_at_once_share_one_making() -> None:
    async def ask() -> list[Asset]:
        return await asyncio.gather(*(video(library, "64x48", 8) for _ in range(50)))

    maker = Maker()
    library = Library(None, **ROOM, make=maker)
    assets = asyncio.run(ask())
    assert maker.asked == ["64x48-4s-video", "64x48-8s-video"]
    assert len({id(asset.segments[0]) for asset in assets}) == 1


def test_a_cancelled_asker_leaves_the_others_their_answer() -> None:
    async def ask() -> Asset:
        async with asyncio.TaskGroup() as group:
            gone = group.create_task(video(library, "64x48", 8))
            stays = group.create_task(video(library, "64x48", 8))
            await asyncio.sleep(0)
            gone.cancel()
        return stays.result()

    maker = Maker()
    library = Library(None, **ROOM, make=maker)
    assert asyncio.run(ask()).length > 100
    assert len(maker.asked) == 2


def test_a_making_whose_askers_have_all_gone_fails_quietly() -> None:
    async def ask() -> list[str]:
        complaints: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
        gone = asyncio.create_task(video(library, "64x48", 4))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait((gone,))
        await video(library, "80x48", 4)
        return complaints

    library = Library(None, **ROOM, make=Maker(failures=1))
    assert asyncio.run(ask()) == []


def test_a_failure_names_the_item_and_a_later_call_tries_again() -> None:
    library = Library(None, **ROOM, make=Maker(failures=1))
    with pytest.raises(MediaError, match=r"^Could not make 64x48-4s-video: no more disk space$"):
        asyncio.run(video(library, "64x48", 4))
    assert asyncio.run(video(library, "64x48", 4)).length > 100


def test_an_installation_without_its_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    with pytest.raises(MediaError, match=r"^Could not make 720x1280\.mp4: Shipped file .* missing"):
        asyncio.run(video(Library(None, **ROOM), "720x1280", 4))


def test_what_was_made_is_not_made_again_by_the_next_process(tmp_path: Path) -> None:
    first, second = Maker(), Maker()
    one = asyncio.run(video(Library(tmp_path, **ROOM, make=first), "64x48", 8))
    two = asyncio.run(video(Library(tmp_path, **ROOM, make=second), "64x48", 8))
    assert (len(first.asked), second.asked) == (2, [])
    assert one == two


def test_another_clip_does_not_meet_the_files_of_the_old_one(tmp_path: Path) -> None:
    def newer(wanted: Item, source: bytes | None) -> bytes:
        return mp4.stamp_box(b"newer" + (source or b""))

    asyncio.run(video(Library(tmp_path, **ROOM, make=Maker()), "64x48", 8))
    for clip in tmp_path.glob("64x48-4s-*"):
        clip.unlink()
    asset = asyncio.run(video(Library(tmp_path, **ROOM, make=newer), "64x48", 8))
    assert b"newer" in asset.segments[0]


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    first = asyncio.run(video(Library(tmp_path, **ROOM, make=Maker()), "64x48", 4))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    again = Maker()
    assert asyncio.run(video(Library(tmp_path, **ROOM, make=again), "64x48", 4)) == first
    assert again.asked == ["64x48-4s-video"]


def test_a_folder_that_cannot_be_used_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    library = Library(tmp_path / "file" / "cache", **ROOM, make=Maker())
    assert asyncio.run(video(library, "64x48", 4)).length > 100


def test_what_memory_cannot_hold_is_still_served(tmp_path: Path) -> None:
    maker = Maker()
    library = Library(None, memory_bytes=10, disk_bytes=0, make=maker)
    asyncio.run(video(library, "64x48", 4))
    assert asyncio.run(video(library, "64x48", 4)).length > 100
    assert len(maker.asked) == 2


def test_a_sheet_is_made_from_the_very_video_of_its_length() -> None:
    sources: list[tuple[str, str]] = []

    def watching(wanted: Item, source: bytes | None) -> bytes:
        sources.append((wanted.stem, digest(source)[:8] if source else ""))
        return render(wanted, source)

    library = Library(None, **ROOM, make=watching)
    asyncio.run(library.asset("64x48", 5, Variant.SPRITESHEET, STAMP))
    asset = asyncio.run(video(library, "64x48", 5))
    assert [stem for stem, _ in sources] == ["64x48-4s-video", "64x48-5s-video", SHEET]
    assert sources[-1] == (SHEET, digest(asset.segments[0])[:8])


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "HOME": "/home/me"}, Path("/x/fauxreel")),
        ("linux", {"XDG_CACHE_HOME": "x", "HOME": "/home/me"}, Path("/home/me/.cache/fauxreel")),
        ("linux", {"HOME": "relative"}, None),
        ("linux", {}, None),
        ("darwin", {"HOME": "/Users/me"}, Path("/Users/me/Library/Caches/fauxreel")),
        ("darwin", {}, None),
        ("win32", {"LOCALAPPDATA": "C:\\Local"}, Path("C:\\Local", "fauxreel", "Cache")),
        ("win32", {"HOME": "/home/me"}, None),
    ],
)
def test_the_cache_stands_where_the_platform_wants_it(
    platform: str, environ: dict[str, str], expected: Path | None
) -> None:
    assert default_cache_dir(environ, platform=platform) == expected


def test_a_platform_is_assumed_to_be_this_one() -> None:
    assert default_cache_dir({}) == default_cache_dir({}, platform=sys.platform)
