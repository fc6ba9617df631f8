"""Downloads: variants, parts, and what is not ready or not there."""

from collections.abc import Callable
from functools import partial

from fauxreel_contracts import expect, media
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses.content import download, movie_of
from fauxreel_contracts.clauses.retrieve import UNKNOWN
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
_NOTEBOOK = documented("azure", "Microsoft's notebook and video-generation.md", "2025")
_PROXY = measured("litellm proxy", "version 1.109.1, run locally")
_WHERE = {Dialect.AZURE: _NOTEBOOK, Dialect.LITELLM: _PROXY}
_NOT_READY = verbatim("openai", "the same text in four independent code bases")


def _default_is_video(session: Session) -> None:
    plain, named = download(session), download(session, variant="video")
    expect.true(plain.body == named.body, "the same bytes by `variant=video`", "others", named)


def _picture(variant: str, kind: str) -> Callable[[Session], None]:
    """A check that a variant is a picture of a kind, and says so."""

    def check(session: Session) -> None:
        answer = download(session, variant=variant)
        try:
            picture = media.picture(answer.body)
        except media.Unreadable as error:
            raise Violation(f"{kind} bytes", str(error), answer=answer) from None
        expect.same(picture.kind, kind, "the picture's kind", answer)
        expect.content_type(answer, kind)
        expect.true(picture.width > 1 < picture.height, "a picture of some size", picture, answer)

    return check


def _always_the_movie(session: Session) -> None:
    for variant in ("thumbnail", "spritesheet"):
        answer = download(session, variant=variant)
        expect.content_type(answer, "video/mp4")
        movie_of(answer)


def _bad_variant(session: Session) -> None:
    session.completed()
    answer = session.get(session.path(session.life().id, "content"), {"variant": "poster"})
    expect.error(answer, 400, param="variant")


def _early(session: Session) -> Answer:
    """What the content was before the video was completed."""
    life = session.life()
    first_poll = expect.body(life.polls[0]).get("status")
    if life.early.status == 200 and first_poll == session.target.speech.completed:
        raise Inconclusive("the video was completed before its content was asked for")
    return life.early


def _not_ready(session: Session) -> None:
    expect.status(_early(session), 404)


def _not_ready_refuses(session: Session) -> None:
    answer = _early(session)
    expect.true(answer.status >= 400, "no success before the end", answer.status, answer)


def _not_ready_words(session: Session) -> None:
    expect.error(
        _early(session),
        404,
        message="Video is not ready yet, use GET /v1/videos/{video_id} to check status.",
        type="invalid_request_error",
    )


def _unknown(session: Session) -> None:
    answer = session.get(session.path(UNKNOWN[session.target.dialect], "content"))
    expect.status(answer, 404)


def _range(session: Session) -> None:
    whole = download(session)
    path = session.path(session.life().id, "content")
    answer = session.get(path, headers=(("Range", "bytes=4-11"),))
    expect.status(answer, 206)
    expect.same(answer.header("content-range"), f"bytes 4-11/{len(whole.body)}", "it", answer)
    expect.true(answer.body == whole.body[4:12], "these eight bytes", answer.body, answer)


def _no_range(session: Session) -> None:
    session.completed()
    path = session.path(session.life().id, "content")
    answer = expect.status(session.get(path, headers=(("Range", "bytes=0-9"),)), 200)
    movie_of(answer)


def _attachment(session: Session) -> None:
    answer = download(session)
    wanted = f"attachment; filename=video_{session.life().id}.mp4"
    expect.same(answer.header("content-disposition"), wanted, "`content-disposition`", answer)


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
        id="content.variant.video",
        title="`variant=video` is the default",
        severity=Severity.SHOULD,
        check=_default_is_video,
        evidence=_SPEC,
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("variant_video_accepted",),
        why="Clients that name it would get nothing.",
    ),
    _content(
        id="content.variant.thumbnail",
        title="`variant=thumbnail` is a WebP picture",
        severity=Severity.SHOULD,
        check=_picture("thumbnail", "image/webp"),
        evidence=_GUIDE,
        dialects=_ENVELOPE,
        needs=("variants=real",),
        why="promptfoo and others save it as .webp.",
    ),
    _content(
        id="content.variant.spritesheet",
        title="`variant=spritesheet` is a JPEG picture",
        severity=Severity.SHOULD,
        check=_picture("spritesheet", "image/jpeg"),
        evidence=_GUIDE,
        dialects=_ENVELOPE,
        needs=("variants=real",),
        why="promptfoo and others save it as .jpg.",
    ),
    _content(
        id="content.variant.dropped",
        title="The proxy drops `variant`: every one is the mp4",
        severity=Severity.MAY,
        check=_always_the_movie,
        evidence=_PROXY,
        dialects=(Dialect.LITELLM,),
    ),
    _content(
        id="content.variant.unknown",
        title="Any other variant is refused",
        severity=Severity.MAY,
        check=_bad_variant,
        evidence=inferred("openai", "in the words of the platform's validator; none was seen"),
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("variants=real",),
    ),
    _content(
        id="content.not-ready",
        title="Before the end, there is no content",
        severity=Severity.MUST,
        check=_not_ready_refuses,
        evidence=_NOT_READY,
        why="`download_content` would save something else as the video.",
    ),
    _content(
        id="content.not-ready.status",
        title="Content that is not ready is a 404",
        severity=Severity.SHOULD,
        check=_not_ready,
        evidence=_NOT_READY,
        why="Clients wait and try again after a 404.",
    ),
    _content(
        id="content.not-ready.words",
        title="The 404 says so, with `{video_id}` to the letter",
        severity=Severity.SHOULD,
        check=_not_ready_words,
        needs=("error_envelope=openai",),
        evidence=_NOT_READY,
        evidence_by_dialect={Dialect.AZURE: inferred("azure", "unseen; taken from OpenAI")},
        dialects=_ENVELOPE,
        why="Four code bases look for these words.",
    ),
    Clause(
        id="content.unknown",
        title="The content of an unknown video is a 404",
        topic=Topic.CONTENT,
        severity=Severity.SHOULD,
        check=_unknown,
        evidence=verbatim("openai", "text kept by a client as taken from real responses", "2025"),
        dialects=_ENVELOPE,
        why="Clients would save the error as a video.",
    ),
    _content(
        id="content.range",
        title="A part of the bytes can be asked for",
        severity=Severity.MAY,
        check=_range,
        evidence=inferred("openai", "the headers of downloads were never published"),
        evidence_by_dialect={},
        dialects=_ENVELOPE,
        needs=("range",),
    ),
    _content(
        id="content.range.ignored",
        title="The proxy answers a range with the whole mp4",
        severity=Severity.MAY,
        check=_no_range,
        evidence=_PROXY,
        dialects=(Dialect.LITELLM,),
    ),
    _content(
        id="content.disposition",
        title="The proxy names the file after the id",
        severity=Severity.MAY,
        check=_attachment,
        evidence=_PROXY,
        dialects=(Dialect.LITELLM,),
    ),
)
