"""The file of a store: what is refused at the start and why, what is done when it cannot be
written, and how one of an older version is brought up to date."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from asyncio import Runner
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from fauxreel.domain.errors import StoreUnwritable
from fauxreel.domain.paging import PageRequest
from fauxreel.domain.timeline import InSeconds
from fauxreel.domain.video import Draft, Forced, Lifetime, Outcome, Since
from fauxreel.store.archive import Archive
from fauxreel.store.database import MIGRATIONS, CannotOpenStore, open_database
from fauxreel.store.keep import KeptRule

DRAFT = Draft(
    project="one",
    surface="openai",
    model="sora-2",
    prompt="a cat",
    seconds=4,
    size="720x1280",
    created=1000.0,
    timeline=InSeconds(1.0, 2.0),
    outcome=Outcome(),
    lifetime=Lifetime(3600, Since.COMPLETION),
    poll_after_ms=None,
)
LARGE = replace(DRAFT, prompt="x" * 9999)
NOBODY = 65534


def named(sequence: int) -> str:
    return f"video_{sequence}"


def drawn() -> int:
    return 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    archive = Archive(path, 1000)
    yield archive
    archive.close()


def refusal(path: Path) -> str:
    with pytest.raises(CannotOpenStore) as refused:
        Archive(path, 1000)
    message = str(refused.value)
    assert message.startswith(f"--store sqlite:{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"--store sqlite:{path}: ")


def filled(path: Path, jobs: int = 200) -> None:
    """A file with jobs, closed."""
    archive = Archive(path, 1000)
    with Runner() as runner:
        for _ in range(jobs):
            runner.run(archive.space("").store.add(DRAFT, named))
    archive.close()


def ids(runner: Runner, archive: Archive) -> list[str]:
    page = runner.run(archive.space("").store.page(None, PageRequest(limit=1000)))
    return [record.video.id for record in page.items]


# At the start -------------------------------------------------------------------------------------


def test_a_file_in_use_is_refused(path: Path, archive: Archive) -> None:
    assert refusal(path) == "is in use by another emulator: end that one, or name another file."


def test_a_file_that_was_closed_is_not_in_use(path: Path, archive: Archive) -> None:
    archive.close()
    Archive(path, 1000).close()
    assert [one.name for one in path.parent.iterdir()] == ["store.db"]


def test_what_a_killed_process_left_beside_the_file_is_in_it_after_the_next_start(
    path: Path, archive: Archive, runner: Runner
) -> None:
    runner.run(archive.space("").store.add(DRAFT, named))
    # As a kill leaves them.
    killed, alone = path.with_name("killed.db"), path.with_name("alone.db")
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", f"{killed}{end}")
    started = Archive(killed, 1000)
    shutil.copy(killed, alone)
    started.close()
    again = Archive(alone, 1000)

    assert ids(runner, again) == ["video_1"]
    again.close()


def test_a_file_that_is_no_database_is_refused_and_stays(path: Path) -> None:
    path.write_text("Dear diary, today I made a video.\n" * 100)
    before = path.read_bytes()
    assert refusal(path) == "is not a database: name another file."
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (x)", "PRAGMA user_version = 3", "PRAGMA application_id = 9"]
)
def test_another_programs_database_is_refused_and_stays(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    before = path.read_bytes()
    assert refusal(path) == "is another program's database: name another file."
    assert path.read_bytes() == before


def test_a_newer_file_is_refused_and_stays(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert refusal(path) == (
        "was written by a newer fauxreel (its version is 99, this one reads up to "
        f"{len(MIGRATIONS)}): update fauxreel, or name another file."
    )
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    filled(path, 1)
    assert path.stat().st_size > 0


DAMAGED = "is damaged: put a copy of it back, or move it away to begin anew."


def test_a_damaged_file_is_refused(path: Path) -> None:
    filled(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 4))
    assert refusal(path) == DAMAGED


def test_a_cut_file_is_refused(path: Path) -> None:
    filled(path)
    os.truncate(path, path.stat().st_size // 2)
    assert refusal(path) == DAMAGED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE videos SET facts = '{' WHERE sequence = 1",
        "UPDATE videos SET facts = '{}' WHERE sequence = 1",
        "UPDATE lasts SET kind = 'planes'",
        "INSERT INTO accounts VALUES ('', '[\"a\", \"b\", \"c\"]', 1, 4, 'dear')",
    ],
)
def test_a_file_with_rows_that_cannot_be_read_is_damaged(path: Path, statement: str) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    assert refusal(path) == DAMAGED


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    assert refusal(folder / "store.db") == f"there is no folder {folder}: make it."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "is a folder: name a file in it."


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of somebody to whom permissions apply, as whom the test runs on."""
    folder = Path(tempfile.mkdtemp(dir="/tmp" if os.name == "posix" else None))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


READ_ONLY = "cannot be written: change its permissions and those of its folder, or name another."


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_read_only_file_is_refused(unprivileged: Path) -> None:
    path = unprivileged / "store.db"
    filled(path, 1)
    path.chmod(0o400)
    assert refusal(path) == READ_ONLY


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_read_only_folder_is_refused(unprivileged: Path) -> None:
    unprivileged.chmod(0o500)
    assert refusal(unprivileged / "store.db") == READ_ONLY


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_folder_that_nobody_may_enter_is_refused(unprivileged: Path) -> None:
    closed = unprivileged / "closed"
    closed.mkdir(0)
    assert refusal(closed / "store.db") == (
        "cannot be opened (Permission denied): look at the permissions of its folder."
    )


