"""Multipart forms, read strictly: texts, files, and what the brackets in names mean."""

import logging
import re
from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from fauxreel.contents import Contents, digest
from fauxreel.domain.errors import DuplicateParameter, PartTooLarge, UnreadableForm, UnusableText
from fauxreel.spool import Spooled
from fauxreel.wire.strict_form import MOST_PARTS, Head, head_of, split, texts

# The parser's own remarks on broken forms go to whoever asks for them, and not to stderr.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

# The parameters that are files.
FILES = frozenset({"input_reference", "video", "file", "files"})
_DIGEST_BYTES = 8
# A form that is quickly copied once more.
_SMALL = 16 * 1024
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,4})")


class Upload(Struct):
    """A file part of a multipart form; the type is None when the part names none."""

    filename: str
    content_type: str | None
    data: Contents
    _digest: str | None = None

    def __repr__(self) -> str:
        return f"Upload({self.filename!r}, {self.content_type!r}, {len(self.data)} bytes)"

    def digest(self) -> str:
        """A short digest of the contents."""
        if isinstance(self.data, Spooled):
            return self.data.digest(_DIGEST_BYTES)
        if self._digest is None:
            self._digest = digest(self.data, _DIGEST_BYTES)
        return self._digest


def parse_multipart(
    body: bytes | Spooled, boundary: bytes, text_limit: int, repeatable: Collection[str] = ()
) -> dict[str, Any]:
    """The fields of a multipart form: texts, and `Upload`s where a part has a filename.

    A spooled body takes a while; its large files stay where they are.

    Raises:
        UnreadableForm: The form is broken.
        PartTooLarge: A text part has more than `text_limit` bytes.
        UnusableText: A text part is not UTF-8.
        DuplicateParameter: A name stands twice.
    """
    if not boundary:
        raise UnreadableForm("the Content-Type header names no boundary")
    if len(body) <= min(_SMALL, text_limit) and isinstance(body, bytes) and not repeatable:
        fields = texts(body, boundary)
        if fields is not None:
            return fields
    pairs = read_strictly(body, boundary, text_limit)
    if pairs is None:
        pairs = read_fully(body, boundary, text_limit)
    return nest(pairs, repeatable)


def read_strictly(
    body: bytes | Spooled, boundary: bytes, text_limit: int
) -> list[tuple[str, Any]] | None:
    """The fields of a form as usual clients send it; None for another one, whole or broken.

    Raises:
        RequestError: As `parse_multipart`.
    """
    parts = split(body, boundary)
    if parts is None:
        return None
    fields = _Fields(body, text_limit)
    for part in parts:
        fields.add(*part)
    return fields.pairs


def read_fully(body: bytes | Spooled, boundary: bytes, text_limit: int) -> list[tuple[str, Any]]:
    """The fields of any form.

    Raises:
        RequestError: As `parse_multipart`.
    """
    form = _Form(_Fields(body, text_limit))
    try:
        parser = MultipartParser(boundary, form.callbacks())
        parser.write(body[:])
        parser.finalize()
    except FormParserError as error:
        raise UnreadableForm(str(error)) from None
    if not form.complete:
        raise UnreadableForm("the closing boundary is missing")
    return form.fields.pairs


def nest(pairs: Sequence[tuple[str, Any]], repeatable: Collection[str] = ()) -> dict[str, Any]:
    """A tree of the fields of a form, with the brackets in their names undone.

    Raises:
        DuplicateParameter: A name stands twice, or as a value and as an object.
    """
    tree: dict[str, Any] = dict(pairs)
    if len(tree) == len(pairs) and not repeatable and "[" not in "".join(tree):
        return tree  # as it is with most
    tree.clear()
    for name, value in pairs:
        match = _BRACKETED.fullmatch(name) if "[" in name else None
        if name in repeatable:
            tree.setdefault(name, []).append(value)
        elif match is None:
            if name in tree:
                raise DuplicateParameter(name)
            tree[name] = value
        else:
            keys = match[2][1:-1].split("][")
            tree[match[1]] = _put(match[1], tree.get(match[1]), keys, value)
    return tree


def _put(name: str, node: Any, keys: list[str], value: Any) -> Any:
    """The node with the value at `keys`; an empty key means an item of a list."""
    if not keys:
        if node is not None:
            raise DuplicateParameter(name)
        return value
    key, *rest = keys
    if key == "":
        items: list[Any] = _as(name, node, list)
        if rest and items and isinstance(items[-1], dict) and rest[0] not in items[-1]:
            items[-1] = _put(name, items[-1], rest, value)
        else:
            items.append(_put(name, None, rest, value))
        return items
    table: dict[str, Any] = _as(name, node, dict)
    table[key] = _put(name, table.get(key), rest, value)
    return table


def _as(name: str, node: Any, kind: type) -> Any:
    if node is None:
        return kind()
    if not isinstance(node, kind):
        raise DuplicateParameter(name)
    return node


class _Fields:
    """The fields of a form, as its parts are found in the body."""

    def __init__(self, body: bytes | Spooled, text_limit: int) -> None:
        self.pairs: list[tuple[str, Any]] = []
        self._body = body
        self._text_limit = text_limit

    def add(self, head: Head, start: int, stop: int) -> None:
        body = self._body
        if head.filename is not None:
            data = body[start:stop] if isinstance(body, bytes) else body.part(start, stop)
            upload = Upload(head.filename, head.content_type, data)
            if isinstance(data, Spooled):
                upload.digest()  # now, for later there may be an event loop that waits for it
            self.pairs.append((head.name, upload))
            return
        if stop - start > self._text_limit:
            raise PartTooLarge(head.name, self._text_limit, stop - start)
        self.pairs.append((head.name, _decoded(head.name, body[start:stop])))


class _Form:
    """Hears from the parser, which gets the body in one piece, where the parts are."""

    def __init__(self, fields: _Fields) -> None:
        self.complete = False
        self.fields = fields
        self._begin()

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._field = self._value = b""
        self._start = self._stop = 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        del data
        self._start, self._stop = self._start or start, end

    def _part_end(self) -> None:
        if len(self.fields.pairs) >= MOST_PARTS:
            raise UnreadableForm(f"it has more than {MOST_PARTS} parts")
        head = head_of(self._headers)
        if head is None:
            raise UnreadableForm("a part has no name")
        self.fields.add(head, self._start, self._stop)

    def _end(self) -> None:
        self.complete = True


def _decoded(name: str, data: bytes) -> str:
    # A file without a name is a text that a file was expected for, whatever is in it
    # (evidence: verbatim, openai, openai-java#640).
    try:
        return data.decode("utf-8", "replace" if name in FILES else "strict")
    except UnicodeDecodeError:
        raise UnusableText(name, "is not valid UTF-8") from None
