"""What a run found: a verdict a clause, and what it takes to see it again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fauxreel_contracts.clause import Clause, Severity
from fauxreel_contracts.evidence import Evidence
from fauxreel_contracts.target import Target


class Verdict(StrEnum):
    """How a clause went."""

    HOLDS = "holds"
    DIFFERS = "differs"  # newly: the profile does not know of it
    KNOWN = "differs as known"
    BLOCKED = "blocked"  # what it looks at could not be made
    UNTOLD = "inconclusive"  # this run could not tell
    LEFT_OUT = "left out"  # the budget, or what the server does not claim
    BROKEN = "broken"  # a defect of the kit


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came.

    Args:
        request: The call as a line of curl, without the key.
        answer: The answer, shortened, without the key.
    """

    expected: str
    got: str
    why: str
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Result:
    """How one clause went.

    Args:
        note: The reason for what is neither held nor broken; how it is known to differ.
    """

    clause: Clause
    evidence: Evidence
    verdict: Verdict
    seconds: float = 0.0
    note: str = ""
    difference: Difference | None = None


@dataclass(slots=True)
class Report:
    """How one target did.

    Args:
        worst_dollars: What the run could have cost, as stated before it.
        videos: How many it made.
        left_behind: A line for each video that could not be deleted.
        accidents: A line for each video that should have been refused.
        unknown: Requests that may have made a video, though no answer named one.
    """

    target: Target
    results: list[Result] = field(default_factory=list[Result])
    worst_dollars: float = 0.0
    worst_videos: int = 0
    videos: int = 0
    video_seconds: float = 0.0
    left_behind: Sequence[str] = ()
    accidents: Sequence[str] = ()
    unknown: Sequence[str] = ()
    interrupted: bool = False

    @property
    def dollars(self) -> float:
        """What it did cost, by the lengths that the server said."""
        return self.video_seconds * self.target.price_per_second

    def count(self, verdict: Verdict, *severities: Severity) -> int:
        """How many clauses of these severities, or of all, went so."""
        wanted = severities or tuple(Severity)
        return sum(
            each.verdict is verdict for each in self.results if each.clause.severity in wanted
        )

    def counts(self) -> Counter[Verdict]:
        """How many clauses went how."""
        return Counter(each.verdict for each in self.results)

    def fails(self, *, strict: bool = False) -> bool:
        """Whether it is a failure.

        Args:
            strict: Whether a `should` counts as a `must`, and so does what could not be told.
        """
        if self.interrupted or any(each.verdict is Verdict.BROKEN for each in self.results):
            return True
        severities = (Severity.MUST, Severity.SHOULD) if strict else (Severity.MUST,)
        failing = [Verdict.DIFFERS, Verdict.BLOCKED]
        if strict:
            failing += [Verdict.UNTOLD]
        return any(self.count(verdict, *severities) for verdict in failing)
