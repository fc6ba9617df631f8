import os
from pathlib import Path

from fauxreel.domain.video import Variant
from fauxreel.media.cache import Folder, Memory, Shared
from fauxreel.media.recipe import item

ONE, TWO, THREE = (item("64x48", seconds, Variant.VIDEO) for seconds in (1, 2, 3))
STEM = "64x48-{}s-video-0123456789abcdef"


def shared(length: int) -> Shared:
    return Shared((bytes(length),), "digest")


def test_memory_drops_the_longest_unused() -> None:
    memory = Memory(100)
    memory.put(ONE, shared(50))
    memory.put(TWO, shared(50))
    memory.get(ONE)
    memory.put(THREE, shared(50))
    assert memory.get(TWO) is None
    assert memory.get(ONE)
    assert memory.bytes == 100


def test_memory_does_not_drop_all_for_what_never_fits() -> None:
    memory = Memory(100)
    memory.put(ONE, shared(100))
    memory.put(TWO, shared(101))
    assert memory.get(ONE)
    assert memory.get(TWO) is None


def test_a_folder_keeps_bytes_under_a_name_people_can_read(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "new" / "folder", 1000)
    folder.write(STEM.format(8), "mp4", b"clip")
    assert folder.read(STEM.format(8), "mp4") == b"clip"
    assert [file.suffix for file in (tmp_path / "new" / "folder").iterdir()] == [".mp4"]


def test_a_folder_stays_below_its_limit_and_drops_the_longest_unused(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 250)
    for second in (1, 2):
        folder.write(STEM.format(second), "mp4", bytes(100))
    for file in tmp_path.iterdir():
        os.utime(file, (1, 1 if "-2s-" in file.name else 2))
    folder.write(STEM.format(3), "mp4", bytes(100))
    assert folder.read(STEM.format(2), "mp4") is None
    assert folder.read(STEM.format(1), "mp4") == bytes(100)


def test_reading_a_file_counts_as_using_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 1000)
    folder.write(STEM.format(1), "mp4", b"clip")
    (file,) = tmp_path.iterdir()
    os.utime(file, (1, 1))
    folder.read(STEM.format(1), "mp4")
    assert file.stat().st_mtime > 1


def test_a_folder_never_deletes_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "holiday.mp4").write_bytes(bytes(1000))
    folder = Folder(tmp_path, 150)
    folder.write(STEM.format(1), "mp4", bytes(100))
    folder.write(STEM.format(2), "mp4", bytes(100))
    assert (tmp_path / "holiday.mp4").exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_drafts_left_behind_count_and_go_first(tmp_path: Path) -> None:
    draft = tmp_path / "fauxreel-abc.tmp"
    draft.write_bytes(bytes(100))
    os.utime(draft, (1, 1))
    Folder(tmp_path, 150).write(STEM.format(1), "mp4", bytes(100))
    assert not draft.exists()


def test_what_is_larger_than_the_folder_is_not_written(tmp_path: Path) -> None:
    Folder(tmp_path, 10).write(STEM.format(1), "mp4", bytes(11))
    assert list(tmp_path.iterdir()) == []


def test_a_draft_that_cannot_take_its_name_is_removed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 1000)
    folder.write(STEM.format(1), "mp4", b"clip")
    (file,) = tmp_path.iterdir()
    file.unlink()
    file.mkdir()
    folder.write(STEM.format(1), "mp4", b"clip")
    assert list(tmp_path.iterdir()) == [file]
    assert folder.read(STEM.format(1), "mp4") is None


def test_no_folder_reads_and_writes_nothing() -> None:
    folder = Folder(None, 1000)
    folder.write(STEM.format(1), "mp4", b"clip")
    assert folder.read(STEM.format(1), "mp4") is None
