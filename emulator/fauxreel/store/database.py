"""One SQLite file: opened, locked, checked, migrated; and what is wrong with it, in words.

The file is held alone for as long as it is open. It is never opened past SQLite: closing another
descriptor of it would drop the lock of this process.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from fauxreel.settings import SettingError

# "Faux", which tells our files from those of other programs.
_APPLICATION = 0x46617578

# What brings a file from one version to the next; the version is their number. Never change one
# that was released: add one.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE videos (
        space TEXT, sequence INTEGER, id TEXT NOT NULL, facts TEXT NOT NULL, polls TEXT,
        PRIMARY KEY (space, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE characters (
        space TEXT, sequence INTEGER, facts TEXT NOT NULL, PRIMARY KEY (space, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE files (
        space TEXT, sequence INTEGER, facts TEXT NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (space, sequence)
    );
    CREATE TABLE lasts (
        space TEXT, kind TEXT, sequence INTEGER NOT NULL, PRIMARY KEY (space, kind)
    ) WITHOUT ROWID;
    CREATE TABLE gone (
        number INTEGER PRIMARY KEY, space TEXT, kind TEXT, sequence INTEGER, id TEXT, project TEXT
    );
    CREATE TABLE accounts (
        space TEXT, name TEXT, jobs INTEGER NOT NULL, seconds INTEGER NOT NULL,
        dollars TEXT NOT NULL, PRIMARY KEY (space, name)
    ) WITHOUT ROWID;
    CREATE TABLE rules (
        space TEXT, place INTEGER, id TEXT NOT NULL, text TEXT NOT NULL, added REAL NOT NULL,
        matched INTEGER NOT NULL, fired INTEGER NOT NULL, PRIMARY KEY (space, place)
    ) WITHOUT ROWID;
    CREATE TABLE times (
        space TEXT PRIMARY KEY, moment REAL NOT NULL, real REAL NOT NULL, speed REAL NOT NULL
    ) WITHOUT ROWID;
    """,
)


class CannotOpenStore(SettingError):
    """A file that cannot be the store: one line with its name, the reason and the way out."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"--store sqlite:{path}: {problem}.")


_READ_ONLY = "cannot be written: change its permissions and those of its folder, or name another"
_DAMAGED = "is damaged: put a copy of it back, or move it away to begin anew"
_FULL = "the disk is full: make room on it"

_PROBLEMS = {
    sqlite3.SQLITE_BUSY: "is in use by another emulator: end that one, or name another file",
    sqlite3.SQLITE_NOTADB: "is not a database: name another file",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: look at the permissions of its folder",
    sqlite3.SQLITE_IOERR: "the disk fails, or a quota is reached: look at the disk",
}


def problem(error: Exception) -> str:
    """What is wrong with a file, and the way out, from what SQLite says."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _PROBLEMS.get(code, f"cannot be used ({error}): name another file")


def open_database(
    path: Path,
    *,
    synchronous: str = "NORMAL",
    migrations: Sequence[str] = MIGRATIONS,
) -> sqlite3.Connection:
    """The database of a file, which is made if need be, held by this process alone.

    Args:
        synchronous: SQLite's word for what is safe when: `NORMAL` or `FULL`.

    Raises:
        CannotOpenStore: It cannot be used.
    """
    _refuse_place(path)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        # Alone, and without shared memory, which not every file system has.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _refuse_foreign(connection, path, len(migrations))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        _migrate(connection, migrations)
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise CannotOpenStore(path, _DAMAGED)
        # What an earlier process left beside the file, so that little stands there alone.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, CannotOpenStore) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, CannotOpenStore):
            raise
        raise CannotOpenStore(path, problem(error)) from None
    return connection


def damaged(path: Path) -> CannotOpenStore:
    """The error of a file that holds what cannot be read."""
    return CannotOpenStore(path, _DAMAGED)


def _refuse_place(path: Path) -> None:
    """Says of a place what SQLite has no words for."""
    try:
        if path.is_dir():
            raise CannotOpenStore(path, "is a folder: name a file in it")
        if not path.parent.is_dir():
            raise CannotOpenStore(path, f"there is no folder {path.parent}: make it")
        # The folder, too: SQLite makes a second file beside the first.
        if not all(_writable(place) for place in (path.parent, path) if place.exists()):
            raise CannotOpenStore(path, _READ_ONLY)
    except OSError as error:
        reason = f"cannot be opened ({error.strerror}): look at the permissions of its folder"
        raise CannotOpenStore(path, reason) from None


def _writable(place: Path) -> bool:
    return os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refuse_foreign(connection: sqlite3.Connection, path: Path, known: int) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION and (application or version or tables):
        raise CannotOpenStore(path, "is another program's database: name another file")
    if version > known:
        raise CannotOpenStore(
            path,
            f"was written by a newer fauxreel (its version is {version}, this one reads up to "
            f"{known}): update fauxreel, or name another file",
        )


def _migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Brings a file up to date, all of the way or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for statements in migrations[version:]:
        for statement in statements.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(migrations)}")
    connection.execute("COMMIT")
