"""What happened at a namespace, in lines for people: requests first, in the order of arrival.

Polls that brought no news share a line, and ids are cut to what tells them apart.
"""

import re
from collections.abc import Sequence
from typing import Any, cast

from msgspec import Struct

from fauxreel.domain.operations import Operation
from fauxreel.journal import Request, described

# Further lines help nobody.
_MOST_LINES = 60
_MOST_WORDS = 160
_SECOND = 1_000_000_000

_PREFIX = re.compile(r"(^|\s)/ns/[^/\s]+(?=/)")
_ID = re.compile(r"(video_|file-|char_|task_|gen_)([A-Za-z0-9_=-]{16,})")
_END_OF_ID = 8
_BRIEF_ID = re.compile(r"video_….{8}")
_LONGEST_PATH = 200


class _Group(Struct):
    """A request, and the polls after it that brought no news."""

    first: Request
    last: Request
    count: int = 1


class _Start(Struct, frozen=True):
    """When the first request came, in real and in emulated time, and whether the latter moved."""

    real_ns: int
    emulated: float
    moved: bool

    @classmethod
    def of(cls, requests: Sequence[Request]) -> "_Start":
        first = requests[0]
        moved = any(request.time != first.time for request in requests)
        return cls(first.started_ns, first.time, moved)

    def moment(self, request: Request) -> tuple[str, str]:
        """How much later a request came, in words; the second is empty where nothing moved."""
        real = f"+{(request.started_ns - self.real_ns) / _SECOND:.3f}s"
        emulated = f"(+{round(request.time - self.emulated, 1):g}s)" if self.moved else ""
        return real, emulated


def timeline(requests: Sequence[Request]) -> list[str]:
    """A line for each request: when, what, what was answered, and why.

    Real time counts from the first request; emulated time stands beside it where it moved.
    """
    if not requests:
        return ["  no requests"]
    groups, start = _grouped(requests), _Start.of(requests)
    moments = [start.moment(group.first) for group in groups]
    wide, emulated = (max(len(moment[at]) for moment in moments) for at in (0, 1))
    lines = [
        f"  {real:>{wide}} " + (f"{then:>{emulated}} " if emulated else "") + _told(group, start)
        for (real, then), group in zip(moments, groups, strict=True)
    ]
    if requests[0].sequence > 1:
        lines.insert(0, f"  {requests[0].sequence - 1} earlier ones are not kept (max_requests)")
    return _cut(lines)


def brief(text: str) -> str:
    """A text without the namespace's prefix, and with ids cut to what tells them apart."""
    return _ID.sub(lambda found: found[1] + _end(found[2]), _PREFIX.sub(r"\1", text))


def several(count: int, what: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _grouped(requests: Sequence[Request]) -> list[_Group]:
    groups: list[_Group] = []
    polled: dict[str, _Group] = {}
    for request in requests:
        known = polled.get(request.path)
        if known is not None and _brings_no_news(request, known.last):
            known.last, known.count = request, known.count + 1
            continue
        group = _Group(request, request)
        groups.append(group)
        if request.operation is not Operation.RETRIEVE:
            polled.clear()
        else:
            polled[request.path] = group
    return groups


def _brings_no_news(request: Request, before: Request) -> bool:
    return (request.method, request.status, request.state) == (
        before.method,
        before.status,
        before.state,
    ) and not (request.rule or request.diagnostics or request.retry)


def _told(group: _Group, start: _Start) -> str:
    request = group.first
    told = f"#{request.sequence} {request.method} {_asked(request)} -> {_answered(request)}"
    if group.count > 1:
        last = group.last
        until = " ".join(filter(None, start.moment(last)))
        told += f"; {group.count} times, to #{last.sequence} at {until}"
    return told


def _asked(request: Request) -> str:
    path = brief(request.path)
    if request.video_id is not None:
        # An id that a proxy wrapped is told as the raw one.
        raw = brief(request.video_id)
        path = _BRIEF_ID.sub(lambda _: raw, path)
    query = brief(str(described(request)["query"]))
    return (f"{path}?{query}" if query else path)[:_LONGEST_PATH]


def _answered(request: Request) -> str:
    if request.lost:
        status = "nothing, or not all of it"
    else:
        status = "under way" if request.status is None else str(request.status)
    parts = [status]
    if request.state is not None:
        parts[0] += f" {request.state}"
    elif words := _words(request):
        parts[0] += f" {words!r}"
    if request.accepted and request.video_id is not None:
        parts.append(f"made {brief(request.video_id)}")
    if request.retry:
        parts.append(f"retry {request.retry} of its client")
    if request.rule:
        imitated = " (imitated)" if request.degraded else ""
        parts.append(f"{request.rule} fired: {' '.join(request.faults)}{imitated}")
    parts += [f"defect {code}" for code in request.diagnostics]
    return ", ".join(parts)


def _words(request: Request) -> str:
    """What an error says, as far as it is JSON."""
    if request.status is None or request.status < 400:
        return ""
    answer: Any = described(request)["answer"]
    if isinstance(answer, dict):
        table = cast("dict[str, Any]", answer)
        table = table["error"] if isinstance(table.get("error"), dict) else table
        return brief(str(table.get("message", "")))[:_MOST_WORDS]
    return ""


def _end(long: str) -> str:
    return f"…{long[-_END_OF_ID:]}"


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    half = _MOST_LINES // 2
    return [*lines[:half], f"  … {len(lines) - 2 * half} lines left out", *lines[-half:]]
