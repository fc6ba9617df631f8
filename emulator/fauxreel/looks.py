"""What jobs look like, computed once for as long as it holds: of the finished ones, for ever.

Lists, which show many jobs that do not move, gain most by it.
"""

import math
from operator import is_

from msgspec import Struct

from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import NO_POLLS, Polls, Video, View, holds_until, view
from fauxreel.memory import Memory
from fauxreel.store import Record

_MOST = 4096
_MOST_PAGES = 64


class Seen(Struct, frozen=True):
    """A job and what it looks like now."""

    video: Video
    view: View
    polls: Polls = NO_POLLS


class Looks:
    """The looks of the jobs of one namespace."""

    def __init__(self) -> None:
        self._known: Memory[str, _Look] = Memory(_MOST)
        self._pages: Memory[tuple[str, PageRequest], _PageLook] = Memory(_MOST_PAGES)

    def at(self, record: Record, now: float) -> Seen:
        """The job as it looks now; the same object for as long as it looks the same."""
        return self._at(record, now).seen

    def page(self, asked: tuple[str, PageRequest], found: Page[Record], now: float) -> Page[Seen]:
        """The jobs of a page as they look now; the same object for as long as they look the same.

        Args:
            asked: What the page is one of: the project, and the request for it.
        """
        known = self._pages.get(asked)
        if known is not None and now < known.until and _is_same(known.found, found):
            return known.page
        looks = [self._at(record, now) for record in found.items]
        page = Page([look.seen for look in looks], found.has_more)
        until = min([look.until for look in looks], default=math.inf)
        self._pages.keep(asked, _PageLook(until, found, page))
        return page

    def _at(self, record: Record, now: float) -> "_Look":
        video = record.video
        known = self._known.get(video.id)
        if known is not None and known.record is record and now < known.until:
            return known
        seen = Seen(video, view(video, now, record.polls), record.polls)
        look = _Look(holds_until(video, seen.view, now, record.polls), record, seen)
        if now < look.until:
            self._known.keep(video.id, look)
        return look


class _Look(Struct, frozen=True):
    until: float
    record: Record
    seen: Seen


class _PageLook(Struct, frozen=True):
    until: float
    found: Page[Record]
    page: Page[Seen]


def _is_same(one: Page[Record], other: Page[Record]) -> bool:
    """Whether they hold the very same records: equal ones may be of another time."""
    alike = len(one.items) == len(other.items) and one.has_more == other.has_more
    return alike and all(map(is_, one.items, other.items))
