"""Downloads: which bytes come, decoded, and what is refused."""

from functools import partial

from fauxreel_contracts import expect, media
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified, verbatim
from fauxreel_contracts.expect import Inconclusive, Violation
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

_VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
_ENVELOPE = (Dialect.OPENAI, Dialect.AZURE)
_GUIDE = documented("openai", "video generation guide, as changed in March 2026")
_REFERENCE = documented("openai", "API reference")
_SPEC = specified("openai", "openai/openai-openapi, the schemas of videos")
_SDK = measured("openai", "what openai-python 3.51.0 sends")
_NOTEBOOK = documented("azure", "Microsoft's notebook and video-generation.md", "2025")
_PROXY = measured("litellm proxy", "version 1.109.1, run locally")
_WHERE = {Dialect.AZURE: _NOTEBOOK, Dialect.LITELLM: _PROXY}
_NOT_READY = verbatim("openai", "the same text in four independent code bases")
# A whole file, and how far its length may be from what was asked: "mostly 4.3 s".
_LESS, _MORE = 0.25, 1.0


def download(session: Session, shared: Shared = Shared.FIRST, variant: str = "") -> Answer:
    """The bytes of a shared video, once it is completed."""
    session.completed(shared)
    query = {"variant": variant} if variant else None
    path = session.path(session.life(shared).id, "content")
    return expect.status(session.get(path, query), 200)


def movie_of(answer: Answer) -> media.Movie:
    """The mp4 that an answer is."""
    try:
        return media.movie(answer.body)
    except media.Unreadable as error:
        raise Violation("a whole mp4", str(error), answer=answer) from None


def _is_a_movie(session: Session) -> None:
    movie = movie_of(answer := download(session))
    expect.true(any(movie.codecs), "a track", movie, answer)


def _type(session: Session) -> None:
    answer = download(session)
    wanted = session.target.profile.flag("content_types")
    fits = answer.content_type in str(wanted)
    expect.true(fits, f"one of the types {wanted}", answer.content_type, answer)


def _size(session: Session) -> None:
    movie = movie_of(answer := download(session))
    expect.same(f"{movie.width}x{movie.height}", session.completed()["size"], "the size", answer)


def _length(session: Session) -> None:
    movie = movie_of(answer := download(session))
    asked = float(session.completed()["seconds"])
    fits = asked - _LESS <= movie.seconds <= asked + _MORE
    expect.true(fits, f"about {asked:g} seconds", f"{movie.seconds:.2f} seconds", answer)


def _codecs(session: Session) -> None:
    movie = movie_of(answer := download(session))
    expect.true("avc1" in movie.codecs, "a track of H.264 (avc1)", movie.codecs, answer)


def _sound(session: Session) -> None:
    movie = movie_of(answer := download(session))
    expect.true("mp4a" in movie.codecs, "a track of sound (mp4a)", movie.codecs, answer)


def _own_bytes(session: Session) -> None:
    first, second = download(session), download(session, Shared.SECOND)
    expect.true(first.body != second.body, "other bytes for another video", "the same", second)


def _same_bytes(session: Session) -> None:
    first, again = download(session), download(session)
    expect.true(first.body == again.body, "the same bytes again", "others", again)


def _accepts(session: Session) -> None:
    session.completed()
    path = session.path(session.life().id, "content")
    answer = session.get(path, headers=(("Accept", "application/binary"),))
    movie_of(expect.status(answer, 200))


def _whole(session: Session) -> None:
    answer = download(session)
    said = answer.header("content-length")
    if said is None:
        raise Inconclusive("the answer has no content-length")
    expect.same(said, str(len(answer.body)), "`content-length`", answer)


_content = partial(
    Clause,
    topic=Topic.CONTENT,
    evidence=_REFERENCE,
    evidence_by_dialect=_WHERE,
    dialects=_VIDEOS,
    shares=(Shared.FIRST,),
)

CLAUSES = (
    _content(
        id="content.video",
        title="The content of a completed video is an mp4, sent at once and without a redirect",
        severity=Severity.MUST,
        check=_is_a_movie,
        why="`download_content` gives its bytes to the user as they are.",
    ),
    _content(
        id="content.video.type",
        title="Its type is `video/mp4`",
        severity=Severity.SHOULD,
        check=_type,
        evidence=_SPEC,
        why="Browsers and gateways go by the type.",
    ),
    _content(
        id="content.video.size",
        title="It has the size that was asked for",
        severity=Severity.SHOULD,
        check=_size,
        evidence=verbatim("openai", "files that users of the API described", "2025"),
        why="Players and editors are laid out by the size.",
    ),
    _content(
        id="content.video.length",
        title="It is about as long as was asked for",
        severity=Severity.SHOULD,
        check=_length,
        evidence=verbatim("openai", "files that users described, mostly 4.3 s for 4", "2025"),
        why="Bills go by the length.",
    ),
    _content(
        id="content.video.codec",
        title="Its pictures are H.264",
        severity=Severity.MAY,
        check=_codecs,
        evidence=inferred("openai", "no file of the API was ever described so far"),
        evidence_by_dialect={},
    ),
    _content(
        id="content.video.sound",
        title="It has sound",
        severity=Severity.MAY,
        check=_sound,
        evidence=_GUIDE,
        evidence_by_dialect={},
        needs=("sound",),
    ),
    _content(
        id="content.video.own",
        title="Another video has other bytes",
        severity=Severity.MUST,
        check=_own_bytes,
        shares=(Shared.FIRST, Shared.SECOND),
        why="A client would get another's video.",
    ),
    _content(
        id="content.video.same",
        title="The bytes stay the same",
        severity=Severity.SHOULD,
        check=_same_bytes,
        evidence=inferred("openai", "a file is what was generated once"),
        evidence_by_dialect={},
        why="Downloads are resumed and compared.",
    ),
    _content(
        id="content.video.whole",
        title="`content-length` is the number of bytes",
        severity=Severity.SHOULD,
        check=_whole,
        why="Clients stop reading there.",
    ),
    _content(
        id="content.accept",
        title="`Accept: application/binary` is no reason to refuse",
        severity=Severity.MUST,
        check=_accepts,
        evidence=_SDK,
        evidence_by_dialect={},
        why="The Python, Node and Java SDKs send it with every download.",
    ),
)
