"""The pages of the reference that are written from the tables in the code, so that neither drifts.

`python -m fauxreel.reference_pages docs/reference` writes them; a test compares them.
"""

import re
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from fauxreel.diagnostics import DIAGNOSTICS, Diagnostic, Severity
from fauxreel.domain.errors import RequestError
from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.settings import CONFIG_VARIABLE, DEFAULTS, SPECS, flag, variable
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, AzureWording, Layer
from fauxreel.wire.litellm_words import PROXY_WORDINGS, WRAPPINGS, ProxyWording, Wrapping
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

1. a flag of `fauxreel serve` or `fauxreel exec`, such as `--queue-seconds 0`;
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

In the messages, what stands between « and » is filled in, and everything else is to the letter.
Only the first fault of a request is answered.

The live services cannot be asked any more, so each text says how well it is known:

"""

_OPENAI_ERRORS_HEAD = """
## OpenAI

Every error of `/v1` has this form; `type`, `code` and `message` are those of the table:

```json
{"error": {"message": "Unknown parameter: 'fps'.", "type": "invalid_request_error", "param": "fps", "code": "unknown_parameter"}}
```

`param` is the name of the parameter at fault, or null.
The last row of the table is for whatever no other row covers.

"""  # noqa: E501 - a line of an example

_AZURE_ERRORS_HEAD = f"""
## Azure

Two layers answer on Azure, a gateway and the video service behind it, and each has forms of its own:

| layer | form |
| --- | --- |
| {Layer.GATEWAY} | `{{"error":{{"code":…,"message":…}}}}` |
| {Layer.GATEWAY_SPACED} | the same, with one space before the message |
| {Layer.FLAT} | `{{"statusCode":…,"message":…}}` |
| {Layer.SERVICE} | `{{"detail":…}}` |
| {Layer.USER} | that of OpenAI, with the type `{USER_ERROR}`, and null as `param` and `code` |

These are the errors that differ from OpenAI's:

"""  # noqa: E501 - one sentence a line

_AZURE_ERRORS_TAIL = """
All others read as in `/v1`, with every character beyond ASCII escaped.

The jobs of Sora 1 write the errors of the layer `user`, and all that read as in `/v1`, flat:

```json
{"code": "unknown_parameter", "message": "Unknown parameter: 'fps'.", "param": "fps", "type": "invalid_request_error", "inner_error": null}
```
"""  # noqa: E501 - a line of an example

_PROXY_ERRORS_HEAD = """
## LiteLLM proxy

These are the proxy's own errors, in this form; `code` is the status as a text:

```json
{"error": {"message": "Authentication Error, No api key passed in.", "type": "auth_error", "param": null, "code": "401"}}
```

The last row of the table is for whatever no other row covers.

"""  # noqa: E501 - a line of an example

_WRAPPINGS_HEAD = """
An unknown model is named once more in `provider_specific_fields`.
An unknown path is a 404, `{"detail":"Not Found"}`, and another method a 405, `{"detail":"Method Not Allowed"}`.

An error of the provider keeps its status, and its body stands in the message as it is:

```text
litellm.«exception» - «body of the provider»

LiteLLM: model group '«group»' failed with the error above. No fallback was attempted.
```

The last line is absent when no deployment was used, as for an id that the proxy did not give out.
What stands for the exception, and the type, go by the status; any other status is passed on as 500:

"""  # noqa: E501 - one sentence a line

_ERRORS_TAIL = """
The errors of the control API are on [its own page](control-api.md).
"""

_DIAGNOSTICS_HEAD = f"""# Diagnostics

{_GENERATED}

The emulator looks at the requests that it refuses.
Where one shows a defect of the client that has a name, the log says it once, `GET /_fauxreel/diagnostics` counts it, and the end of `fauxreel serve` sums it up.
`fauxreel explain NAME` says what is on this page.
[This guide](../guides/client-defects.md) shows how to use it.

