"""What a test reads of an emulator: its jobs, its journal with waits, and its bill."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, Protocol, TypeVar, overload

from msgspec import Struct

from fauxreel.domain.operations import NAMED
from fauxreel.domain.paging import Order, PageRequest
from fauxreel.domain.video import JobError, Status, view
from fauxreel.journal import Filter, Journal, Request
from fauxreel.ledger import Account
from fauxreel.space import Space
from fauxreel.story import several, timeline

T = TypeVar("T")

_MOST_JOBS = 10_000
_VALID = Filter.__struct_fields__


class Job(Struct, frozen=True):
    """A job as it is at one moment.

    Args:
        status: `queued`, `processing`, `completed` or `failed`, whatever a surface calls it.
        expired: Whether its files are gone.
    """

    id: str
    status: Status
    progress: int
    model: str
    prompt: str
    seconds: int
    size: str
    surface: str
    error: JobError | None
    expired: bool
    source_id: str | None


class Usage(Struct, frozen=True):
    """What the jobs would have cost, in US dollars."""

    dollars: float
    accounts: tuple[Account, ...]


class Holder(Protocol):
    """Who has a namespace and its loop."""

    @property
    def space(self) -> Space: ...

    @property
    def serves(self) -> bool: ...

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T: ...

    def on_loop(self, function: Callable[[], T]) -> T: ...


async def jobs_of(space: Space) -> list[Job]:
    """All jobs of a namespace, the oldest first."""
    page = await space.store.page(None, PageRequest(_MOST_JOBS, order=Order.ASCENDING))
    now = space.clock.now()
    found: list[Job] = []
    for record in page.items:
        video, seen = record.video, view(record.video, now, record.polls)
        found.append(
            Job(
                video.id,
                seen.status,
                seen.progress,
                video.model,
                video.prompt,
                video.seconds,
                video.size,
                video.surface,
                seen.error,
                seen.expired,
                video.source_id,
            )
        )
    return found


async def in_thread(function: Callable[[], T]) -> T:
    """Calls what blocks, while other tasks run on, of asyncio or of trio."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        from anyio import to_thread

        return await to_thread.run_sync(function)
    # Its threads are gone when the loop is, which anyio's are only soon after.
    return await asyncio.to_thread(function)


_NO_SERVER = (
    "so far, and without a server none can come while this waits: `await requests.arrived()` does"
)

# How long answers under way may take to be looked at as what they become.
_SETTLING_SECONDS = 0.25


async def settled(journal: Journal) -> list[Request]:
    """All requests, once those under way are answered or a moment has passed.

    A client may know before the emulator does that an answer broke off.
    """
    found = journal.requests()
    if _answered(found) < len(found):
        return await journal.wait(Filter(), len(found), _SETTLING_SECONDS)
    return found


class Requests:
    """The journal of one namespace, as a sequence of its requests."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def __iter__(self) -> Iterator[Request]:
        return iter(self._found(Filter()))

    def __len__(self) -> int:
        return len(self._found(Filter()))

    @overload
    def __getitem__(self, index: int) -> Request: ...

    @overload
    def __getitem__(self, index: slice) -> list[Request]: ...

    def __getitem__(self, index: int | slice) -> Request | list[Request]:
        return self._found(Filter())[index]

    def __repr__(self) -> str:
        found = self._found(Filter())
        return "\n".join([f"<{several(len(found), 'request')}>", *timeline(found)])

    def matching(self, **wanted: Any) -> list[Request]:
        """Those of which all of this is so.

        Args:
            wanted: `surface`, `operation`, `method`, `status`, `video_id`, `rule`, `key`, and
                `after`, a sequence.

        Raises:
            ValueError: No request can be so.
        """
        return self._found(_filter(wanted))

    def wait(self, count: int = 1, *, seconds: float = 5.0, **wanted: Any) -> list[Request]:
        """Those of which all of this is so, once so many were answered.

        Args:
            seconds: Real seconds to wait at most.
            wanted: As for `matching`.

        Raises:
            TimeoutError: Fewer came in that time, or came already where no server runs, which
                would answer more meanwhile; the message tells what did.
            ValueError: No request can be so.
        """
        chosen = _filter(wanted)
        found = self._found(chosen)
        if not self._holder.serves:
            return self._enough(found, count, _NO_SERVER, wanted)
        if _answered(found) < count:
            found = self._holder.call(self._journal.wait(chosen, count, seconds))
        return self._enough(found, count, f"within {seconds:g} s", wanted)

    async def arrived(
        self, count: int = 1, *, seconds: float = 5.0, **wanted: Any
    ) -> list[Request]:
        """The same for asynchronous tests: other tasks run on while it waits."""
        if self._holder.serves:
            return await in_thread(partial(self.wait, count, seconds=seconds, **wanted))
        found = await self._journal.wait(_filter(wanted), count, seconds)
        return self._enough(found, count, f"within {seconds:g} s", wanted)

    @property
    def _journal(self) -> Journal:
        return self._holder.space.journal

    def _found(self, wanted: Filter) -> list[Request]:
        return self._holder.on_loop(lambda: self._journal.requests(wanted))

    def _enough(
        self, found: list[Request], count: int, until: str, wanted: dict[str, Any]
    ) -> list[Request]:
        answered = _answered(found)
        if answered >= count:
            return found
        what = " ".join(f"{name}={value}" for name, value in wanted.items()) or "requests"
        raise TimeoutError(
            f"{answered} of {count} came {until} ({what}).\n" + "\n".join(timeline(list(self)))
        )


def _answered(found: list[Request]) -> int:
    return sum(request.ended_ns is not None for request in found)


def _filter(wanted: dict[str, Any]) -> Filter:
    """The filter, unless it is one that lets nothing through."""
    for name, value in wanted.items():
        if name not in _VALID:
            raise ValueError(f"{name!r} is nothing to look for. Valid: {', '.join(_VALID)}.")
        values = NAMED.get(name)
        if values is not None and value is not None and value not in values:
            raise ValueError(f"{name} -> {value!r} is not one. Valid: {', '.join(values)}.")
    return Filter(**wanted)
