"""Writing OpenAI's answers: jobs, lists, models, errors.

Key order, nulls and types are those of live answers of November 2025, not of the
documentation's examples (evidence: verbatim, openai).
"""

from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.errors import MethodNotAllowed, MissingCredentials, RequestError
from fauxreel.domain.models import Model
from fauxreel.domain.paging import Page
from fauxreel.domain.refusals import BadRule, Injected
from fauxreel.domain.video import JobError, Status
from fauxreel.looks import Seen
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.refusal_words import REFUSALS
from fauxreel.wire.validation import supported
from fauxreel.wire.wording import INVALID_REQUEST, SERVER_ERROR, Wording

# The state words of the wire; the domain's PROCESSING is spelled `in_progress`.
WIRE = {status: status.value for status in Status} | {Status.PROCESSING: "in_progress"}
# Those of LiteLLM's documentation, and of the clients that were written after it.
DOCUMENTED = {status: status.value for status in Status}
T = TypeVar("T")

# Values are echoed in errors; beyond this many characters an echo helps nobody.
_LONGEST_ECHO = 300


def render_video(
    seen: Seen, words: Mapping[Status, str] = WIRE, quoted: Callable[[str], str] = quoted
) -> str:
    """A job as JSON: id, object, created_at, status, then alphabetical; nulls are explicit.

    Args:
        words: How its state is spelled.
        quoted: Makes a JSON string of a text.
    """
    video, view = seen.video, seen.view
    completed_at, error, expires_at = view.completed_at, view.error, view.expires_at
    source_id = video.source_id
    return (
        f'{{"id":"{video.id}","object":"video","created_at":{int(video.created)},'
        f'"status":"{words[view.status]}",'
        f'"completed_at":{"null" if completed_at is None else completed_at},'
        f'"error":{"null" if error is None else _job_error(error, quoted)},'
        f'"expires_at":{"null" if expires_at is None else expires_at},'
        f'"model":{quoted(video.model)},"progress":{view.progress},"prompt":{quoted(video.prompt)},'
        f'"remixed_from_video_id":{"null" if source_id is None else quoted(source_id)},'
        f'"seconds":"{video.seconds}","size":"{video.size}"}}'
    )


def render_documented(seen: Seen, url: str) -> str:
    """A job as documentation-driven clients expect it.

    Args:
        url: Where its mp4 is once it is completed, and until it expires.
    """
    ready = seen.view.status is Status.COMPLETED and not seen.view.expired
    seconds = seen.video.seconds
    return (
        f'{render_video(seen, DOCUMENTED)[:-1]},"duration":{seconds},'
        f'"url":{quoted(url) if ready else "null"},'
        f'"usage":{{"duration_seconds":{float(seconds)}}}}}'
    )


def render_list(page: Page[T], render: Callable[[T], str], id_of: Callable[[T], str]) -> str:
    """A page as JSON; the first and last id of an empty one are null (evidence: documented)."""
    data, first, has_more, last = list_parts(page, render, id_of)
    return (
        f'{{"object":"list","data":[{data}],"first_id":{first},'
        f'"has_more":{has_more},"last_id":{last}}}'
    )


def list_parts(
    page: Page[T], render: Callable[[T], str], id_of: Callable[[T], str]
) -> tuple[str, str, str, str]:
    """The entries of a list, its first id, whether there is more, and its last id, as JSON."""
    ids = [id_of(item) for item in page.items]
    first, last = (quoted(ids[0]), quoted(ids[-1])) if ids else ("null", "null")
    data = ",".join(map(render, page.items))
    has_more = "true" if page.has_more else "false"
    return data, first, has_more, last


def render_model(model: Model) -> str:
    """A model as JSON (evidence: verbatim, openai, 2025)."""
    return (
        f'{{"id":{quoted(model.name)},"object":"model","created":{model.created},'
        f'"owned_by":{quoted(model.owned_by)}}}'
    )


def render_character(character: Character) -> str:
    """A character as JSON (evidence: documented, openai)."""
    return (
        f'{{"id":{quoted(character.id)},"created_at":{int(character.created)},'
        f'"name":{quoted(character.name)}}}'
    )


