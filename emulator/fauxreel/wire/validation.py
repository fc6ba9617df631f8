"""OpenAI's common body validator: unknown keys first, then field by field, one fault at a time.

The order was measured on another route of the real service (evidence: verbatim, openai images,
2026-08; inferred for videos).
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from fauxreel.domain.errors import (
    EmptyText,
    InvalidChoice,
    InvalidType,
    MissingParameter,
    NumberTooLarge,
    NumberTooSmall,
    TextTooLong,
    UnknownParameter,
    UnusableText,
)
from fauxreel.wire.bodies import type_name


def refuse_unknown(values: Mapping[str, Any], known: AbstractSet[str], *, within: str = "") -> None:
    """Refuses keys that are not parameters.

    Args:
        within: The name of the object that the keys belong to; none for the body itself.

    Raises:
        UnknownParameter: A key is not a parameter; the first one that came.
    """
    if known >= values.keys():
        return
    for name in values:
        if name not in known:
            raise UnknownParameter(_named(name, within))


def required_text(values: Mapping[str, Any], name: str, maximum: int, *, within: str = "") -> str:
    """A text of 1 to `maximum` characters; white space alone is accepted, as the real one does.

    Args:
        within: As for `refuse_unknown`.

    Raises:
        InvalidParameter: It is missing, no text, empty, too long, or holds a NUL.
    """
    value = values.get(name)
    if isinstance(value, str) and 0 < len(value) <= maximum and "\0" not in value:
        return value
    param = _named(name, within)
    if name not in values:
        raise MissingParameter(param)
    if not isinstance(value, str):
        raise InvalidType(param, "a string", type_name(value))
    if not value:
        raise EmptyText(param)
    if len(value) > maximum:
        raise TextTooLong(param, maximum, len(value))
    raise UnusableText(param, "contains a null character")


def choice(
    values: Mapping[str, Any],
    name: str,
    default: str,
    accepted: Sequence[str],
    listed: Iterable[str],
) -> str:
    """One of the accepted values; an error names the listed ones, which may be fewer.

    Raises:
        InvalidParameter: It is no text, or none of them.
    """
    if name not in values:
        return default
    value = values[name]
    if not isinstance(value, str):
        raise InvalidType(name, f"one of {alternatives(tuple(listed))}", type_name(value))
    if value not in accepted:
        raise InvalidChoice(name, value, tuple(listed))
    return value


def query_integer(
    query: Mapping[str, str], name: str, default: int, minimum: int, maximum: int
) -> int:
    """A whole number within bounds, both included.

    Raises:
        InvalidParameter: It is not a number, or outside.
    """
    text = query.get(name)
    if text is None:
        return default
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise InvalidType(name, "an integer", "a string")
    value = int(text)
    if value < minimum:
        raise NumberTooSmall(name, minimum, value)
    if value > maximum:
        raise NumberTooLarge(name, maximum, value)
    return value


def _named(name: str, within: str) -> str:
    return f"{within}.{name}" if within else name


def supported(values: Sequence[str]) -> str:
    """`'a' and 'b'`; three or more with the Oxford comma (evidence: verbatim, openai)."""
    return _joined(values, "and")


def alternatives(values: Sequence[str]) -> str:
    """`'a', 'b', or 'c'` (evidence: verbatim, openai)."""
    return _joined(values, "or")


def _joined(values: Sequence[str], word: str) -> str:
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return f" {word} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {word} {quoted[-1]}"
