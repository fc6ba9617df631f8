"""Remixes: another video after a completed one, by a prompt alone."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Cost, Severity, Shared, Topic
from fauxreel_contracts.clauses import derived, shapes
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, reported, verbatim
from fauxreel_contracts.media import Movie
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, json_call

_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_SEEN = verbatim("openai", "a whole answer that a user of the API published")
_AZURE = {Dialect.AZURE: verbatim("azure", "Microsoft's notebook, with its answers", "2025")}
_SAME_SERVICE = {Dialect.AZURE: inferred("azure", "the service behind both is the same")}
_REFERENCE = documented("openai", "API reference: a prompt, and a source that is completed")
_ON_AZURE = {Dialect.AZURE: reported("azure", "users of remix: JSON with a prompt only")}


def _of(session: Session, source: str, **more: object) -> Call:
    return json_call(session.path(source, "remix"), {"prompt": derived.PROMPT, **more})


def _remixed(session: Session) -> Call:
    return _of(session, session.completed()["id"])


def _of_unknown(session: Session) -> Call:
    return _of(session, UNKNOWN[session.target.dialect])


def _without_prompt(session: Session) -> Call:
    return json_call(session.path(session.completed()["id"], "remix"), {})


def _with_seconds(session: Session) -> Call:
    return _of(session, session.completed()["id"], seconds="8")


def _of_its_size(session: Session, movie: Movie, at: Answer) -> None:
    expect.same(f"{movie.width}x{movie.height}", session.completed()["size"], "the size", at)


def _source_stays(session: Session) -> None:
    before = session.completed()
    expect.status(session.created_by(_remixed(session)), 200)
    answer = expect.status(session.get(session.path(before["id"])), 200)
    expect.same(dict(expect.body(answer)), dict(before), "the source", answer)


_remix = partial(
    Clause,
    topic=Topic.REMIX,
    evidence=_SEEN,
    evidence_by_dialect=_AZURE,
    dialects=_BOTH,
    needs=("remix",),
    shares=(Shared.FIRST,),
    cost=ONE_VIDEO,
    probe="remix",
)
_refusal = partial(Refusal, topic=Topic.REMIX, dialects=_BOTH, evidence_by_dialect=_SAME_SERVICE)

_OF_SHARED = (
    _refusal(
        id="remix.prompt.missing",
        title="A remix without a prompt",
        call=_without_prompt,
        message="Missing required parameter: 'prompt'.",
        facts={"param": "prompt", "code": "missing_required_parameter"},
        evidence=inferred("openai", "the platform's common validator on other routes"),
        needs=("remix",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="remix.seconds",
        title="A remix with a length of its own",
        call=_with_seconds,
        message="Unknown parameter: 'seconds'.",
        facts={"param": "seconds", "code": "unknown_parameter"},
        evidence=_REFERENCE,
        words_evidence=inferred("openai", "as of other unknown parameters"),
        evidence_by_dialect=_ON_AZURE,
        needs=("remix", "unknown_refused"),
        why="Clients would take the length for heard.",
    ),
)
_UNKNOWN = _refusal(
    id="remix.unknown",
    title="A remix of an unknown video",
    call=_of_unknown,
    message=f"Video with id '{UNKNOWN[Dialect.OPENAI]}' not found.",
    also=(f"Video with id '{UNKNOWN[Dialect.AZURE]}' not found.",),
    facts={"type": "invalid_request_error"},
    status=404,
    evidence=verbatim("openai", "text kept by a client as taken from real responses", "2025"),
    evidence_by_dialect=_ON_AZURE,
    needs=("remix",),
    why="The SDKs raise NotFoundError by the status.",
)

CLAUSES = (
    _remix(
        id="remix.json",
        title="A completed video can be remixed, asked for by JSON as the SDKs do",
        severity=Severity.MUST,
        check=derived.answered(_remixed, derived.is_a_video),
        evidence=measured("openai", "what openai-python 3.51.0 sends"),
        evidence_by_dialect={},
        why="`videos.remix` would raise.",
    ),
    _remix(
        id="remix.id",
        title="A remix is a video of its own, with an id of its own",
        severity=Severity.MUST,
        check=derived.answered(_remixed, derived.has_an_id_of_its_own),
        why="A client would wait for the source, and download that.",
    ),
    _remix(
        id="remix.source",
        title="A remix names its source in `remixed_from_video_id`",
        severity=Severity.SHOULD,
        check=derived.answered(_remixed, derived.names_its_source),
        why="Clients build the history of a video from it.",
    ),
    _remix(
        id="remix.inherits",
        title="A remix has the model, the length and the size of its source",
        severity=Severity.SHOULD,
        check=derived.answered(_remixed, derived.inherits("model", "seconds", "size")),
        why="LiteLLM computes the price from `seconds`.",
    ),
    _remix(
        id="remix.queued",
        title="A new remix is queued, and knows nothing of its end",
        severity=Severity.SHOULD,
        check=derived.answered(_remixed, derived.is_queued),
        why="Clients poll it as any new job.",
    ),
    _remix(
        id="remix.prompt",
        title="A remix shows its own prompt",
        severity=Severity.MAY,
        check=derived.answered(_remixed, derived.shows_its_own_prompt),
        evidence=inferred("openai", "the prompt of a remix was not among what was published"),
        evidence_by_dialect={},
        needs=("remix", "prompt_echoed"),
    ),
    _remix(
        id="remix.keys",
        title="A remix has all keys of a video",
        severity=Severity.SHOULD,
        check=derived.answered(_remixed, shapes.check_keys),
        needs=("remix", "fields_missing=[]"),
        why="Clients index by key.",
    ),
    _remix(
        id="remix.order",
        title="The keys of a remix stand in the order of the wire, and there are no others",
        severity=Severity.MAY,
        check=derived.answered(_remixed, shapes.check_order),
    ),
    _remix(
        id="remix.completes",
        title="A remix completes",
        severity=Severity.SHOULD,
        check=derived.ended(_remixed, derived.is_completed),
        why="Clients poll it until then.",
    ),
    _remix(
        id="remix.source.kept",
        title="A remix still names its source when it is completed",
        severity=Severity.SHOULD,
        check=derived.ended(_remixed, derived.names_its_source),
        why="Clients build the history of a video from it.",
    ),
    _remix(
        id="remix.content",
        title="The content of a remix is an mp4 of its own, of the size of the source",
        severity=Severity.SHOULD,
        check=derived.movie_of(_remixed, _of_its_size),
        evidence=_REFERENCE,
        evidence_by_dialect={},
        why="A client would get the source once more.",
    ),
    _remix(
        id="remix.source.stays",
        title="The source stays as it was",
        severity=Severity.SHOULD,
        check=_source_stays,
        evidence=inferred("openai", "a remix is a job of its own"),
        evidence_by_dialect={},
        why="A client would lose the video that it began with.",
    ),
    Clause(
        id="remix.unfinished",
        title="A video that is not completed cannot be remixed",
        topic=Topic.REMIX,
        severity=Severity.SHOULD,
        check=derived.unfinished(_of),
        evidence=_REFERENCE,
        dialects=_BOTH,
        evidence_by_dialect=_SAME_SERVICE,
        needs=("remix",),
        cost=Cost(videos=2, seconds=8),
        why="Clients would pay for the remix of nothing.",
    ),
    *(clause for row in _OF_SHARED for clause in derived.of_shared(row)),
    *_UNKNOWN.clauses(),
    Clause(
        id="remix.absent",
        title="A server without remixes says so: 404, 405 or 501",
        topic=Topic.REMIX,
        severity=Severity.SHOULD,
        check=derived.absent(_of_unknown),
        evidence=measured("fastvideo, qvac", "FastVideo 0.2.1 and @qvac/cli 0.13.1, run locally"),
        dialects=_BOTH,
        needs=("remix=False",),
        cost=ONE_VIDEO,
        why="Clients look whether there are remixes.",
    ),
)
