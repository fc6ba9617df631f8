"""The pages of the reference that are written from the tables in the code, so that neither drifts.

`python -m fauxreel.reference_pages docs/reference` writes them; a test compares them.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from fauxreel.diagnostics import DIAGNOSTICS, Diagnostic, Severity
from fauxreel.domain.errors import RequestError
from fauxreel.error_pages import errors_page
from fauxreel.fault_pages import faults_page, outcomes_page, scenarios_page
from fauxreel.markdown import (
    EVIDENCE_COLUMNS,
    GENERATED,
    GRADES,
    evidence,
    message,
    sentence,
    spoken,
    table,
)
from fauxreel.retries import (
    MOST_REQUESTS,
    RESENT_SECONDS,
    STORM_FAILURES,
    STORM_SECONDS,
    TOLD_SHARE,
)
from fauxreel.rule_pages import rules_page
from fauxreel.settings import CONFIG_VARIABLE, DEFAULTS, SPECS, flag, variable
from fauxreel.watch import LEAST_TOLD_MS, LOOKS_AFTER_END, MOST_JOBS, REST_SECONDS
from fauxreel.wire.openai_facts import FACTS, Fact
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.refusal_words import REFUSALS
from fauxreel.wire.wording import Wording

_SETTINGS_HEAD = f"""# Settings

{GENERATED}

A setting can be given in four places.
The first of these that has it wins:

1. a flag of `fauxreel serve` or `fauxreel exec`, such as `--queue-seconds 0`;
2. an environment variable, such as `FAUXREEL_QUEUE_SECONDS=0`;
3. a key of the TOML file that `--config FILE` or `{CONFIG_VARIABLE}` names;
4. the default.

No file is read unasked.
`--config` beats `{CONFIG_VARIABLE}`.
In Python, `Emulator(queue_seconds=0)` takes the names of the TOML keys.
It reads neither variables nor a file, and its port is a free one unless `port` names one.

A list is written with commas in a flag or a variable, and as an array in TOML; its flag may also be given several times.
A switch has two flags, `--NAME` and `--no-NAME`, and in a variable it is a word.
For on the word is `true`, `yes`, `on` or `1`, and for off it is `false`, `no`, `off` or `0`.
A path is relative to the folder in which the command runs.

These end the command with status 2 and one line that says what is wrong and what is valid:

- a setting that does not exist;
- a value that is not valid;
- a setting that would have no effect beside another one.

