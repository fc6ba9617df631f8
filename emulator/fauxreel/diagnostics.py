"""Defects of clients, by name: what was seen, why it fails on the real service, what to do.

The emulator watches the requests that it refuses; a defect is counted, said once in the log, and
listed at the end. With `--strict-clients` an error among them ends the emulator with status 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # fails on the real service
    WARNING = "warning"  # fails there sometimes, or is a sign of trouble
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One kind of defect.

    Args:
        seen: What the client did.
        why: Why that fails on the real service.
        remedy: The way out.
    """

    severity: Severity
    seen: str
    why: str
    remedy: str


DIAGNOSTICS: Mapping[str, Diagnostic] = {
    "key-not-set": Diagnostic(
        Severity.ERROR,
        "The key was None, null, undefined or an unexpanded variable.",
        "It is no key: the service answers 401.",
        "Set the variable that the client reads its key from, in the process that runs it.",
    ),
    "integer-seconds": Diagnostic(
        Severity.ERROR,
        "`seconds` was a number in a JSON body.",
        "The service takes a text and answers 400.",
        'Send "8" instead of 8.',
    ),
    "text-as-reference": Diagnostic(
        Severity.ERROR,
        "`input_reference` was a text: a path, an address, base64, or a part with no file name.",
        "The service takes a file part with a name and a type, or an object; it answers 400.",
        'Send a file part with filename and Content-Type, or {"image_url": …} in JSON.',
    ),
    "file-without-type": Diagnostic(
        Severity.ERROR,
        "A file part had no type, or application/octet-stream.",
        "The service goes by the declared type and answers 400.",
        'Name the type, as in ("cat.png", data, "image/png").',
    ),
    "content-too-early": Diagnostic(
        Severity.ERROR,
        "Content was asked for before the job was completed, or of a failed job.",
        "The service answers 404, which looks like an unknown id.",
        "Poll until the status is completed; look at it before the download.",
    ),
    "content-too-late": Diagnostic(
        Severity.ERROR,
        "Content was asked for after expires_at.",
        "Downloads end an hour after completion (a day after creation on Azure).",
        "Download when the job is completed, and keep the file.",
    ),
    "content-by-post": Diagnostic(
        Severity.ERROR,
        "Content was asked for by POST.",
        "The service knows GET alone here; a client that saves the answer saves an error.",
        "Use GET.",
    ),
    "glued-api-version": Diagnostic(
        Severity.ERROR,
        "The api-version held a slash: the rest of the path was glued to the query.",
        "The gateway answers 400; a lenient server answers the list instead of the video.",
        "Leave the api-version out (LiteLLM glues when api_version is set).",
    ),
    "azure-path-without-v1": Diagnostic(
        Severity.ERROR,
        "The path was /openai/videos, as AzureOpenAI(azure_endpoint=…) asks by default.",
        "The video API is at /openai/v1 alone: the gateway answers 404.",
        "Give the client base_url=…/openai/v1/ instead of azure_endpoint.",
    ),
    "doubled-version": Diagnostic(
        Severity.ERROR,
        "The path began with /v1/v1: the version was in the base URL and in the path.",
        "There is nothing: the service answers 404.",
        "Leave /v1 out of one of the two; SDKs want it in the base URL.",
    ),
    "undecoded-gateway-id": Diagnostic(
        Severity.ERROR,
        "The id was one that the LiteLLM proxy had wrapped.",
        "Only the proxy can unwrap it: the service answers 404.",
        "Send the request to the proxy that gave the id out.",
    ),
    "unknown-parameter": Diagnostic(
        Severity.ERROR,
        "A parameter was not one of the API's.",
        "The service refuses unknown parameters with 400.",
        "Leave it out.",
    ),
}

_MOST_PLACES = 5


@dataclass(slots=True)
class Finding:
    """A defect that was seen: how often, and in which requests first."""

    code: str
    severity: Severity
    count: int
    places: list[str]


class Diagnostics:
    """What was found in one space."""

    def __init__(self) -> None:
        self._findings: dict[str, Finding] = {}

    def note(self, code: str, place: str) -> bool:
        """Counts a defect; whether it is the first of its kind.

        Args:
            place: The request, such as `POST /v1/videos`.
        """
        known = self._findings.get(code)
        if known is None:
            severity = DIAGNOSTICS[code].severity
            self._findings[code] = Finding(code, severity, 1, [place])
            return True
        known.count += 1
        if place not in known.places and len(known.places) < _MOST_PLACES:
            known.places.append(place)
        return False

    def findings(self) -> list[Finding]:
        """All of them, in the order in which they were first seen."""
        return list(self._findings.values())

    def has_errors(self) -> bool:
        """Whether one of them fails on the real service."""
        return any(found.severity is Severity.ERROR for found in self._findings.values())

    def clear(self) -> None:
        """Forgets everything."""
        self._findings.clear()
