"""The pages of the reference that are written from the tables in the code, so that neither drifts.

`python -m fauxreel.reference_pages docs/reference` writes them; a test compares them.
"""

import re
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from fauxreel.domain.errors import RequestError
from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.settings import CONFIG_VARIABLE, DEFAULTS, SPECS, flag, variable
from fauxreel.wire.openai_facts import FACTS, Fact
from fauxreel.wire.openai_words import WORDINGS, Wording

_GENERATED = (
    "This page is generated; "
    "`python -m fauxreel.reference_pages docs/reference` writes it from the code."
)

_SETTINGS_HEAD = f"""# Settings

{_GENERATED}

A setting can be given in four places.
The first of these that has it wins:

1. a flag of `fauxreel serve`, such as `--queue-seconds 0`;
2. an environment variable, such as `FAUXREEL_QUEUE_SECONDS=0`;
3. a key of the TOML file that `--config FILE` or `{CONFIG_VARIABLE}` names;
4. the default.

No file is read unasked.
`--config` beats `{CONFIG_VARIABLE}`.
In Python, `Emulator(queue_seconds=0)` takes the names of the TOML keys.
It reads neither variables nor a file, and its port is a free one unless `port` names one.

A list is written with commas in a flag or a variable, and as an array in TOML.
A switch has two flags, `--NAME` and `--no-NAME`, and in a variable it is a word.
For on the word is `true`, `yes`, `on` or `1`, and for off it is `false`, `no`, `off` or `0`.
A path is relative to the folder in which the command runs.

These end the command with status 2 and one line that says what is wrong and what is valid:

- a setting that does not exist;
- a value that is not valid;
- a setting that would have no effect beside another one.

`fauxreel settings` takes the same flags and shows each value and where it came from.

A file of settings looks like this:

```toml
queue_seconds = 0.1
timeline = "sticky"
keys = ["sk-team-a", "sk-team-b"]
accept_user = false
```
"""

_ERRORS_HEAD = f"""# Errors

{_GENERATED}

Every error of `/v1` has this form; `type`, `code` and `message` are those of the table:

```json
{{"error": {{"message": "Unknown parameter: 'fps'.", "type": "invalid_request_error", "param": "fps", "code": "unknown_parameter"}}}}
```

`param` is the name of the parameter at fault, or null.
In the messages, what stands between « and » is filled in, and everything else is to the letter.
Only the first fault of a request is answered.
The last row of the table is for whatever no other row covers.

The live service cannot be asked any more, so each text says how well it is known:

"""  # noqa: E501 - a line of an example

_ERRORS_TAIL = """
The errors of the control API are on [its own page](control-api.md).
"""

_FIDELITY_HEAD = f"""# Fidelity

{_GENERATED}

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
_BEHAVIOUR_COLUMNS = ("behaviour", "grade", "place", "as of", "source", "in the code")

_GRADES: Mapping[Grade, str] = {
    Grade.VERBATIM: "real output of the live service, published",
    Grade.DOCUMENTED: "official documentation or SDK",
    Grade.SPECIFIED: "official specification",
    Grade.MEASURED: "run against a real client",
    Grade.SOURCE: "read in somebody's code",
    Grade.REPORTED: "second-hand, in prose",
    Grade.INFERRED: "chosen here, because nothing is known",
}


def settings_page() -> str:
    """The page of all settings, in the order of the table."""
    return "\n".join((_SETTINGS_HEAD, *map(_setting, SPECS)))


def errors_page() -> str:
    """The page of all errors of the OpenAI dialect, in the order of the table."""
    head = ("error", "status", "type", "code", "message", "grade", "place", "as of", "source")
    grades = _table(
        ("grade", "meaning"), ((f"`{grade}`", meaning) for grade, meaning in _GRADES.items())
    )
    rows = (_error(kind, wording) for kind, wording in WORDINGS.items())
    return f"{_ERRORS_HEAD}{grades}\n{_table(head, rows)}{_ERRORS_TAIL}"


def fidelity_page() -> str:
    """The page of all behaviours of the OpenAI dialect with their evidence, by topic."""
    topics = {**FACTS, _ERROR_TEXTS: tuple(map(_error_fact, WORDINGS.items()))}
    counts = Counter(fact.evidence.grade for facts in topics.values() for fact in facts)
    rows = ((f"`{grade}`", text, str(counts[grade])) for grade, text in _GRADES.items())
    tables = (
        f"## {topic}\n\n{_table(_BEHAVIOUR_COLUMNS, map(_behaviour, topics[topic]))}"
        for topic in sorted(topics)
    )
    grades = _table(("grade", "meaning", "behaviours"), rows)
    return _FIDELITY_HEAD + grades + _FIDELITY_TAIL + "\n".join(tables)


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "fidelity.md": fidelity_page,
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
        *((("shown as", "`(set)`, never in clear"),) if spec.secret else ()),
    )
    return f"## `{name}`\n\n{_sentence(spec.help)}\n\n{_table(('', ''), rows)}"


def _default(value: object) -> str:
    if value in (None, ()):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _error(kind: type[RequestError], wording: Wording) -> tuple[str, ...]:
    return (
        _spoken(kind),
        str(wording.status),
        f"`{wording.type}`",
        "null" if wording.code is None else f"`{wording.code}`",
        f"`{_readable(wording.message)}`",
        *_evidence(wording.evidence),
    )


def _error_fact(entry: tuple[type[RequestError], Wording]) -> Fact:
    kind, wording = entry
    what = f"{_spoken(kind)}: {wording.status}, `{_readable(wording.message)}`"
    return Fact(what, f"domain.errors.{kind.__name__}", wording.evidence)


def _behaviour(fact: Fact) -> tuple[str, ...]:
    return (fact.what, *_evidence(fact.evidence), f"`{fact.where}`")


def _evidence(evidence: Evidence) -> tuple[str, ...]:
    return (f"`{evidence.grade}`", evidence.place, evidence.as_of, evidence.source)


def _spoken(kind: type[RequestError]) -> str:
    """The name of an error as words: `video not found`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def _readable(template: str) -> str:
    """The template of a message with its fields marked and its doubled braces single."""
    return "".join(
        text + ("" if name is None else f"«{name}»")
        for text, name, _, _ in string.Formatter().parse(template)
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = tuple(head)
    lines = (titles, ("---",) * len(titles), *rows)
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
