"""What remixes, edits and extensions have in common: a completed video, and one made of it.

A clause is a request and what is looked at: its answer, the job at its end, or its bytes. The
same request is sent once in a run, whichever clauses look at it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fauxreel_contracts import expect, media
from fauxreel_contracts.clause import Check, Clause, Shared
from fauxreel_contracts.clauses import shapes
from fauxreel_contracts.clauses.content import download
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.expect import Inconclusive, Violation
from fauxreel_contracts.jobs import Unavailable
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call

PROMPT = "The same boat at night, in the rain"
Request = Callable[[Session], Call]
Video = Mapping[str, Any]
# Looks at a video as an answer shows it.
Look = Callable[[Session, Video, Answer], None]
_ABSENT = (404, 405, 501)
_REFUSED = range(400, 500)


def answered(request: Request, look: Look) -> Check:
    """A check of what the request answers."""

    def check(session: Session) -> None:
        answer = expect.status(session.created_by(request(session)), 200)
        look(session, expect.body(answer), answer)

    return check


def ended(request: Request, look: Look) -> Check:
    """A check of the job that the request made, as it is at its end."""

    def check(session: Session) -> None:
        answer = _followed(session, request)
        look(session, expect.body(answer), answer)

    return check


def _followed(session: Session, request: Request) -> Answer:
    """The job that the request made, as it was retrieved at its end."""
    created = session.created_by(request(session))
    if created.status != 200 or not isinstance(created.fields().get("id"), str):
        raise Unavailable("the video that it is about was not made")
    path = session.path(created.fields()["id"])
    deadline = session.clock.now() + session.target.job_seconds
    answer = expect.status(session.get(path), 200)
    while _running(session, answer):
        if session.clock.now() > deadline:
            raise Unavailable(f"it was not done after {session.target.job_seconds:g} seconds")
        session.clock.wait(session.target.poll_seconds)
        answer = expect.status(session.get(path), 200)
    return answer


def _running(session: Session, answer: Answer) -> bool:
    speech = session.target.speech
    state = answer.fields().get("status")
    return state in speech.states and state not in speech.ended


def movie_of(request: Request, look: Callable[[Session, media.Movie, Answer], None]) -> Check:
    """A check of the bytes that the request made."""

    def check(session: Session) -> None:
        video = expect.body(job := _followed(session, request))
        if video.get("status") != session.target.speech.completed:
            raise Unavailable(f"the video that it is about ended as {video.get('status')!r}")
        path = session.path(str(video["id"]), "content")
        answer = expect.status(session.get(path), 200)
        expect.true(
            answer.body != download(session).body, "other bytes than the source's", "the same", job
        )
        try:
            movie = media.movie(answer.body)
        except media.Unreadable as error:
            raise Violation("a whole mp4", str(error), answer=answer) from None
        look(session, movie, answer)

    return check


# What is looked at


def is_a_video(session: Session, video: Video, at: Answer) -> None:
    """It has what the SDKs declare."""
    shapes.check_types(session, video, at)


def has_an_id_of_its_own(session: Session, video: Video, at: Answer) -> None:
    found = expect.member(video, "id", str, at)
    expect.true(found != session.completed()["id"], "another id than the source's", found, at)


def is_queued(session: Session, video: Video, at: Answer) -> None:
    """It is a new job, of which nothing is known yet."""
    expect.same(video.get("status"), session.target.speech.states[0], "`status`", at)
    for name in ("completed_at", "error", "expires_at"):
        expect.same(video.get(name), None, f"`{name}`", at)


def names_its_source(session: Session, video: Video, at: Answer) -> None:
    source = session.completed()["id"]
    expect.same(video.get("remixed_from_video_id"), source, "`remixed_from_video_id`", at)


def inherits(*names: str) -> Look:
    """These are those of the source."""

    def look(session: Session, video: Video, at: Answer) -> None:
        source = session.completed()
        for name in names:
            expect.same(video.get(name), source.get(name), f"`{name}`", at)

    return look


def shows_its_own_prompt(session: Session, video: Video, at: Answer) -> None:
    del session
    expect.same(video.get("prompt"), PROMPT, "`prompt`", at)


def is_completed(session: Session, video: Video, at: Answer) -> None:
    expect.same(video.get("status"), session.target.speech.completed, "`status`", at)


# What is refused


def of_shared(row: Refusal) -> tuple[Clause, ...]:
    """The clauses of a refusal that is about the first shared video."""
    return tuple(replace(clause, shares=(Shared.FIRST,)) for clause in row.clauses())


def absent(request: Request) -> Check:
    """A check that a server which lacks the route says so by the status."""
    return lambda session: _absent(session.refused(request(session)))


def _absent(answer: Answer) -> None:
    expect.status(answer, *_ABSENT)


def unfinished(request_of: Callable[[Session, str], Call]) -> Check:
    """A check that nothing is made of a video that is not completed: two videos at worst."""

    def check(session: Session) -> None:
        created = session.create()
        if created.status != 200 or not isinstance(created.fields().get("id"), str):
            raise Unavailable("the source was not made")
        source = str(created.fields()["id"])
        answer = session.refused(request_of(session, source))
        if answer.status in _REFUSED:
            return
        seen = session.get(session.path(source)).fields().get("status")
        if seen == session.target.speech.completed:
            raise Inconclusive("the source was completed before anything was made of it")
        expected = "a refusal (4xx), as the source is not completed"
        raise Violation(expected, str(answer.status), answer=answer)

    return check
