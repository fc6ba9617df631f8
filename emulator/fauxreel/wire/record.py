"""Entering requests in the journal, and naming the defects that they show."""

import re
from collections.abc import Mapping
from typing import Any, cast

from msgspec.structs import replace
from starlette.types import Scope

from fauxreel.clock import real_ns
from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.headers import Headers
from fauxreel.ids import task_of
from fauxreel.journal import MOST_ANSWER_BYTES, Request, Told
from fauxreel.masking import masked_answer, masked_query
from fauxreel.space import Space
from fauxreel.wire.credentials import KEY_HEADERS, presented
from fauxreel.wire.defects import ERROR, VALUES, cause, defect
from fauxreel.wire.http import Answer
from fauxreel.wire.kept import LONGEST_TEXT, Keeper, are_plain, is_id
from fauxreel.wire.known import KNOWN, Known
from fauxreel.wire.litellm_ids import unwrapped

# Where the scope holds the journal's entry, and the parameters as they came.
REQUEST = "fauxreel.request"

# Where it holds what the journal left out of the request.
_HIDDEN = "fauxreel.hidden"

_LONGEST_PATH = 2000
_REFUSED = 400

# Named once: on Python 3.11 the name of a member takes twenty times as long as another one.
_CONTENT, _FILE_CONTENT = Operation.CONTENT, Operation.FILE_CONTENT


def entered(
    space: Space, scope: Scope, surface: str | None, operation: Operation | None, started_ns: int
) -> Request:
    """A new entry for the request, and in the scope, too."""
    known: Known | None = scope.get(KNOWN)
    if known is not None and known.request is not None:
        described = known.request
        if known.hidden:
            scope[_HIDDEN] = known.hidden
    else:
        described = _described(space, scope, surface, operation)
        if known is not None:
            known.request, known.hidden = described, scope.get(_HIDDEN, [])
    client = scope.get("client")
    connection = client[1] if client else 0
    own: list[str] = []
    request = replace(described, started_ns=started_ns, connection=connection, diagnostics=own)
    scope[REQUEST] = request
    return space.journal.open(request)


def _described(
    space: Space, scope: Scope, surface: str | None, operation: Operation | None
) -> Request:
    """An entry with what the head of a request tells."""
    path = scope.get("root_path", "") + scope["path"]
    if len(path) > _LONGEST_PATH:
        path = f"{path[:_LONGEST_PATH]}…"
    query = scope["query_string"]
    if query:
        query, hidden = masked_query(query)
        if hidden:
            scope[_HIDDEN] = hidden
    request = Request(scope["method"], path, query, surface, operation)
    _note_client(space, scope, request)
    if params := scope.get("path_params"):
        request.video_id = _named_video(params)
    return request


