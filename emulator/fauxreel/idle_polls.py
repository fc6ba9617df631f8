"""A guard for tests: a job that can never end must not let its client poll for ever."""

import math
from collections import OrderedDict

from fauxreel.domain.refusals import NeverEnds
from fauxreel.domain.timeline import InPolls
from fauxreel.domain.video import Polls, Video, ended_at

_MOST_JOBS = 10_000


class IdlePolls:
    """Counts retrieves in a row of jobs that nothing moves."""

    def __init__(self) -> None:
        self.most = 0
        # By id: the moment of the last retrieve, and how many came since it.
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count(self, video: Video, polls: Polls, now: float, *, frozen: bool) -> None:
        """Counts one retrieve of an unfinished job.

        Args:
            frozen: Whether time stands still until somebody moves it.

        Raises:
            NeverEnds: It was the last one that is let pass.
        """
        # The end of a job timed in polls is not known before it comes.
        stuck = (
            video.timeline.stuck_at is not None
            if isinstance(video.timeline, InPolls)
            else math.isinf(ended_at(video, polls))
        )
        stands_still = frozen and not isinstance(video.timeline, InPolls)
        if not (stuck or stands_still):
            self._counts.pop(video.id, None)
            return
        moment, count = self._counts.get(video.id, (now, 0))
        count = count + 1 if stuck or moment == now else 1
        self._counts[video.id] = (now, count)
        self._counts.move_to_end(video.id)
        if len(self._counts) > _MOST_JOBS:
            self._counts.popitem(last=False)
        if count >= self.most:
            reason = (
                "it is stuck, as a rule or a timeline says"
                if stuck
                else "the clock stands still; advance it, or use the clock auto"
            )
            raise NeverEnds(video.id, count, reason)

    def clear(self) -> None:
        """Forgets all counts."""
        self._counts.clear()
