"""Multipart forms, read strictly: texts, files, and what the brackets in names mean."""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from fauxreel.domain.errors import DuplicateParameter, PartTooLarge, UnreadableForm, UnusableText

# The parser's own remarks on broken forms go to whoever asks for them, and not to stderr.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

# Far above what any client sends; a form of more parts is an attack or a mistake.
MOST_PARTS = 128
# The parameters that are files.
FILES = frozenset({"input_reference", "video", "file", "files"})
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,4})")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart form; the type is None when the part names none."""

    filename: str
    content_type: str | None
    data: bytes


def parse_multipart(
    body: bytes, boundary: bytes, text_limit: int, repeatable: Collection[str] = ()
) -> dict[str, Any]:
    """The fields of a multipart form: texts, and `Upload`s where a part has a filename.

    Raises:
        UnreadableForm: The form is broken.
        PartTooLarge: A text part has more than `text_limit` bytes.
        UnusableText: A text part is not UTF-8.
        DuplicateParameter: A name stands twice.
    """
    if not boundary:
        raise UnreadableForm("the Content-Type header names no boundary")
    form = _Form(text_limit)
    try:
        parser = MultipartParser(boundary, form.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise UnreadableForm(str(error)) from None
    if not form.complete:
        raise UnreadableForm("the closing boundary is missing")
    return nest(form.fields, repeatable)


def nest(pairs: list[tuple[str, Any]], repeatable: Collection[str] = ()) -> dict[str, Any]:
    """A tree of the fields of a form, with the brackets in their names undone.

    Raises:
        DuplicateParameter: A name stands twice, or as a value and as an object.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = _BRACKETED.fullmatch(name)
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


class _Form:
    """Collects the parts that the parser calls back with."""

    def __init__(self, text_limit: int) -> None:
        self.fields: list[tuple[str, Any]] = []
        self.complete = False
        self._text_limit = text_limit
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
        self._chunks: list[bytes] = []

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._chunks.append(data[start:end])

    def _part_end(self) -> None:
        if len(self.fields) >= MOST_PARTS:
            raise UnreadableForm(f"it has more than {MOST_PARTS} parts")
        disposition, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if disposition != b"form-data" or not name:
            raise UnreadableForm("a part has no name")
        data = b"".join(self._chunks)
        if b"filename" in options:
            filename = options[b"filename"].decode("utf-8", "replace")
            content_type = self._headers.get(b"content-type")
            kind = None if content_type is None else content_type.decode("latin-1").strip()
            self.fields.append((name, Upload(filename, kind, data)))
            return
        if len(data) > self._text_limit:
            raise PartTooLarge(name, self._text_limit, len(data))
        self.fields.append((name, _decoded(name, data)))

    def _end(self) -> None:
        self.complete = True


def _decoded(name: str, data: bytes) -> str:
    # A file without a name is a text that a file was expected for, whatever is in it
    # (evidence: verbatim, openai, openai-java#640).
    try:
        return data.decode("utf-8", "replace" if name in FILES else "strict")
    except UnicodeDecodeError:
        raise UnusableText(name, "is not valid UTF-8") from None
