"""Jobs in memory: dictionaries for look-ups, sorted lists of sequences and moments for order."""

import math
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import islice

from fauxreel.domain.errors import StoreFull
from fauxreel.domain.paging import Order, Page, PageRequest
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
from fauxreel.store import Due, MakeId, Record, Transition

# Places of deleted jobs that cursors can still point to; the oldest are forgotten first.
_MOST_TOMBSTONES = 100_000

_DRAFT_FIELDS = tuple(field.name for field in fields(Draft))


class MemoryStore:
    """All jobs of one namespace, gone with the process.

    Args:
        capacity: The most jobs it holds at a time.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._reset()

    def _reset(self) -> None:
        self._records: dict[str, Record] = {}
        self._ids: dict[int, str] = {}
        self._sequences: dict[str | None, list[int]] = {None: []}
        self._tombstones: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._moments: dict[Transition, list[tuple[float, int]]] = {kind: [] for kind in Transition}
        self._next = 1

    async def add(self, draft: Draft, make_id: MakeId, polls: Polls = NO_POLLS) -> Video:
        if len(self._records) >= self._capacity:
            raise StoreFull(self._capacity)
        sequence = self._next
        self._next += 1
        facts = {name: getattr(draft, name) for name in _DRAFT_FIELDS}
        video = Video(**facts, sequence=sequence, id=make_id(sequence))
        self._keep(Record(video, polls))
        self._ids[sequence] = video.id
        self._sequences[None].append(sequence)
        self._sequences.setdefault(video.project, []).append(sequence)
        return video

    async def get(self, project: str | None, video_id: str) -> Record | None:
        record = self._records.get(video_id)
        if record is None or project not in (None, record.video.project):
            return None
        return record

    async def observe(self, project: str, video_id: str, now: float) -> Record | None:
        record = self._records.get(video_id)
        if record is None or record.video.project != project:
            return None
        polls = observed(record.video, record.polls, now)
        if polls is record.polls:
            return record
        return self._swap(record, Record(record.video, polls))

    async def page(self, project: str | None, request: PageRequest) -> Page[Record]:
        sequences = self._sequences.get(project, [])
        ascending = request.order is Order.ASCENDING
        start = 0 if ascending else len(sequences)
        if request.after is not None:
            cursor = self._place(project, request.after)
            if cursor is None:
                return Page((), has_more=False)
            start = (bisect_right if ascending else bisect_left)(sequences, cursor)
        indexes = range(start, len(sequences)) if ascending else range(start - 1, -1, -1)
        items = [
            self._records[self._ids[sequences[index]]] for index in islice(indexes, request.limit)
        ]
        return Page(items, has_more=len(indexes) > len(items))

    async def force(self, video_id: str, end: Forced) -> Video | None:
        record = self._records.get(video_id)
        if record is None:
            return None
        video = replace(record.video, forced=end)
        self._swap(record, Record(video, record.polls))
        return video

    async def remove(self, project: str, video_id: str) -> bool:
        record = self._records.get(video_id)
        if record is None or record.video.project != project:
            return False
        del self._records[video_id]
        self._forget_moments(record)
        sequence = record.video.sequence
        del self._ids[sequence]
        for sequences in (self._sequences[None], self._sequences[project]):
            del sequences[bisect_left(sequences, sequence)]
        self._tombstones[video_id] = (project, sequence)
        if len(self._tombstones) > _MOST_TOMBSTONES:
            self._tombstones.popitem(last=False)
        return True

    async def due_between(self, after: float, until: float) -> Sequence[Due]:
        due = [
            Due(moment, sequence, kind)
            for kind, moments in self._moments.items()
            for moment, sequence in moments[
                bisect_right(moments, (after, math.inf)) : bisect_right(moments, (until, math.inf))
            ]
        ]
        # Stable: of one job at one moment, the start comes before the end.
        return sorted(due, key=lambda one: (one.moment, one.sequence))

    async def counts(self, now: float) -> dict[Status, int]:
        reached = {
            kind: bisect_right(moments, (now, math.inf)) for kind, moments in self._moments.items()
        }
        started, completed, failed = (reached[kind] for kind in Transition)
        return {
            Status.QUEUED: len(self._records) - started,
            Status.PROCESSING: started - completed - failed,
            Status.COMPLETED: completed,
            Status.FAILED: failed,
        }

    async def clear(self) -> None:
        self._reset()

    def _place(self, project: str | None, video_id: str) -> int | None:
        record = self._records.get(video_id)
        if record is None:
            owner, sequence = self._tombstones.get(video_id, (None, None))
        else:
            owner, sequence = record.video.project, record.video.sequence
        return sequence if project in (None, owner) else None

    def _keep(self, record: Record) -> None:
        self._records[record.video.id] = record
        for kind, moment in _transitions(record):
            insort(self._moments[kind], (moment, record.video.sequence))

    def _swap(self, old: Record, new: Record) -> Record:
        self._forget_moments(old)
        self._keep(new)
        return new

    def _forget_moments(self, record: Record) -> None:
        for kind, moment in _transitions(record):
            moments = self._moments[kind]
            del moments[bisect_left(moments, (moment, record.video.sequence))]


def _transitions(record: Record) -> list[tuple[Transition, float]]:
    """The transitions of a job whose moments are known, however far ahead."""
    video, polls = record.video, record.polls
    end = ended_at(video, polls)
    # A job that is ended by hand while it waits starts and ends at once.
    start = min(started_at(video, polls), end)
    ending = Transition.COMPLETED if failure(video) is None else Transition.FAILED
    moments = ((Transition.STARTED, start), (ending, end))
    return [(kind, moment) for kind, moment in moments if math.isfinite(moment)]
