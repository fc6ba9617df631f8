"""What `fauxreel explain`, `scenarios` and `settings` say: the code's tables in plain lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.domain.errors import FauxreelError
from fauxreel.faults.conditions import CONDITIONS, COUNTS
from fauxreel.faults.grammar import FAULTS, KINDS, OUTCOMES, text_of
from fauxreel.faults.kind import Kind, Option
from fauxreel.faults.outcomes import FAILURES
from fauxreel.faults.presets import PRESETS
from fauxreel.scenarios import SCENARIOS, Scenario
from fauxreel.settings import SPECS, Resolved, flag, variable
from fauxreel.spelling import nearest

Pair = tuple[str, object]


class NothingKnown(FauxreelError):
    """A name that stands for nothing."""

    def __init__(self, name: str, names: Iterable[str]) -> None:
        known = sorted(set(names))
        close = nearest(name, known)
        hint = f"Did you mean {close}?" if close else f"Known: {', '.join(known)}."
        super().__init__(f"{name!r} has no explanation. {hint}")


def explained(name: str) -> str:
    """All that the name stands for, a paragraph each; `-` and `_` are the same in it.

    Raises:
        NothingKnown: It stands for nothing.
    """
    found = [
        write(known)
        for names, write in _TABLES
        for known in names
        if known.replace("_", "-") == name.replace("_", "-")
    ]
    if not found:
        raise NothingKnown(name, _names())
    return "\n\n".join(found)


def listed(scenarios: Mapping[str, Scenario]) -> str:
    """Scenarios, a line each: the name and what it does."""
    width = max(map(len, scenarios))
    return "\n".join(
        f"{name:<{width}}  {one.help or _contents(one)}" for name, one in scenarios.items()
    )


def in_force(resolved: Resolved) -> str:
    """Every setting with its value, where that came from, and what is valid."""
    lines: list[str] = []
    for name, spec in SPECS.items():
        value = getattr(resolved.settings, name)
        shown = "(set)" if spec.secret and value else _shown(value)
        lines += (
            f"{name} = {shown}   [{resolved.sources.get(name, 'default')}]",
            f"    {spec.help}",
            f"    {flag(name)}, {variable(name)}. Valid: {spec.valid}",
        )
    return "\n".join(lines)


def _shown(value: object) -> str:
    if value is None or value == ():
        return "(none)"
    if isinstance(value, tuple):
        return ", ".join(map(_item, cast("tuple[object, ...]", value)))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(one: object) -> str:
    """One of a list: a text, a rule as a table, or a scenario by its name."""
    if isinstance(one, Mapping):
        return text_of(cast("Mapping[str, object]", one))
    return str(cast("tuple[object, object]", one)[0]) if isinstance(one, tuple) else str(one)


def described_settings(scenario: Scenario) -> list[str]:
    """The settings of a scenario as the lines of a TOML file."""
    return [f"{name} = {_toml(value)}" for name, value in scenario.settings.items()]


def described_rules(scenario: Scenario) -> list[str]:
    """The rules of a scenario as text, those that are tables too."""
    return [_item(one) for one in scenario.rules]


def _contents(scenario: Scenario) -> str:
    return "; ".join((*described_settings(scenario), *described_rules(scenario))) or "nothing"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _paragraph(title: str, text: str | None, pairs: Sequence[Pair]) -> str:
    """A title, a text, and words below each other, each with what it says."""
    width = max((len(word) for word, _ in pairs), default=0) + 1
    lines = [f"{f'{word}:' if word else '':<{width}} {said}" for word, said in pairs]
    return "\n".join((title, *((text,) if text else ()), *lines))


def _diagnostic(name: str) -> str:
    found = DIAGNOSTICS[name]
    pairs = (("seen", found.seen), ("why", found.why), ("remedy", found.remedy))
    return _paragraph(f"{name}: a defect of a client ({found.severity.value})", None, pairs)


def _kind(name: str) -> str:
    kind = KINDS[name]
    what = "a fault" if name in FAULTS else "an outcome"
    pairs = [("valid", kind.value.valid), ("example", kind.example)]
    pairs += [(key, f"{one.help}. Valid: {one.value.valid}") for key, one in kind.options.items()]
    return _paragraph(f"{name}: {what}, a key of rules", kind.help, pairs)


def _condition(name: str) -> str:
    return _key(name, "says when", {**CONDITIONS, **COUNTS}[name])


def _option(name: str) -> str:
    owners = [kind for kind in KINDS.values() if name in kind.options]
    return "\n\n".join(_key(name, f"goes with {kind.name}", kind.options[name]) for kind in owners)


def _key(name: str, role: str, option: Option) -> str:
    title = f"{name}: a key of rules that {role}"
    return _paragraph(title, option.help, (("valid", option.value.valid),))


def _preset(name: str) -> str:
    title = f"{name}: an error that a rule can ask for"
    return _paragraph(title, PRESETS[name].help, (("example", f"error={name}"),))


def _failure(name: str) -> str:
    failure = FAILURES[name]
    evidence = failure.evidence
    seen = ", ".join(filter(None, (evidence.grade, evidence.place, evidence.as_of)))
    pairs = (
        ("code", failure.code),
        ("message", failure.message),
        ("at", failure.at),
        ("evidence", f"{seen} ({evidence.source})"),
        ("example", f"fail={name}"),
    )
    return _paragraph(f"{name}: a way in which a job fails", None, pairs)


def _scenario(name: str) -> str:
    one = SCENARIOS[name]
    pairs: list[Pair] = []
    for word, lines in (("settings", described_settings(one)), ("rules", described_rules(one))):
        pairs += [("" if at else word, line) for at, line in enumerate(lines)]
    pairs.append(("example", f"fauxreel serve --scenario {name}"))
    return _paragraph(f"{name}: a scenario", one.help, pairs)


def _setting(name: str) -> str:
    spec = SPECS[name]
    title = f"{name}: a setting ({flag(name)}, {variable(name)})"
    return _paragraph(title, spec.help, (("valid", spec.valid),))


def _options(kinds: Iterable[Kind]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for kind in kinds for name in kind.options))


def _names() -> list[str]:
    hyphenated = [name.replace("_", "-") for name in SPECS]
    return [*hyphenated, *(name for names, _ in _TABLES if names is not SPECS for name in names)]


_TABLES: tuple[tuple[Iterable[str], Callable[[str], str]], ...] = (
    (DIAGNOSTICS, _diagnostic),
    ((*FAULTS, *OUTCOMES), _kind),
    ((*CONDITIONS, *COUNTS), _condition),
    (_options(KINDS.values()), _option),
    (PRESETS, _preset),
    (FAILURES, _failure),
    (SCENARIOS, _scenario),
    (SPECS, _setting),
)