def test_the_seed_of_the_file_is_that_of_later_processes(path: Path, archive: Archive) -> None:
    assert archive.seed(None, drawn) == 7
    archive.close()
    again = Archive(path, 1000)
    assert again.seed(7, drawn) == again.seed(None, lambda: 8) == 7
    with pytest.raises(CannotOpenStore, match="its ids were made with --seed 7: leave --seed out"):
        again.seed(8, drawn)
    Archive(path, 1000).close()  # the refusal let go of it


# Versions -----------------------------------------------------------------------------------------

NEXT = (*MIGRATIONS, "ALTER TABLE videos ADD COLUMN note TEXT; CREATE TABLE more (x)")


def version(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def test_a_file_of_an_older_version_is_brought_up_to_date(path: Path) -> None:
    filled(path, 3)
    with closing(open_database(path, migrations=NEXT)) as connection:
        assert version(connection) == len(NEXT)
        found = connection.execute("SELECT id, note FROM videos").fetchall()
        assert found == [(named(at), None) for at in (1, 2, 3)]
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    filled(path, 3)
    with pytest.raises(CannotOpenStore, match="cannot be used \\(no such table: missing\\)"):
        open_database(path, migrations=(*NEXT, "DROP TABLE missing"))
    archive = Archive(path, 1000)
    with Runner() as runner:
        assert ids(runner, archive) == ["video_3", "video_2", "video_1"]
    archive.close()


# When it cannot be written ------------------------------------------------------------------------


def fill_the_disk(archive: Archive) -> None:
    """Lets the file grow no more, as on a disk that is full."""
    (pages,) = archive._connection.execute("PRAGMA page_count").fetchone()
    archive._connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(archive: Archive) -> None:
    archive._connection.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_refuses_a_job_and_memory_and_file_agree(
    path: Path, archive: Archive, runner: Runner
) -> None:
    store = archive.space("").store
    runner.run(store.add(DRAFT, named))
    fill_the_disk(archive)
    with pytest.raises(StoreUnwritable) as refused:
        runner.run(store.add(LARGE, named))
    assert refused.value.detail == f"--store sqlite:{path}: the disk is full: make room on it."
    assert ids(runner, archive) == ["video_1"]
    make_room(archive)
    video = runner.run(store.add(LARGE, named))
    assert ids(runner, archive) == [video.id, "video_1"]
    archive.close()
    again = Archive(path, 1000)
    assert ids(runner, again) == [video.id, "video_1"]
    again.close()


def test_a_disk_with_room_for_little_more_than_a_word_is_a_problem(
    path: Path, archive: Archive, runner: Runner
) -> None:
    store = archive.space("").store
    before = runner.run(store.problem())
    archive._connection.execute("DELETE FROM meta WHERE name = 'probe'")
    archive._connection.execute("VACUUM")
    fill_the_disk(archive)
    full = runner.run(store.problem())
    make_room(archive)

    assert before is None
    assert full == f"--store sqlite:{path}: the disk is full: make room on it."
    assert runner.run(store.problem()) is None


def test_what_has_no_room_takes_nothing_with_it_that_has(
    path: Path, archive: Archive, runner: Runner
) -> None:
    store = archive.space("").store
    runner.run(store.add(DRAFT, named))
    fill_the_disk(archive)

    async def at_once() -> list[object]:
        adds = (store.add(draft, named) for draft in (DRAFT, LARGE, DRAFT))
        found = await asyncio.gather(*adds, return_exceptions=True)
        return [type(one).__name__ for one in found]

    assert runner.run(at_once()) == ["Video", "StoreUnwritable", "Video"]
    assert ids(runner, archive) == ["video_4", "video_2", "video_1"]


@pytest.mark.parametrize("what", ["force", "remove", "clear"])
def test_a_change_that_cannot_be_written_changes_nothing(
    archive: Archive, runner: Runner, what: str
) -> None:
    store = archive.space("").store
    runner.run(store.add(DRAFT, named))
    before = runner.run(store.get(None, "video_1"))
    archive._connection.execute("PRAGMA query_only = ON")
    changes: dict[str, Callable[[], object]] = {
        "force": lambda: runner.run(store.force("video_1", Forced(1001.0, None, 0))),
        "remove": lambda: runner.run(store.remove("one", "video_1")),
        "clear": lambda: runner.run(store.clear()),
    }
    for _ in range(2):  # and nothing is left behind that a second try would wait for
        with pytest.raises(StoreUnwritable):
            changes[what]()
    assert runner.run(store.get(None, "video_1")) == before
    archive._connection.execute("PRAGMA query_only = OFF")
    changes[what]()
    assert runner.run(store.get(None, "video_1")) != before


def test_rules_that_cannot_be_written_are_refused(archive: Archive) -> None:
    archive._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnwritable):
        archive.space("").keep_rules([KeptRule("rule_1", "noop", 1.0, 0, 0)], 1)


def test_a_store_that_was_closed_takes_nothing_more(archive: Archive, runner: Runner) -> None:
    store = archive.space("").store
    archive.close()
    with pytest.raises(StoreUnwritable) as refused:
        runner.run(store.add(DRAFT, named))
    assert refused.value.detail.endswith("is closed, as the emulator was ended.")
    with pytest.raises(StoreUnwritable):
        runner.run(store.clear())


def test_without_an_event_loop_a_change_is_written_all_the_same(
    path: Path, archive: Archive
) -> None:
    adding = archive.space("").store.add(DRAFT, named)
    with pytest.raises(StopIteration):
        adding.send(None)
    archive.close()
    again = Archive(path, 1000)
    with Runner() as runner:
        assert ids(runner, again) == ["video_1"]
    again.close()
