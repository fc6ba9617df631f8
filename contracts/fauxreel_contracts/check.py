"""Runs one clause, and keeps what shows how it differs, without the key."""

from fauxreel_contracts.clause import Clause
from fauxreel_contracts.curl import curl
from fauxreel_contracts.expect import Inconclusive, Violation
from fauxreel_contracts.jobs import Unavailable
from fauxreel_contracts.result import Difference, Result, Verdict
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, NoAnswer

_LONGEST_ANSWER = 2000


def check(session: Session, clause: Clause) -> Result:
    """Runs one clause."""
    session.begin(clause)
    started = session.clock.now()
    verdict, note, difference = Verdict.HOLDS, "", None
    try:
        clause.check(session)
    except Violation as violation:
        difference = _difference(session, clause, violation)
    except NoAnswer as error:
        difference = _unanswered(session, clause, error)
    except Unavailable as error:
        verdict, note = Verdict.BLOCKED, str(error)
    except Inconclusive as error:
        verdict, note = Verdict.UNTOLD, str(error)
    except Exception as error:  # noqa: BLE001 - a defect of one clause must not end the run
        verdict, note = Verdict.BROKEN, f"{type(error).__name__}: {error}"
    deviation = session.target.profile.deviation(clause.id)
    if difference is not None:
        verdict = Verdict.KNOWN if deviation else Verdict.DIFFERS
        note = deviation
    elif verdict is Verdict.HOLDS and deviation:
        note = f"holds, though known to differ: {deviation}"
    took = session.clock.now() - started
    evidence = clause.evidence_in(session.target.dialect)
    return Result(clause, evidence, verdict, took, note, difference)


def _difference(session: Session, clause: Clause, violation: Violation) -> Difference:
    answer = violation.answer or next((a for _, a in reversed(session.calls) if a), None)
    return Difference(
        expected=_hidden(session, violation.expected),
        got=_hidden(session, violation.got),
        why=violation.why or clause.why,
        request=_curl(session, answer.call) if answer else "",
        answer=_hidden(session, shown(answer)) if answer else "",
    )


def _unanswered(session: Session, clause: Clause, error: NoAnswer) -> Difference:
    return Difference(
        "an answer", _hidden(session, str(error)), clause.why, _curl(session, error.call), ""
    )


def _curl(session: Session, call: Call) -> str:
    return curl(call, session.target.base_url, session.target.secret)


def _hidden(session: Session, text: str) -> str:
    secret = session.target.secret
    return secret.hidden(text) if secret else text


def shown(answer: Answer) -> str:
    """An answer as text: status, headers, and the beginning of its body."""
    head = [f"{answer.status}", *(f"{name}: {value}" for name, value in answer.headers)]
    if answer.content_type.startswith(("video/", "image/")):
        body = f"({len(answer.body)} bytes)"
    else:
        body = answer.body[:_LONGEST_ANSWER].decode(errors="replace")
        body += "…" if len(answer.body) > _LONGEST_ANSWER else ""
    return "\n".join([*head, "", body])
