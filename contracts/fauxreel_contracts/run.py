"""Runs clauses against one target, one after the other, and cleans up whatever happens."""

from collections.abc import Callable, Sequence

from fauxreel_contracts.budget import Plan, plan
from fauxreel_contracts.check import check
from fauxreel_contracts.clause import Clause
from fauxreel_contracts.result import Report, Result, Verdict
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Target

Progress = Callable[[Result], None]


class Run:
    """One run against one target, a clause at a time.

    Args:
        clauses: Those of other dialects are left out.
        free_only: Sends nothing that could generate.
    """

    def __init__(
        self,
        target: Target,
        clauses: Sequence[Clause],
        *,
        free_only: bool = False,
        session: Session | None = None,
    ) -> None:
        self.target = target
        self.clauses = [clause for clause in clauses if target.dialect in clause.dialects]
        self.plan = self._plan(free_only=free_only)
        self.session = session or Session(target)
        self.report = Report(target, worst_dollars=self.plan.dollars, worst_videos=self.plan.videos)
        self._reasons = {clause.id: reason for clause, reason in self.plan.left_out}

    def step(self, clause: Clause) -> Result:
        """Runs one clause, unless the profile or the budget leaves it out."""
        reason = self._unclaimed(clause) or self._reasons.get(clause.id, "")
        if reason:
            evidence = clause.evidence_in(self.target.dialect)
            result = Result(clause, evidence, Verdict.LEFT_OUT, note=reason)
        else:
            result = check(self.session, clause)
        self.report.results.append(result)
        return result

    def settle(self) -> Report:
        """Deletes what was made, and notes what it did cost and what is left."""
        report, jobs = self.report, self.session.jobs
        try:
            report.left_behind = self.session.close()
        except KeyboardInterrupt:  # what is left is listed all the same
            report.interrupted = True
            report.left_behind = jobs.listed()
        ledger = jobs.ledger
        report.videos, report.video_seconds = ledger.videos, ledger.seconds
        report.accidents, report.unknown = tuple(ledger.accidents), tuple(ledger.unknown)
        return report

    def _plan(self, *, free_only: bool) -> Plan:
        return plan(
            [each for each in self.clauses if not self._unclaimed(each)],
            max_spend=self.target.max_spend,
            price=self.target.price_per_second,
            free_only=free_only,
        )

    def _unclaimed(self, clause: Clause) -> str:
        profile = self.target.profile
        need = profile.lacks(clause.needs)
        return f"the profile {profile.name} does not claim {need}" if need else ""


def greet(target: Target) -> None:
    """Asks the server for anything at all.

    Raises:
        TargetError: Nobody answers.
    """
    session = Session(target)
    try:
        session.reach()
    finally:
        session.close()


def run(
    target: Target,
    clauses: Sequence[Clause],
    *,
    free_only: bool = False,
    session: Session | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Runs the clauses of the target's dialect; Ctrl-C ends it early, and cleans up all the same.

    Args:
        progress: Is told of each result.
    """
    whole = Run(target, clauses, free_only=free_only, session=session)
    return follow(whole, progress)


def follow(whole: Run, progress: Progress) -> Report:
    """Runs all clauses of a run."""
    try:
        for clause in whole.clauses:
            progress(whole.step(clause))
    except KeyboardInterrupt:
        whole.report.interrupted = True
    finally:
        whole.settle()
    return whole.report
