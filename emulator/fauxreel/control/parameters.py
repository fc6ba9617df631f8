"""What a query may hold: one table that requests are read by, and that the document shows.

What is valid is a JSON schema, and messages have it in plain words.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from fauxreel.domain.errors import FauxreelError
from fauxreel.faults.source import ascii_safe, quoted
from fauxreel.spelling import nearest

Schema = Mapping[str, Any]


class BadQuery(FauxreelError):
    """A query that cannot be read: the name, the value, and what is valid."""


class Parameter(Struct, frozen=True):
    """A parameter of a query.

    Args:
        help: What it is.
        schema: What it may be: a string, an integer or a number.
        bound: The setting that its greatest value comes from.
    """

    help: str
    schema: Schema
    bound: str | None = None


def text(what: str, *, least: int = 1) -> Parameter:
    """A text of at least so many characters."""
    return Parameter(what, {"type": "string", **({"minLength": least} if least else {})})


def one_of(what: str, values: Iterable[str]) -> Parameter:
    """One of a closed list."""
    return Parameter(what, {"type": "string", "enum": [str(value) for value in values]})


def whole(
    what: str,
    least: int,
    most: int,
    *,
    bound: str | None = None,
) -> Parameter:
    """A whole number within bounds, both included."""
    return Parameter(what, {"type": "integer", "minimum": least, "maximum": most}, bound)


def read_query(given: Mapping[str, str], known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values that were given.

    Raises:
        BadQuery: There is an unknown parameter, or one has a value that it cannot have.
    """
    for name in given:
        if name not in known:
            shown = ascii_safe(name[:60])
            hint = did_you_mean(name, known)
            valid = ", ".join(known) or "none"
            raise BadQuery(f"{shown} is not a parameter. {hint}Valid: {valid}.")
    return {name: _value(name, raw, known[name]) for name, raw in given.items()}


def _value(name: str, raw: str, parameter: Parameter) -> str | float:
    schema = parameter.schema
    kind = schema["type"]
    value = raw if kind == "string" else _number(raw, whole=kind == "integer")
    if _fits(value, schema):
        return value
    source = f" ({parameter.bound})" if parameter.bound else ""
    raise BadQuery(f"{name} -> {quoted(raw)} {is_not(schema, raw).removesuffix('.')}{source}.")


def _number(raw: str, *, whole: bool) -> float:
    """The number that a text is, or NaN."""
    if whole:
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else math.nan
    try:
        return float(raw) if raw.isascii() and "_" not in raw else math.nan
    except ValueError:
        return math.nan


def _fits(value: str | float, schema: Schema) -> bool:
    if isinstance(value, str):
        return value in schema.get("enum", [value]) and len(value) >= schema.get("minLength", 0)
    return bool(schema["minimum"] <= value <= schema["maximum"])


def is_not(schema: Schema, raw: object) -> str:
    """What is wrong with a value that does not fit a schema: the rest of a sentence."""
    if "enum" in schema:
        hint = did_you_mean(raw, schema["enum"])
        return f"is not valid. {hint}Valid: {', '.join(schema['enum'])}."
    if schema["type"] == "object":
        return f"is not a table. Valid keys: {', '.join(schema['properties'])}."
    if schema["type"] == "string":
        return f"is not a text{_lengths(schema)}."
    kind = "whole number" if schema["type"] == "integer" else "number"
    return f"is not a {kind} from {schema['minimum']} to {schema['maximum']}."


def _lengths(schema: Schema) -> str:
    if "maxLength" in schema:
        return f" of {schema['minLength']} to {schema['maxLength']} characters"
    return " of at least 1 character"


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The name that was probably meant, as a sentence before another one; or nothing."""
    close = nearest(name, known) if isinstance(name, str) else None
    return f"Did you mean {close}? " if close else ""
