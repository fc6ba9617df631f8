"""Retrieving a video: its shape at the end, and what is not there."""

import re
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses import shapes
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import inferred, measured, specified, verbatim
from fauxreel_contracts.session import Session

# Ids of the right form that no server has given.
UNKNOWN = {
    Dialect.OPENAI: "video_" + "0" * 48,
    Dialect.AZURE: "video_" + "0" * 32,
    Dialect.AZURE_JOBS: "task_" + "0" * 26,
    Dialect.LITELLM: "video_" + "0" * 48,
}
_ALL = tuple(Dialect)
_VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
_ENVELOPE = (Dialect.OPENAI, Dialect.AZURE)
_ANSWERS = verbatim("openai", "whole answers that users of the API published")
_AZURE = verbatim("azure", "whole answers that users of the API published", "2026-09")
_JOBS = verbatim("azure", "the samples of Microsoft's documentation, from a live service", "2025")
_PROXY = measured("litellm proxy", "version 1.109.1, run locally")
_WHERE = {Dialect.AZURE: _AZURE, Dialect.AZURE_JOBS: _JOBS, Dialect.LITELLM: _PROXY}
_NOT_FOUND = verbatim("openai", "text kept by a client as taken from real responses", "2025")
_AZURE_NOT_FOUND = inferred("azure", "unseen; the service behind both is the same")


def _status(session: Session) -> None:
    session.completed()
    for answer in session.life().polls:
        expect.status(answer, 200)
        expect.content_type(answer, "application/json")


def _types(session: Session) -> None:
    session.completed()
    last = session.life().last
    shapes.check_types(session, expect.body(last), last)


def _keys(session: Session) -> None:
    session.completed()
    last = session.life().last
    shapes.check_keys(session, expect.body(last), last)


def _order(session: Session) -> None:
    session.completed()
    last = session.life().last
    shapes.check_order(session, expect.body(last), last)


def _same_again(session: Session) -> None:
    before = session.completed()
    answer = session.get(session.path(session.life().id))
    expect.same(dict(expect.body(expect.status(answer, 200))), dict(before), "the video", answer)


def _unknown_is_404(session: Session) -> None:
    answer = session.get(session.path(UNKNOWN[session.target.dialect]))
    expect.error(answer, 404, type="invalid_request_error")


def _unknown_is_no_success(session: Session) -> None:
    answer = session.get(session.path(UNKNOWN[session.target.dialect]))
    expect.status(answer, 404)


def _unknown_words(session: Session) -> None:
    video_id = UNKNOWN[session.target.dialect]
    answer = session.get(session.path(video_id))
    expect.error(answer, 404, message=f"Video with id '{video_id}' not found.")


def _no_such_path(session: Session) -> None:
    path = session.path(UNKNOWN[session.target.dialect], "file")
    answer = session.get(path)
    expect.error(answer, 404, type="invalid_request_error")
    # What stands before the path is the server's affair: a gateway may have a prefix of its own.
    message = expect.refusal(answer, 404).get("message")
    expect.matching(message, rf"Invalid URL \(GET .*{re.escape(path)}\)", "the message", answer)


def _no_such_path_in_fastapi(session: Session) -> None:
    answer = session.get(session.path(UNKNOWN[session.target.dialect], "file"))
    expect.same(dict(expect.body(expect.status(answer, 404))), {"detail": "Not Found"}, "it")


_retrieve = partial(
    Clause,
    topic=Topic.RETRIEVE,
    evidence=_ANSWERS,
    evidence_by_dialect=_WHERE,
    dialects=_ALL,
    shares=(Shared.FIRST,),
)
_unknown = partial(
    Clause,
    topic=Topic.RETRIEVE,
    evidence=_NOT_FOUND,
    evidence_by_dialect={Dialect.AZURE: _AZURE_NOT_FOUND, Dialect.AZURE_JOBS: _AZURE_NOT_FOUND},
)

CLAUSES = (
    _retrieve(
        id="retrieve.status",
        title="Every retrieve of a job is a 200 with JSON, whatever its state",
        severity=Severity.MUST,
        check=_status,
        why="A poll that is anything else raises in the SDKs.",
    ),
    _retrieve(
        id="retrieve.answer.types",
        title="A completed job has what the SDKs declare, with the types that they declare",
        severity=Severity.MUST,
        check=_types,
        why="Typed SDKs fail on another type; `seconds` is a string.",
    ),
    _retrieve(
        id="retrieve.answer.keys",
        title="A completed job has all keys",
        severity=Severity.SHOULD,
        check=_keys,
        needs=("fields_missing=[]",),
        why="Clients index by key.",
    ),
    _retrieve(
        id="retrieve.answer.order",
        title="The keys stand in the order of the wire, and there are no others",
        severity=Severity.MAY,
        check=_order,
    ),
    _retrieve(
        id="retrieve.again.same",
        title="A job that has ended looks the same whenever it is asked for",
        severity=Severity.SHOULD,
        check=_same_again,
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        why="Clients keep what they were told.",
    ),
    _unknown(
        id="retrieve.unknown",
        title="An unknown id is a 404 in the error envelope",
        severity=Severity.SHOULD,
        check=_unknown_is_404,
        dialects=_ENVELOPE,
        needs=("error_envelope=openai",),
        why="The SDKs raise NotFoundError, and read its message from the envelope.",
    ),
    _unknown(
        id="retrieve.unknown.status",
        title="An unknown id is a 404",
        severity=Severity.MUST,
        check=_unknown_is_no_success,
        dialects=(Dialect.OPENAI, Dialect.AZURE, Dialect.AZURE_JOBS),
        why="The SDKs raise NotFoundError by the status; a 200 is taken for a video.",
    ),
    _unknown(
        id="retrieve.unknown.words",
        title="The 404 names the id",
        severity=Severity.MAY,
        check=_unknown_words,
        dialects=_ENVELOPE,
        needs=("error_envelope=openai",),
    ),
    Clause(
        id="retrieve.path.unknown",
        title="A path below a video that does not exist is a 404 that names it",
        topic=Topic.RETRIEVE,
        severity=Severity.MAY,
        check=_no_such_path,
        needs=("error_envelope=openai",),
        evidence=verbatim("openai", "GET /v1/videos/video_691b…/file", "2025"),
    ),
    Clause(
        id="retrieve.path.detail",
        title="A path below a video that does not exist is a 404 of the web framework",
        topic=Topic.RETRIEVE,
        severity=Severity.MAY,
        check=_no_such_path_in_fastapi,
        dialects=(Dialect.AZURE, Dialect.LITELLM),
        evidence=verbatim("azure", "an unrouted path below /openai/v1", "2026-09"),
        evidence_by_dialect={Dialect.LITELLM: _PROXY},
    ),
)
