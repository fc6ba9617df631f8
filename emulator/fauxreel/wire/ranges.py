"""Byte ranges and validators of downloads, as HTTP has them (RFC 9110, sections 13 and 14).

Whether the real service honoured Range is not known (evidence: inferred); downloaders that
resume need it, and one that does not ask never sees it.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

_RANGE = re.compile(rb"bytes=\s*(\d*)-(\d*)\s*", re.IGNORECASE)
# Longer numbers are beyond any file, and Python limits what it parses.
_MOST_DIGITS = 18


class Span(Struct, frozen=True):
    """A part of a file: from `start` up to but not including `stop`."""

    start: int
    stop: int


UNSATISFIABLE = Span(-1, -1)


def asked_span(headers: Mapping[bytes, bytes], length: int, etag: bytes) -> Span | None:
    """The part that a request asks for.

    Returns:
        None for the whole file (also for several ranges at once, and for forms nobody knows,
        which RFC 9110 lets a server ignore); `UNSATISFIABLE` for a part beyond the end.
    """
    value = headers.get(b"range")
    condition = headers.get(b"if-range")
    if value is None or (condition is not None and condition != etag):
        return None
    match = _RANGE.fullmatch(value)
    if match is None or max(map(len, match.groups())) > _MOST_DIGITS:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, length)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= length:
        return UNSATISFIABLE
    return Span(start, min(int(last) + 1, length) if last else length)


def _suffix(last: bytes, length: int) -> Span | None:
    if not last:
        return None
    count = min(int(last), length)
    return Span(length - count, length) if count else UNSATISFIABLE


def matches(condition: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match header names this entity tag."""
    tags = [tag.strip().removeprefix(b"W/") for tag in condition.split(b",")]
    return b"*" in tags or etag in tags


def cut(parts: tuple[bytes, ...], span: Span) -> tuple[memoryview, ...]:
    """The span of the bytes that the parts make together, without copying any."""
    views: list[memoryview] = []
    offset = 0
    for part in parts:
        start, stop = max(span.start - offset, 0), min(span.stop - offset, len(part))
        if start < stop:
            views.append(memoryview(part)[start:stop])
        offset += len(part)
    return tuple(views)
