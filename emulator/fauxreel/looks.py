"""What jobs look like, computed once for as long as it holds: of the finished ones, for ever.

Lists, which show many jobs that do not move, gain most by it.
"""

from typing import NamedTuple

from fauxreel.domain.video import NO_POLLS, Polls, Video, View, holds_until, view
from fauxreel.memory import Memory
from fauxreel.store import Record

_MOST = 4096


class Seen(NamedTuple):
    """A job and what it looks like now."""

    video: Video
    view: View
    polls: Polls = NO_POLLS


class Looks:
    """The looks of the jobs of one namespace."""

    def __init__(self) -> None:
        self._known: Memory[str, tuple[float, Record, Seen]] = Memory(_MOST)

    def at(self, record: Record, now: float) -> Seen:
        """The job as it looks now; the same object for as long as it looks the same."""
        video = record.video
        known = self._known.get(video.id)
        if known is not None and known[1] is record and now < known[0]:
            return known[2]
        seen = Seen(video, view(video, now, record.polls), record.polls)
        until = holds_until(video, seen.view, now, record.polls)
        if now < until:
            self._known.keep(video.id, (until, record, seen))
        return seen
