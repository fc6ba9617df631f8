"""Paging through the list of videos as the SDKs do, and in which order they come."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses.listing import both_made, entries, page
from fauxreel_contracts.clauses.retrieve import UNKNOWN
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


def _limit(session: Session) -> None:
    both_made(session)
    answer = page(session, limit=1)
    expect.same(len(entries(answer)), 1, "the number of videos", answer)
    expect.same(expect.body(answer).get("has_more"), True, "`has_more`", answer)


def _after(session: Session) -> None:
    ids = both_made(session)
    first = page(session, limit=1)
    last_id = entries(first)[0].get("id")
    answer = page(session, limit=100, after=last_id)
    following = [video.get("id") for video in entries(answer)]
    expect.true(last_id not in following, "no video twice", following, answer)
    if last_id in ids:
        other = next(each for each in ids if each != last_id)
        expect.true(other in following, f"{other} to follow", following, answer)


def _ends(session: Session) -> None:
    """Pages of one until there is no more meet each video once."""
    both_made(session)
    seen: list[object] = []
    query: dict[str, object] = {"limit": 1}
    for _ in range(_MOST_PAGES):
        answer = page(session, **query)
        videos = entries(answer)
        seen += [video.get("id") for video in videos]
        expect.same(len(set(map(str, seen))), len(seen), "the number of different videos", answer)
        if not expect.body(answer).get("has_more"):
            return
        expect.true(videos, "a video on a page that is not the last", videos, answer)
        query["after"] = videos[-1].get("id")
    raise Inconclusive(f"the list goes on after {_MOST_PAGES} pages")


def _newest_first(session: Session) -> None:
    both_made(session)
    answer = page(session)
    moments = [expect.member(video, "created_at", int, answer) for video in entries(answer)]
    expect.same(moments, sorted(moments, reverse=True), "the moments of creation", answer)
    _before(session, answer, later_first=True)


def _in_order(session: Session, order: str) -> None:
    both_made(session)
    answer = page(session, order=order, limit=100)
    moments = [expect.member(video, "created_at", int, answer) for video in entries(answer)]
    wanted = sorted(moments, reverse=order == "desc")
    expect.same(moments, wanted, f"the moments of creation by `order={order}`", answer)
    _before(session, answer, later_first=order == "desc")


def _before(session: Session, answer: Answer, *, later_first: bool) -> None:
    """Both shared videos, where they are on the page, stand in the order of their creation."""
    ids = [video.get("id") for video in entries(answer)]
    made = sorted(_BOTH, key=lambda shared: session.created(shared).at, reverse=later_first)
    places = [ids.index(i) for shared in made if (i := session.life(shared).id) in ids]
    expect.same(places, sorted(places), "the places of both videos", answer)


def _ascending(session: Session) -> None:
    _in_order(session, "asc")


def _descending(session: Session) -> None:
    _in_order(session, "desc")


def _hundred(session: Session) -> None:
    entries(page(session, limit=100))


def _zero(session: Session) -> None:
    answer = page(session, limit=0)
    expect.same(list(entries(answer)), [], "`data`", answer)


def _too_many(session: Session) -> None:
    answer = session.get(session.target.speech.collection, {"limit": 101})
    expect.error(answer, 400, param="limit")


def _bad_order(session: Session) -> None:
    answer = session.get(session.target.speech.collection, {"order": "up"})
    expect.error(answer, 400, param="order")


def _unknown_after(session: Session) -> None:
    answer = page(session, after=UNKNOWN[session.target.dialect])
    expect.same(list(entries(answer)), [], "`data`", answer)


_list = partial(
    Clause,
    topic=Topic.LIST,
    evidence=_SEEN,
    evidence_by_dialect=_WHERE,
    dialects=_PAGED,
)
_paging = partial(_list, needs=("list=cursors",), shares=_BOTH)

CLAUSES = (
    _paging(
        id="list.limit",
        title="`limit` is the most videos on a page",
        severity=Severity.MUST,
        check=_limit,
        evidence=_SDK,
        why="`limit` is a parameter of the SDKs' list.",
    ),
    _paging(
        id="list.after",
        title="`after` goes on behind a video",
        severity=Severity.MUST,
        check=_after,
        evidence=_SDK,
        why="The SDKs page with the last id.",
    ),
    _paging(
        id="list.paging.ends",
        title="Pages of one meet each video once, and end",
        severity=Severity.MUST,
        check=_ends,
        evidence=_SDK,
        why="Iterating over a list with an SDK would never end.",
    ),
    _paging(
        id="list.order.default",
        title="The newest comes first",
        severity=Severity.MAY,
        check=_newest_first,
        evidence=_HABIT,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
    ),
    _paging(
        id="list.order.asc",
        title="`order=asc` begins with the oldest",
        severity=Severity.SHOULD,
        check=_ascending,
        dialects=_ENVELOPE,
        why="`order` is a parameter of the SDKs' list.",
    ),
    _paging(
        id="list.order.desc",
        title="`order=desc` begins with the newest",
        severity=Severity.SHOULD,
        check=_descending,
        evidence=_REFERENCE,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        why="`order` is a parameter of the SDKs' list.",
    ),
    _list(
        id="list.limit.100",
        title="A page may have 100 videos",
        severity=Severity.SHOULD,
        check=_hundred,
        evidence=_REFERENCE,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        why="Clients ask for as many as they may.",
    ),
    _list(
        id="list.limit.0",
        title="`limit=0` is an empty page",
        severity=Severity.MAY,
        check=_zero,
        evidence=_REFERENCE,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("list=cursors", "list_limit0=ok"),
    ),
    _list(
        id="list.limit.101",
        title="`limit=101` is refused",
        severity=Severity.MAY,
        check=_too_many,
        evidence=inferred("openai", "0 to 100 is documented; the refusal was never seen"),
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("list=cursors",),
    ),
    _list(
        id="list.order.unknown",
        title="Any other `order` is refused",
        severity=Severity.MAY,
        check=_bad_order,
        evidence=inferred("openai", "in the words of the platform's validator; none was seen"),
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("list=cursors",),
    ),
    _list(
        id="list.after.unknown",
        title="Behind an unknown video there is none",
        severity=Severity.MAY,
        check=_unknown_after,
        evidence=_HABIT,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("list=cursors", "bad_after=empty"),
    ),
)
