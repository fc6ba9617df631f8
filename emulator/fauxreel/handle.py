"""One namespace in the hands of a test: addresses, clients, time, rules, and what came of them.

All of it may be called from any thread; what touches the emulator's state runs on its loop.
"""

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from fauxreel.addresses import Addresses
from fauxreel.diagnostics import Finding
from fauxreel.faults.book import Entry
from fauxreel.inspection import Job, Requests, Usage, jobs_of, settled
from fauxreel.space import Space
from fauxreel.steering import Rules, Time
from fauxreel.verdict import Snapshot

# Failed assertions show the test, and none of this.
__tracebackhide__ = True

T = TypeVar("T")

# Presets that say how long to wait; no test wants to wait a second.
_PATIENT = ("rate_limit", "overloaded")
_SHORT_SECONDS = 0.01


class Handle(Addresses):
    """One namespace in the hands of a test."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.root_url}>"

    @property
    @abstractmethod
    def space(self) -> Space:
        """The namespace."""

    @property
    @abstractmethod
    def serves(self) -> bool:
        """Whether it has a server, with a loop of its own."""

    @abstractmethod
    def on_loop(self, function: Callable[[], T]) -> T:
        """Calls a function on the emulator's loop, and returns what it returns."""

    @abstractmethod
    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the emulator's loop, and returns what it returns."""

    # What is to happen ---------------------------------------------------------------------------

    @property
    def clock(self) -> Time:
        """Its time."""
        return Time(self)

    @property
    def rules(self) -> Rules:
        """Its rules."""
        return Rules(self)

    def next_answer(
        self, error: str | int | None = None, *, times: int = 1, **keys: object
    ) -> Entry:
        """Lets the next request go wrong, or the next ones.

        Args:
            error: A preset such as `rate_limit`, or a status; None for another fault in `keys`.
            keys: Further keys of the rule, such as `operation="retrieve"` or `reset=True`.
                Where a preset says how long to wait, it is 10 ms unless `retry_after` is given.

        Raises:
            RuleError: There is no such fault, or a key is wrong.
        """
        if error in _PATIENT:
            keys = {"retry_after": _SHORT_SECONDS, **keys}
        return self._next("error", error, times, keys)

    def next_job(self, fails: str | None = None, *, times: int = 1, **keys: object) -> Entry:
        """Lets the next job go as it is said, or the next ones.

        Args:
            fails: A failure such as `moderation_blocked`; None for another outcome in `keys`.
            keys: Further keys of the rule, such as `at=40` or `stuck=99`.

        Raises:
            RuleError: There is no such outcome, or a key is wrong.
        """
        return self._next("fail", fails, times, keys)

    def fail_next(self, name: str | int, *, times: int = 1, **keys: object) -> Entry:
        """The next answer or the next job, whichever has a failure of that name.

        Args:
            name: A failure of jobs such as `moderation_blocked`, a preset such as `rate_limit`,
                or a status.

        Raises:
            RuleError: There is no such failure, or one of both kinds (`server_error`), or a key
                is wrong.
        """
        from fauxreel.faults.grammar import RuleError
        from fauxreel.faults.outcomes import FAILURES
        from fauxreel.faults.presets import PRESETS

        if name in FAILURES and name in PRESETS:
            raise RuleError(
                f"fail_next -> {name!r} is a failure of answers and one of jobs: "
                f"say next_answer({name!r}) or next_job({name!r})."
            )
        if name in FAILURES and isinstance(name, str):
            return self.next_job(name, times=times, **keys)
        return self.next_answer(name, times=times, **keys)

    def seed(self, **keys: object) -> list[str]:
        """Puts jobs into the store, in a state of one's choice; their ids.

        Args:
            keys: Those of `POST /_fauxreel/videos`: `count`, `status`, `prompt` and so on.

        Raises:
            BadBody, CannotSeed: A key is wrong, or no such job can be.
        """
        from fauxreel.control.bodies import Seed, read
        from fauxreel.control.seeding import seed_videos

        seeding = seed_videos(self.space, self.project, read(Seed, keys))
        return [video.id for video in self.call(seeding)]

    # What came of it -----------------------------------------------------------------------------

    @property
    def videos(self) -> list[Job]:
        """All jobs as they are now, the oldest first."""
        return self.call(jobs_of(self.space))

    @property
    def requests(self) -> Requests:
        """The journal of requests."""
        return Requests(self)

    @property
    def diagnostics(self) -> list[Finding]:
        """The defects of clients that were seen."""
        return self.on_loop(self.space.diagnostics.findings)

    @property
    def usage(self) -> Usage:
        """What the jobs would have cost."""
        return self.on_loop(lambda: _usage(self.space))

    def snapshot(self) -> Snapshot:
        """All of it as it is now; its `story` is for people."""
        if self.serves:
            self.call(settled(self.space.journal))
        return self.call(self.look())

    async def look(self) -> Snapshot:
        """The same at once, whatever is still under way; to be awaited on the emulator's loop."""
        space = self.space
        return Snapshot(
            self.root_url,
            space.journal.requests(),
            space.rules.entries(),
            await jobs_of(space),
            space.diagnostics.findings(),
            _usage(space),
        )

    # What a test asserts of its client -----------------------------------------------------------

    def assert_created_once(self) -> None:
        """Exactly one request made a job, however often it was tried.

        Raises:
            AssertionError: None did, or several did.
        """
        self._assert(lambda seen: seen.created(1))

    def assert_polled_politely(self) -> None:
        """No job was polled faster than told or long after its end, and no `Retry-After` ignored.

        Raises:
            AssertionError: One was.
        """
        self._assert(Snapshot.impolite)

    def assert_downloaded(self, video: object, variant: str = "video") -> None:
        """A file of a job was downloaded whole, at once or in ranges.

        Args:
            video: The job, or its id.
            variant: `video`, `thumbnail` or `spritesheet`.

        Raises:
            AssertionError: It was not.
        """
        from fauxreel.wire.litellm_ids import unwrapped

        video_id = str(getattr(video, "id", video))
        wrapped = unwrapped(video_id)
        raw = video_id if wrapped is None else wrapped.video_id
        self._assert(lambda seen: seen.not_downloaded(raw, variant))

    def assert_all_fired(self) -> None:
        """Every rule fired at least once.

        Raises:
            AssertionError: One never did.
        """
        self._assert(Snapshot.unfired)

    def assert_no_diagnostics(self) -> None:
        """No client showed an error or a warning; notes do not count.

        Raises:
            AssertionError: One did.
        """
        self._assert(Snapshot.defects)

    def assert_resilient(self, *, jobs: int = 1) -> None:
        """The client came through: all rules fired, so many jobs were made and no more, every
        completed one was downloaded, and no client showed an error or a warning.

        Raises:
            AssertionError: Something is not so; the message names all of it.
        """
        self._assert(
            lambda seen: [
                *seen.unfired(),
                *seen.created(jobs),
                *seen.undelivered(),
                *seen.defects(),
            ]
        )

    def _assert(self, judge: Callable[[Snapshot], list[str]]) -> None:
        seen = self.snapshot()
        if problems := judge(seen):
            raise AssertionError("\n".join((*problems, "", seen.story())))

    def reset(self) -> None:
        """Back to the state after the start."""
        self.call(self.space.reset())

    @property
    def project(self) -> str:
        """The project of the handle's key."""
        from fauxreel.wire.credentials import Keys

        return Keys(self.space.settings.keys, self.space.salt).project(self.api_key)

    def _next(
        self, key: str, value: str | int | None, times: int, keys: Mapping[str, Any]
    ) -> Entry:
        named = {} if value is None else {key: value}
        (entry,) = self.rules.add({**named, **keys, "times": times})
        return entry


def _usage(space: Space) -> Usage:
    return Usage(float(space.ledger.total), tuple(space.ledger.accounts()))
