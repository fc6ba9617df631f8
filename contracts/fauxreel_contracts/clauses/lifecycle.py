"""The laws of a job's life, read off the first shared video from its creation to its end."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import inferred, measured, reported, specified, verbatim
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.session import Session

_ALL = tuple(Dialect)
_VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
_ANSWERS = verbatim("openai", "whole answers that users of the API published")
_AZURE = verbatim("azure", "whole answers, and the sequences that users of it printed", "2026-09")
_JOBS = verbatim("azure", "the samples of Microsoft's documentation, from a live service", "2025")
_PROXY = measured("litellm proxy", "version 1.109.1, run locally")
_WHERE = {Dialect.AZURE: _AZURE, Dialect.AZURE_JOBS: _JOBS, Dialect.LITELLM: _PROXY}


def _begins_unfinished(session: Session) -> None:
    life = session.life()
    state = expect.member(expect.body(life.created), "status", str, life.created)
    unfinished = [s for s in session.target.speech.states if s not in session.target.speech.ended]
    expect.one_of(state, unfinished, "the state of a new job", life.created)


def _knows_its_words(session: Session) -> None:
    for answer in session.life().answers:
        state = expect.member(expect.body(answer), "status", str, answer)
        expect.one_of(state, session.target.speech.states, "the state", answer)


def _completes(session: Session) -> None:
    life = session.life()
    state = expect.member(expect.body(life.last), "status", str, life.last)
    expect.same(state, session.target.speech.completed, "the last state", life.last)


def _never_goes_back(session: Session) -> None:
    states = session.target.speech.states
    latest = 0
    for answer in session.life().answers:
        state = expect.member(expect.body(answer), "status", str, answer)
        expect.one_of(state, states, "the state", answer)
        at = states.index(state)
        expect.true(at >= latest, f"no state before {states[latest]!r} any more", state, answer)
        latest = at


def _is_seen_running(session: Session) -> None:
    life = session.life()
    seen = [expect.body(answer).get("status") for answer in life.polls]
    if len(seen) < 3:
        raise Inconclusive("the job was done after two polls")
    running = [s for s in session.target.speech.states[1:] if s not in session.target.speech.ended]
    expect.true(set(seen) & set(running), f"one of {running} on the way", seen, life.last)


def _progress_is_whole(session: Session) -> None:
    for answer in session.life().answers:
        progress = expect.member(expect.body(answer), "progress", int, answer)
        expect.true(0 <= progress <= 100, "`progress` from 0 to 100", progress, answer)


def _progress_never_sinks(session: Session) -> None:
    latest = 0
    for answer in session.life().answers:
        progress = expect.member(expect.body(answer), "progress", (int, float), answer)
        expect.true(progress >= latest, f"`progress` of at least {latest}", progress, answer)
        latest = progress


def _progress_begins_at_zero(session: Session) -> None:
    for answer in session.life().answers:
        fields = expect.body(answer)
        if fields.get("status") == "queued":
            expect.same(fields.get("progress"), 0, "`progress` in the queue", answer)


def _progress_ends_at_hundred(session: Session) -> None:
    session.completed()
    last = session.life().last
    expect.same(expect.body(last).get("progress"), 100, "`progress` at the end", last)


def _hundred_means_done(session: Session) -> None:
    for answer in session.life().answers:
        fields = expect.body(answer)
        if fields.get("progress") == 100:
            expect.same(fields.get("status"), "completed", "the state at 100", answer)


def _id_stays(session: Session) -> None:
    life = session.life()
    for answer in life.polls:
        expect.same(expect.body(answer).get("id"), life.id, "`id`", answer)


def _facts_stay(session: Session) -> None:
    life = session.life()
    first = expect.body(life.created)
    for answer in life.polls:
        later = expect.body(answer)
        for name in ("created_at", "model", "prompt", "seconds", "size", "n_seconds", "width"):
            if name in first:
                expect.same(later.get(name), first[name], f"`{name}`", answer)


def _ends_are_null_before(session: Session) -> None:
    speech = session.target.speech
    ended_at = "finished_at" if session.target.dialect is Dialect.AZURE_JOBS else "completed_at"
    for answer in session.life().answers:
        fields = expect.body(answer)
        if fields.get("status") in speech.ended:
            continue
        for name in (ended_at, "expires_at"):
            expect.keys(fields, [name], answer)
            expect.same(fields[name], None, f"`{name}` of an unfinished job", answer)


def _ends_in_order(session: Session) -> None:
    fields, last = session.completed(), session.life().last
    ended_at = "finished_at" if session.target.dialect is Dialect.AZURE_JOBS else "completed_at"
    created = expect.member(fields, "created_at", int, last)
    completed = expect.member(fields, ended_at, int, last)
    expect.true(completed >= created, f"`{ended_at}` after `created_at`", completed, last)


def _expires_after(session: Session) -> None:
    fields, last = session.completed(), session.life().last
    expires = expect.member(fields, "expires_at", int, last)
    if session.target.dialect is Dialect.AZURE:
        created = expect.member(fields, "created_at", int, last)
        expect.same(expires - created, 86400, "`expires_at` - `created_at`", last)
    else:
        completed = expect.member(fields, "completed_at", int, last)
        expect.same(expires - completed, 3600, "`expires_at` - `completed_at`", last)


def _error_is_null(session: Session) -> None:
    session.completed()
    for answer in session.life().answers:
        fields = expect.body(answer)
        expect.keys(fields, ["error"], answer)
        expect.same(fields["error"], None, "`error` of a job that succeeds", answer)


_law = partial(
    Clause,
    topic=Topic.LIFECYCLE,
    evidence=_ANSWERS,
    evidence_by_dialect=_WHERE,
    dialects=_ALL,
    shares=(Shared.FIRST,),
)

CLAUSES = (
    _law(
        id="lifecycle.begins.unfinished",
        title="A new job is unfinished",
        severity=Severity.MUST,
        check=_begins_unfinished,
        why="The poll helpers of the SDKs poll only while the state is one of these.",
    ),
    _law(
        id="lifecycle.states.words",
        title="Every state is one of the words that the API has",
        severity=Severity.MUST,
        check=_knows_its_words,
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        why="Any other word ends the poll helper of the Python SDK.",
    ),
    _law(
        id="lifecycle.states.completes",
        title="A plain job ends in success",
        severity=Severity.MUST,
        check=_completes,
        why="Poll helpers wait for `completed` or `failed` and would never return.",
    ),
    _law(
        id="lifecycle.states.forward",
        title="A state never goes back",
        severity=Severity.SHOULD,
        check=_never_goes_back,
        why="Clients show progress and stop waiting by the state.",
    ),
    _law(
        id="lifecycle.states.running",
        title="A job that takes a while is seen running",
        severity=Severity.MAY,
        check=_is_seen_running,
        needs=("reports_in_progress",),
    ),
    _law(
        id="lifecycle.progress.whole",
        title="`progress` is a whole number from 0 to 100",
        severity=Severity.MUST,
        check=_progress_is_whole,
        dialects=_VIDEOS,
        why="SDKs and gateways declare it an integer; LiteLLM answers 500 to a fraction.",
    ),
    _law(
        id="lifecycle.progress.forward",
        title="`progress` never sinks",
        severity=Severity.SHOULD,
        check=_progress_never_sinks,
        dialects=_VIDEOS,
        evidence=inferred("openai", "no published sequence sinks"),
        evidence_by_dialect={},
        why="Progress bars run backwards.",
    ),
    _law(
        id="lifecycle.progress.queued",
        title="`progress` is 0 in the queue",
        severity=Severity.MAY,
        check=_progress_begins_at_zero,
        dialects=_VIDEOS,
    ),
    _law(
        id="lifecycle.progress.completed",
        title="`progress` is 100 once completed",
        severity=Severity.SHOULD,
        check=_progress_ends_at_hundred,
        dialects=_VIDEOS,
        why="Progress bars never fill.",
    ),
    _law(
        id="lifecycle.progress.hundred",
        title="`progress` is 100 only once completed; jobs wait at 99",
        severity=Severity.MAY,
        check=_hundred_means_done,
        dialects=_VIDEOS,
        evidence=reported("openai", "users saw jobs stay at 99 before their end", "2025"),
        evidence_by_dialect={},
    ),
    _law(
        id="lifecycle.id.stays",
        title="A job keeps its id",
        severity=Severity.MUST,
        check=_id_stays,
        why="The id of the last poll is what a client downloads by.",
    ),
    _law(
        id="lifecycle.facts.stay",
        title="What was asked for, and when, never changes",
        severity=Severity.SHOULD,
        check=_facts_stay,
        why="Bills and file names are made from it.",
    ),
    _law(
        id="lifecycle.end.null-before",
        title="The moments of end and expiry are null until the end",
        severity=Severity.SHOULD,
        check=_ends_are_null_before,
        why="Clients take a moment that is there for the end.",
    ),
    _law(
        id="lifecycle.end.order",
        title="A job ends after it was created, in whole seconds",
        severity=Severity.SHOULD,
        check=_ends_in_order,
        why="SDKs declare both as integers.",
    ),
    _law(
        id="lifecycle.end.expiry",
        title="The files expire an hour after the end; on Azure a day after the creation",
        severity=Severity.MAY,
        check=_expires_after,
        dialects=_VIDEOS,
    ),
    _law(
        id="lifecycle.error.null",
        title="`error` is null in every answer of a job that succeeds",
        severity=Severity.SHOULD,
        check=_error_is_null,
        dialects=_VIDEOS,
        why="Clients take any error for a failure.",
    ),
)
