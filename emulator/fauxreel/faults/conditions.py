"""The keys of a rule that say when it counts: conditions on the request, and how often."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from fauxreel.domain.operations import SURFACES, Operation
from fauxreel.faults.expression import LONGEST_SEARCHED, BadExpression, compiled
from fauxreel.faults.kind import Option
from fauxreel.faults.patterns import (
    Anything,
    Asks,
    Both,
    Combines,
    HasHeader,
    OfModel,
    OfVideo,
    OnSurface,
    Prompted,
    Younger,
)
from fauxreel.faults.rule import Pattern, Rule
from fauxreel.values import Parse, ValueProblem, number, switch, text, whole

_HEADER_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_LONGEST_EXPRESSION = 500


def _names(valid: tuple[str, ...]) -> Parse:
    def read(raw: object) -> frozenset[str]:
        words = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(words, list | tuple) or not words:
            raise ValueProblem
        chosen = [str(word).strip() for word in cast("list[object]", words)]
        for word in chosen:
            if word not in valid:
                raise ValueProblem(f"There is no {word!r}")
        return frozenset(chosen)

    return Parse(read, f"one or several of {', '.join(valid)}")


def _read_expression(raw: object) -> str:
    if not isinstance(raw, str) or not raw or len(raw) > _LONGEST_EXPRESSION:
        raise ValueProblem
    try:
        compiled(raw)
    except BadExpression as problem:
        raise ValueProblem(f"It cannot be read: {problem}") from None
    return raw


expression = Parse(
    _read_expression, f"a regular expression of at most {_LONGEST_EXPRESSION} characters"
)


def _read_headers(raw: object) -> tuple[HasHeader, ...]:
    if isinstance(raw, str):
        name, colon, value = raw.partition(":")
        table: Mapping[object, object] = {name: value.strip() if colon else "."}
    elif isinstance(raw, Mapping):
        table = cast("Mapping[object, object]", raw)
    else:
        raise ValueProblem
    return tuple(
        HasHeader(header_name(name).lower(), _expression("." if value is True else value))
        for name, value in table.items()
    )


def header_name(raw: object) -> str:
    """The name of a header.

    Raises:
        ValueProblem: It is none.
    """
    name = str(raw).strip()
    if not _HEADER_NAME.fullmatch(name):
        raise ValueProblem(f"{raw!r:.100} is not the name of a header")
    return name


def _expression(raw: object) -> str:
    return cast("str", expression(raw))


def _read_numbers(raw: object) -> frozenset[int]:
    words = raw.split(",") if isinstance(raw, str) else raw
    many = cast("list[object]", words) if isinstance(words, list | tuple) else [words]
    return frozenset(cast("int", _from_one(word)) for word in many)


_from_one = whole(1, 10**9)

CONDITIONS: Mapping[str, Option] = {
    "surface": Option(_names(SURFACES), "the surface that is asked"),
    "operation": Option(_names(tuple(Operation)), "what is asked for"),
    "model": Option(text, "the model of the request or of its job; `*` stands for anything"),
    "prompt": Option(
        expression,
        "a regular expression found in the prompt of the request or of its job "
        f"(in its first {LONGEST_SEARCHED} characters)",
    ),
    "header": Option(
        Parse(_read_headers, "NAME, NAME:EXPRESSION, or a table of them"),
        "a header of the request in which a regular expression is found",
    ),
    "video": Option(text, "the id of the job that the request names"),
}

COUNTS: Mapping[str, Option] = {
    "nth": Option(
        Parse(_read_numbers, "a number from 1, or several"), "only these of the matching requests"
    ),
    "first": Option(_from_one, "only the first so many of the matching requests"),
    "every": Option(_from_one, "only each so-many-th of the matching requests"),
    "probability": Option(number(0, 1), "how likely it is, by the emulator's seed"),
    "after": Option(number(0), "from so many emulated seconds after the rule was added"),
    "until": Option(number(0), "up to so many emulated seconds after the rule was added"),
    "times": Option(_from_one, "how often it happens at most"),
    "ttl": Option(number(0), "for how many emulated seconds the rule lives"),
    "accepted": Option(
        switch, "whether the request is carried out, although its answer is replaced or lost"
    ),
}


def patterns_of(conditions: Mapping[str, Any]) -> list[Combines]:
    """The conditions of a rule by their keys."""
    makers: Mapping[str, Callable[[Any], Combines]] = {
        "surface": OnSurface,
        "operation": Asks,
        "model": OfModel,
        "prompt": Prompted,
        "video": OfVideo,
    }
    made = [makers[name](value) for name, value in conditions.items() if name in makers]
    return [*made, *conditions.get("header", ())]


def together(parts: Iterable[Pattern]) -> Pattern:
    """All conditions in one."""
    pattern: Pattern = Anything()
    for part in parts:
        pattern = part if isinstance(pattern, Anything) else Both(pattern, part)
    return pattern


def later(rule: Rule, operation: str) -> bool:
    """Whether a rule in a prompt is about requests after the one that makes the job.

    Args:
        operation: What that one asks for.
    """
    return any(
        isinstance(part, Younger) or (isinstance(part, Asks) and part.operations - {operation})
        for part in _parts(rule.pattern)
    )


def _parts(pattern: Pattern) -> list[Pattern]:
    if isinstance(pattern, Both):
        return [*_parts(pattern.one), *_parts(pattern.other)]
    return [pattern]
