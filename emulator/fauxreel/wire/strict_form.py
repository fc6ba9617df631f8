"""The multipart forms that SDKs, browsers and curl send, taken apart by searching.

Strict: on anything unusual the answer is None, and python-multipart decides. Where there is an
answer, it is the one that python-multipart gives (tests/wire/test_strict_form.py).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from msgspec import Struct
from python_multipart.multipart import parse_options_header

from fauxreel.contents import Contents

# Far above what any client sends; a form of more parts is an attack or a mistake.
MOST_PARTS = 128

# Within what python-multipart reads.
_MOST_HEAD_BYTES = 4096
_MOST_HEADERS = 8
_LONGEST_BOUNDARY = 70
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=?-]{1,%d}" % _LONGEST_BOUNDARY)
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([^\r]*)")

# What most clients write around the name of a text.
_BEFORE_NAME = '\r\nContent-Disposition: form-data; name="'
_BEHIND_NAME = '"\r\n\r\n'

# Clients send the same few of these again and again; names of files are not kept.
_LONGEST_KEPT_HEAD = 120
_MOST_KEPT_HEADS = 256


class Body(Contents, Protocol):
    """A body that can be searched: bytes, or a spooled one."""

    def find(self, wanted: bytes, start: int, stop: int, /) -> int: ...


class Head(Struct, frozen=True):
    """What the headers of a part say; a part without a filename is text."""

    name: str
    filename: str | None
    content_type: str | None


Part = tuple[Head, int, int]


def split(body: Body, boundary: bytes) -> list[Part] | None:
    """The parts of a form: their heads, and from where to where their contents go.

    Returns:
        None when anything about it is unusual.
    """
    delimiter = b"\r\n--" + boundary
    at = len(delimiter)
    if body[:at] != delimiter[2:] + b"\r\n" or _BOUNDARY.fullmatch(boundary) is None:
        return None
    length, gap = len(body), len(delimiter) + 2
    parts: list[Part] = []
    while len(parts) < MOST_PARTS:
        blank = body.find(b"\r\n\r\n", at, at + _MOST_HEAD_BYTES)
        head = None if blank < 0 else _head(body[at:blank])
        stop = -1 if head is None else body.find(delimiter, blank + 4, length)
        if head is None or stop < 0:
            return None
        parts.append((head, blank + 4, stop))
        at = stop + gap
        if body[at - 2 : at] != b"\r\n":
            return parts if body[at - 2 : at + 3] in (b"--", b"--\r\n") else None
    return None


def texts(body: bytes, boundary: bytes) -> dict[str, str] | None:
    """The fields of a form that has nothing but plain texts, as that of most creates.

    Returns:
        None when there is a file, a name with brackets, a name twice, or anything unusual.
    """
    try:
        form, own = body.decode(), boundary.decode("ascii")
        start, end = f"--{own}{_BEFORE_NAME}", f"\r\n--{own}--\r\n"
        parts = form[len(start) : -len(end)].split(f"\r\n{start}")
        fields = dict([part.split(_BEHIND_NAME) for part in parts])  # those of two are pairs
    except ValueError:
        return None
    usual = len(own) <= _LONGEST_BOUNDARY and own.replace("-", "").isalnum()
    whole = usual and form.startswith(start) and form.endswith(end)
    if not whole or not len(fields) == len(parts) == form.count(f"\r\n--{own}") <= MOST_PARTS:
        return None
    names = "".join(fields)
    plain = names.isascii() and names.isidentifier() and len(names) <= _LONGEST_KEPT_HEAD
    return fields if plain and "" not in fields else None


def head_of(headers: Mapping[bytes, bytes]) -> Head | None:
    """What headers with lowercase names say; None when they name no part of a form."""
    disposition, options = parse_options_header(headers.get(b"content-disposition"))
    name = options.get(b"name", b"").decode("utf-8", "replace")
    if disposition != b"form-data" or not name:
        return None
    if b"filename" not in options:
        return Head(name, None, None)
    content_type = headers.get(b"content-type")
    return Head(
        name,
        options[b"filename"].decode("utf-8", "replace"),
        None if content_type is None else content_type.decode("latin-1").strip(),
    )


def _head(head: bytes) -> Head | None:
    if len(head) > _LONGEST_KEPT_HEAD or b"filename" in head:
        return _read_head(head)
    return _kept_head(head)


def _read_head(head: bytes) -> Head | None:
    lines = head.split(b"\r\n")
    if len(lines) > _MOST_HEADERS:
        return None
    headers: dict[bytes, bytes] = {}
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None:
            return None
        headers[match[1].lower()] = match[2]
    return head_of(headers)


_kept_head = lru_cache(_MOST_KEPT_HEADS)(_read_head)
