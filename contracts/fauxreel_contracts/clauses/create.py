"""Creating a video: both encodings, each parameter, and what the answer shows."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses import shapes
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified, verbatim
from fauxreel_contracts.session import OTHER_PROMPT, PROMPT, Session

_ALL = tuple(Dialect)
_VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
_OPENAI_SHAPE = (Dialect.OPENAI, Dialect.AZURE)
_ANSWERS = verbatim("openai", "whole answers that users of the API published")
_AZURE = verbatim("azure", "whole answers that users of the API published", "2026-09")
_JOBS = verbatim("azure", "the samples of Microsoft's documentation, from a live service", "2025")
_PROXY = measured("litellm proxy", "version 1.109.1, run locally")
_WHERE = {Dialect.AZURE: _AZURE, Dialect.AZURE_JOBS: _JOBS, Dialect.LITELLM: _PROXY}
_GUIDE = documented("openai", "video generation guide, as changed in March 2026")
_SUCCESS = range(200, 300)


def _takes_a_form(session: Session) -> None:
    answer = session.created(Shared.FIRST)
    expect.true(answer.status in _SUCCESS, "a form to be taken", answer.status, answer)
    expect.member(expect.body(answer), "id", str, answer)


def _takes_json(session: Session) -> None:
    answer = session.created(Shared.SECOND)
    expect.true(answer.status in _SUCCESS, "JSON to be taken", answer.status, answer)
    expect.member(expect.body(answer), "id", str, answer)


def _status(session: Session) -> None:
    wanted = 201 if session.target.dialect is Dialect.AZURE_JOBS else 200
    expect.status(session.created(), wanted)


def _is_json(session: Session) -> None:
    expect.content_type(session.created(), "application/json")


def _types(session: Session) -> None:
    answer = session.created()
    shapes.check_types(session, expect.body(answer), answer)


def _keys(session: Session) -> None:
    answer = session.created()
    shapes.check_keys(session, expect.body(answer), answer)


def _order(session: Session) -> None:
    answer = session.created()
    shapes.check_order(session, expect.body(answer), answer)


def _id_form(session: Session) -> None:
    answer = session.created()
    pattern = str(session.target.profile.flag("id_pattern"))
    expect.matching(expect.body(answer).get("id"), pattern, "`id`", answer)


def _id_time(session: Session) -> None:
    answer = session.created()
    video = expect.body(answer)
    expect.matching(video.get("id"), "video_[0-9a-f]{8}.*", "`id`", answer)
    late = expect.member(video, "created_at", int, answer) - int(video["id"][6:14], 16)
    expect.true(late in (0, 1), "the second of the creation in the id", late, answer)


def _ids_differ(session: Session) -> None:
    first, second = session.created(Shared.FIRST), session.created(Shared.SECOND)
    other = expect.body(first).get("id")
    found = expect.body(second).get("id")
    expect.true(found != other, "another id for another video", found, second)


def _echoes(session: Session) -> None:
    answer = session.created()
    video = expect.body(answer)
    for name, asked in session.fields().items():
        if name != "prompt":
            expect.same(video.get(name), asked, f"`{name}`", answer)


def _echoes_prompt(session: Session) -> None:
    answer = session.created()
    expect.same(expect.body(answer).get("prompt"), PROMPT, "`prompt`", answer)


def _echoes_any_letter(session: Session) -> None:
    answer = session.created(Shared.SECOND)
    expect.same(expect.body(answer).get("prompt"), OTHER_PROMPT, "`prompt`", answer)


def _unset_is_null(session: Session) -> None:
    answer = session.created()
    video = expect.body(answer)
    for name in ("completed_at", "error", "expires_at", "remixed_from_video_id"):
        expect.keys(video, [name], answer)
        expect.same(video[name], None, f"`{name}`", answer)


def _no_extras(session: Session) -> None:
    answer = session.created()
    extra = {"quality", "usage", "url"} & set(expect.body(answer))
    expect.true(not extra, "no `quality`, `usage` or `url`", sorted(extra), answer)


_answer = partial(
    Clause,
    topic=Topic.CREATE,
    evidence=_ANSWERS,
    evidence_by_dialect=_WHERE,
    dialects=_VIDEOS,
    shares=(Shared.FIRST,),
)

CLAUSES = (
    _answer(
        id="create.form",
        title="A video can be asked for with a form, as the SDKs do",
        severity=Severity.MUST,
        check=_takes_a_form,
        evidence=measured("openai", "what openai-python 3.51.0 sends"),
        evidence_by_dialect={},
        dialects=_ALL,
        needs=("create_multipart",),
        why="The Python, Node and Go SDKs send nothing but forms.",
    ),
    _answer(
        id="create.json",
        title="A video can be asked for with JSON",
        severity=Severity.SHOULD,
        check=_takes_json,
        evidence=verbatim("openai", "published calls with curl", "2025-10"),
        dialects=_ALL,
        needs=("create_json",),
        shares=(Shared.SECOND,),
        why="lobehub, promptfoo and everybody with curl send JSON.",
    ),
    _answer(
        id="create.status",
        title="The answer is a 200; of Azure's jobs a 201",
        severity=Severity.MAY,
        check=_status,
        dialects=_ALL,
    ),
    _answer(
        id="create.content-type",
        title="The answer is `application/json`",
        severity=Severity.MUST,
        check=_is_json,
        dialects=_ALL,
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        why="The SDKs parse JSON by the content type, and give back text otherwise.",
    ),
    _answer(
        id="create.answer.types",
        title="What the SDKs declare is there, with the types that they declare",
        severity=Severity.MUST,
        check=_types,
        dialects=_ALL,
        why="Typed SDKs fail on another type; `seconds` is a string.",
    ),
    _answer(
        id="create.answer.keys",
        title="All keys are there, those without a value with null",
        severity=Severity.SHOULD,
        check=_keys,
        dialects=_ALL,
        needs=("fields_missing=[]",),
        why="Clients index by key.",
    ),
    _answer(
        id="create.answer.order",
        title="The keys stand in the order of the wire, and there are no others",
        severity=Severity.MAY,
        check=_order,
        dialects=_ALL,
    ),
    _answer(
        id="create.answer.no-extras",
        title="There is no `quality`, `usage` or `url`",
        severity=Severity.MAY,
        check=_no_extras,
        dialects=_OPENAI_SHAPE,
    ),
    _answer(
        id="create.answer.nulls",
        title="What a new video does not have yet is null",
        severity=Severity.SHOULD,
        check=_unset_is_null,
        why="Clients take an `error` that is there for a failure.",
    ),
    _answer(
        id="create.id.form",
        title="An id has the form that the service gave it",
        severity=Severity.MAY,
        check=_id_form,
        dialects=_ALL,
    ),
    _answer(
        id="create.id.time",
        title="The first eight hex digits of an id are the second of its creation",
        severity=Severity.MAY,
        check=_id_time,
        dialects=_OPENAI_SHAPE,
    ),
    _answer(
        id="create.id.unique",
        title="Each video has an id of its own",
        severity=Severity.MUST,
        check=_ids_differ,
        dialects=_ALL,
        shares=(Shared.FIRST, Shared.SECOND),
        why="A client would get another's video.",
    ),
    _answer(
        id="create.echo.fields",
        title="Model, length and size are shown as they were asked for",
        severity=Severity.SHOULD,
        check=_echoes,
        dialects=_ALL,
        why="LiteLLM computes the price from `seconds`.",
    ),
    _answer(
        id="create.echo.prompt",
        title="The prompt is shown as it was sent",
        severity=Severity.MAY,
        check=_echoes_prompt,
        dialects=_ALL,
        needs=("prompt_echoed",),
    ),
    _answer(
        id="create.echo.letters",
        title="A prompt may have letters of any language",
        severity=Severity.SHOULD,
        check=_echoes_any_letter,
        dialects=_ALL,
        evidence=inferred("openai", "JSON is UTF-8; no such answer was published"),
        needs=("prompt_echoed", "create_json"),
        shares=(Shared.SECOND,),
        why="Prompts in other languages come out garbled.",
    ),
)
