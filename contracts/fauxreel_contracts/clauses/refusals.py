"""How a refused request is written down: one row, two clauses.

The first says that it is refused, with which status, `type`, `param` and `code`; the second, in
which words. Both look at one answer, which is asked for once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Cost, Severity, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Evidence
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request that is refused.

    Args:
        id: Of the first clause; the second has `.words` at its end.
        title: What is refused, without "is refused".
        call: The request.
        message: The words.
        also: Words that were seen at another time, and do as well.
        facts: What the error says beside them: `param`, `code`, and `type`.
        evidence: Of the status and the facts.
        words_evidence: Of the words, if it is another.
        cost: What it generates if the server takes it.
    """

    id: str
    title: str
    call: Callable[[Session], Call]
    message: str
    facts: Mapping[str, object]
    evidence: Evidence
    words_evidence: Evidence | None = None
    also: tuple[str, ...] = ()
    status: int = 400
    topic: Topic = Topic.VALIDATION
    severity: Severity = Severity.SHOULD
    dialects: tuple[Dialect, ...] = (Dialect.OPENAI, Dialect.AZURE)
    evidence_by_dialect: Mapping[Dialect, Evidence] = field(default_factory=dict[Dialect, Evidence])
    needs: tuple[str, ...] = ()
    cost: Cost = ONE_VIDEO
    why: str = "Clients that send it learn of it by a video that they did not want."

    def clauses(self) -> tuple[Clause, Clause]:
        """That it is refused, and in which words."""
        return self._refused(), self._in_words()

    def _refused(self) -> Clause:
        def check(session: Session) -> None:
            answer = session.refused(self.call(session))
            expect.error(answer, self.status, **self.facts)

        return self._clause(self.id, f"{self.title} is refused", self.severity, check)

    def _in_words(self) -> Clause:
        def check(session: Session) -> None:
            answer = session.refused(self.call(session))
            error = expect.refusal(answer, self.status)
            expect.one_of(error.get("message"), (self.message, *self.also), "the words", answer)

        title = f"{self.title} is refused in the known words"
        evidence = self.words_evidence or self.evidence
        return self._clause(f"{self.id}.words", title, Severity.MAY, check, evidence)

    def _clause(
        self,
        clause_id: str,
        title: str,
        severity: Severity,
        check: Callable[[Session], None],
        evidence: Evidence | None = None,
    ) -> Clause:
        return Clause(
            id=clause_id,
            title=title,
            topic=self.topic,
            evidence=evidence or self.evidence,
            evidence_by_dialect=self.evidence_by_dialect,
            severity=severity,
            check=check,
            dialects=self.dialects,
            needs=("error_envelope=openai", *self.needs),
            cost=self.cost,
            probe=self.id,
            why=self.why,
        )
