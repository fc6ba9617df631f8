"""Writing answers about Sora 1 jobs: the key order is that of live answers of 2025.

(evidence: verbatim, azure; the errors' flat envelope: specified)
"""

from json.encoder import encode_basestring_ascii as quoted

from fauxreel.domain.errors import RequestError
from fauxreel.domain.paging import Page
from fauxreel.domain.size import parse_size
from fauxreel.domain.video import Status, Video, ended_at
from fauxreel.ids import generation_id
from fauxreel.looks import Seen
from fauxreel.wire.azure_render import (
    POLICY_VIOLATION,
    azure_answer,
    azure_parts,
    layer_of,
    render_azure_error,
)
from fauxreel.wire.azure_words import Layer
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_render import list_parts, number_or_null, with_headers

# The stages of processing, by the progress at which each ends: the first tenth, up to four
# fifths, and the rest (the order is verbatim; the shares are inferred).
_STAGES = ((10, "preprocessing"), (80, "running"), (100, "processing"))


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
    return (
        f'{{"object":"video.generation.job","id":{quoted(video.id)},"status":"{job_status(seen)}",'
        f'"created_at":{int(video.created)},"finished_at":{number_or_null(_finished(seen))},'
        f'"expires_at":{number_or_null(view.expires_at)},"generations":[{generations}],'
        f'"prompt":{quoted(video.prompt)},"model":{quoted(video.model)},'
        f'"n_variants":{video.variants},"n_seconds":{video.seconds},"height":{height},'
        f'"width":{width},"failure_reason":{_reason(seen)}}}'
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
    """The error: what the gateway says as it says it, all else flat."""
    layer = layer_of(error)
    if layer not in (Layer.USER, Layer.FILTER):
        return render_azure_error(error)
    parts = azure_parts(error)
    inner = f'{{"code":"{POLICY_VIOLATION}"}}' if layer is Layer.FILTER else "null"
    answer = azure_answer(
        f'{{"code":{_text(parts.code)},"message":{quoted(parts.message)},'
        f'"param":{_text(parts.param)},"type":{_text(parts.type)},"inner_error":{inner}}}',
        parts.status,
    )
    return with_headers(answer, error)


def _reason(seen: Seen) -> str:
    """Why a job failed, in this API's three words (evidence: documented, azure; that of the
    output: source, a fixture of PyRIT). Which moderation it was follows from the progress
    (inferred): that of the input lets no work begin."""
    error = seen.view.error
    if error is None or job_status(seen) != Status.FAILED:
        return "null"
    blocked = error.code == "moderation_blocked"
    if blocked and not seen.view.progress:
        return '"input_moderation"'
    return (
        '"output_moderation"' if blocked or error.code == "content_filter" else '"internal_error"'
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
