"""Items of projects by id, in the order in which they were added, with cursors that survive."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, TypeVar

from fauxreel.domain.errors import StoreFull
from fauxreel.domain.paging import Order, Page, PageRequest

# Places of deleted items that cursors can still point to; the oldest are forgotten first.
MOST_TOMBSTONES = 10_000

T = TypeVar("T")


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
        self._items: dict[str, T] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._ids: dict[int, str] = {}
        self._sequences: dict[str | None, list[int]] = {None: []}
        self._tombstones: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._last = 0

    def __len__(self) -> int:
        return len(self._items)

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
        if len(self._items) >= self._capacity:
            raise StoreFull(self._capacity)
        self._last += 1
        return self._last

    def add(self, project: str, sequence: int, item_id: str, item: T) -> None:
        """Adds an item under its number, which is the newest."""
        self._items[item_id] = item
        self._places[item_id] = (project, sequence)
        self._ids[sequence] = item_id
        self._sequences[None].append(sequence)
        self._sequences.setdefault(project, []).append(sequence)

    def get(self, project: str | None, item_id: str) -> T | None:
        """The item, if it is this project's; `None` for a project means any."""
        item = self._items.get(item_id)
        if item is None or project not in (None, self._places[item_id][0]):
            return None
        return item

    def place(self, project: str, item_id: str) -> int | None:
        """The sequence of an item of the project."""
        place = self._places.get(item_id)
        return place[1] if place and place[0] == project else None

    def following(self, sequence: int, most: int) -> list[T]:
        """The items of all projects after a number, so many at most."""
        sequences = self._sequences[None]
        start = bisect_right(sequences, sequence)
        return [self._items[self._ids[one]] for one in sequences[start : start + most]]

    def replace(self, item_id: str, item: T) -> None:
        """Puts another item in the place of one."""
        self._items[item_id] = item

    def remove(self, project: str, item_id: str) -> T | None:
        """Forgets an item of the project; its cursor keeps its place."""
        item = self.get(project, item_id)
        if item is None:
            return None
        del self._items[item_id]
        place = self._tombstones[item_id] = self._places.pop(item_id)
        del self._ids[place[1]]
        for sequences in (self._sequences[None], self._sequences[project]):
            del sequences[bisect_left(sequences, place[1])]
        if len(self._tombstones) > MOST_TOMBSTONES:
            self._tombstones.popitem(last=False)
        return item

    def page(self, project: str | None, request: PageRequest) -> Page[T]:
        """A page of the project's items; `None` for a project means all."""
        sequences = self._sequences.get(project, [])
        ascending = request.order is Order.ASCENDING
        start = 0 if ascending else len(sequences)
        if request.after is not None:
            cursor = self._cursor(project, request.after)
            if cursor is None:
                return Page((), has_more=False)
            start = (bisect_right if ascending else bisect_left)(sequences, cursor)
        limit = request.limit
        if ascending:
            chosen, left = sequences[start : start + limit], len(sequences) - start
        else:
            chosen, left = sequences[max(0, start - limit) : start], start
            chosen.reverse()
        items = list(map(self._items.__getitem__, map(self._ids.__getitem__, chosen)))
        return Page(items, has_more=left > limit)

    def _cursor(self, project: str | None, item_id: str) -> int | None:
        place = self._places.get(item_id) or self._tombstones.get(item_id)
        return place[1] if place and project in (None, place[0]) else None
