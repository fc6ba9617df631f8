"""Items of projects by id, in the order in which they were added, with cursors that survive."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from fauxreel.domain.errors import StoreFull
from fauxreel.domain.paging import Order, Page, PageRequest

# Places of deleted items that cursors can still point to; the oldest are forgotten first.
MOST_TOMBSTONES = 10_000

T = TypeVar("T")

_ASCENDING = Order.ASCENDING


class _Place(Struct, Generic[T], gc=False):
    """Where an item stands, and which one it is; the garbage collector need not look at it."""

    project: str
    sequence: int
    item: T


class _Row(Generic[T]):
    """The places of some items in order, and beside them their sequences, to search."""

    __slots__ = ("places", "sequences")

    def __init__(self) -> None:
        self.sequences: list[int] = []
        self.places: list[_Place[T]] = []

    def remove(self, place: _Place[T]) -> None:
        at = bisect_left(self.sequences, place.sequence)
        del self.sequences[at], self.places[at]


class Ordered(Generic[T]):
    """A collection ordered by a sequence number that it assigns.

    Args:
        capacity: The most items it holds at a time.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self.clear()

    def clear(self) -> None:
        """Forgets everything, the sequence too."""
        self._places: dict[str, _Place[T]] = {}
        self._all: _Row[T] = _Row()
        self._rows: dict[str, _Row[T]] = {}
        self._tombstones: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._last = 0

    def __len__(self) -> int:
        return len(self._places)

    def restore(self, last: int, gone: Iterable[tuple[str, str, int]]) -> None:
        """Takes up where another one was left.

        Args:
            last: The last sequence that it gave.
            gone: Id, project and sequence of each item that was removed, the oldest first.
        """
        self._last = max(last, self._last)
        for item_id, project, sequence in gone:
            self._tombstones[item_id] = (project, sequence)

    def next_sequence(self) -> int:
        """The next number.

        Raises:
            StoreFull: There is no room for another item.
        """
        if len(self._places) >= self._capacity:
            raise StoreFull(self._capacity)
        self._last += 1
        return self._last

    def add(self, project: str, sequence: int, item_id: str, item: T) -> None:
        """Adds an item under its number, which is the newest."""
        place = self._places[item_id] = _Place(project, sequence, item)
        everybodys, own = self._all, self._rows.get(project) or self._row(project)
        everybodys.sequences.append(sequence)
        everybodys.places.append(place)
        own.sequences.append(sequence)
        own.places.append(place)

    def get(self, project: str | None, item_id: str) -> T | None:
        """The item, if it is this project's; `None` for a project means any."""
        place = self._place(project, item_id)
        return None if place is None else place.item

    def sequence(self, project: str, item_id: str) -> int | None:
        """The number of an item of the project."""
        place = self._place(project, item_id)
        return None if place is None else place.sequence

    def following(self, sequence: int, most: int) -> list[T]:
        """The items of all projects after a number, so many at most."""
        start = bisect_right(self._all.sequences, sequence)
        return [place.item for place in self._all.places[start : start + most]]

    def replace(self, item_id: str, item: T) -> None:
        """Puts another item in the place of one."""
        self._places[item_id].item = item

    def remove(self, project: str, item_id: str) -> T | None:
        """Forgets an item of the project; its cursor keeps its place."""
        place = self._place(project, item_id)
        if place is None:
            return None
        del self._places[item_id]
        self._all.remove(place)
        own = self._rows[place.project]
        own.remove(place)
        if not own.places:
            del self._rows[place.project]
        self._tombstones[item_id] = (place.project, place.sequence)
        if len(self._tombstones) > MOST_TOMBSTONES:
            self._tombstones.popitem(last=False)
        return place.item

    def page(self, project: str | None, request: PageRequest) -> Page[T]:
        """A page of the project's items; `None` for a project means all."""
        row = self._all if project is None else self._rows.get(project)
        if row is None:
            return Page((), has_more=False)
        ascending = request.order is _ASCENDING
        start = 0 if ascending else len(row.places)
        if request.after is not None:
            cursor = self._cursor(project, request.after)
            if cursor is None:
                return Page((), has_more=False)
            start = (bisect_right if ascending else bisect_left)(row.sequences, cursor)
        limit = request.limit
        if ascending:
            chosen, left = row.places[start : start + limit], len(row.places) - start
        else:
            chosen, left = row.places[max(0, start - limit) : start], start
            chosen.reverse()
        return Page([place.item for place in chosen], has_more=left > limit)

    def _row(self, project: str) -> _Row[T]:
        return self._rows.setdefault(project, _Row())

    def _place(self, project: str | None, item_id: str) -> _Place[T] | None:
        place = self._places.get(item_id)
        return place if place is not None and project in (None, place.project) else None

    def _cursor(self, project: str | None, item_id: str) -> int | None:
        known = self._places.get(item_id)
        place = self._tombstones.get(item_id) if known is None else (known.project, known.sequence)
        return place[1] if place and project in (None, place[0]) else None
