"""Jobs in memory and in a file: read from memory, changed in the file first.

A change is prepared here, committed by the writer, and then applied to memory, in that order.
What is prepared on what another change is about to alter waits for its turn.
"""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.errors import StoreFull, StoreUnwritable
from fauxreel.domain.video import NO_POLLS, Draft, Forced, Polls, Video, observed
from fauxreel.ledger import Booking
from fauxreel.store import MakeId, Record
from fauxreel.store.memory import MemoryShelf, MemoryStore
from fauxreel.store.ordered import MOST_TOMBSTONES
from fauxreel.store.rows import facts_of, polls_of
from fauxreel.store.writer import Statement, Writer
from fauxreel.turns import Turns

T = TypeVar("T", Character, StoredFile)

_TABLES = ("videos", "characters", "files", "lasts", "gone", "accounts", "rules", "times")

_ADD_VIDEO = "INSERT INTO videos VALUES (?, ?, ?, ?, ?)"
_CHANGE_VIDEO = "UPDATE videos SET facts = ?, polls = ? WHERE space = ? AND sequence = ?"
_ADD_CHARACTER = "INSERT INTO characters VALUES (?, ?, ?)"
_ADD_FILE = "INSERT INTO files VALUES (?, ?, ?, ?)"
_LAST = (
    "INSERT INTO lasts VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)"
)
_GONE = "INSERT INTO gone (space, kind, sequence, id, project) VALUES (?, ?, ?, ?, ?)"
_PRUNE = f"DELETE FROM gone WHERE number <= (SELECT max(number) FROM gone) - {MOST_TOMBSTONES}"  # noqa: S608
# Needs more room than a job: where some was left, one short write after the other would still fit.
_PROBE = "INSERT OR REPLACE INTO meta VALUES ('probe', zeroblob(65536))"
_BOOK = (
    "INSERT INTO accounts VALUES (?, ?, 1, ?, ?) ON CONFLICT DO UPDATE SET jobs = jobs + 1, "
    "seconds = seconds + excluded.seconds, dollars = plus(dollars, excluded.dollars)"
)


def plus(one: str, other: str) -> str:
    """The sum of two decimal numbers, exactly; a function of the database."""
    return str(Decimal(one) + Decimal(other))


class SqliteStore(MemoryStore):
    """All jobs, characters and files of one namespace, and their copy in a file.

    Args:
        capacity: The most jobs it holds at a time; characters and files likewise.
        space: The name of the namespace in the file.
    """

    def __init__(self, capacity: int, writer: Writer, space: str = "") -> None:
        super().__init__(capacity)
        self.shelves = (
            SqliteShelf[Character](capacity, writer, space, "characters", _character_row),
            SqliteShelf[StoredFile](capacity, writer, space, "files", _file_row),
        )
        self.characters, self.files = self.shelves
        self._capacity = capacity
        self._writer = writer
        self._space = space
        self._adding = 0
        self._turns = Turns()

    async def add(
        self,
        draft: Draft,
        make_id: MakeId,
        polls: Polls = NO_POLLS,
        booking: Booking | None = None,
    ) -> Video:
        if len(self._records) + self._adding >= self._capacity:
            raise StoreFull(self._capacity)
        video = self._drawn(draft, make_id)
        row = (self._space, video.sequence, video.id, facts_of(video), polls_of(polls))
        last = (_LAST, (self._space, "videos", video.sequence))
        statements: list[Statement] = [(_ADD_VIDEO, row), last]
        if booking is not None:
            statements.append((_BOOK, self._account(booking)))
        self._adding += 1
        put = partial(self._put, Record(video, polls), booking)
        await self._writer.written(statements, put, self._added)
        return video

    async def observe(self, project: str, video_id: str, now: float) -> Record | None:
        record = self._records.get(project, video_id)
        if record is None or observed(record.video, record.polls, now) is record.polls:
            return record  # as it is with every job timed in seconds
        await self._turns.take(video_id)
        record = self._records.get(project, video_id)
        polls = None if record is None else observed(record.video, record.polls, now)
        if record is None or polls is None or polls is record.polls:
            self._turns.end(video_id)
            return record
        new = Record(record.video, polls)
        await self._change(record, new)
        return new

    async def force(self, video_id: str, end: Forced) -> Video | None:
        await self._turns.take(video_id)
        record = self._records.get(None, video_id)
        if record is None:
            self._turns.end(video_id)
            return None
        video = replace(record.video, forced=end)
        await self._change(record, Record(video, record.polls))
        return video

    async def remove(self, project: str, video_id: str) -> bool:
        await self._turns.take(video_id)
        record = self._records.get(project, video_id)
        if record is None:
            self._turns.end(video_id)
            return False
        place = (self._space, "videos", record.video.sequence, video_id, project)
        await self._writer.written(
            _removed(place),
            partial(self._drop, project, video_id),
            partial(self._turns.end, video_id),
        )
        return True

    async def clear(self) -> None:
        # Nothing may come in between: what is under way is applied before, what comes is added to
        # the empty store.
        self._writer.write(emptied(self._space), self._forget_all)

    async def problem(self) -> str | None:
        """Why nothing can be stored now; None when it can."""
        try:
            await self._writer.written([(_PROBE, ())])
        except StoreUnwritable as error:
            return error.detail
        return None

    def take(self, record: Record) -> None:
        """Takes a job that the file holds, in the order of the sequences."""
        self._put(record)

    def resume(self, last: int, gone: Iterable[tuple[str, str, int]]) -> None:
        """Goes on after the last sequence; `gone` is as for `Ordered.restore`."""
        self._records.restore(last, gone)

    async def _change(self, old: Record, new: Record) -> None:
        place = (self._space, new.video.sequence)
        statement = (_CHANGE_VIDEO, (facts_of(new.video), polls_of(new.polls), *place))
        await self._writer.written(
            [statement],
            partial(self._swap, old, new),
            partial(self._turns.end, new.video.id),
        )

    def _added(self) -> None:
        self._adding -= 1

    def _account(self, booking: Booking) -> tuple[object, ...]:
        # As JSON: a model's name may hold what no text of the database can.
        name = json.dumps([booking.surface, booking.model, booking.key])
        return (self._space, name, booking.seconds, str(booking.dollars))


