"""The only place that reads the time: emulated clocks for jobs, real time for transport.

Emulated time never goes back, whatever the machine's clock does.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

# 2026-01-01T00:00:00Z, where hand-moved clocks start.
EPOCH = 1767225600.0

# How far the `auto` clock moves for a retrieve: what an SDK waits between polls when nobody
# tells it otherwise (evidence: documented, openai-python and openai-node).
AUTO_STEP_SECONDS = 1.0

# The furthest that time is moved at once: ten years. Beyond a date's range nothing could be told.
LONGEST_ADVANCE_SECONDS = 10 * 366 * 86_400

real_now: Callable[[], float] = time.time
real_ns: Callable[[], int] = time.perf_counter_ns


class ClockKind(StrEnum):
    SYSTEM = "system"
    SCALED = "scaled"
    MANUAL = "manual"
    AUTO = "auto"


class Clock(Protocol):
    """The emulated time of one namespace, in seconds since 1970."""

    kind: ClockKind

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved or resumed."""
        ...

    def now(self) -> float:
        """The emulated time."""
        ...

    def advance(self, seconds: float) -> None:
        """Moves time on by so many seconds (0 or more)."""
        ...

    def freeze(self) -> None:
        """Stops time."""
        ...

    def resume(self) -> None:
        """Lets time run on from where it stands.

        Raises:
            ClockStandsStill: The clock moves only by hand.
        """
        ...

    def polled(self) -> None:
        """Tells the clock that a client retrieved an unfinished job."""
        ...


class ClockStandsStill(Exception):
    def __init__(self, kind: ClockKind) -> None:
        super().__init__(f"The clock is {kind.value!r}: it moves only when it is advanced.")


class RunningClock:
    """Follows the machine's clock, `speed` times as fast; can be frozen and pushed ahead."""

    def __init__(self, *, speed: float = 1.0, real: Callable[[], float] = real_now) -> None:
        self.kind = ClockKind.SYSTEM if speed == 1.0 else ClockKind.SCALED
        self.frozen = False
        self._real = real
        self._speed = speed
        self._anchor = real()
        self._base = self._anchor
        self._last = self._base

    def now(self) -> float:
        if self.frozen:
            return self._last
        now = self._base + (self._real() - self._anchor) * self._speed
        if now > self._last:  # noqa: PLR1730 - a call takes as long as the rest
            self._last = now
        return self._last

    def advance(self, seconds: float) -> None:
        self._rebase(self.now() + seconds)

    def freeze(self) -> None:
        self.now()
        self.frozen = True

    def resume(self) -> None:
        if self.frozen:
            self.frozen = False
            self._rebase(self._last)

    def polled(self) -> None:
        pass

    def _rebase(self, now: float) -> None:
        self._anchor = self._real()
        self._base = self._last = now


class ManualClock:
    """Starts at 2026-01-01T00:00:00Z unless told otherwise, and moves only by `advance`."""

    kind = ClockKind.MANUAL

    def __init__(self, start: float = EPOCH) -> None:
        self.frozen = True
        self._now = start

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    def freeze(self) -> None:
        pass

    def resume(self) -> None:
        raise ClockStandsStill(self.kind)

    def polled(self) -> None:
        pass


class AutoClock(ManualClock):
    """Moves by itself, one second for each retrieve of an unfinished job, and by `advance`."""

    kind = ClockKind.AUTO

    def __init__(self, start: float = EPOCH) -> None:
        super().__init__(start)
        self.frozen = False

    def freeze(self) -> None:
        self.frozen = True

    def resume(self) -> None:
        self.frozen = False

    def polled(self) -> None:
        if not self.frozen:
            self._now += AUTO_STEP_SECONDS


def make_clock(kind: ClockKind, speed: float) -> Clock:
    """A clock of this kind; `speed` counts for `scaled` alone."""
    if kind is ClockKind.MANUAL:
        return ManualClock()
    if kind is ClockKind.AUTO:
        return AutoClock()
    return RunningClock(speed=speed if kind is ClockKind.SCALED else 1.0)
