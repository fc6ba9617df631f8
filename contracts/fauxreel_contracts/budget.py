"""Money: what a run may cost at worst, settled before it starts, and what it did cost.

The plan leaves out what does not fit; each clause then may send no more requests that could
generate than it declared, so the sum can never be exceeded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fauxreel_contracts.clause import Clause, Cost, Severity, Shared

# A shared video has four seconds, as the shortest that all servers make.
SHARED_COST = Cost(videos=1, seconds=4)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which clauses run, and what that costs at worst.

    Args:
        left_out: The clauses that do not run, each with the reason.
    """

    chosen: tuple[Clause, ...]
    left_out: tuple[tuple[Clause, str], ...]
    videos: int
    seconds: int
    dollars: float


@dataclass(slots=True)
class _Sum:
    price: float
    probes: set[str | Shared] = field(default_factory=set[str | Shared])
    videos: int = 0
    seconds: int = 0
    dollars: float = 0.0

    def added_by(self, clause: Clause) -> list[tuple[str | Shared, Cost]]:
        """What the clause brings that nothing before it brought."""
        own: tuple[str | Shared, Cost] = (clause.probe or clause.id, clause.cost)
        shared = [(each, SHARED_COST) for each in clause.shares]
        return [pair for pair in [own, *shared] if pair[0] not in self.probes]

    def dollars_of(self, cost: Cost) -> float:
        return cost.seconds * cost.factor * self.price

    def add(self, parts: list[tuple[str | Shared, Cost]]) -> None:
        for name, cost in parts:
            self.probes.add(name)
            self.videos += cost.videos
            self.seconds += cost.seconds
            self.dollars += self.dollars_of(cost)


_ORDER = list(Severity)


def plan(
    clauses: Sequence[Clause], *, max_spend: float | None, price: float, free_only: bool = False
) -> Plan:
    """The clauses that may run, the most important first to be let in; in the order given.

    Args:
        max_spend: US dollars; None is no limit.
        price: US dollars for a second of video.
    """
    total = _Sum(price)
    reasons: dict[str, str] = {}
    for clause in sorted(clauses, key=lambda each: _ORDER.index(each.severity)):
        parts = total.added_by(clause)
        dollars = sum(total.dollars_of(cost) for _, cost in parts)
        if free_only and not clause.free:
            reasons[clause.id] = "could generate a video, and the run is a free one"
        elif max_spend is not None and total.dollars + dollars > max_spend + 1e-9:
            reasons[clause.id] = f"could cost ${dollars:.2f} more than --max-spend {max_spend:g}"
        else:
            total.add(parts)
    chosen = tuple(clause for clause in clauses if clause.id not in reasons)
    left_out = tuple((each, reasons[each.id]) for each in clauses if each.id in reasons)
    return Plan(chosen, left_out, total.videos, total.seconds, total.dollars)


class OverAllowance(Exception):
    """A clause would send more that could generate than it declared: a defect of the kit."""


@dataclass(slots=True)
class Allowance:
    """How many requests that could generate the running clause may still send."""

    clause_id: str = ""
    left: int = 0

    def give(self, clause: Clause) -> None:
        """Starts anew for a clause."""
        self.clause_id, self.left = clause.id, clause.cost.videos

    def take(self) -> None:
        """Uses one.

        Raises:
            OverAllowance: There is none left.
        """
        if self.left < 1:
            raise OverAllowance(f"{self.clause_id} declares too few videos in its cost.")
        self.left -= 1
