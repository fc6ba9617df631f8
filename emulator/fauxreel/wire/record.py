"""Entering requests in the journal, and naming the defects that they show."""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from starlette.types import Scope

from fauxreel.clock import real_ns
from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.ids import task_of
from fauxreel.journal import MOST_ANSWER_BYTES, Request
from fauxreel.space import Space
from fauxreel.wire.credentials import KEY_HEADERS, presented
from fauxreel.wire.defects import ERROR, VALUES, cause, defect
from fauxreel.wire.http import Answer
from fauxreel.wire.litellm_ids import unwrapped
from fauxreel.wire.multipart import Upload

# Where the scope holds the journal's entry, and the parameters as they came.
REQUEST = "fauxreel.request"

_LONGEST_TEXT = 500
_MOST_ITEMS = 50
_DEEPEST = 4


def entered(
    space: Space, scope: Scope, surface: str | None, operation: Operation | None
) -> Request:
    """A new entry for the request, and in the scope, too."""
    request = Request(
        0,
        0.0,
        scope["method"],
        scope.get("root_path", "") + scope["path"],
        scope["query_string"],
        surface,
        operation,
        real_ns(),
    )
    keys: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in KEY_HEADERS:
            keys[name] = value
        elif name == b"user-agent":
            request.client = value.decode("latin-1")[:_LONGEST_TEXT]
        elif name == b"x-stainless-retry-count" and value.isdigit():
            request.retry, request.counts_retries = int(value[:6]), True
        elif name == b"x-fauxreel":
            request.brings_rules = True
    if keys and (key := presented(keys)):
        request.key = space.key_name(key)
    if scope.get("client"):
        request.connection = scope["client"][1]
    request.video_id = _named_video(scope.get("path_params"))
    scope[REQUEST] = request
    return space.journal.open(request)


def note_fields(scope: Scope, values: Mapping[str, Any]) -> None:
    """Keeps the parameters of the body, without the contents of files."""
    scope[VALUES] = values
    request: Request | None = scope.get(REQUEST)
    if request is None:
        return
    request.fields = cast("Mapping[str, Any]", _kept(values, 0))
    if request.video_id is None:
        video = values.get("video", values.get("video_id"))
        named = cast("dict[str, object]", video).get("id") if isinstance(video, dict) else video
        request.video_id = _raw(named) if isinstance(named, str) and named else None


def note_state(scope: Scope, status: Status) -> None:
    """Keeps what a retrieve tells of its job."""
    scope[REQUEST].state = status


def answered(space: Space, scope: Scope, answer: Answer | None, *, degraded: bool = False) -> None:
    """Closes the entry of a request.

    Args:
        answer: None for one that the client did not get whole.
        degraded: Whether a fault of the transport could only be imitated.
    """
    request: Request = scope[REQUEST]
    request.ended_ns = real_ns()
    request.degraded = degraded
    if answer is not None:
        request.status = answer.status
        request.content_type = answer.content_type.decode("latin-1")
        request.length = answer.length
        if request.length <= MOST_ANSWER_BYTES and _is_json(answer):
            request.answer = b"".join(answer.parts)
        _note_headers(request, answer)
    if ERROR in scope:
        request.error = type(cause(scope)).__name__
        code = defect(scope, request.operation)
        if code is not None:
            space.diagnostics.note(code, _place(request, scope))
            request.diagnostics.append(code)
    space.watch.see(request)
    space.journal.closed()


def _is_json(answer: Answer) -> bool:
    return answer.content_type.startswith(b"application/json")


def _note_headers(request: Request, answer: Answer) -> None:
    """What the answer tells the client to wait."""
    for name, value in answer.headers:
        if name == b"openai-poll-after-ms":
            request.poll_after_ms = int(value)
        elif name == b"retry-after-ms" and value.isdigit():
            request.retry_after = int(value) / 1000
        elif name == b"retry-after" and value.isdigit() and request.retry_after is None:
            request.retry_after = float(value)


def _place(request: Request, scope: Scope) -> str:
    param = cause(scope).param
    return f"{request.method} {request.path}" + ("" if param is None else f" ({param:.60})")


def _named_video(params: Mapping[str, str] | None) -> str | None:
    if not params:
        return None
    named = params.get("video_id") or params.get("job_id")
    if named is not None:
        return _raw(named)
    generation = params.get("generation_id")
    return None if generation is None else task_of(generation, 0)


def _raw(video_id: str) -> str:
    """The id without what the LiteLLM proxy wraps around it."""
    found = unwrapped(video_id) if len(video_id) > _SHORT_ID else None
    return video_id[:_LONGEST_TEXT] if found is None else found.video_id[:_LONGEST_TEXT]


# Every wrapped id is longer, and no id of a service is.
_SHORT_ID = 60


def _kept(value: object, depth: int) -> object:
    if isinstance(value, Upload):
        digest = hashlib.blake2b(value.data, digest_size=8).hexdigest()
        return {
            "filename": value.filename[:_LONGEST_TEXT],
            "content_type": value.content_type,
            "length": len(value.data),
            "digest": digest,
        }
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict | list) and depth >= _DEEPEST:
        return "…"
    if isinstance(value, dict):
        pairs = list(cast("dict[str, object]", value).items())[:_MOST_ITEMS]
        return {_text(name): _kept(inner, depth + 1) for name, inner in pairs}
    if isinstance(value, list):
        return [_kept(inner, depth + 1) for inner in cast("list[object]", value)[:_MOST_ITEMS]]
    return value


def _text(value: str) -> str:
    """A text without what files may hold; a long one ends with its length and digest."""
    scheme = value[:5].lower()
    if scheme != "data:" and len(value) <= _LONGEST_TEXT:
        return value
    data = value.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=8).hexdigest()
    shown = value[:40].partition(",")[0] + "," if scheme == "data:" else value[:_LONGEST_TEXT]
    return f"{shown}… ({len(value)} characters, {digest})"
