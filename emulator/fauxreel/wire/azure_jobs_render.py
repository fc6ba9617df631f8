"""Writing answers about Sora 1 jobs: the key order is that of live answers of 2025.

(evidence: verbatim, azure; the errors' flat envelope: specified)
"""

from json.encoder import encode_basestring_ascii as quoted

from fauxreel.domain.errors import RequestError
from fauxreel.domain.paging import Page
from fauxreel.domain.size import parse_size
from fauxreel.domain.video import Status, Video, ended_at
from fauxreel.ids import generation_id
from fauxreel.service import Seen
from fauxreel.wire.azure_render import azure_answer, render_azure_error
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, Layer
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_render import ErrorParts, error_parts, list_parts, number_or_null

# The stages of processing, by the progress at which each ends: the first tenth, up to four
# fifths, and the rest (the order is verbatim; the shares are inferred).
_STAGES = ((10, "preprocessing"), (80, "running"), (100, "processing"))

# The job errors of the other dialects in this one's words (evidence: documented, azure).
_REASONS = {"moderation_blocked": "input_moderation", "content_filter": "output_moderation"}


def job_status(seen: Seen) -> str:
    """A job's state in the words of this API."""
    status, video = seen.view.status, seen.video
    if status is Status.PROCESSING:
        return next(word for end, word in _STAGES if seen.view.progress < end)
    if status is Status.FAILED and video.forced is not None and video.forced.cancelled:
        return "cancelled"
    return "succeeded" if status is Status.COMPLETED else status.value


def render_job(seen: Seen) -> str:
    """A job as JSON."""
    video, view = seen.video, seen.view
    width, height = _sides(video)
    made = range(video.variants) if view.status is Status.COMPLETED else range(0)
    generations = ",".join(render_generation(seen, number) for number in made)
    reason = "null"
    if view.error is not None and job_status(seen) == Status.FAILED:
        reason = quoted(_REASONS.get(view.error.code, "internal_error"))
    return (
        f'{{"object":"video.generation.job","id":{quoted(video.id)},"status":"{job_status(seen)}",'
        f'"created_at":{int(video.created)},"finished_at":{number_or_null(_finished(seen))},'
        f'"expires_at":{number_or_null(view.expires_at)},"generations":[{generations}],'
        f'"prompt":{quoted(video.prompt)},"model":{quoted(video.model)},'
        f'"n_variants":{video.variants},"n_seconds":{video.seconds},"height":{height},'
        f'"width":{width},"failure_reason":{reason}}}'
    )


def render_generation(seen: Seen, number: int) -> str:
    """One of a job's videos as JSON."""
    video = seen.video
    width, height = _sides(video)
    return (
        f'{{"object":"video.generation","id":"{generation_id(video.id, number)}",'
        f'"job_id":{quoted(video.id)},"created_at":{number_or_null(seen.view.completed_at)},'
        f'"width":{width},"height":{height},"n_seconds":{video.seconds},'
        f'"prompt":{quoted(video.prompt)}}}'
    )


def render_jobs(page: Page[Seen]) -> str:
    """A page of jobs as JSON (evidence: specified, azure)."""
    data, first, has_more, last = list_parts(page, render_job, lambda seen: seen.video.id)
    return (
        f'{{"object":"list","data":[{data}],"has_more":{has_more},'
        f'"first_id":{first},"last_id":{last}}}'
    )


def render_job_error(error: RequestError) -> Answer:
    """The gateway's errors as everywhere on Azure, those of the service flat."""
    kind = next((kind for kind in type(error).__mro__ if kind in AZURE_WORDINGS), None)
    if kind is None:
        parts = error_parts(error)
    elif AZURE_WORDINGS[kind].layer is Layer.USER:
        words = AZURE_WORDINGS[kind]
        message = words.message.format(**error.fields)
        parts = ErrorParts(words.status, message, USER_ERROR, None, words.code)
    else:
        return render_azure_error(error)
    return azure_answer(
        f'{{"code":{_text(parts.code)},"message":{quoted(parts.message)},'
        f'"param":{_text(parts.param)},"type":{quoted(parts.type)},"inner_error":null}}',
        parts.status,
    )


def _finished(seen: Seen) -> int | None:
    if seen.view.status in (Status.COMPLETED, Status.FAILED):
        return int(ended_at(seen.video, seen.polls))
    return None


def _sides(video: Video) -> tuple[int, int]:
    sides = parse_size(video.size)
    assert sides is not None, video.size
    return sides


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)
