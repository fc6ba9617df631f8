"""The list of videos, and paging through it as the SDKs do."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified, verbatim
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

_PAGED = (Dialect.OPENAI, Dialect.AZURE, Dialect.AZURE_JOBS)
_ENVELOPE = (Dialect.OPENAI, Dialect.AZURE)
_BOTH = (Shared.FIRST, Shared.SECOND)
_SEEN = verbatim("openai", "a published list")
_AZURE = specified("azure", "azure-v1-preview-generated.yaml; no list was published")
_WHERE = {Dialect.AZURE: _AZURE, Dialect.AZURE_JOBS: _AZURE}
_SDK = measured("openai", "what openai-python 3.51.0 sends")
_REFERENCE = documented("openai", "API reference")
_HABIT = inferred("openai", "by the habit of the platform's other lists")
_MOST_PAGES = 50


def page(session: Session, **query: object) -> Answer:
    """A page of the list."""
    return expect.status(session.get(session.target.speech.collection, query), 200)


def entries(answer: Answer) -> Sequence[Mapping[str, Any]]:
    """The videos on a page."""
    found: Sequence[Any] = expect.member(expect.body(answer), "data", list, answer)
    for entry in found:
        expect.true(isinstance(entry, dict), "an object in `data`", entry, answer)
    return found


def _shape(session: Session) -> None:
    answer = page(session)
    body = expect.body(answer)
    expect.same(body.get("object"), "list", "`object`", answer)
    entries(answer)


def _has_more(session: Session) -> None:
    answer = page(session)
    expect.member(expect.body(answer), "has_more", bool, answer)


def _order_of_keys(session: Session) -> None:
    answer = page(session)
    wanted = ("object", "data", "first_id", "has_more", "last_id")
    expect.same(tuple(expect.body(answer)), wanted, "the keys in their order", answer)


def _ends_named(session: Session) -> None:
    both_made(session)
    answer = page(session)
    body, videos = expect.body(answer), entries(answer)
    expect.true(videos, "a video in the list", videos, answer)
    expect.same(body.get("first_id"), videos[0].get("id"), "`first_id`", answer)
    expect.same(body.get("last_id"), videos[-1].get("id"), "`last_id`", answer)


def both_made(session: Session) -> list[str]:
    """The ids of both shared videos, so that the list has two at least."""
    return [str(session.completed(shared)["id"]) for shared in _BOTH]


def _found(session: Session, wanted: str) -> tuple[Mapping[str, Any], Answer]:
    """A video in the list, by paging as the SDKs do."""
    query: dict[str, object] = {"limit": 100}
    answer = page(session, **query)
    for _ in range(_MOST_PAGES):
        videos = entries(answer)
        for video in videos:
            if video.get("id") == wanted:
                return video, answer
        if not expect.body(answer).get("has_more") or not videos:
            break
        query["after"] = videos[-1].get("id")
        answer = page(session, **query)
    expect.true(False, f"{wanted} in the list", "it is not there", answer)
    raise AssertionError


def _contains(session: Session) -> None:
    for wanted in both_made(session):
        _found(session, wanted)


def _same_as_retrieved(session: Session) -> None:
    retrieved = session.completed()
    listed, answer = _found(session, str(retrieved["id"]))
    expect.same(dict(listed), dict(retrieved), "the video in the list", answer)


def _empty(session: Session) -> None:
    """An empty page has no first and no last id; limit 0 is the page that is always empty."""
    answer = page(session, limit=0)
    body = expect.body(answer)
    if entries(answer):
        raise Inconclusive("no page of this list is empty")
    for name in ("first_id", "last_id"):
        expect.keys(body, [name], answer)
        expect.same(body[name], None, f"`{name}`", answer)


_list = partial(
    Clause,
    topic=Topic.LIST,
    evidence=_SEEN,
    evidence_by_dialect=_WHERE,
    dialects=_PAGED,
)
_paging = partial(_list, needs=("list=cursors",), shares=_BOTH)

CLAUSES = (
    _list(
        id="list.answer.shape",
        title="A list is an object with `object` and `data`",
        severity=Severity.MUST,
        check=_shape,
        why="The SDKs read the videos from `data`.",
    ),
    _list(
        id="list.answer.has-more",
        title="`has_more` says whether there is more",
        severity=Severity.MUST,
        check=_has_more,
        evidence=_SDK,
        needs=("list=cursors",),
        why="The SDKs page while it is true.",
    ),
    _list(
        id="list.answer.order",
        title="The keys of a list stand in the order of the wire",
        severity=Severity.MAY,
        check=_order_of_keys,
        dialects=(Dialect.OPENAI,),
    ),
    _paging(
        id="list.answer.ends",
        title="`first_id` and `last_id` are those of the first and the last video",
        severity=Severity.SHOULD,
        check=_ends_named,
        why="Gateways page by `last_id`.",
    ),
    _list(
        id="list.answer.empty",
        title="The first and last id of an empty page are null",
        severity=Severity.MAY,
        check=_empty,
        evidence=_REFERENCE,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("list=cursors", "list_limit0=ok"),
    ),
    _list(
        id="list.contains",
        title="Every video that was made is in the list",
        severity=Severity.SHOULD,
        check=_contains,
        shares=_BOTH,
        why="Clients that lost an id look for it there.",
    ),
    _list(
        id="list.entry.same",
        title="A video looks the same in the list as when it is retrieved",
        severity=Severity.SHOULD,
        check=_same_as_retrieved,
        shares=(Shared.FIRST,),
        why="SDKs have one type for both.",
    ),
)