def _note_client(space: Space, scope: Scope, request: Request) -> None:
    """Keeps what the headers tell of the client."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if not KEY_HEADERS.isdisjoint(headers):
        carried = [headers[name] for name in KEY_HEADERS if name in headers]
        if len(carried) == 1:
            request.key = space.carried_name(carried[0], lambda: presented(headers))
        else:
            request.key = space.key_name(presented(headers))
    if b"user-agent" in headers:
        request.client = headers[b"user-agent"].decode("latin-1")[:LONGEST_TEXT]
    retry = headers.get(b"x-stainless-retry-count")
    if retry is not None and retry.isdigit():
        request.retry, request.counts_retries = int(retry[:6]), True
    request.brings_rules = b"x-fauxreel" in headers


def note_fields(scope: Scope, values: Mapping[str, Any]) -> None:
    """Keeps the parameters of the body, without credentials and the contents of files."""
    scope[VALUES] = values
    request: Request | None = scope.get(REQUEST)
    if request is None:
        return
    if are_plain(values):
        request.fields = values
        return
    keeper = Keeper()
    request.fields = keeper.kept(values)
    if keeper.hidden:
        scope[_HIDDEN] = [*scope.get(_HIDDEN, ()), *keeper.hidden]
    if request.video_id is None:
        video = values.get("video", values.get("video_id"))
        named = cast("dict[str, object]", video).get("id") if isinstance(video, dict) else video
        # What else a client calls a video may be the contents of one.
        request.video_id = _raw(named) if isinstance(named, str) and is_id(named) else None


def note_begun(scope: Scope, answer: Answer) -> None:
    """Keeps of which part of a file the first bytes will be sent."""
    part = _part(scope[REQUEST], answer)
    scope[REQUEST].part = part and (part[0], part[0], part[2])


def note_sent(scope: Scope, count: int) -> None:
    """Keeps that so many further bytes were sent."""
    part = scope[REQUEST].part
    scope[REQUEST].part = part and (part[0], part[1] + count, part[2])


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
    if degraded:
        request.degraded = True
    if answer is not None:
        _note_answer(request, scope, answer)
    if ERROR in scope:
        request.error = type(cause(scope)).__name__
        code = defect(scope, request.operation)
        if code is not None:
            space.diagnostics.note(code, _place(request, scope))
            request.diagnostics.append(code)
        del scope[ERROR]
    space.watch.see(request)
    space.tally.count(request)
    space.journal.closed()
    # A connection has its last request's scope until the next one comes; uploads need not wait.
    if VALUES in scope:
        del scope[VALUES]


def _note_answer(request: Request, scope: Scope, answer: Answer) -> None:
    told = answer.told
    if told is None:
        told = answer.told = _told(answer)
    request.status, request.told = answer.status, told
    if request.operation is _CONTENT:
        request.part = _part(request, answer)
    if told.body is None:
        return
    if request.operation is _FILE_CONTENT:
        request.told = replace(told, body=None)
    elif answer.status >= _REFUSED or _HIDDEN in scope:  # may repeat what was sent
        request.told = replace(told, body=masked_answer(told.body, scope.get(_HIDDEN, ())))


def _told(answer: Answer) -> Told:
    content_type, body = answer.content_type.decode("latin-1"), answer.short()
    length = answer.length if body is None else len(body)
    if length > MOST_ANSWER_BYTES or not content_type.startswith("application/json"):
        body = None
    if not answer.headers:
        return Told(content_type, length, body)
    return Told(content_type, length, body, *_waits(answer.headers))


def _waits(headers: Headers) -> tuple[float | None, int | None]:
    """How long an answer tells to wait: after a failure in seconds, between polls in ms."""
    seconds = in_ms = poll_after_ms = None
    for name, value in headers:
        if name == b"openai-poll-after-ms":
            poll_after_ms = int(value)
        elif name == b"retry-after-ms" and value.isdigit():
            in_ms = int(value) / 1000
        elif name == b"retry-after" and value.isdigit():
            seconds = float(value)
    return seconds if in_ms is None else in_ms, poll_after_ms


def _part(request: Request, answer: Answer) -> tuple[int, int, int] | None:
    """Which part of a file an answer has: from, up to but not including, and of how many bytes."""
    if request.method == "HEAD":
        return None
    if answer.status == 200:
        return 0, answer.length, answer.length
    found = _CONTENT_RANGE.fullmatch(_header(answer.headers, b"content-range"))
    if answer.status != 206 or found is None:
        return None
    first, last, total = map(int, found.groups())
    return first, last + 1, total


_CONTENT_RANGE = re.compile(rb"bytes (\d+)-(\d+)/(\d+)")


def _header(headers: Headers, wanted: bytes) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")


def _place(request: Request, scope: Scope) -> str:
    param = cause(scope).param
    return f"{request.method} {request.path}" + ("" if param is None else f" ({param:.60})")


def _named_video(params: Mapping[str, str]) -> str | None:
    named = params.get("video_id") or params.get("job_id")
    if named is not None:
        return _raw(named)
    generation = params.get("generation_id")
    return None if generation is None else task_of(generation, 0)


def _raw(video_id: str) -> str:
    """The id without what the LiteLLM proxy wraps around it."""
    found = unwrapped(video_id) if len(video_id) > _SHORT_ID else None
    return video_id[:LONGEST_TEXT] if found is None else found.video_id[:LONGEST_TEXT]


# Every wrapped id is longer, and no id of a service is.
_SHORT_ID = 60
