"""The pages of faults, outcomes and scenarios, written from the tables in the code."""

import json
from collections.abc import Mapping

from fauxreel.domain.models import DEFAULT_MODEL
from fauxreel.explain import described_rules, described_settings
from fauxreel.faults.grammar import FAULTS, OUTCOMES
from fauxreel.faults.kind import Kind, Option
from fauxreel.faults.outcomes import FAILURES, Failure
from fauxreel.faults.presets import PRESETS, Preset
from fauxreel.faults.rule import Subject
from fauxreel.markdown import (
    EVIDENCE_COLUMNS,
    GENERATED,
    evidence,
    message,
    or_null,
    sentence,
    spoken,
    table,
)
from fauxreel.scenarios import SCENARIOS, Scenario
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.refusal_words import REFUSALS

_FAULTS_HEAD = f"""# Faults

{GENERATED}

A *fault* is something that goes wrong with one answer: an error, a delay, a broken connection, a broken file.
The job behind it is not touched; how a job ends is an [outcome](outcomes.md).
A [rule](rules.md) says which answers have it.
[This guide](../guides/faults.md) shows how to use them.

A rule may have several faults, but only one that decides the same thing.
A request whose answer is replaced or lost is not carried out: a create that is answered with an error makes no job.
With `accepted=true` it is carried out nevertheless, as when a connection breaks after the service has done its work.
Delays and speeds are in real seconds.
"""  # noqa: E501 - one sentence a line

_PRESETS_HEAD = """## Errors by name

These are the values of `error` that are not a number.
Each surface answers with them in its own words; the texts, and how well they are known, are on the page of [errors](errors.md).
`type` and `code` are those of `/v1`.

"""  # noqa: E501 - one sentence a line

_OUTCOMES_HEAD = f"""# Outcomes

{GENERATED}

An *outcome* is how a job goes: it fails, stands still, takes longer, or has another file.
A [rule](rules.md) gives it to jobs when they are created, by a create, a remix, an edit or an extension, on every surface.
It counts as having happened when the job exists; a request that is refused uses up no rule.
[This guide](../guides/faults.md) shows how to use them.

A rule may have several outcomes, but only one that decides the same thing, and no faults beside them.
"""  # noqa: E501 - one sentence a line

_FAILURES_HEAD = """## Failures by name

These are the values of `fail` that need no message.
`at` is the progress at which the job fails: 0 for what is found in the input, 99 for what is found in the finished video.

The jobs of Sora 1 on Azure have no message, and say one of three words as `failure_reason`.
It is `input_moderation` for `moderation_blocked` at 0, `output_moderation` for it at any other progress and for `content_filter`, and `internal_error` for everything else.

"""  # noqa: E501 - one sentence a line

_SCENARIOS_HEAD = f"""# Scenarios

{GENERATED}

A *scenario* is a state of the world with a name: [settings](settings.md) and [rules](rules.md) that belong together.
`fauxreel serve --scenario NAME` starts with it, and `fauxreel scenarios` lists them all.
In Python it is `Emulator(scenario="flaky")`, and a running emulator takes it by `PATCH /_fauxreel/settings`.
[This guide](../guides/scenarios.md) shows how to use them, and how to make your own.

- Several may be named at once: `--scenario flaky --scenario realistic`.
  Where two change the same setting, the first one has its way, and the rules of the first are asked first.
- A setting that you give yourself wins over that of a scenario.
- Your own rules are asked before those of scenarios.
- What happens by chance is drawn from `--seed`: the same seed and the same requests give the same faults.
- A name that does not exist, or a scenario of yours that cannot be read, ends `fauxreel serve` with status 2 and one line that says where and what is valid.

Each is written here as it would stand in a file for `--config`, so that you can begin your own with it.
"""  # noqa: E501 - one sentence a line

_PRESET_COLUMNS = ("name", "status", "means", "type", "code", "error")
_FAILURE_COLUMNS = ("name", "code", "message", "`at`", *EVIDENCE_COLUMNS)


def faults_page() -> str:
    """The page of all faults, and of the errors that have a name."""
    presets = table(_PRESET_COLUMNS, map(_preset, PRESETS.items()))
    return "\n".join((_FAULTS_HEAD, *map(_kind, FAULTS.values()), _PRESETS_HEAD + presets))


def outcomes_page() -> str:
    """The page of all outcomes, and of the failures that have a name."""
    failures = table(_FAILURE_COLUMNS, map(_failure, FAILURES.items()))
    return "\n".join((_OUTCOMES_HEAD, *map(_kind, OUTCOMES.values()), _FAILURES_HEAD + failures))


def scenarios_page() -> str:
    """The page of all scenarios."""
    return "\n".join((_SCENARIOS_HEAD, *(_scenario(*one) for one in SCENARIOS.items())))


def options_table(options: Mapping[str, Option]) -> str:
    """Keys of rules with what they mean and what they take."""
    rows = ((f"`{name}`", one.help, one.value.valid) for name, one in options.items())
    return table(("key", "means", "valid"), rows)


def _kind(kind: Kind) -> str:
    rows = (("valid", kind.value.valid), ("decides", kind.slot.value))
    options = f"\n{options_table(kind.options)}" if kind.options else ""
    return (
        f"## `{kind.name}`\n\n{sentence(kind.help)}\n\n```text\n{kind.example}\n```\n\n"
        f"{table(('', ''), rows)}{options}"
    )


def _preset(entry: tuple[str, Preset]) -> tuple[str, ...]:
    name, preset = entry
    subject = Subject(method="POST", path="/v1/videos", model=DEFAULT_MODEL)
    kind = type(preset.make(subject, None))
    wording = {**WORDINGS, **REFUSALS}[kind]
    means = preset.help.removeprefix(f"{wording.status}, ")
    words = (f"`{wording.type}`", or_null(wording.code))
    return (f"`{name}`", str(wording.status), means, *words, spoken(kind))


def _failure(entry: tuple[str, Failure]) -> tuple[str, ...]:
    name, failure = entry
    words = (f"`{failure.code}`", message(failure.message), str(failure.at))
    return (f"`{name}`", *words, *evidence(failure.evidence))


def _scenario(name: str, scenario: Scenario) -> str:
    settings, rules = described_settings(scenario), described_rules(scenario)
    lines = [f"[scenarios.{name}]", f"help = {json.dumps(scenario.help)}"]
    if settings:
        lines.append(f"settings = {{{', '.join(settings)}}}")
    if rules:
        lines += ["rules = [", *(f"  {json.dumps(rule)}," for rule in rules), "]"]
    block = "\n".join(lines)
    return f"## `{name}`\n\n{sentence(scenario.help)}\n\n```toml\n{block}\n```\n"
