"""Edits: a completed video changed by a prompt, as came in March 2026."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Cost, Severity, Shared, Topic
from fauxreel_contracts.clauses import derived, shapes
from fauxreel_contracts.clauses.content import download
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified, verbatim
from fauxreel_contracts.forms import file, texts
from fauxreel_contracts.media import Movie
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, form_call, json_call

_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_PATH = "/videos/edits"
_LIVE = verbatim("openai", "BerriAI/litellm PR 38155: JSON was taken live", "2026-08")
_GUIDE = documented("openai", "API reference and the guide of March 2026")
_VALIDATOR = inferred("openai", "the platform's common validator on other routes")
_AZURE = {Dialect.AZURE: specified("azure", "the merged Foundry specification; never seen live")}


def _of(session: Session, source: str) -> Call:
    del session
    return json_call(_PATH, {"prompt": derived.PROMPT, "video": {"id": source}})


def _edited(session: Session) -> Call:
    return _of(session, session.completed()["id"])


def _by_form(session: Session) -> Call:
    return form_call(
        _PATH, texts({"prompt": derived.PROMPT, "video[id]": session.completed()["id"]})
    )


def _of_unknown(session: Session) -> Call:
    return _of(session, UNKNOWN[session.target.dialect])


def _of_an_upload(session: Session) -> Call:
    video = file("video", download(session).body, "boat.mp4", "video/mp4")
    return form_call(_PATH, (*texts({"prompt": derived.PROMPT}), video))


def _without_video(session: Session) -> Call:
    del session
    return json_call(_PATH, {"prompt": derived.PROMPT})


def _without_prompt(session: Session) -> Call:
    return json_call(_PATH, {"video": {"id": session.completed()["id"]}})


def _of_its_size(session: Session, movie: Movie, at: Answer) -> None:
    expect.same(f"{movie.width}x{movie.height}", session.completed()["size"], "the size", at)


_edit = partial(
    Clause,
    topic=Topic.EDITS,
    evidence=_LIVE,
    evidence_by_dialect=_AZURE,
    dialects=_BOTH,
    needs=("edits",),
    shares=(Shared.FIRST,),
    cost=ONE_VIDEO,
    probe="edits.json",
)
_refusal = partial(
    Refusal, topic=Topic.EDITS, dialects=_BOTH, evidence_by_dialect=_AZURE, severity=Severity.MAY
)

_OF_SHARED = (
    _refusal(
        id="edits.upload",
        title="A file as the `video` of an edit",
        call=_of_an_upload,
        message="Unknown parameter: 'video'.",
        facts={"code": "unknown_parameter"},
        evidence=verbatim("openai", "BerriAI/litellm PR 38155", "2026"),
        needs=("edits", "unknown_refused"),
        severity=Severity.SHOULD,
        why="Only eligible customers could upload; others learned of it by this.",
    ),
    _refusal(
        id="edits.prompt.missing",
        title="An edit without a prompt",
        call=_without_prompt,
        message="Missing required parameter: 'prompt'.",
        facts={"param": "prompt", "code": "missing_required_parameter"},
        evidence=_VALIDATOR,
        needs=("edits",),
    ),
)
_ROWS = (
    _refusal(
        id="edits.video.missing",
        title="An edit of nothing",
        call=_without_video,
        message="Missing required parameter: 'video'.",
        facts={"param": "video", "code": "missing_required_parameter"},
        evidence=_VALIDATOR,
        needs=("edits",),
    ),
    _refusal(
        id="edits.unknown",
        title="An edit of an unknown video",
        call=_of_unknown,
        message=f"Video with id '{UNKNOWN[Dialect.OPENAI]}' not found.",
        also=(f"Video with id '{UNKNOWN[Dialect.AZURE]}' not found.",),
        facts={"type": "invalid_request_error"},
        status=404,
        evidence=inferred("openai", "as of any unknown video"),
        needs=("edits",),
        severity=Severity.SHOULD,
        why="The SDKs raise NotFoundError by the status.",
    ),
)

CLAUSES = (
    _edit(
        id="edits.json",
        title="A completed video can be edited, named by its id in JSON",
        severity=Severity.SHOULD,
        check=derived.answered(_edited, derived.is_a_video),
        why="LiteLLM and everybody with curl send JSON.",
    ),
    _edit(
        id="edits.form",
        title="A completed video can be edited, named by `video[id]` in a form",
        severity=Severity.SHOULD,
        check=derived.answered(_by_form, derived.is_a_video),
        evidence=measured("openai", "what openai-node 7.55 and openai-go send"),
        evidence_by_dialect={},
        needs=("edits", "create_multipart"),
        probe="edits.form",
        why="The Node and Go SDKs send nothing else.",
    ),
    _edit(
        id="edits.id",
        title="An edit is a video of its own, with an id of its own",
        severity=Severity.SHOULD,
        check=derived.answered(_edited, derived.has_an_id_of_its_own),
        evidence=_GUIDE,
        why="A client would wait for the source, and download that.",
    ),
    _edit(
        id="edits.model",
        title="An edit has the model of its source",
        severity=Severity.SHOULD,
        check=derived.answered(_edited, derived.inherits("model")),
        evidence=_GUIDE,
        why="The price depends on it.",
    ),
    _edit(
        id="edits.inherits",
        title="An edit has the length and the size of its source",
        severity=Severity.MAY,
        check=derived.answered(_edited, derived.inherits("seconds", "size")),
        evidence=inferred("openai", "as of a remix, which edits took the place of"),
    ),
    _edit(
        id="edits.keys",
        title="An edit has all keys of a video",
        severity=Severity.SHOULD,
        check=derived.answered(_edited, shapes.check_keys),
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        needs=("edits", "fields_missing=[]"),
        why="Clients index by key.",
    ),
    _edit(
        id="edits.completes",
        title="An edit completes",
        severity=Severity.SHOULD,
        check=derived.ended(_edited, derived.is_completed),
        evidence=_GUIDE,
        why="Clients poll it until then.",
    ),
    _edit(
        id="edits.content",
        title="The content of an edit is an mp4 of its own, of the size of the source",
        severity=Severity.SHOULD,
        check=derived.movie_of(_edited, _of_its_size),
        evidence=_GUIDE,
        why="A client would get the source once more.",
    ),
    Clause(
        id="edits.unfinished",
        title="A video that is not completed cannot be edited",
        topic=Topic.EDITS,
        severity=Severity.MAY,
        check=derived.unfinished(_of),
        evidence=inferred("openai", "documented of remixes; of edits nothing was seen"),
        dialects=_BOTH,
        needs=("edits",),
        cost=Cost(videos=2, seconds=8),
    ),
    *(clause for row in _OF_SHARED for clause in derived.of_shared(row)),
    *(clause for row in _ROWS for clause in row.clauses()),
    Clause(
        id="edits.absent",
        title="A server without edits says so: 404, 405 or 501",
        topic=Topic.EDITS,
        severity=Severity.SHOULD,
        check=derived.absent(_of_unknown),
        evidence=measured("fastvideo, qvac", "FastVideo 0.2.1 and @qvac/cli 0.13.1, run locally"),
        evidence_by_dialect={
            Dialect.AZURE: inferred("azure", "specified, but there is no live evidence of it")
        },
        dialects=_BOTH,
        needs=("edits=False",),
        cost=ONE_VIDEO,
        why="Clients look whether there are edits.",
    ),
)
