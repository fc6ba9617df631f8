"""Where jobs are kept: the protocol that every store fulfils.

A store assigns the sequence and the id, orders by the sequence, counts polls atomically, and
keeps the moments at which jobs start and end in order, so that nobody has to scan for them.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import Draft, Forced, Polls, Status, Video
from fauxreel.ledger import Booking, Ledger

T = TypeVar("T")

MakeId = Callable[[int], str]


class Record(Struct, frozen=True, gc=False):
    """A stored job and how often it was polled."""

    video: Video
    polls: Polls


class Transition(StrEnum):
    """In the order in which they happen to a job."""

    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"


class Due(Struct, frozen=True):
    """A transition of one job, at a moment in emulated seconds."""

    moment: float
    sequence: int
    transition: Transition


class Shelf(Protocol[T]):
    """Uploaded things of one kind, by project, in the order in which they came."""

    async def add(self, project: str, make: Callable[[int], tuple[str, T]]) -> T:
        """Stores the thing that `make` makes, with its id, from the next sequence.

        Raises:
            StoreFull: It holds as many as it may.
        """
        ...

    async def get(self, project: str, item_id: str) -> T | None:
        """The thing, if it is this project's."""
        ...

    async def page(self, project: str, request: PageRequest) -> Page[T]:
        """A page of the project's things."""
        ...

    async def remove(self, project: str, item_id: str) -> bool:
        """Forgets a thing of the project; whether there was one."""
        ...


class Store(Protocol):
    """Jobs, characters, files and bills by project. All of it runs on the server's event loop.

    One that something outside can break, such as a disk, has `control.readiness.Troubled`, too.
    """

    @property
    def characters(self) -> Shelf[Character]: ...

    @property
    def files(self) -> Shelf[StoredFile]: ...

    @property
    def ledger(self) -> Ledger: ...

    async def add(
        self,
        draft: Draft,
        make_id: MakeId,
        polls: Polls = ...,
        booking: Booking | None = ...,
    ) -> Video:
        """Stores a job, giving it the next sequence and the id that `make_id` derives from it,
        and books what it would have cost.

        Raises:
            StoreFull: It holds as many jobs as it may.
        """
        ...

    async def get(self, project: str | None, video_id: str) -> Record | None:
        """The job, if it is this project's; `None` for a project means any."""
        ...

    async def observe(self, project: str, video_id: str, now: float) -> Record | None:
        """The job after one more poll at `now`; jobs timed in seconds are not written."""
        ...

    async def page(self, project: str | None, request: PageRequest) -> Page[Record]:
        """A page of the project's jobs, in order of their sequence; `None` lists all."""
        ...

    async def force(self, video_id: str, end: Forced) -> Video | None:
        """Ends a job by hand."""
        ...

    async def remove(self, project: str, video_id: str) -> bool:
        """Forgets a job of the project; whether there was one."""
        ...

    async def due_between(self, after: float, until: float) -> Sequence[Due]:
        """All transitions with `after` < moment <= `until`, in order."""
        ...

    async def counts(self, now: float) -> dict[Status, int]:
        """How many jobs are in each state."""
        ...

    async def clear(self) -> None:
        """Forgets everything, the sequence too."""
        ...