| severity | means |
| --- | --- |
| `{Severity.ERROR}` | it fails on the real service; with `--strict-clients` it makes `fauxreel serve` end with status 3 |
| `{Severity.WARNING}` | it fails there sometimes, or is a sign of trouble |
| `{Severity.NOTE}` | it is worth knowing |
"""  # noqa: E501 - one sentence a line

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

_EVIDENCE_COLUMNS = ("grade", "place", "as of", "source")
_ERROR_COLUMNS = ("error", "status", "type", "code", "message", *_EVIDENCE_COLUMNS)
_AZURE_COLUMNS = ("error", "status", "layer", "code", "message", *_EVIDENCE_COLUMNS)
_PROXY_COLUMNS = ("error", "status", "type", "param", "message", *_EVIDENCE_COLUMNS)
_WRAPPING_COLUMNS = ("status", "exception of `openai/`", "exception of `azure/`", "type")

_ERROR_TEXTS = "Error texts"
_BEHAVIOUR_COLUMNS = ("behaviour", *_EVIDENCE_COLUMNS, "in the code")

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
    """The page of all errors of all dialects, in the order of their tables."""
    grades = _table(
        ("grade", "meaning"), ((f"`{grade}`", meaning) for grade, meaning in _GRADES.items())
    )
    return (
        f"{_ERRORS_HEAD}{grades}"
        f"{_OPENAI_ERRORS_HEAD}{_table(_ERROR_COLUMNS, map(_error, WORDINGS.items()))}"
        f"{_AZURE_ERRORS_HEAD}{_table(_AZURE_COLUMNS, map(_azure_error, AZURE_WORDINGS.items()))}"
        f"{_AZURE_ERRORS_TAIL}"
        f"{_PROXY_ERRORS_HEAD}{_table(_PROXY_COLUMNS, map(_proxy_error, PROXY_WORDINGS.items()))}"
        f"{_WRAPPINGS_HEAD}{_table(_WRAPPING_COLUMNS, map(_wrapping, WRAPPINGS.items()))}"
        f"{_ERRORS_TAIL}"
    )


def diagnostics_page() -> str:
    """The page of all defects of clients that have a name."""
    return "\n".join((_DIAGNOSTICS_HEAD, *map(_diagnostic, DIAGNOSTICS.items())))


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
    "diagnostics.md": diagnostics_page,
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


def _error(entry: tuple[type[RequestError], Wording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        _spoken(kind),
        str(wording.status),
        f"`{wording.type}`",
        _or_null(wording.code),
        _message(wording.message),
        *_evidence(wording.evidence),
    )


def _azure_error(entry: tuple[type[RequestError], AzureWording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        _spoken(kind),
        str(wording.status),
        wording.layer,
        "" if wording.code is None else f"`{wording.code}`",
        _message(wording.message),
        *_evidence(wording.evidence),
    )


def _proxy_error(entry: tuple[type[RequestError], ProxyWording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        _spoken(kind),
        str(wording.status),
        f"`{wording.type}`",
        _or_null(wording.param and _readable(wording.param)),
        _message(wording.message),
        *_evidence(wording.evidence),
    )


def _wrapping(entry: tuple[int, Wrapping]) -> tuple[str, ...]:
    status, wrapping = entry
    return (str(status), f"`{wrapping.openai}`", f"`{wrapping.azure}`", f"`{wrapping.type}`")


def _diagnostic(entry: tuple[str, Diagnostic]) -> str:
    name, found = entry
    rows = (
        ("severity", f"`{found.severity}`"),
        ("seen", found.seen),
        ("why", found.why),
        ("remedy", found.remedy),
    )
    return f"## `{name}`\n\n{_table(('', ''), rows)}"


def _error_fact(entry: tuple[type[RequestError], Wording]) -> Fact:
    kind, wording = entry
    what = f"{_spoken(kind)}: {wording.status}, {_message(wording.message)}"
    return Fact(what, f"domain.errors.{kind.__name__}", wording.evidence)


def _behaviour(fact: Fact) -> tuple[str, ...]:
    return (fact.what, *_evidence(fact.evidence), f"`{fact.where}`")


def _evidence(evidence: Evidence) -> tuple[str, ...]:
    return (f"`{evidence.grade}`", evidence.place, evidence.as_of, evidence.source)


def _spoken(kind: type[RequestError]) -> str:
    """The name of an error as words: `video not found`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def _or_null(text: str | None) -> str:
    return "null" if text is None else f"`{text}`"


def _message(template: str) -> str:
    """The template of a message as code; where it has backticks, two of them mark it."""
    text = _readable(template).replace("\n", "\\n")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


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
