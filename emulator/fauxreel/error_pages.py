"""The page of all errors, written from the dialects' tables of words."""

from fauxreel.domain.errors import RequestError
from fauxreel.faults.presets import PRESETS
from fauxreel.faults.rule import Subject
from fauxreel.markdown import (
    EVIDENCE_COLUMNS,
    GENERATED,
    GRADES,
    evidence,
    message,
    or_null,
    readable,
    spoken,
    table,
)
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, AzureWording, Layer
from fauxreel.wire.litellm_words import PROXY_WORDINGS, WRAPPINGS, ProxyWording, Wrapping
from fauxreel.wire.openai_words import WORDINGS
from fauxreel.wire.refusal_words import AZURE_REFUSALS, REFUSALS
from fauxreel.wire.wording import Wording

_ERRORS_HEAD = f"""# Errors

{GENERATED}

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
| {Layer.FILTER} | that of OpenAI, with a `status`, and an `innererror` that says what was found |

These are the errors that differ from OpenAI's:

"""  # noqa: E501 - one sentence a line

_AZURE_ERRORS_TAIL = """
All others read as in `/v1`, with every character beyond ASCII escaped.

The jobs of Sora 1 write the errors of the layers `user` and `filter`, and all that read as in `/v1`, flat:

```json
{"code": "unknown_parameter", "message": "Unknown parameter: 'fps'.", "param": "fps", "type": "invalid_request_error", "inner_error": null}
```
"""  # noqa: E501 - a line of an example, and one sentence a line

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

_REFUSALS_HEAD = """
## Errors that only rules and limits make

Nothing is wrong with the requests that get these: a [rule](rules.md) asked for them, a limit that you set is reached, or a scenario has it so.
The last column is what a rule calls the error, as in `error=rate_limit`.
[This page](sdk-exceptions.md) shows what SDKs raise for each of them.

In the words of OpenAI, and of the LiteLLM proxy around them:

"""  # noqa: E501 - one sentence a line

_AZURE_REFUSALS_HEAD = """
In the words of Azure, where they differ:

"""

_ERRORS_TAIL = """
The errors of the control API are on [its own page](control-api.md).
"""

_ERROR_COLUMNS = ("error", "status", "type", "code", "message", *EVIDENCE_COLUMNS)
_AZURE_COLUMNS = ("error", "status", "layer", "code", "message", *EVIDENCE_COLUMNS)
_PROXY_COLUMNS = ("error", "status", "type", "param", "message", *EVIDENCE_COLUMNS)
_RULE = "in a rule"
_WRAPPING_COLUMNS = ("status", "exception of `openai/`", "exception of `azure/`", "type")


def errors_page() -> str:
    """The page of all errors of all dialects, in the order of their tables."""
    grades = table(
        ("grade", "meaning"), ((f"`{grade}`", meaning) for grade, meaning in GRADES.items())
    )
    return (
        f"{_ERRORS_HEAD}{grades}"
        f"{_OPENAI_ERRORS_HEAD}{table(_ERROR_COLUMNS, map(_error, WORDINGS.items()))}"
        f"{_AZURE_ERRORS_HEAD}{table(_AZURE_COLUMNS, map(_azure_error, AZURE_WORDINGS.items()))}"
        f"{_AZURE_ERRORS_TAIL}"
        f"{_PROXY_ERRORS_HEAD}{table(_PROXY_COLUMNS, map(_proxy_error, PROXY_WORDINGS.items()))}"
        f"{_WRAPPINGS_HEAD}{table(_WRAPPING_COLUMNS, map(_wrapping, WRAPPINGS.items()))}"
        f"{_REFUSALS_HEAD}{table((*_ERROR_COLUMNS, _RULE), map(_refusal, REFUSALS.items()))}"
        f"{_AZURE_REFUSALS_HEAD}"
        f"{table((*_AZURE_COLUMNS, _RULE), map(_azure_refusal, AZURE_REFUSALS.items()))}"
        f"{_ERRORS_TAIL}"
    )


def _error(entry: tuple[type[RequestError], Wording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        spoken(kind),
        str(wording.status),
        f"`{wording.type}`",
        or_null(wording.code),
        message(wording.message),
        *evidence(wording.evidence),
    )


def _azure_error(entry: tuple[type[RequestError], AzureWording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        spoken(kind),
        str(wording.status),
        wording.layer,
        "" if wording.code is None else f"`{wording.code}`",
        message(wording.message),
        *evidence(wording.evidence),
    )


def _refusal(entry: tuple[type[RequestError], Wording]) -> tuple[str, ...]:
    return (*_error(entry), _preset(entry[0]))


def _azure_refusal(entry: tuple[type[RequestError], AzureWording]) -> tuple[str, ...]:
    return (*_azure_error(entry), _preset(entry[0]))


def _preset(kind: type[RequestError]) -> str:
    """What a rule calls an error; nothing for one that no rule can ask for."""
    names = (name for name, one in PRESETS.items() if type(one.make(Subject(), None)) is kind)
    return "".join(f"`{name}`" for name in names)


def _proxy_error(entry: tuple[type[RequestError], ProxyWording]) -> tuple[str, ...]:
    kind, wording = entry
    return (
        spoken(kind),
        str(wording.status),
        f"`{wording.type}`",
        or_null(wording.param and readable(wording.param)),
        message(wording.message),
        *evidence(wording.evidence),
    )


def _wrapping(entry: tuple[int, Wrapping]) -> tuple[str, ...]:
    status, wrapping = entry
    return (str(status), f"`{wrapping.openai}`", f"`{wrapping.azure}`", f"`{wrapping.type}`")
