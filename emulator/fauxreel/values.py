"""How the value of a setting is read: from text (flag, variable) or from a TOML value."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from msgspec import Struct, field

from fauxreel.domain.timeline import Curve


class ValueProblem(Exception):
    """A value that cannot be read; whoever knows its name says the rest, if it has no words."""


class Parse(Struct, frozen=True):
    """A way to read values, and what it takes, in words.

    Args:
        schema: How a value looks in JSON, as a JSON schema.
    """

    read: Callable[[object], object]
    valid: str
    schema: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __call__(self, raw: object) -> object:
        return self.read(raw)


def number(minimum: float, maximum: float = math.inf) -> Parse:
    """A finite number within bounds, both included."""

    def read(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise ValueProblem
        try:
            value = float(raw)
        except (ValueError, OverflowError):
            raise ValueProblem from None
        if not math.isfinite(value) or not minimum <= value <= maximum:
            raise ValueProblem
        return value

    schema = {"type": "number", **_limits(minimum, maximum)}
    return Parse(read, f"a number {_bounds(minimum, maximum)}", schema)


def whole(minimum: int, maximum: float = math.inf) -> Parse:
    """A whole number within bounds, both included."""

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            raise ValueProblem
        try:
            value = int(raw)
        except ValueError:
            raise ValueProblem from None
        if not minimum <= value <= maximum:
            raise ValueProblem
        return value

    schema = {"type": "integer", **_limits(minimum, maximum)}
    return Parse(read, f"a whole number {_bounds(minimum, maximum)}", schema)


def choice(values: Iterable[str] | type[StrEnum]) -> Parse:
    """One of a closed list; the enum's member when it is one."""
    by_name: dict[str, str] = {str(value): value for value in values}

    def read(raw: object) -> str:
        if not isinstance(raw, str) or raw not in by_name:
            raise ValueProblem
        return by_name[raw]

    schema = {"type": "string", "enum": list(by_name)}
    return Parse(read, ", ".join(str(name) for name in by_name), schema)


def _bounds(minimum: float, maximum: float) -> str:
    if maximum == math.inf:
        return f"of {minimum} or more"
    return f"from {minimum} to {maximum}"


def _limits(minimum: float, maximum: float) -> dict[str, float]:
    limits = {"minimum": minimum, "maximum": maximum}
    return {name: limit for name, limit in limits.items() if math.isfinite(limit)}


def _read_text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueProblem
    return raw


def _read_texts(raw: object) -> tuple[str, ...]:
    """A list, or one text with commas between the values."""
    values = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(values, list | tuple):
        raise ValueProblem
    return tuple(_read_text(value).strip() for value in cast("list[object]", values))


def _read_profiles(raw: object) -> tuple[str, ...]:
    profiles = _read_texts(raw)
    surfaces = [profile.partition("=")[0] for profile in profiles]
    if set(profiles) - set(_PROFILES) or len(set(surfaces)) < len(surfaces):
        raise ValueProblem
    return profiles


def _read_origins(raw: object) -> tuple[str, ...]:
    origins = _read_texts(raw)
    # A browser sends an origin without a path, in small letters; anything else never matches.
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueProblem
    return origins


def _read_path(raw: object) -> Path:
    if isinstance(raw, Path):
        return raw
    chosen = _read_text(raw)
    if "\0" in chosen:
        raise ValueProblem
    try:
        return Path(chosen).expanduser()
    except RuntimeError:  # `~` of a user without a home
        raise ValueProblem from None


def _read_store(raw: object) -> str:
    chosen = _read_text(raw)
    scheme, _, place = chosen.partition(":")
    if chosen == "memory":
        return chosen
    # SQLite takes these for databases in memory, which would keep nothing.
    if scheme != "sqlite" or not place or place.startswith((":memory:", "file:")):
        raise ValueProblem
    return f"sqlite:{_read_path(place)}"


_WORDS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _read_switch(raw: object) -> bool:
    word = raw if isinstance(raw, bool) else _WORDS.get(str(raw).lower())
    if word is None:
        raise ValueProblem
    return word


def _read_rules(raw: object) -> tuple[object, ...]:
    """Rules as text, or a list of tables and texts; what they say is read elsewhere."""
    if isinstance(raw, str):
        return (_read_text(raw),)
    if not isinstance(raw, list | tuple):
        raise ValueProblem
    some = cast("list[object]", raw)
    if not all(isinstance(one, str | Mapping) for one in some):
        raise ValueProblem
    return tuple(some)


def _read_table(raw: object) -> tuple[tuple[str, object], ...]:
    """A table as its pairs, which cannot change."""
    if isinstance(raw, tuple):
        return cast("tuple[tuple[str, object], ...]", raw)
    if not isinstance(raw, Mapping):
        raise ValueProblem
    return tuple(cast("Mapping[str, object]", raw).items())


def _read_timeline(raw: object) -> str:
    name, colon, argument = _read_text(raw).partition(":")
    parts = argument.split(",")
    right = {
        "quick": not colon,
        "realistic": not colon,
        Curve.STEPS.value: not colon,
        Curve.STICKY.value: not colon,
        "polls": not colon or (len(parts) == 2 and all(_is_count(part, 1000) for part in parts)),
        "stuck": argument == "queued" or _is_count(argument, 99),
    }
    if not right.get(name):
        raise ValueProblem
    return cast(str, raw)


def _is_count(word: str, most: int) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 5 and int(word) <= most


_ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9+.-]*://[^/?#@\sA-Z]+")
_PROFILES = ("/v1=wire", "/v1=documented")

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}

profiles = Parse(
    _read_profiles,
    ", ".join(_PROFILES),
    {"type": "array", "items": {"type": "string", "enum": list(_PROFILES)}},
)
text = Parse(_read_text, "a text that is not empty", _TEXT)
origins = Parse(
    _read_origins, "*, or origins such as http://localhost:3000 separated by commas", _TEXTS
)
texts = Parse(_read_texts, "texts separated by commas", _TEXTS)
path = Parse(_read_path, "a path", _TEXT)
store = Parse(_read_store, "memory, or sqlite: and the path of a file", _TEXT)
rules = Parse(
    _read_rules,
    "rules as text, or a list of tables",
    {"type": "array", "items": {"type": ["string", "object"]}},
)
table = Parse(
    _read_table,
    "a table in the file",
    {"type": "array", "items": {"type": "array", "prefixItems": [_TEXT, {"type": "object"}]}},
)
switch = Parse(_read_switch, "true or false", {"type": "boolean"})
seed = whole(0, 2**63 - 1)
timeline = Parse(
    _read_timeline,
    "quick, steps, sticky, realistic, polls, polls:QUEUED,PROCESSING, stuck:queued, "
    "stuck:PROGRESS (0 to 99)",
    _TEXT,
)
