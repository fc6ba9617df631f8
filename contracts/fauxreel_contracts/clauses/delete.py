"""Deleting: the second shared video is, and then it is nowhere any more.

These run last: what they delete is what others look at.
"""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses.listing import entries, page
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import inferred, measured, specified, verbatim
from fauxreel_contracts.session import SDK_DELETE, Session

_DELETED = (Dialect.OPENAI, Dialect.AZURE, Dialect.AZURE_JOBS)
_ENVELOPE = (Dialect.OPENAI, Dialect.AZURE)
_SEEN = verbatim("openai", "a published answer")
_SPEC = specified("azure", "azure-v1-preview-generated.yaml and the merged Foundry specification")
_WHERE = {Dialect.AZURE: _SPEC, Dialect.AZURE_JOBS: _SPEC}


def _deletes(session: Session) -> None:
    answer = session.deletion()
    expect.true(answer.status in (200, 204), "a success", answer.status, answer)


def _answer(session: Session) -> None:
    answer = expect.status(session.deletion(), 200)
    wanted = {"id": session.life(Shared.SECOND).id, "object": "video.deleted", "deleted": True}
    expect.same(dict(expect.body(answer)), wanted, "the answer", answer)


def _no_body(session: Session) -> None:
    answer = expect.status(session.deletion(), 204)
    expect.true(not answer.body, "no body", answer.body, answer)


def _is_gone(session: Session) -> None:
    session.deletion()
    expect.status(session.get(session.path(session.life(Shared.SECOND).id)), 404)


def _content_is_gone(session: Session) -> None:
    session.deletion()
    expect.status(session.get(session.path(session.life(Shared.SECOND).id, "content")), 404)


def _is_unlisted(session: Session) -> None:
    session.deletion()
    answer = page(session, limit=100)
    deleted = session.life(Shared.SECOND).id
    ids = [video.get("id") for video in entries(answer)]
    expect.true(deleted not in ids, f"{deleted} to be gone from the list", "it is there", answer)


def _spares_others(session: Session) -> None:
    session.deletion()
    expect.status(session.get(session.path(session.life(Shared.FIRST).id)), 200)


def _twice(session: Session) -> None:
    session.deletion()
    path = session.path(session.life(Shared.SECOND).id)
    expect.status(session.get(path, method="DELETE", headers=SDK_DELETE), 404)


def _unknown(session: Session) -> None:
    path = session.path(UNKNOWN[session.target.dialect])
    expect.status(session.get(path, method="DELETE", headers=SDK_DELETE), 404)


def _no_route(session: Session) -> None:
    path = session.path(UNKNOWN[session.target.dialect])
    answer = expect.status(session.get(path, method="DELETE", headers=SDK_DELETE), 405)
    expect.same(dict(expect.body(answer)), {"detail": "Method Not Allowed"}, "the answer", answer)


_delete = partial(
    Clause,
    topic=Topic.DELETE,
    evidence=_SEEN,
    evidence_by_dialect=_WHERE,
    dialects=_DELETED,
    needs=("delete",),
    shares=(Shared.SECOND,),
)

CLAUSES = (
    _delete(
        id="delete.accepted",
        title="A completed video can be deleted as the SDKs do: typed JSON, but with no body",
        severity=Severity.MUST,
        check=_deletes,
        evidence=measured("openai", "what openai-python 3.51.0 sends"),
        evidence_by_dialect={},
        why="`videos.delete` would raise.",
    ),
    _delete(
        id="delete.answer",
        title="The answer is the id, `video.deleted`, and `deleted: true`",
        severity=Severity.SHOULD,
        check=_answer,
        dialects=_ENVELOPE,
        why="The SDKs declare these three.",
    ),
    _delete(
        id="delete.answer.none",
        title="The answer is a 204 without a body",
        severity=Severity.MAY,
        check=_no_body,
        evidence=_SPEC,
        dialects=(Dialect.AZURE_JOBS,),
    ),
    _delete(
        id="delete.gone",
        title="A deleted video cannot be retrieved any more",
        severity=Severity.SHOULD,
        check=_is_gone,
        evidence=inferred("openai", "`permanently delete` is documented, the 404 was not seen"),
        evidence_by_dialect={},
        why="Users delete what nobody may see any more.",
    ),
    _delete(
        id="delete.gone.content",
        title="Nor downloaded",
        severity=Severity.SHOULD,
        check=_content_is_gone,
        evidence=inferred("openai", "`and its stored assets` is documented, the 404 was not seen"),
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        why="Users delete what nobody may see any more.",
    ),
    _delete(
        id="delete.gone.list",
        title="Nor found in the list",
        severity=Severity.SHOULD,
        check=_is_unlisted,
        evidence=inferred("openai", "as of what is permanently deleted"),
        evidence_by_dialect={},
        why="Clients would retrieve what is not there.",
    ),
    _delete(
        id="delete.others.stay",
        title="Other videos stay",
        severity=Severity.MUST,
        check=_spares_others,
        evidence=inferred("openai", "nothing else was asked for"),
        evidence_by_dialect={},
        shares=(Shared.FIRST, Shared.SECOND),
        why="Deleting one video would lose others.",
    ),
    _delete(
        id="delete.twice",
        title="What is deleted cannot be deleted again",
        severity=Severity.MAY,
        check=_twice,
        evidence=inferred("openai", "as of any unknown id"),
        evidence_by_dialect={},
    ),
    _delete(
        id="delete.unknown",
        title="An unknown video cannot be deleted",
        severity=Severity.SHOULD,
        check=_unknown,
        evidence=verbatim("openai", "text kept by a client as taken from real responses", "2025"),
        shares=(),
        why="Clients would take it for deleted.",
    ),
    Clause(
        id="delete.no-route",
        title="The proxy deletes nothing: 405",
        topic=Topic.DELETE,
        severity=Severity.MAY,
        check=_no_route,
        evidence=measured("litellm proxy", "version 1.109.1, run locally"),
        dialects=(Dialect.LITELLM,),
    ),
)
