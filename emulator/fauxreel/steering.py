"""What a test does to a namespace while it runs: its rules, and its time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from fauxreel.clock import LONGEST_ADVANCE_SECONDS
from fauxreel.faults.book import Entry
from fauxreel.space import Space

T = TypeVar("T")


class Holder(Protocol):
    """Who has a namespace and its loop."""

    @property
    def space(self) -> Space: ...

    def on_loop(self, function: Callable[[], T]) -> T: ...


class Rules:
    """The rules of one namespace."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def add(self, rule: str | Mapping[str, object] | None = None, **keys: object) -> list[Entry]:
        """Adds rules: a text, a table, or the keys of one rule as arguments.

        Returns:
            The rules in force; `matched` and `fired` go on counting.

        Raises:
            RuleError: One cannot be read.
        """
        given: list[object] = [] if rule is None else [rule]
        if keys:
            given.append(keys)
        space = self._holder.space
        return self._holder.on_loop(lambda: space.add_rules(given, "rule", trusted=True))

    def list(self) -> list[Entry]:
        """All rules, in the order in which they are asked."""
        return self._holder.on_loop(self._holder.space.rules.entries)

    def unfired(self) -> "Sequence[Entry]":
        """Those that never fired."""
        return self._holder.on_loop(self._holder.space.rules.unfired)

    def clear(self) -> None:
        """Removes all that were added."""
        self._holder.on_loop(self._holder.space.rules.clear)


class Time:
    """The clock of one namespace; times are emulated seconds."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    def now(self) -> float:
        """Seconds since 1970."""
        return self._holder.on_loop(self._holder.space.clock.now)

    def advance(self, seconds: float) -> float:
        """Moves time on, and returns where it then stands.

        Raises:
            ValueError: The seconds are not 0 to ten years.
        """
        if not 0 <= seconds <= LONGEST_ADVANCE_SECONDS:
            raise ValueError(
                f"seconds -> {seconds!r} is not from 0 to {LONGEST_ADVANCE_SECONDS} (ten years)."
            )
        self._holder.on_loop(lambda: self._holder.space.clock.advance(seconds))
        return self.now()

    def freeze(self) -> None:
        """Stops time."""
        self._holder.on_loop(self._holder.space.clock.freeze)

    def resume(self) -> None:
        """Lets time run on.

        Raises:
            ClockStandsStill: The clock moves only by hand.
        """
        self._holder.on_loop(self._holder.space.clock.resume)
