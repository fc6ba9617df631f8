"""Rules as text, `key=value key=value; key=value`, and the tables that it stands for.

A semicolon ends a rule, quotes hold a value together, and a key alone is `true`. In double quotes
`\\"` is a quote and `\\\\` a backslash; every other backslash stays, as expressions need it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from fauxreel.faults.source import RuleError, Source, quoted

_LONGEST = 4000
_TOKEN = re.compile(
    r"""\s*(?:(?P<end>;)|(?P<key>[A-Za-z0-9_.-]+)(?:\s*=\s*(?:"""
    r""""(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<bare>(?:[^\s;"'][^\s;]*)?)"""
    r"""))?(?=[\s;]|$))""",
    re.DOTALL,
)
_BARE = re.compile(r"""[^\s;"'][^\s;]*""")


def tables_of(text: str, source: Source) -> list[dict[str, object]]:
    """The tables of the rules in a text.

    Raises:
        RuleError: It is none.
    """
    if len(text) > _LONGEST:
        raise RuleError(
            f"{source.place}: the text has {len(text)} characters; at most {_LONGEST} are read."
        )
    tables: list[dict[str, object]] = [{}]
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at, end)
        if found is None:
            raise RuleError(
                f"{source.place}: {quoted(text[at:].strip()[:40])} cannot be read. "
                "Rules are key=value pairs, quotes stand around a whole value, "
                "and a semicolon stands between two rules."
            )
        at = found.end()
        if found["end"]:
            tables.append({})
        else:
            _put(tables[-1], found["key"], _value(found), source)
    return [table for table in tables if table]


def tables_from(given: object, source: Source) -> list[object]:
    """The tables in a text, a table, or a list of both.

    Raises:
        RuleError: A text cannot be read.
    """
    some = cast("Sequence[object]", given) if isinstance(given, list | tuple) else [given]
    tables: list[object] = []
    for one in some:
        tables += tables_of(one, source) if isinstance(one, str) else [one]
    return tables


def _value(found: re.Match[str]) -> object:
    if found["double"] is not None:
        return re.sub(r'\\(["\\])', r"\1", found["double"])
    bare = found["bare"] if found["single"] is None else found["single"]
    return True if bare is None else bare


def _put(table: dict[str, object], key: str, value: object, source: Source) -> None:
    """Adds a pair; `headers.NAME` and `header.NAME` are entries of tables."""
    name, dot, inner = key.partition(".")
    target, last = table, key
    if dot:
        nested = table.setdefault(name, {})
        if not isinstance(nested, dict):
            raise RuleError(f"{source.place}: {name} is given as a value and as a table.")
        target, last = cast("dict[str, object]", nested), inner
    if last in target:
        raise RuleError(f"{source.place}: {key} is given twice.")
    target[last] = value


def text_of(table: Mapping[str, object]) -> str:
    """A rule as text, which stands for the same rule."""
    plain = [_pair(key, value) for key, value in table.items() if not isinstance(value, Mapping)]
    nested = [
        _pair(f"{key}.{name}", value)
        for key, inner in table.items()
        if isinstance(inner, Mapping)
        for name, value in cast("Mapping[str, object]", inner).items()
    ]
    return " ".join((*plain, *nested))


def _pair(key: str, value: object) -> str:
    if value is True:
        return key
    if isinstance(value, list | tuple):
        words = ",".join(map(str, cast("Sequence[object]", value)))
    else:
        words = "false" if value is False else str(value)
    if _BARE.fullmatch(words):
        return f"{key}={words}"
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'{key}="{escaped}"'
