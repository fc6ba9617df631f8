"""Jobs in memory: what is in order stands in `ordered`, what is to come in `moments`."""

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec.structs import replace

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import (
    NO_POLLS,
    Draft,
    Forced,
    Polls,
    Status,
    Video,
    ended_at,
    failure,
    observed,
    started_at,
)
from fauxreel.ledger import Booking, Ledger
from fauxreel.store import Due, MakeId, Record, Transition
from fauxreel.store.moments import Moments
from fauxreel.store.ordered import Ordered

T = TypeVar("T")

_PLACED_AT_ONCE = 1000


class MemoryStore:
    """All jobs, characters and files of one namespace, gone with the process.

    Args:
        capacity: The most jobs it holds at a time; characters and files likewise.
    """

    def __init__(self, capacity: int) -> None:
        self._records: Ordered[Record] = Ordered(capacity)
        self.characters: MemoryShelf[Character] = MemoryShelf(capacity)
        self.files: MemoryShelf[StoredFile] = MemoryShelf(capacity)
        self.ledger = Ledger()
        self._moments = {kind: Moments() for kind in Transition}
        # The last sequence of those whose moments are in order; nobody asked for the others' yet.
        self._placed = 0

    async def add(
        self,
        draft: Draft,
        make_id: MakeId,
        polls: Polls = NO_POLLS,
        booking: Booking | None = None,
    ) -> Video:
        video = self._drawn(draft, make_id)
        self._put(Record(video, polls), booking)
        return video

    async def get(self, project: str | None, video_id: str) -> Record | None:
        return self._records.get(project, video_id)

    async def observe(self, project: str, video_id: str, now: float) -> Record | None:
        record = self._records.get(project, video_id)
        if record is None:
            return None
        polls = observed(record.video, record.polls, now)
        if polls is record.polls:
            return record
        return self._swap(record, Record(record.video, polls))

    async def page(self, project: str | None, request: PageRequest) -> Page[Record]:
        return self._records.page(project, request)

    async def force(self, video_id: str, end: Forced) -> Video | None:
        record = self._records.get(None, video_id)
        if record is None:
            return None
        video = replace(record.video, forced=end)
        self._swap(record, Record(video, record.polls))
        return video

    async def remove(self, project: str, video_id: str) -> bool:
        return self._drop(project, video_id)

    async def due_between(self, after: float, until: float) -> Sequence[Due]:
        await self._place_moments()
        due = [
            Due(moment, sequence, kind)
            for kind, moments in self._moments.items()
            for moment, sequence in moments.between(after, until)
        ]
        # Stable: of one job at one moment, the start comes before the end.
        return sorted(due, key=lambda one: (one.moment, one.sequence))

    async def counts(self, now: float) -> dict[Status, int]:
        await self._place_moments()
        reached = {kind: moments.reached(now) for kind, moments in self._moments.items()}
        started, completed, failed = (reached[kind] for kind in Transition)
        return {
            Status.QUEUED: len(self._records) - started,
            Status.PROCESSING: started - completed - failed,
            Status.COMPLETED: completed,
            Status.FAILED: failed,
        }

    async def clear(self) -> None:
        self._forget_all()

    def _drawn(self, draft: Draft, make_id: MakeId) -> Video:
        """The job with the next sequence."""
        sequence = self._records.next_sequence()
        return replace(draft, sequence=sequence, id=make_id(sequence))

    def _put(self, record: Record, booking: Booking | None = None) -> None:
        video = record.video
        self._records.add(video.project, video.sequence, video.id, record)
        if booking is not None:
            self.ledger.book(booking)

    def _drop(self, project: str, video_id: str) -> bool:
        record = self._records.remove(project, video_id)
        if record is None:
            return False
        self._forget_moments(record)
        return True

    def _forget_all(self) -> None:
        self._records.clear()
        self.characters.forget_all()
        self.files.forget_all()
        self.ledger.clear()
        self._moments = {kind: Moments() for kind in Transition}
        self._placed = 0

    def _swap(self, old: Record, new: Record) -> Record:
        self._forget_moments(old)
        self._records.replace(new.video.id, new)
        if new.video.sequence <= self._placed:
            self._remember_moments(new)
        return new

    async def _place_moments(self) -> None:
        """Puts the moments of new jobs in order; everybody else has turns in between."""
        while further := self._records.following(self._placed, _PLACED_AT_ONCE):
            for record in further:
                self._remember_moments(record)
            self._placed = further[-1].video.sequence
            if len(further) == _PLACED_AT_ONCE:
                await asyncio.sleep(0)

    def _remember_moments(self, record: Record) -> None:
        for kind, moment in _transitions(record):
            self._moments[kind].add((moment, record.video.sequence))

    def _forget_moments(self, record: Record) -> None:
        if record.video.sequence > self._placed:
            return
        for kind, moment in _transitions(record):
            self._moments[kind].remove((moment, record.video.sequence))


class MemoryShelf(Generic[T]):
    """Uploaded things of one kind, in memory."""

    def __init__(self, capacity: int) -> None:
        self._items: Ordered[T] = Ordered(capacity)

    async def add(self, project: str, make: Callable[[int], tuple[str, T]]) -> T:
        sequence = self._items.next_sequence()
        item_id, item = make(sequence)
        self._items.add(project, sequence, item_id, item)
        return item

    async def get(self, project: str, item_id: str) -> T | None:
        return self._items.get(project, item_id)

    async def page(self, project: str, request: PageRequest) -> Page[T]:
        return self._items.page(project, request)

    async def remove(self, project: str, item_id: str) -> bool:
        return self._items.remove(project, item_id) is not None

    def forget_all(self) -> None:
        self._items.clear()


def _transitions(record: Record) -> list[tuple[Transition, float]]:
    """The transitions of a job whose moments are known, however far ahead."""
    video, polls = record.video, record.polls
    end = ended_at(video, polls)
    # A job that is ended by hand while it waits starts and ends at once.
    start = min(started_at(video, polls), end)
    ending = Transition.COMPLETED if failure(video) is None else Transition.FAILED
    if end < math.inf:
        return [(Transition.STARTED, start), (ending, end)]
    return [(Transition.STARTED, start)] if start < math.inf else []
