"""Rules as people write them: tables (TOML, JSON, Python) and text, with the same keys.

Everything that is wrong is said with its place and what is valid.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from fauxreel.domain.operations import CREATING
from fauxreel.faults import (
    bandwidth,
    content_type,
    corrupt,
    disconnect,
    drip,
    empty,
    error,
    html,
    json_body,
    latency,
    malformed_chunk,
    missing,
    noop,
    outcomes,
    redirect,
    reset,
    stall,
    truncate,
)
from fauxreel.faults.conditions import CONDITIONS, COUNTS, patterns_of, together
from fauxreel.faults.kind import Kind, Option, Slot
from fauxreel.faults.patterns import Asks
from fauxreel.faults.rule import Fault, Outcome, Pattern, Rule
from fauxreel.faults.source import RuleError, Source, ascii_safe, quoted, read
from fauxreel.faults.text import tables_of, text_of
from fauxreel.spelling import nearest
from fauxreel.values import ValueProblem

__all__ = [
    "FAULTS",
    "KEYS",
    "KINDS",
    "OPTIONS",
    "OUTCOMES",
    "RuleError",
    "Source",
    "rule_of",
    "rules_of",
    "rules_of_text",
    "tables_of",
    "text_of",
]

FAULTS: Mapping[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        noop, error, latency, disconnect, reset, truncate, drip, bandwidth, stall, corrupt,
        malformed_chunk, empty, content_type, json_body, html, redirect, missing,
    )
}  # fmt: skip
OUTCOMES: Mapping[str, Kind] = {kind.name: kind for kind in outcomes.KINDS}
KINDS: Mapping[str, Kind] = {**FAULTS, **OUTCOMES}
OPTIONS = frozenset(name for kind in KINDS.values() for name in kind.options)
KEYS = (*CONDITIONS, *COUNTS, *KINDS, *sorted(OPTIONS))

MOST_RULES = 64


def rules_of_text(text: str, source: Source) -> list[Rule]:
    """The rules in a text.

    Raises:
        RuleError: It cannot be read.
    """
    return rules_of(tables_of(text, source), source)


def rules_of(tables: Sequence[object], source: Source) -> list[Rule]:
    """The rules of tables.

    Raises:
        RuleError: One cannot be read.
    """
    if len(tables) > MOST_RULES:
        raise RuleError(f"{source.place}: there are {len(tables)} rules, at most {MOST_RULES}.")
    return [
        rule_of(table, source, f"{source.place}[{at}]" if len(tables) > 1 else source.place)
        for at, table in enumerate(tables)
    ]


def rule_of(table: object, source: Source, place: str) -> Rule:
    """One rule.

    Raises:
        RuleError: It cannot be read.
    """
    if not isinstance(table, Mapping):
        raise RuleError(f"{place} -> {quoted(table)}: a rule is a table of keys and values.")
    given = {str(key): value for key, value in cast("Mapping[object, object]", table).items()}
    _refuse_unknown(given, place)
    kinds = [KINDS[name] for name in given if name in KINDS]
    _refuse_contradictions(kinds, given, place)
    arguments = [_arguments(kind, given, source, place) for kind in kinds]
    effects = [_made(*pair, place) for pair in zip(kinds, arguments, strict=True)]
    conditions = _read_all(CONDITIONS, given, place)
    patterns: list[Pattern] = [*patterns_of(conditions)]
    patterns += [
        kind.when(value, **options)
        for kind, (value, options) in zip(kinds, arguments, strict=True)
        if kind.when is not None
    ]
    counts = _read_all(COUNTS, given, place)
    makes_jobs = kinds[0].name in OUTCOMES
    if makes_jobs:
        patterns.append(Asks(CREATING))
        _refuse_pointless_outcome(conditions, counts, place)
    else:
        _refuse_pointless_fault(kinds, given, counts, place)
    _refuse_empty_window(counts, place)
    return Rule(
        text=_text_of(given, place),
        pattern=together(patterns),
        faults=() if makes_jobs else cast("tuple[Fault, ...]", tuple(effects)),
        outcomes=cast("tuple[Outcome, ...]", tuple(effects)) if makes_jobs else (),
        names=tuple(kind.name for kind in kinds),
        looks_up=any(name in given for name in ("model", "prompt", "missing")),
        **counts,
    )


def _refuse_empty_window(counts: Mapping[str, Any], place: str) -> None:
    after = counts.get("after", 0)
    for name in ("until", "ttl"):
        if name in counts and counts[name] <= after:
            raise RuleError(
                f"{place}.{name} -> {counts[name]:g} is over before it begins"
                + (f" (after={after:g})." if after else ".")
            )


def _refuse_pointless_fault(
    kinds: Sequence[Kind], given: Mapping[str, object], counts: Mapping[str, Any], place: str
) -> None:
    """Refuses a fault that nobody would see."""
    slots = {kind.slot: kind.name for kind in kinds}
    ended = slots.get(Slot.END)
    hidden = next((slots[one] for one in _OF_ANSWERS if one in slots), None)
    if ended in ("disconnect", "reset") and "at" not in given and hidden is not None:
        raise RuleError(f"{place}.{hidden}: nothing of it is seen, since {ended} comes before.")
    if counts.get("accepted") and not {Slot.ANSWER, Slot.END} & slots.keys():
        raise RuleError(
            f"{place}.accepted: goes with what replaces or ends the answer, and none is there."
        )


_OF_ANSWERS = (Slot.ANSWER, Slot.TYPE, Slot.BYTES, Slot.PACE)


def _refuse_pointless_outcome(
    conditions: Mapping[str, Any], counts: dict[str, Any], place: str
) -> None:
    """Refuses what can never count for an outcome."""
    if not CREATING & conditions.get("operation", CREATING):
        raise RuleError(
            f"{place}.operation: none of them makes a job, and this rule has an outcome. "
            f"Those that do: {', '.join(sorted(CREATING))}."
        )
    if counts.pop("accepted", False):
        raise RuleError(f"{place}.accepted: goes with a fault, and this rule has an outcome.")


def _text_of(given: Mapping[str, object], place: str) -> str:
    """The rule as text, if that is one that can be sent."""
    try:
        text = text_of(given)
        text.encode("utf-8")
    except ValueError:  # half of a surrogate pair, or a number of too many digits
        raise RuleError(f"{place}: holds a value that is no text.") from None
    return text


def _refuse_unknown(given: Iterable[str], place: str) -> None:
    for name in given:
        if name not in KEYS:
            close = nearest(name, KEYS)
            hint = f"Did you mean {close}? " if close else ""
            shown = f"{place}.{ascii_safe(name[:60])}"
            raise RuleError(f"{shown} is not a key. {hint}Valid keys: {', '.join(KEYS)}.")


def _refuse_contradictions(kinds: Sequence[Kind], given: Mapping[str, object], place: str) -> None:
    if not kinds:
        raise RuleError(
            f"{place}: says when but not what. Faults: {', '.join(FAULTS)}. "
            f"Outcomes: {', '.join(OUTCOMES)}."
        )
    slots: dict[str, Kind] = {}
    for kind in kinds:
        other = slots.setdefault(kind.slot, kind)
        if other is not kind:
            raise RuleError(
                f"{place}: {other.name} and {kind.name} both say {kind.slot}: leave one out."
            )
        if (kind.name in OUTCOMES) is not (kinds[0].name in OUTCOMES):
            raise RuleError(
                f"{place}: {kinds[0].name} and {kind.name} are a fault and an outcome: "
                "make two rules of them, with a semicolon in between."
            )
    for name in given:
        owners = [kind.name for kind in KINDS.values() if name in kind.options]
        if name in OPTIONS and not any(name in kind.options for kind in kinds):
            raise RuleError(f"{place}.{name}: goes with {', '.join(owners)}, and none is there.")


def _arguments(
    kind: Kind, given: Mapping[str, object], source: Source, place: str
) -> tuple[Any, dict[str, Any]]:
    """The value and the options that a fault or an outcome is made of."""
    value = read(kind.value, given[kind.name], f"{place}.{kind.name}")
    if kind.name == "serve":
        value = source.servable(str(value), f"{place}.serve")
    options = {
        name: read(option.value, given[name], f"{place}.{name}")
        for name, option in kind.options.items()
        if name in given
    }
    return value, options


def _made(kind: Kind, arguments: tuple[Any, dict[str, Any]], place: str) -> Fault | Outcome:
    value, options = arguments
    try:
        return kind.make(value, **options)
    except ValueProblem as problem:
        raise RuleError(f"{place}.{kind.name}: {problem}.") from None


def _read_all(
    parses: Mapping[str, Option], given: Mapping[str, object], place: str
) -> dict[str, Any]:
    return {
        name: read(one.value, given[name], f"{place}.{name}")
        for name, one in parses.items()
        if name in given
    }
