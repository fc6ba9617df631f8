"""What is counted of one namespace for whoever monitors it.

Counts only ever go up, whatever is reset or forgotten: those who read them look at differences.
Each request costs one look-up here, as polls are what clients do most.
"""

from bisect import bisect_left

from fauxreel.domain.operations import Operation
from fauxreel.journal import Request

# The upper bounds of durations, in seconds; a poll takes a part of the first millisecond.
BOUNDS = (
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip

_BOUNDS_NS = tuple(round(bound * 1_000_000_000) for bound in BOUNDS)

# Surface, operation and status of requests; the status is None where no whole answer arrived.
Kind = tuple[str | None, Operation | None, int | None]


class Durations:
    """How many requests of one kind took how long: those up to each bound, and beyond the last."""

    __slots__ = ("counts", "sum_ns")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.sum_ns = 0

    def add(self, other: "Durations") -> None:
        """Adds those of another one."""
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.sum_ns += other.sum_ns


class Tally:
    """The counts of one namespace."""

    def __init__(self) -> None:
        self.requests: dict[Kind, Durations] = {}
        self.faults: dict[str, int] = {}
        self.diagnostics: dict[str, int] = {}

    def count(self, request: Request) -> None:
        """Counts a request that was just answered, and what was done to it."""
        kind = request.surface, request.operation, request.status
        durations = self.requests.get(kind)
        if durations is None:
            durations = self.requests[kind] = Durations()
        took = (request.ended_ns or 0) - request.started_ns
        durations.sum_ns += took
        durations.counts[bisect_left(_BOUNDS_NS, took)] += 1
        for name in request.faults:
            self.faults[name] = self.faults.get(name, 0) + 1

    def diagnosed(self, code: str) -> None:
        """Counts a defect of a client."""
        self.diagnostics[code] = self.diagnostics.get(code, 0) + 1

    def add(self, other: "Tally") -> None:
        """Adds the counts of another one."""
        for kind, durations in other.requests.items():
            self.requests.setdefault(kind, Durations()).add(durations)
        for mine, its in ((self.faults, other.faults), (self.diagnostics, other.diagnostics)):
            for name, count in its.items():
                mine[name] = mine.get(name, 0) + count

    def retire(self, into: "Tally") -> None:
        """Hands all counts to another one, and those of requests that are still under way."""
        if self.requests is into.requests:
            return
        into.add(self)
        self.requests, self.faults = into.requests, into.faults
        self.diagnostics = into.diagnostics
