"""What of a namespace outlives its process, beside its jobs: its time, and the rules added to it.

Time is kept as a line over real time, which is written when it bends and not while it runs, so
that it never goes back, whenever the process is killed.
"""

import logging

from fauxreel.clock import Clock, ClockKind, real_now
from fauxreel.faults.book import Entry, ReadText, RuleBook
from fauxreel.store.keep import Keep, KeptRule, Line

logger = logging.getLogger("fauxreel")

# The `auto` clock moves with the polls: a moment so many seconds ahead is kept, and a new one
# well before it is reached, instead of one for each poll.
_AHEAD_SECONDS = 120.0


class LastingClock:
    """A clock whose time goes on where it stood, or later, in the next process.

    Args:
        clock: What keeps the time.
        speed: How many times faster than real time it runs while it is not frozen.
        keep: Where its line is kept.
    """

    def __init__(self, clock: Clock, speed: float, keep: Keep) -> None:
        self.kind: ClockKind = clock.kind
        self.now = clock.now
        self._clock = clock
        self._speed = speed
        self._keep = keep
        self._lead = _AHEAD_SECONDS if self.kind is ClockKind.AUTO else 0.0
        self._kept = self.now() + self._lead
        keep.note_time(self._line(self._kept, frozen=clock.frozen))

    @property
    def frozen(self) -> bool:
        return self._clock.frozen

    def advance(self, seconds: float) -> None:
        # Kept first: whoever was told of a moment finds it passed.
        self._bend(self.now() + seconds, frozen=self._clock.frozen)
        self._clock.advance(seconds)

    def freeze(self) -> None:
        self._bend(self.now(), frozen=True)
        self._clock.freeze()

    def resume(self) -> None:
        self._clock.resume()
        self._bend(self.now(), frozen=False)

    def polled(self) -> None:
        self._clock.polled()
        if self._lead and self.now() + self._lead / 2 > self._kept:
            self._kept = self.now() + self._lead
            self._keep.note_time(self._line(self._kept, frozen=True))

    def settle(self) -> None:
        """Keeps where time stands at the end."""
        self._keep.note_time(self._line(self.now(), frozen=self._clock.frozen))

    def _bend(self, moment: float, *, frozen: bool) -> None:
        self._kept = moment + self._lead
        self._keep.keep_time(self._line(self._kept, frozen=frozen))

    def _line(self, moment: float, *, frozen: bool) -> Line:
        return Line(moment, real_now(), 0.0 if frozen else self._speed)


def caught_up(clock: Clock, keep: Keep) -> Clock:
    """The clock, not before what an earlier process was told."""
    kept = 0.0 if keep.time is None else keep.time.at(real_now())
    clock.advance(max(0.0, max(kept, keep.floor) - clock.now()))
    return clock


def kept_rule(entry: Entry) -> KeptRule:
    """What is kept of a rule."""
    return KeptRule(entry.id, entry.rule.text, entry.added, entry.matched, entry.fired)


def restore_rules(book: RuleBook, keep: Keep, read: ReadText) -> None:
    """Puts the rules into the book that were added in an earlier process.

    Args:
        read: Reads them; what they may do was decided when they were added.
    """
    from fauxreel.faults.source import RuleError

    entries: list[Entry] = []
    for one in keep.rules:
        try:
            (rule,) = read(one.text, one.id)
        except RuleError as error:  # as of one that serves a file which is gone
            logger.warning("the store's rule %s is left out: %s", one.id, error)
            continue
        entries.append(Entry(one.id, rule, "added", one.added, one.matched, one.fired))
    book.restore(entries, keep.last_rule)
