"""Reading requests for Sora 1 jobs: sizes, lengths, variants, inpaint items."""

import json
from collections.abc import Mapping
from typing import Any, cast

from msgspec import Struct

from fauxreel.domain.commands import Create
from fauxreel.domain.errors import (
    InvalidChoice,
    InvalidType,
    MissingParameter,
    NumberTooLarge,
    NumberTooSmall,
    TooManyItems,
    UnreadableJson,
)
from fauxreel.wire.bodies import Fields, type_name
from fauxreel.wire.multipart import Upload
from fauxreel.wire.validation import choice, query_integer, refuse_unknown, required_text

# Width and height, and how many variants of that size at most (evidence: documented, azure, 2025).
SIZES: Mapping[str, int] = {
    "480x480": 4,
    "480x854": 4,
    "854x480": 4,
    "720x720": 2,
    "720x1280": 2,
    "1280x720": 2,
    "1080x1080": 1,
    "1080x1920": 1,
    "1920x1080": 1,
}
MOST_VARIANTS = 5
_LONGEST_SECONDS = 20
_LONGEST_1080P = 10  # seconds (evidence: source, PyRIT)
STATUSES = (
    "preprocessing", "queued", "running", "processing", "cancelled", "succeeded", "failed",
)  # fmt: skip

_PARAMETERS = frozenset({
    "model", "prompt", "width", "height", "n_seconds", "n_variants", "inpaint_items", "files",
})  # fmt: skip
_ITEM_KEYS = ("frame_index", "type", "file_name", "crop_bounds")
_BOUNDS = ("left_fraction", "top_fraction", "right_fraction", "bottom_fraction")
_MOST_ITEMS = 2
_LONGEST_TEXT = 32000


class JobsRequest(Struct, frozen=True):
    """Which part of the list of jobs is asked for: between two ids, in some states."""

    limit: int
    after: str | None
    before: str | None
    statuses: tuple[str, ...]


def parse_job(fields: Fields) -> tuple[Create, list[Upload]]:
    """The new job, and the files that its inpaint items name, still unchecked.

    Raises:
        InvalidParameter: A parameter is unknown or wrong; the first fault only.
    """
    values = fields.values
    refuse_unknown(values, _PARAMETERS)
    model = required_text(values, "model", 512)
    prompt = required_text(values, "prompt", _LONGEST_TEXT)
    width = _integer(values, "width", None, 1, 10_000)
    height = _integer(values, "height", None, 1, 10_000)
    size = f"{width}x{height}"
    if size not in SIZES:
        raise InvalidChoice("size", size, tuple(SIZES))
    longest = _LONGEST_1080P if SIZES[size] == 1 else _LONGEST_SECONDS
    seconds = _integer(values, "n_seconds", 5, 1, longest)
    variants = _integer(values, "n_variants", 1, 1, min(SIZES[size], MOST_VARIANTS))
    uploads = _inpaint_files(values)
    return Create(prompt, model, seconds, size, variants=variants), uploads


def _integer(
    values: Mapping[str, Any], name: str, default: int | None, minimum: int, maximum: int
) -> int:
    """A whole number; as text, too, which forms send and the service took in JSON as well
    (evidence: reported, azure)."""
    if default is None and name not in values:
        raise MissingParameter(name)
    value = values.get(name, default)
    digits = str(value)
    if isinstance(value, bool) or not (digits.removeprefix("-").isdecimal() and digits.isascii()):
        raise InvalidType(name, "an integer", type_name(value))
    number = int(digits[:12])
    if number < minimum:
        raise NumberTooSmall(name, minimum, number)
    if number > maximum:
        raise NumberTooLarge(name, maximum, number)
    return number


def _inpaint_files(values: Mapping[str, Any]) -> list[Upload]:
    """The attached files; each inpaint item names one of them."""
    files = _files(values)
    if len(files) > _MOST_ITEMS:
        raise TooManyItems("files", _MOST_ITEMS, len(files))
    items = values.get("inpaint_items", [])
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except (ValueError, RecursionError) as error:
            raise UnreadableJson(str(error)) from None
    if not isinstance(items, list):
        raise InvalidType("inpaint_items", "an array", type_name(items))
    listed = cast("list[object]", items)
    if len(listed) > _MOST_ITEMS:
        raise TooManyItems("inpaint_items", _MOST_ITEMS, len(listed))
    names = [upload.filename for upload in files]
    for at, item in enumerate(listed):
        _check_item(item, f"inpaint_items[{at}]", names)
    return files


def _files(values: Mapping[str, Any]) -> list[Upload]:
    given = values.get("files", [])
    if not isinstance(given, list):
        raise InvalidType("files", "a file", type_name(given))
    uploads: list[Upload] = []
    for upload in cast("list[object]", given):
        if not isinstance(upload, Upload):
            raise InvalidType("files", "a file", type_name(upload))
        uploads.append(upload)
    return uploads


def _check_item(item: object, name: str, files: list[str]) -> None:
    if not isinstance(item, dict):
        raise InvalidType(name, "an object", type_name(item))
    table = cast("dict[str, Any]", item)
    refuse_unknown(table, {*_ITEM_KEYS}, within=name)
    named = {f"{name}.{key}": value for key, value in table.items()}
    _integer(named, f"{name}.frame_index", 0, 0, 10_000)
    kinds = ("image", "video")
    choice(named, f"{name}.type", "image", kinds, kinds)
    file_name = required_text(named, f"{name}.file_name", _LONGEST_TEXT)
    if not files:
        raise MissingParameter("files")
    if file_name not in files:
        raise InvalidChoice(f"{name}.file_name", file_name, files)
    bounds = table.get("crop_bounds", {})
    if not isinstance(bounds, dict):
        raise InvalidType(f"{name}.crop_bounds", "an object", type_name(bounds))
    _check_bounds(cast("dict[str, Any]", bounds), f"{name}.crop_bounds")


def _check_bounds(bounds: dict[str, Any], name: str) -> None:
    """Fractions from 0 to 1, left before right and top before bottom."""
    refuse_unknown(bounds, {*_BOUNDS}, within=name)
    left, top, right, bottom = (
        _fraction(bounds, key, default, name)
        for key, default in zip(_BOUNDS, (0, 0, 1, 1), strict=True)
    )
    for key, low, high in (("right_fraction", left, right), ("bottom_fraction", top, bottom)):
        if low >= high:
            raise InvalidChoice(f"{name}.{key}", str(high), (f"more than {low}",))


def _fraction(bounds: Mapping[str, Any], key: str, default: float, within: str) -> float:
    value = bounds.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidType(f"{within}.{key}", "a decimal number", type_name(value))
    if not 0 <= value <= 1:
        raise InvalidChoice(f"{within}.{key}", str(value), ("0 to 1",))
    return float(value)


def parse_jobs(query: Mapping[str, str]) -> JobsRequest:
    """The part of the list asked for; 10 a page (evidence: specified, azure).

    Raises:
        InvalidParameter: `limit` or `statuses` is wrong.
    """
    limit = query_integer(query, "limit", 10, 0, 100)
    statuses = tuple(word.strip() for word in query.get("statuses", "").split(",") if word.strip())
    for status in statuses:
        if status not in STATUSES:
            raise InvalidChoice("statuses", status, STATUSES)
    return JobsRequest(limit, query.get("after") or None, query.get("before") or None, statuses)


def parse_quality(query: Mapping[str, str]) -> str:
    """`high` or `low`; both get the same file here.

    Raises:
        InvalidChoice: It is neither.
    """
    return choice(query, "quality", "high", ("high", "low"), ("high", "low"))