`fauxreel settings` takes the same flags and shows each value and where it came from.
Settings marked as live can be changed [while the emulator runs](control-api.md#patch-_fauxreelsettings).

A file of settings looks like this:

```toml
queue_seconds = 0.1
timeline = "sticky"
keys = ["sk-team-a", "sk-team-b"]
accept_user = false
```
"""  # noqa: E501 - one sentence a line

_DIAGNOSTICS_HEAD = f"""# Diagnostics

{GENERATED}

The emulator looks at each request once it is answered, and at what the same client sent before.
Where that shows a defect of the client that has a name, the log says it once, the journal has it with the request, `GET /_fauxreel/diagnostics` counts it, and the end of `fauxreel serve` sums it up.
What a client never did, such as downloading its video, is only known at the end: at a reset, and when the emulator or the namespace ends.
`fauxreel explain NAME` says what is on this page.
[This guide](../guides/client-defects.md) shows how to use it.

| severity | means |
| --- | --- |
| `{Severity.ERROR}` | it fails on the real service; with `--strict-clients` it makes `fauxreel serve` end with status 3 |
| `{Severity.WARNING}` | it fails there sometimes, or is a sign of trouble |
| `{Severity.NOTE}` | it is worth knowing |

## How much is too much

Pauses are counted in real seconds, from the start of one request to the start of the next, so that a client that waits as it is told is never blamed.

| code | named when |
| --- | --- |
| `polling-too-fast` | the next retrieve of an unfinished job by the same key comes before {TOLD_SHARE:.0%} of what `openai-poll-after-ms` told, if that was {LEAST_TOLD_MS} ms or more; nothing was told, nothing is named |
| `polling-after-end` | a job is retrieved more than {LOOKS_AFTER_END} times after the answer that told its end; a pause of {REST_SECONDS:.0f} seconds begins the count again |
| `retry-after-ignored` | the same request (key, path, body) comes again before {TOLD_SHARE:.0%} of what `Retry-After` told |
| `retry-storm` | the same request fails {STORM_FAILURES} times within {STORM_SECONDS:.0f} seconds with a lost answer, 408, 409, 429 or 5xx, and has not waited as it was told |
| `paid-duplicate` | the same request makes a second job after a lost answer or a 5xx, or, within {RESENT_SECONDS:.0f} seconds, with an `x-stainless-retry-count` above 0 |
| `expired-again` | the same download of the same job by the same key is refused as expired a second time |
| `poll-stopped`, `never-collected` | at the end, of jobs that a request made; not of those that were deleted, had failed, or became the source of another |

The newest {MOST_JOBS} jobs and {MOST_REQUESTS} requests are remembered in each namespace.
"""  # noqa: E501 - one sentence a line

_FIDELITY_HEAD = f"""# Fidelity

{GENERATED}

The live service was switched off in September 2026 and cannot be asked any more.
So every behaviour of `/v1` that Fauxreel reproduces, or chose, says how well it is known, where and when it was seen, and what to read.
The last column names what makes it so: a name in the package `fauxreel`, or a setting.

The grades, best first, and how many behaviours have each:

"""  # noqa: E501 - one sentence a line

_FIDELITY_TAIL = """
What is different on purpose is on the page of [differences](differences.md).
The errors have their types and codes on [their own page](errors.md).
Whoever has better evidence for a row is welcome to change it in the code, `wire/openai_facts.py` or `wire/openai_words.py`.

"""  # noqa: E501 - one sentence a line

_ERROR_TEXTS = "Error texts"
_BEHAVIOUR_COLUMNS = ("behaviour", *EVIDENCE_COLUMNS, "in the code")


def settings_page() -> str:
    """The page of all settings, in the order of the table."""
    return "\n".join((_SETTINGS_HEAD, *map(_setting, SPECS)))


def diagnostics_page() -> str:
    """The page of all defects of clients that have a name."""
    return "\n".join((_DIAGNOSTICS_HEAD, *map(_diagnostic, DIAGNOSTICS.items())))


def fidelity_page() -> str:
    """The page of all behaviours of the OpenAI dialect with their evidence, by topic."""
    errors = (*WORDINGS.items(), *REFUSALS.items())
    topics = {**FACTS, _ERROR_TEXTS: tuple(map(_error_fact, errors))}
    counts = Counter(fact.evidence.grade for facts in topics.values() for fact in facts)
    rows = ((f"`{grade}`", text, str(counts[grade])) for grade, text in GRADES.items())
    tables = (
        f"## {topic}\n\n{table(_BEHAVIOUR_COLUMNS, map(_behaviour, topics[topic]))}"
        for topic in sorted(topics)
    )
    grades = table(("grade", "meaning", "behaviours"), rows)
    return _FIDELITY_HEAD + grades + _FIDELITY_TAIL + "\n".join(tables)


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "fidelity.md": fidelity_page,
    "diagnostics.md": diagnostics_page,
    "rules.md": rules_page,
    "faults.md": faults_page,
    "outcomes.md": outcomes_page,
    "scenarios.md": scenarios_page,
}


def write_pages(folder: Path) -> None:
    """Writes every generated page into the folder."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


def _setting(name: str) -> str:
    spec, default = SPECS[name], DEFAULTS[name]
    switch = isinstance(default, bool)
    flags = f"`{flag(name)}`, `--no-{flag(name)[2:]}`" if switch else f"`{flag(name)} VALUE`"
    rows = (
        ("flag", flags),
        ("variable", f"`{variable(name)}`"),
        ("TOML key", f"`{name}`"),
        ("default", _default(default)),
        ("valid", spec.valid),
        *((("live", "`PATCH /_fauxreel/settings` changes it"),) if spec.live else ()),
        *((("shown as", "`(set)`, never in clear"),) if spec.secret else ()),
    )
    return f"## `{name}`\n\n{sentence(spec.help)}\n\n{table(('', ''), rows)}"


def _default(value: object) -> str:
    if value in (None, ()):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _diagnostic(entry: tuple[str, Diagnostic]) -> str:
    name, found = entry
    rows = (
        ("severity", f"`{found.severity}`"),
        ("seen", found.seen),
        ("why", found.why),
        ("remedy", found.remedy),
    )
    return f"## `{name}`\n\n{table(('', ''), rows)}"


def _error_fact(entry: tuple[type[RequestError], Wording]) -> Fact:
    kind, wording = entry
    what = f"{spoken(kind)}: {wording.status}, {message(wording.message)}"
    module = kind.__module__.removeprefix("fauxreel.")
    return Fact(what, f"{module}.{kind.__name__}", wording.evidence)


def _behaviour(fact: Fact) -> tuple[str, ...]:
    return (fact.what, *evidence(fact.evidence), f"`{fact.where}`")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
