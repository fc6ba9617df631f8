"""What measured rounds say together: medians, and ratios of what was measured side by side.

A machine's speed changes from minute to minute, and that of two servers in the same round changes
together: so the ratio is taken in each round, and the median of the ratios counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some numbers, and the lowest and highest of them."""

    median: float
    low: float
    high: float


def spread(numbers: Iterable[float]) -> Spread | None:
    """The spread of the numbers; None without any."""
    known = list(numbers)
    return Spread(median(known), min(known), max(known)) if known else None


def paired(mine: Sequence[float | None], theirs: Sequence[float | None]) -> Spread | None:
    """The ratio of mine to theirs, round by round; rounds in which one is missing do not count."""
    return spread(
        one / other for one, other in zip(mine, theirs, strict=True) if one is not None and other
    )


def rotated(items: Sequence[T], turn: int) -> list[T]:
    """The items in the order of a turn: each stands in each place once, so that no place counts."""
    first = turn % len(items) if items else 0
    return [*items[first:], *items[:first]]
