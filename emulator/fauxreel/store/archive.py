"""All namespaces in one SQLite file: read into memory at the start, and handed out by name."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from fauxreel.settings import SettingError, Settings
from fauxreel.store import Store
from fauxreel.store.database import CannotOpenStore, damaged, open_database, problem
from fauxreel.store.kept import Kept
from fauxreel.store.loading import load
from fauxreel.store.sqlite import emptied, plus
from fauxreel.store.writer import Writer


class Archive:
    """The namespaces of one file.

    Args:
        capacity: The most jobs that each holds; characters and files likewise.
        survives: What takes nothing that was committed: `crash`, or `power-loss` as well.

    Raises:
        CannotOpenStore: The file cannot be used.
    """

    def __init__(self, path: Path, capacity: int, *, survives: str = "crash") -> None:
        self.path = path
        self._capacity = capacity
        self._synchronous = "FULL" if survives == "power-loss" else "NORMAL"
        self._connection = self._opened()
        self._writer = Writer(self._connection, f"--store sqlite:{path}")
        self._spaces: dict[str, Kept] = {}
        self._closed = False
        try:
            self.run = self._meta("run", 0)
            self._set_meta("run", self.run + 1)
            self._load()
        except CannotOpenStore:
            self._connection.close()
            raise

    def seed(self, given: int | None, draw: Callable[[], int]) -> int:
        """The seed that ids and hashes in the file were made with; of a new file, the given one.

        Raises:
            CannotOpenStore: Another one is given.
        """
        kept = self._meta("seed", -1)
        if kept < 0:
            kept = draw() if given is None else given
            self._set_meta("seed", kept)
        if given not in (None, kept):
            self.close()
            raise CannotOpenStore(
                self.path, f"its ids were made with --seed {kept}: leave --seed out, or name it"
            )
        return kept

    def names(self) -> list[str]:
        """The namespaces that are in the file, without the one outside of all."""
        return [name for name in self._spaces if name]

    def space(self, name: str) -> Kept:
        """The namespace of that name; the one outside of all has none."""
        if name not in self._spaces:
            self._spaces[name] = Kept(self._writer, name, self._capacity, self.run)
        return self._spaces[name]

    def drop(self, name: str) -> None:
        """Forgets a namespace, soon."""
        if self._spaces.pop(name, None) is not None:
            self._writer.note(emptied(name))

    def close(self) -> None:
        """Writes what is queued, and lets go of the file."""
        if not self._closed:
            self._closed = True
            self._writer.close()

    def reopen(self) -> None:
        """Takes hold of the file again, if it was closed.

        Raises:
            CannotOpenStore: It cannot be used, or was by somebody else meanwhile.
        """
        if not self._closed:
            return
        self._connection = self._opened()
        if self._meta("run", 0) != self.run + 1:
            self._connection.close()
            raise CannotOpenStore(
                self.path, "another emulator has had it meanwhile: make a new one in place of this"
            )
        self._writer.reopen(self._connection)
        self._closed = False

    def _opened(self) -> sqlite3.Connection:
        connection = open_database(self.path, synchronous=self._synchronous)
        connection.create_function("plus", 2, plus, deterministic=True)
        return connection

    def _load(self) -> None:
        try:
            load(self._connection, self.space)
        except sqlite3.Error as error:
            raise CannotOpenStore(self.path, problem(error)) from error
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            raise damaged(self.path) from error

    def _meta(self, name: str, default: int) -> int:
        found = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,))
        return next((int(value) for (value,) in found), default)

    def _set_meta(self, name: str, value: int) -> None:
        try:
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        except sqlite3.Error as error:
            raise CannotOpenStore(self.path, problem(error)) from error


def archive_of(path: Path, settings: Settings, store: Store | None) -> Archive:
    """The file that the settings name, opened.

    Args:
        path: Its path.
        store: One that was given beside the settings.

    Raises:
        SettingError: The file cannot be used, or there are two stores.
    """
    if store is not None:
        raise SettingError("store: is given as an object beside settings that name a file for it.")
    return Archive(path, settings.max_videos, survives=settings.store_survives)
