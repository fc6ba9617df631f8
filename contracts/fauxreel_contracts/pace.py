"""Time, as the kit needs it: the only module that reads a clock or waits."""

import time
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """Seconds that only go forward, and waiting."""

    def now(self) -> float: ...

    def wait(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


@dataclass(slots=True)
class Pace:
    """Keeps requests at least some seconds apart."""

    clock: Clock
    seconds: float
    _next: float = field(default=float("-inf"))

    def await_turn(self) -> None:
        """Waits until the next request may be sent."""
        now = self.clock.now()
        if now < self._next:
            self.clock.wait(self._next - now)
        self._next = max(now, self._next) + self.seconds
