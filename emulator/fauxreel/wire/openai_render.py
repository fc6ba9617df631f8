"""Writing OpenAI's answers: jobs, lists, models, errors.

Key order, nulls and types are those of live answers of November 2025, not of the
documentation's examples (evidence: verbatim, openai).
"""

from collections.abc import Sequence
from json.encoder import encode_basestring as quoted
from typing import cast

from fauxreel.domain.errors import MethodNotAllowed, MissingCredentials, RequestError
from fauxreel.domain.models import Model
from fauxreel.domain.paging import Page
from fauxreel.domain.video import JobError, Status
from fauxreel.service import Seen
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.validation import supported

# The state words of the wire; the domain's PROCESSING is spelled `in_progress`.
_WORDS = {
    Status.QUEUED: "queued",
    Status.PROCESSING: "in_progress",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}
# Values are echoed in errors; beyond this many characters an echo helps nobody.
_LONGEST_ECHO = 300


def render_video(seen: Seen) -> str:
    """A job as JSON: id, object, created_at, status, then alphabetical; nulls are explicit."""
    video, view = seen.video, seen.view
    return (
        f'{{"id":"{video.id}","object":"video","created_at":{int(video.created)},'
        f'"status":"{_WORDS[view.status]}","completed_at":{_number(view.completed_at)},'
        f'"error":{_job_error(view.error)},"expires_at":{_number(view.expires_at)},'
        f'"model":{quoted(video.model)},"progress":{view.progress},'
        f'"prompt":{quoted(video.prompt)},"remixed_from_video_id":{_text(video.source_id)},'
        f'"seconds":"{video.seconds}","size":"{video.size}"}}'
    )


def render_list(page: Page[Seen]) -> str:
    """A page as JSON; the first and last id of an empty one are null (evidence: documented)."""
    ids = [seen.video.id for seen in page.items]
    first, last = (quoted(ids[0]), quoted(ids[-1])) if ids else ("null", "null")
    data = ",".join(map(render_video, page.items))
    has_more = "true" if page.has_more else "false"
    return (
        f'{{"object":"list","data":[{data}],"first_id":{first},'
        f'"has_more":{has_more},"last_id":{last}}}'
    )


def render_model(model: Model) -> str:
    """A model as JSON (evidence: verbatim, openai, 2025)."""
    return (
        f'{{"id":{quoted(model.name)},"object":"model","created":{model.created},'
        f'"owned_by":{quoted(model.owned_by)}}}'
    )


def render_error(error: RequestError) -> Answer:
    """The error in OpenAI's envelope: message, type, param, code."""
    kinds = (kind for kind in type(error).__mro__ if kind in WORDINGS)
    wording = WORDINGS[next(kinds)]
    message = wording.message.format(**{k: _shown(v) for k, v in error.fields.items()})
    param = None if error.param is None else str(_shown(error.param))
    body = (
        f'{{"error":{{"message":{quoted(message)},"type":{quoted(wording.type)},'
        f'"param":{_text(param)},"code":{_text(wording.code)}}}}}'
    )
    answer = Answer(wording.status, (body.encode("utf-8"),))
    if isinstance(error, MissingCredentials):
        answer.headers.append((b"www-authenticate", b'Bearer realm="OpenAI API"'))
    if isinstance(error, MethodNotAllowed):
        answer.headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    return answer


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return supported(cast("Sequence[str]", value))
    if isinstance(value, str) and len(value) > _LONGEST_ECHO:
        return f"{value[:_LONGEST_ECHO]}…"
    return value


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _job_error(error: JobError | None) -> str:
    """`code`, then `message` (evidence: verbatim, openai)."""
    if error is None:
        return "null"
    return f'{{"code":{quoted(error.code)},"message":{quoted(error.message)}}}'
