"""Extensions: a completed video and what comes after it, stitched into one."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Cost, Severity, Shared, Topic
from fauxreel_contracts.clauses import derived, shapes
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified
from fauxreel_contracts.forms import texts
from fauxreel_contracts.media import Movie
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, form_call, json_call

_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_PATH = "/videos/extensions"
_GUIDE = documented("openai", "API reference and the guide of March 2026")
_SPEC = specified("openai", "openai/openai-openapi, the schemas of videos")
_VALIDATOR = inferred("openai", "the platform's common validator on other routes")
_AZURE = {Dialect.AZURE: specified("azure", "the merged Foundry specification; never seen live")}
# A server may bill, and says that it made, the whole of it.
_SOURCE, _ADDED = 4, 4
_COST = Cost(videos=1, seconds=_SOURCE + _ADDED)
# How far the length of the file may be from what was asked.
_LESS, _MORE = 0.25, 2.0
# Lengths, beside that of every clause.
_LENGTHS = (8, 12, 16, 20)


def _of(session: Session, source: str) -> Call:
    del session
    return json_call(_PATH, _fields(source))


def _fields(source: str, seconds: int = _ADDED) -> dict[str, object]:
    return {"prompt": derived.PROMPT, "seconds": str(seconds), "video": {"id": source}}


def _extended(session: Session) -> Call:
    return _of(session, session.completed()["id"])


def _by_form(session: Session) -> Call:
    source = session.completed()["id"]
    fields = {"prompt": derived.PROMPT, "seconds": str(_ADDED), "video[id]": source}
    return form_call(_PATH, texts(fields))


def _of_unknown(session: Session) -> Call:
    return _of(session, UNKNOWN[session.target.dialect])


def _by(seconds: int) -> derived.Request:
    return lambda session: json_call(_PATH, _fields(session.completed()["id"], seconds))


def _with(**changed: object) -> derived.Request:
    """The plain extension with these fields; None leaves one out."""

    def made(session: Session) -> Call:
        fields = {**_fields(session.completed()["id"]), **changed}
        return json_call(
            _PATH, {name: value for name, value in fields.items() if value is not None}
        )

    return made


def _has_total(added: int) -> derived.Look:
    """Its length is that of the source and what was added."""

    def look(session: Session, video: derived.Video, at: Answer) -> None:
        total = int(session.completed()["seconds"]) + added
        expect.same(video.get("seconds"), str(total), "`seconds`", at)

    return look


def _is_that_long(session: Session, movie: Movie, at: Answer) -> None:
    total = float(session.completed()["seconds"]) + _ADDED
    fits = total - _LESS <= movie.seconds <= total + _MORE
    expect.true(fits, f"about {total:g} seconds", f"{movie.seconds:.2f} seconds", at)


_extension = partial(
    Clause,
    topic=Topic.EXTENSIONS,
    evidence=_GUIDE,
    evidence_by_dialect=_AZURE,
    dialects=_BOTH,
    needs=("extensions",),
    shares=(Shared.FIRST,),
    cost=_COST,
    probe="extensions.json",
)
_refusal = partial(
    Refusal,
    topic=Topic.EXTENSIONS,
    dialects=_BOTH,
    evidence_by_dialect=_AZURE,
    severity=Severity.MAY,
    cost=_COST,
)


_OF_SHARED = (
    _refusal(
        id="extensions.seconds.missing",
        title="An extension without a length",
        call=_with(seconds=None),
        message="Missing required parameter: 'seconds'.",
        facts={"param": "seconds", "code": "missing_required_parameter"},
        evidence=_SPEC,
        words_evidence=_VALIDATOR,
        needs=("extensions",),
        severity=Severity.SHOULD,
        why="Clients would get, and pay for, a length that they did not choose.",
    ),
    _refusal(
        id="extensions.seconds.enum",
        title="An extension by a length that no model makes, 10 seconds,",
        call=_with(seconds="10"),
        message="Invalid value: '10'. Supported values are: '4', '8', and '12'.",
        facts={"param": "seconds", "code": "invalid_value"},
        evidence=_SPEC,
        words_evidence=inferred("openai", "as on creates"),
        needs=("extensions", "seconds_checked"),
        cost=Cost(videos=1, seconds=_SOURCE + 10),
    ),
    *(
        _refusal(
            id=f"extensions.{name.replace('_', '-')}",
            title=f"An extension with `{name}`",
            call=_with(**{name: value}),
            message=f"Unknown parameter: '{name}'.",
            facts={"param": name, "code": "unknown_parameter"},
            evidence=_GUIDE,
            words_evidence=inferred("openai", "as of other unknown parameters"),
            needs=("extensions", "unknown_refused"),
        )
        for name, value in (
            ("characters", [{"id": "char_123"}]),
            ("input_reference", {"image_url": "https://example.com/boat.png"}),
        )
    ),
    _refusal(
        id="extensions.prompt.missing",
        title="An extension without a prompt",
        call=_with(prompt=None),
        message="Missing required parameter: 'prompt'.",
        facts={"param": "prompt", "code": "missing_required_parameter"},
        evidence=_VALIDATOR,
        needs=("extensions",),
    ),
    _refusal(
        id="extensions.video.missing",
        title="An extension of nothing",
        call=_with(video=None),
        message="Missing required parameter: 'video'.",
        facts={"param": "video", "code": "missing_required_parameter"},
        evidence=_VALIDATOR,
        needs=("extensions",),
    ),
)
_UNKNOWN = _refusal(
    id="extensions.unknown",
    title="An extension of an unknown video",
    call=_of_unknown,
    message=f"Video with id '{UNKNOWN[Dialect.OPENAI]}' not found.",
    also=(f"Video with id '{UNKNOWN[Dialect.AZURE]}' not found.",),
    facts={"type": "invalid_request_error"},
    status=404,
    evidence=inferred("openai", "as of any unknown video"),
    needs=("extensions",),
    severity=Severity.SHOULD,
    why="The SDKs raise NotFoundError by the status.",
)

CLAUSES = (
    _extension(
        id="extensions.json",
        title="A completed video can be extended, named by its id in JSON",
        severity=Severity.SHOULD,
        check=derived.answered(_extended, derived.is_a_video),
        why="LiteLLM and everybody with curl send JSON.",
    ),
    _extension(
        id="extensions.form",
        title="A completed video can be extended, named by `video[id]` in a form",
        severity=Severity.SHOULD,
        check=derived.answered(_by_form, derived.is_a_video),
        evidence=measured("openai", "what openai-node 7.55 and openai-go send"),
        evidence_by_dialect={},
        needs=("extensions", "create_multipart"),
        probe="extensions.form",
        why="The Node and Go SDKs send nothing else.",
    ),
    _extension(
        id="extensions.id",
        title="An extension is a video of its own, with an id of its own",
        severity=Severity.SHOULD,
        check=derived.answered(_extended, derived.has_an_id_of_its_own),
        why="A client would wait for the source, and download that.",
    ),
    _extension(
        id="extensions.total",
        title="`seconds` of an extension is the length of both parts together",
        severity=Severity.SHOULD,
        check=derived.answered(_extended, _has_total(_ADDED)),
        why="Clients lay out their players by it.",
    ),
    _extension(
        id="extensions.inherits",
        title="An extension has the model and the size of its source",
        severity=Severity.MAY,
        check=derived.answered(_extended, derived.inherits("model", "size")),
        evidence=inferred("openai", "what is stitched into one has one size"),
    ),
    _extension(
        id="extensions.keys",
        title="An extension has all keys of a video",
        severity=Severity.SHOULD,
        check=derived.answered(_extended, shapes.check_keys),
        evidence=_SPEC,
        needs=("extensions", "fields_missing=[]"),
        why="Clients index by key.",
    ),
    _extension(
        id="extensions.completes",
        title="An extension completes",
        severity=Severity.SHOULD,
        check=derived.ended(_extended, derived.is_completed),
        why="Clients poll it until then.",
    ),
    _extension(
        id="extensions.content",
        title="The content of an extension is one mp4, as long as both parts together",
        severity=Severity.SHOULD,
        check=derived.movie_of(_extended, _is_that_long),
        why="A client would get one part alone.",
    ),
    *(
        _extension(
            id=f"extensions.seconds.{seconds}",
            title=f"A video can be extended by {seconds} seconds",
            severity=Severity.MAY,
            check=derived.answered(_by(seconds), _has_total(seconds)),
            cost=Cost(videos=1, seconds=_SOURCE + seconds),
            probe="",
        )
        for seconds in _LENGTHS
    ),
    Clause(
        id="extensions.unfinished",
        title="A video that is not completed cannot be extended",
        topic=Topic.EXTENSIONS,
        severity=Severity.MAY,
        check=derived.unfinished(_of),
        evidence=inferred("openai", "documented of remixes; of extensions nothing was seen"),
        dialects=_BOTH,
        needs=("extensions",),
        cost=Cost(videos=2, seconds=2 * _SOURCE + _ADDED),
    ),
    *(clause for row in _OF_SHARED for clause in derived.of_shared(row)),
    *_UNKNOWN.clauses(),
    Clause(
        id="extensions.absent",
        title="A server without extensions says so: 404, 405 or 501",
        topic=Topic.EXTENSIONS,
        severity=Severity.SHOULD,
        check=derived.absent(_of_unknown),
        evidence=measured("fastvideo, qvac", "FastVideo 0.2.1 and @qvac/cli 0.13.1, run locally"),
        evidence_by_dialect={
            Dialect.AZURE: inferred("azure", "specified, but there is no live evidence of it")
        },
        dialects=_BOTH,
        needs=("extensions=False",),
        cost=ONE_VIDEO,
        why="Clients look whether there are extensions.",
    ),
)