def render_file(file: StoredFile) -> str:
    """A file as JSON (evidence: reported, openai)."""
    return (
        f'{{"object":"file","id":{quoted(file.id)},"purpose":{quoted(file.purpose)},'
        f'"filename":{quoted(file.filename)},"bytes":{len(file.data)},'
        f'"created_at":{int(file.created)},"expires_at":null,"status":"processed",'
        '"status_details":null}'
    )


def render_deleted(item_id: str, kind: str) -> str:
    """What is left of something deleted (evidence: verbatim, openai, of videos)."""
    return f'{{"id":{quoted(item_id)},"object":{quoted(kind)},"deleted":true}}'


def json_answer(body: str) -> Answer:
    return Answer(200, (body.encode("utf-8"),))


def render_error(error: RequestError) -> Answer:
    """The error in OpenAI's envelope: message, type, param, code."""
    parts = error_parts(error)
    answer = Answer(parts.status, (error_body(parts).encode("utf-8"),))
    if isinstance(known_of(error), MissingCredentials):
        answer.headers.append((b"www-authenticate", b'Bearer realm="OpenAI API"'))
    if isinstance(error, MethodNotAllowed):
        answer.headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    return with_headers(answer, error)


def known_of(error: RequestError) -> RequestError | None:
    """The error, or the known one that a rule changed; None for a bare status."""
    return error.base if isinstance(error, Injected) else error


def wording_of(error: RequestError) -> Wording:
    """The words for the error's type, or for the nearest type that it is a kind of."""
    return next(_ALL[kind] for kind in type(error).__mro__ if kind in _ALL)


_ALL = {**WORDINGS, **REFUSALS}


def with_headers(answer: Answer, error: RequestError) -> Answer:
    """The answer with the headers that the error brings along, in the place of its own."""
    given = {name.encode("ascii"): value.encode("latin-1") for name, value in error.headers}
    kept = [pair for pair in answer.headers if pair[0] not in given]
    return answer.altered(headers=[*kept, *given.items()])


class ErrorParts(Struct, frozen=True):
    """What an error says, before it is put into an envelope."""

    status: int
    message: str
    type: str | None
    param: str | None
    code: str | None


def error_parts(error: RequestError) -> ErrorParts:
    """What the error says in OpenAI's words."""
    if isinstance(error, Injected):
        return injected_parts(error, error_parts)
    wording = wording_of(error)
    # What is wrong with a rule comes whole: it ends with what is valid.
    fields = error.fields if isinstance(error, BadRule) else _all_shown(error.fields)
    message = wording.message.format(**fields)
    param = None if error.param is None else str(_shown(error.param))
    return ErrorParts(wording.status, message, wording.type, param, wording.code)


def injected_parts(error: Injected, parts_of: Callable[[RequestError], ErrorParts]) -> ErrorParts:
    """What an error that a rule asked for says: the known one's words, or few, with its own."""
    if error.base is None:
        status = cast("int", error.parts["status"])
        kind = INVALID_REQUEST if status < _SERVER_TROUBLE else SERVER_ERROR
        base = ErrorParts(status, f"Fauxreel answers {status}, as a rule says.", kind, None, None)
    else:
        base = parts_of(error.base)
    return replace(base, **cast("dict[str, Any]", error.parts))


_SERVER_TROUBLE = 500


def error_body(parts: ErrorParts) -> str:
    """The body of an error as JSON."""
    return (
        f'{{"error":{{"message":{quoted(parts.message)},"type":{_text(parts.type)},'
        f'"param":{_text(parts.param)},"code":{_text(parts.code)}}}}}'
    )


def _all_shown(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: _shown(value) for name, value in fields.items()}


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return supported(cast("Sequence[str]", value))
    if isinstance(value, str) and len(value) > _LONGEST_ECHO:
        return f"{value[:_LONGEST_ECHO]}…"
    return value


def number_or_null(value: int | None) -> str:
    """A number as JSON."""
    return "null" if value is None else str(value)


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _job_error(error: JobError, quoted: Callable[[str], str]) -> str:
    """`code`, then `message` (evidence: verbatim, openai)."""
    return f'{{"code":{quoted(error.code)},"message":{quoted(error.message)}}}'
