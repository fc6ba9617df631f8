"""Moments in order, in runs of some thousands.

In one long list each moment that is not the last one moves all that come after it: with a million
jobs of several lengths, that takes longer than all the rest of a create.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

# A moment of emulated time, and the sequence of the job to which something happens then.
Moment = tuple[float, int]

_LONGEST_RUN = 4096


class Moments:
    """The moments at which jobs make one transition."""

    def __init__(self) -> None:
        # No run is empty; beside each run, its last moment.
        self._runs: list[list[Moment]] = []
        self._lasts: list[Moment] = []

    def add(self, moment: Moment) -> None:
        """Adds a moment, mostly the last one."""
        if not self._lasts or moment > self._lasts[-1]:
            self._append(moment)
            return
        at = bisect_left(self._lasts, moment)
        run = self._runs[at]
        insort(run, moment)
        if len(run) > _LONGEST_RUN:
            half = len(run) // 2
            self._runs.insert(at + 1, run[half:])
            del run[half:]
            self._lasts.insert(at, run[-1])

    def remove(self, moment: Moment) -> None:
        """Forgets a moment that is there."""
        at = bisect_left(self._lasts, moment)
        run = self._runs[at]
        del run[bisect_left(run, moment)]
        if run:
            self._lasts[at] = run[-1]
        else:
            del self._runs[at], self._lasts[at]

    def reached(self, now: float) -> int:
        """How many moments there are until `now`."""
        end = (now, math.inf)
        at = bisect_right(self._lasts, end)
        rest = bisect_right(self._runs[at], end) if at < len(self._runs) else 0
        return sum(map(len, self._runs[:at])) + rest

    def between(self, after: float, until: float) -> Iterator[Moment]:
        """Those with `after` < moment <= `until`, in order."""
        start, end = (after, math.inf), (until, math.inf)
        for run in self._runs[bisect_right(self._lasts, start) :]:
            some = run[bisect_right(run, start) : bisect_right(run, end)]
            yield from some
            if run[-1] > end:
                return

    def _append(self, moment: Moment) -> None:
        run = self._runs[-1] if self._runs else None
        if run is None or len(run) >= _LONGEST_RUN:
            self._runs.append([moment])
            self._lasts.append(moment)
            return
        run.append(moment)
        self._lasts[-1] = moment
