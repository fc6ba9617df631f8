"""Small helpers that say what was expected, what came, and why it matters.

They take an answer, or a value and the answer it stands in, and raise a `Violation`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from fauxreel_contracts.wire import Answer

_LONGEST = 300


class Violation(Exception):
    """The server breaks the clause.

    Args:
        why: What that breaks; empty leaves it to the clause.
        answer: The answer that shows it, if it is not the last one.
    """

    def __init__(
        self, expected: str, got: str, why: str = "", *, answer: Answer | None = None
    ) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got
        self.why = why
        self.answer = answer


class Inconclusive(Exception):
    """This run cannot tell, as when a job ended before it could be seen running."""


def shown(value: object) -> str:
    """A value in few words."""
    text = value if isinstance(value, str) else repr(value)
    text = repr(value) if isinstance(value, str) else text
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _begins(answer: Answer) -> str:
    """How the body begins; of bytes that are no text, how many there are."""
    text = answer.body[:_LONGEST].decode(errors="replace")
    if "\0" in text:
        return f"({len(answer.body)} bytes)"
    return text


def status(answer: Answer, *expected: int) -> Answer:
    """The answer, if its status is one of these."""
    if answer.status not in expected:
        wanted = " or ".join(map(str, expected))
        raise Violation(
            f"status {wanted}", f"{answer.status} {_begins(answer)}".strip(), answer=answer
        )
    return answer


def refusal(answer: Answer, *expected: int) -> Mapping[str, Any]:
    """The `error` of an answer in OpenAI's envelope, if its status is one of these."""
    found = member(body(status(answer, *expected)), "error", dict, answer)
    return cast("dict[str, Any]", found)


def body(answer: Answer) -> Mapping[str, Any]:
    """The JSON object that the answer is."""
    try:
        value = cast("object", answer.json())
    except ValueError:
        start = _begins(answer)
        raise Violation("a JSON body", shown(start), answer=answer) from None
    if not isinstance(value, dict):
        raise Violation("a JSON object", shown(value), answer=answer)
    return cast("dict[str, Any]", value)


def member(fields: Mapping[str, Any], name: str, kind: type | tuple[type, ...], at: Answer) -> Any:
    """The member of a JSON object, if it is there and of this type; a boolean is no number."""
    if name not in fields:
        raise Violation(f"a key `{name}`", f"the keys {', '.join(fields)}", answer=at)
    value = fields[name]
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wrong_boolean = isinstance(value, bool) and bool not in kinds
    if wrong_boolean or not isinstance(value, kinds):
        names = " or ".join(_JSON_NAMES.get(each, each.__name__) for each in kinds)
        raise Violation(f"`{name}` to be {names}", shown(value), answer=at)
    return value


_JSON_NAMES: Mapping[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    dict: "an object",
    list: "an array",
    type(None): "null",
}


def same(value: object, expected: object, what: str, at: Answer | None = None) -> None:
    """The value is exactly this one."""
    if value != expected or type(value) is not type(expected):
        raise Violation(f"{what} to be {shown(expected)}", shown(value), answer=at)


def one_of(value: object, expected: Collection[object], what: str, at: Answer | None) -> None:
    """The value is one of these."""
    if value not in expected:
        listed = ", ".join(shown(each) for each in expected)
        raise Violation(f"{what} to be one of {listed}", shown(value), answer=at)


def matching(value: object, pattern: str, what: str, at: Answer | None = None) -> None:
    """The whole text has this form, a regular expression."""
    if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
        raise Violation(f"{what} of the form {pattern}", shown(value), answer=at)


def keys(fields: Mapping[str, Any], expected: Iterable[str], at: Answer) -> None:
    """All of these keys are there; others may be, too."""
    missing = [name for name in expected if name not in fields]
    if missing:
        raise Violation(f"the keys {', '.join(missing)}", f"only {', '.join(fields)}", answer=at)


def true(holds: object, expected: str, got: object, at: Answer | None = None) -> None:
    """Whatever else holds."""
    if not holds:
        raise Violation(expected, shown(got), answer=at)


def content_type(answer: Answer, *expected: str) -> None:
    """The media type is one of these."""
    one_of(answer.content_type, expected, "the content type", answer)


def error(answer: Answer, expected_status: int, /, **parts: object) -> None:
    """A refusal in OpenAI's envelope, whose parts are exactly these.

    Args:
        parts: `message`, `type`, `param`, `code`, as far as they are known.
    """
    found = refusal(answer, expected_status)
    for name, expected in parts.items():
        if name not in found:
            raise Violation(f"a key `{name}` in the error", shown(dict(found)), answer=answer)
        same(found[name], expected, f"the error's `{name}`", answer)