class SqliteShelf(MemoryShelf[T]):
    """Uploaded things of one kind, in memory and in a file.

    Args:
        row: The statement that adds one, and its values after the namespace.
    """

    def __init__(
        self,
        capacity: int,
        writer: Writer,
        space: str,
        kind: str,
        row: Callable[[str, int, T], Statement],
    ) -> None:
        super().__init__(capacity)
        self._capacity = capacity
        self._writer = writer
        self._space = space
        self._kind = kind
        self._row: Callable[[str, int, T], Statement] = row
        self._adding = 0
        self._turns = Turns()

    async def add(self, project: str, make: Callable[[int], tuple[str, T]]) -> T:
        if len(self._items) + self._adding >= self._capacity:
            raise StoreFull(self._capacity)
        sequence = self._items.next_sequence()
        item_id, item = make(sequence)
        statements = [
            self._row(self._space, sequence, item),
            (_LAST, (self._space, self._kind, sequence)),
        ]
        self._adding += 1
        put = partial(self._items.add, project, sequence, item_id, item)
        await self._writer.written(statements, put, self._added)
        return item

    async def remove(self, project: str, item_id: str) -> bool:
        await self._turns.take(item_id)
        sequence = self._items.sequence(project, item_id)
        if sequence is None:
            self._turns.end(item_id)
            return False
        await self._writer.written(
            _removed((self._space, self._kind, sequence, item_id, project)),
            partial(self._items.remove, project, item_id),
            partial(self._turns.end, item_id),
        )
        return True

    def take(self, sequence: int, item: T) -> None:
        """Takes a thing that the file holds, in the order of the sequences."""
        self._items.add(item.project, sequence, item.id, item)

    def resume(self, last: int, gone: Iterable[tuple[str, str, int]]) -> None:
        """Goes on after the last sequence; `gone` is as for `Ordered.restore`."""
        self._items.restore(last, gone)

    def _added(self) -> None:
        self._adding -= 1


def emptied(space: str) -> list[Statement]:
    """Takes everything of a namespace out."""
    return [(f"DELETE FROM {table} WHERE space = ?", (space,)) for table in _TABLES]  # noqa: S608


def _character_row(space: str, sequence: int, character: Character) -> Statement:
    return _ADD_CHARACTER, (space, sequence, facts_of(character))


def _file_row(space: str, sequence: int, file: StoredFile) -> Statement:
    return _ADD_FILE, (space, sequence, facts_of(file), file.data)


def _removed(place: tuple[str, str, int, str, str]) -> list[Statement]:
    """Takes a thing out, and keeps its place for cursors."""
    space, kind, sequence, *_ = place
    delete = f"DELETE FROM {kind} WHERE space = ? AND sequence = ?"  # noqa: S608 - our own names
    return [(delete, (space, sequence)), (_GONE, place), (_PRUNE, ())]
