"""Scenarios: a name for a state of the world, made of settings and rules.

Those of the configuration file win over these. A setting that the user gave wins over a
scenario's, and of several scenarios the first one wins, as of several rules.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from msgspec import Struct, field

from fauxreel.faults.rule import Rule
from fauxreel.settings import SPECS, SettingError, Settings, parsed, refuse_clashes
from fauxreel.spelling import nearest


class Scenario(Struct, frozen=True):
    """What a scenario does, in words, settings, and rules in the text form."""

    help: str
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    rules: Sequence[object] = ()


SCENARIOS: Mapping[str, Scenario] = {
    "happy": Scenario("everything works, quickly: what there is without a scenario"),
    "realistic": Scenario(
        "jobs take as long as in November 2025 (74 s, at 99 for the last fifth), and no answer "
        "says when to poll again",
        {"timeline": "realistic"},
    ),
    # Retrieves are as quick as ever: a clock that polls move would not get on otherwise.
    "slow": Scenario(
        "jobs wait for a minute and take four, and every answer about a new job or with a file "
        "is late by half a second to two",
        {"queue_seconds": 60.0, "processing_seconds": 240.0},
        ("operation=create,remix,edit,extend,content latency=uniform(0.5,2)",),
    ),
    "flaky": Scenario(
        "one request in ten fails with 500, 502 or 503, and one job in ten fails",
        rules=(
            "probability=0.04 error=server_error",
            "probability=0.04 error=overloaded",
            "probability=0.03 error=bad_gateway",
            "probability=0.1 fail=video_generation_failed",
        ),
    ),
    "rate-limited": Scenario(
        "two requests a minute may make a job, and a third is answered 429 with Retry-After",
        {"requests_per_minute": 2},
    ),
    "out-of-quota": Scenario(
        "every request that would make a job is answered 429, insufficient_quota",
        rules=("operation=create,remix,edit,extend error=quota",),
    ),
    "moderated": Scenario(
        "every job is blocked by moderation: before work begins where the prompt says `input`, "
        "else at 99",
        rules=("prompt=input fail=moderation_blocked_input", "fail=moderation_blocked"),
    ),
    "stuck": Scenario("every job comes to 99 and stays there", rules=("stuck=99",)),
    "expired": Scenario("every file is gone as soon as its job is completed", rules=("expires=0",)),
    "outage": Scenario(
        "every request that is well-formed and has a good key is answered 503",
        rules=("error=overloaded",),
    ),
    "bad-network": Scenario(
        "connections are reset or closed before the answer, downloads break off or are wrong, "
        "and other answers are late",
        rules=(
            "operation=content probability=0.15 truncate=60%",
            "operation=content probability=0.1 corrupt=1%",
            "operation=content probability=0.1 reset at=30%",
            "probability=0.05 reset",
            "probability=0.05 disconnect accepted=true",
            "latency=lognormal(0.1,0.8)",
        ),
    ),
    # Azure's numbers for every surface: who asks for them talks to Azure.
    "azure-throttled": Scenario(
        "Azure's limits, on every surface: two requests a minute may make a job, and two jobs "
        "run at once",
        {"requests_per_minute": 2, "concurrent_jobs": 2},
    ),
    # (evidence: reported, openai, 2026-09-29: a 404, its body not quoted, and models as before)
    "retired": Scenario(
        "the API after its shutdown: every video route is a 404, models and files are as before",
        rules=(
            "operation=list_models,retrieve_model pass",
            "operation=create_file,list_files,retrieve_file,delete_file,file_content pass",
            "error=retired",
        ),
    ),
}

# What a scenario is made of cannot be within one.
_NEVER = frozenset({"scenario", "rules"})


class Applied(Struct, frozen=True):
    """Settings with the scenarios' in them, and the rules: those of the settings come first."""

    settings: Settings
    rules: tuple[Rule, ...]


def known(settings: Settings) -> dict[str, Scenario]:
    """All scenarios: the built-in ones, and those of the configuration.

    Raises:
        SettingError: One of the configuration cannot be read.
    """
    own = {name: _scenario(name, table) for name, table in settings.scenarios}
    return {**SCENARIOS, **own}


def applied(settings: Settings, given: Collection[str] | None = None) -> Applied:
    """The settings with those of the named scenarios, and all rules.

    Args:
        given: The settings that somebody gave, which no scenario changes; without it, those that
            are not the default.

    Raises:
        SettingError: A scenario or a rule is wrong.
    """
    if given is None:
        given = settings.changed()
    scenarios = known(settings)
    changes: dict[str, Any] = {}
    sources = {name: name for name in given}
    tables: list[tuple[str, Sequence[object]]] = [("rules", settings.rules)]
    for name in dict.fromkeys(settings.scenario):
        if name not in scenarios:
            raise SettingError(_unknown(name, scenarios))
        one = scenarios[name]
        taken = {*given, *changes}
        own = {key: value for key, value in one.settings.items() if key not in taken}
        changes |= own
        sources |= dict.fromkeys(own, f"scenario {name!r}")
        tables.append((f"scenarios.{name}.rules", one.rules))
    rules = tuple(rule for place, some in tables for rule in _rules(place, some))
    changed = replace(settings, **changes)
    refuse_clashes(changed, sources)
    return Applied(changed, rules)


def _unknown(name: str, scenarios: Collection[str]) -> str:
    close = nearest(name, scenarios)
    hint = f"Did you mean {close}? " if close else ""
    return f"scenario -> {name!r} is not a scenario. {hint}Valid: {', '.join(scenarios)}."


def _rules(place: str, some: Sequence[object]) -> list[Rule]:
    if not some:
        return []
    from fauxreel.faults.grammar import RuleError, Source, rules_of
    from fauxreel.faults.text import tables_from

    source = Source(place, paths=True)
    try:
        return rules_of(tables_from(some, source), source)
    except RuleError as error:
        raise SettingError(str(error)) from None


def _scenario(name: str, table: object) -> Scenario:
    place = f"scenarios.{name}"
    given = _table(table, place)
    for key in given:
        if key not in ("help", "settings", "rules"):
            raise SettingError(f"{place}.{key} is not a key. Valid keys: help, settings, rules.")
    said = given.get("help", "")
    if not isinstance(said, str):
        raise SettingError(f"{place}.help -> {said!r:.100}: a text is wanted.")
    changes = _table(given.get("settings", {}), f"{place}.settings")
    read = {key: _setting(key, raw, f"{place}.settings.{key}") for key, raw in changes.items()}
    rules = given.get("rules", ())
    rules = (rules,) if isinstance(rules, str) else rules
    if not isinstance(rules, list | tuple):
        raise SettingError(f"{place}.rules -> {rules!r:.100}: a list or a text is wanted.")
    some = tuple(cast("Sequence[object]", rules))
    _rules(f"{place}.rules", some)  # wrong ones are found although nobody named the scenario
    return Scenario(said, read, some)


def _setting(name: str, raw: object, place: str) -> object:
    value = parsed(name, raw, place)
    if not SPECS[name].live or name in _NEVER:
        valid = ", ".join(one for one in SPECS if SPECS[one].live and one not in _NEVER)
        raise SettingError(f"{place} cannot be changed by a scenario. Those that can: {valid}.")
    return value


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise SettingError(f"{place} -> {value!r:.100}: a table is wanted.")
    return cast("Mapping[str, object]", value)
