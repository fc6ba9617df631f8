"""The clauses as tests of pytest: which run against which target, and one run at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.evidence import Grade
from fauxreel_contracts.matrix import opening, summary
from fauxreel_contracts.registry import select
from fauxreel_contracts.result import Report, Result
from fauxreel_contracts.run import Run
from fauxreel_contracts.target import Target, targets_named

Option = Callable[[str], Any]


@dataclass(slots=True)
class Runs:
    """The runs of a test session, by the names of their targets."""

    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    pairs: list[tuple[str, Clause]] = field(default_factory=list[tuple[str, Clause]])
    openings: list[str] = field(default_factory=list[str])
    reports: list[Report] = field(default_factory=list[Report])

    def add(self, target: Target, clauses: list[Clause], *, free_only: bool) -> None:
        """Lets clauses run against one more target."""
        run = self.runs[target.name] = Run(target, clauses, free_only=free_only)
        self.openings.append(opening(target, run.plan))
        self.pairs += [(target.name, clause) for clause in run.clauses]

    def result(self, name: str, clause: Clause) -> Result:
        """How a clause goes against a target."""
        return self.runs[name].step(clause)

    def close(self) -> None:
        """Deletes what was made."""
        self.reports = [run.settle() for run in self.runs.values()]

    def summary(self) -> list[str]:
        """What is said at the end: what it could have cost, and what it did cost."""
        return [*self.openings, *(summary(report) for report in self.reports)]


def runs_of(option: Option, environ: Mapping[str, str]) -> Runs:
    """The tests that the options of pytest ask for.

    Raises:
        TargetError: A target cannot be used.
        UnknownClause: A pattern fits no clause.
    """
    config = option("--fauxreel-config")
    spend = option("--fauxreel-max-spend")
    asked = {
        "profile": option("--fauxreel-profile"),
        "key_variable": option("--fauxreel-key-variable"),
        "max_spend": None if spend is None else float(spend),
    }
    given = {name: value for name, value in asked.items() if value is not None}
    tests = Runs()
    names = option("--fauxreel-target")
    for target in targets_named(names, given, Path(config) if config else None, environ):
        clauses = select(
            option("--fauxreel-clause"),
            topics=[Topic(each) for each in option("--fauxreel-topic")],
            severities=[Severity(each) for each in option("--fauxreel-severity")],
            grades=[Grade(each) for each in option("--fauxreel-grade")],
            dialect=target.dialect,
        )
        tests.add(target, clauses, free_only=option("--fauxreel-free"))
    return tests
