"""The limits of the services: requests a minute, jobs at once, money; off unless they are set.

What they answer when a limit is reached is in `wire.refusal_words`.
"""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from decimal import Decimal

from msgspec import Struct, field

from fauxreel.domain.refusals import QuotaExceeded, RateLimited, TooManyTasks
from fauxreel.turns import Turns

_MINUTE = 60.0
_MOST_PROJECTS = 10_000
# A wait of no milliseconds would read as none at all.
_SHORTEST = 0.001
_AT_ONCE = nullcontext()


class Quotas(Struct, frozen=True):
    """How much there may be; None for any amount.

    Args:
        per_minute: Requests that make a job, in each minute and project (evidence: documented,
            azure: two, and status, list and delete do not count).
        at_once: Unfinished jobs of a project, of those made since there is such a limit
            (evidence: reported, azure: two).
        dollars: What all jobs may cost together.
    """

    per_minute: int | None = None
    at_once: int | None = None
    dollars: Decimal | None = None


# Where there are none it is this very one, so that creates need not look at each.
UNLIMITED = Quotas()


def quotas_of(per_minute: int | None, at_once: int | None, dollars: Decimal | None) -> Quotas:
    """These quotas; `UNLIMITED` where there are none."""
    quotas = Quotas(per_minute, at_once, dollars)
    return UNLIMITED if quotas == UNLIMITED else quotas


class Left(Struct, frozen=True):
    """What is left of a minute's requests.

    Args:
        reset: Seconds until nothing counts any more (evidence: documented, openai).
    """

    limit: int
    remaining: int
    reset: float


class _Project(Struct):
    """What a project did lately: when it asked, and which of its jobs may be unfinished."""

    asked: deque[float] = field(default_factory=deque[float])
    running: list[str] = field(default_factory=list[str])


class Limits:
    """What the projects of one namespace have used up.

    Args:
        now: The time that minutes are counted in.
        unfinished: Whether the job of an id is not ended yet.
    """

    def __init__(
        self, now: Callable[[], float], unfinished: Callable[[str], Awaitable[bool]]
    ) -> None:
        self.quotas = UNLIMITED
        self._now = now
        self._unfinished = unfinished
        self._projects: OrderedDict[str, _Project] = OrderedDict()
        self._turns = Turns()

    async def admit(self, project: str, model: str, spent: Decimal, cost: Decimal) -> None:
        """Counts a request that would make a job.

        Args:
            spent: What all jobs cost until now, in US dollars.
            cost: What this one would.

        Raises:
            RateLimited, TooManyTasks, QuotaExceeded: A limit is reached.
        """
        quotas = self.quotas
        if quotas.per_minute is not None:
            self._count(project, model, quotas.per_minute)
        if quotas.at_once is not None:
            known = self._project(project)
            ended = {one for one in tuple(known.running) if not await self._unfinished(one)}
            known.running = [one for one in known.running if one not in ended]
            if len(known.running) >= quotas.at_once:
                raise TooManyTasks
        if quotas.dollars is not None and spent + cost > quotas.dollars:
            raise QuotaExceeded

    def turn(self) -> AbstractAsyncContextManager[None]:
        """What a job is admitted and stored in, so that no other one is admitted in between."""
        if self.quotas.at_once is None and self.quotas.dollars is None:
            return _AT_ONCE
        return self._turns.turn("")

    def started(self, project: str, video_id: str) -> None:
        """Notes a job that was admitted."""
        if self.quotas.at_once is not None:
            self._project(project).running.append(video_id)

    def left(self, project: str) -> Left | None:
        """What is left of this minute; None without a limit."""
        limit = self.quotas.per_minute
        if limit is None:
            return None
        asked = self._recent(self._project(project))
        reset = asked[-1] + _MINUTE - self._now() if asked else 0.0
        return Left(limit, max(0, limit - len(asked)), reset)

    def clear(self) -> None:
        """Forgets what was used up."""
        self._projects.clear()

    def _count(self, project: str, model: str, limit: int) -> None:
        asked = self._recent(self._project(project))
        if len(asked) >= limit:
            # When the window has room again: once the oldest of the counted ones is a minute old.
            wait = asked[len(asked) - limit] + _MINUTE - self._now()
            raise RateLimited(model, max(wait, _SHORTEST), limit)
        asked.append(self._now())

    def _recent(self, project: _Project) -> deque[float]:
        asked, now = project.asked, self._now()
        # What comes after now was counted by another clock.
        while asked and not now - _MINUTE < asked[0] <= now:
            asked.popleft()
        return asked

    def _project(self, name: str) -> _Project:
        known = self._projects.setdefault(name, _Project())
        self._projects.move_to_end(name)
        if len(self._projects) > _MOST_PROJECTS:
            self._projects.popitem(last=False)
        return known
