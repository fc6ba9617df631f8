"""Defects of clients, by name: what was seen, why it fails on the real service, what to do.

Some show in one refused request, others only over several (`watch`). Each is counted, said once
in the log, and listed at the end; with `--strict-clients` an error among them ends the emulator
with status 3.
"""

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

logger = logging.getLogger("fauxreel")


class Severity(StrEnum):
    ERROR = "error"  # fails on the real service
    WARNING = "warning"  # fails there sometimes, or is a sign of trouble
    NOTE = "note"

    @property
    def level(self) -> int:
        """How loudly the log says it."""
        return logging.INFO if self is Severity.NOTE else logging.WARNING


class Diagnostic(Struct, frozen=True):
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
        "`input_reference`, or another file, was a text: a path, an address or base64.",
        "The service takes a file part with a name and a type, or an object; it answers 400.",
        'Send a file part with filename and Content-Type, or {"image_url": …} in JSON.',
    ),
    "file-without-name": Diagnostic(
        Severity.ERROR,
        "A part of a form held the bytes of a file, but named no file.",
        "Without a filename a part is a text to the service, which answers 400.",
        'Give the part a filename, as in ("cat.png", data, "image/png").',
    ),
    "file-without-type": Diagnostic(
        Severity.ERROR,
        "A file part had no type, or application/octet-stream.",
        "The service goes by the declared type and answers 400.",
        'Name the type, as in ("cat.png", data, "image/png").',
    ),
    "content-too-early": Diagnostic(
        Severity.ERROR,
        "Content was asked for before the job was completed.",
        "The service answers 404, which looks like an unknown id.",
        "Poll until the status is completed; look at it before the download.",
    ),
    "content-of-failed-job": Diagnostic(
        Severity.ERROR,
        "Content was asked for of a job that had failed.",
        "There is none and never will be: the service answers 404, as for one that is not ready.",
        "Look at the status: only completed has content; show error.message of a failed job.",
    ),
    "content-too-late": Diagnostic(
        Severity.ERROR,
        "Content was asked for after expires_at.",
        "Downloads end an hour after completion (a day after creation on Azure).",
        "Download when the job is completed, and keep the file.",
    ),
    "expired-again": Diagnostic(
        Severity.WARNING,
        "Expired content was asked for again after the service had said that it is gone.",
        "It does not come back; each further request is a 404, too.",
        "End with the first of these answers, and make a new video if one is needed.",
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
    "polling-too-fast": Diagnostic(
        Severity.WARNING,
        "A job was polled again earlier than its last answer had told (openai-poll-after-ms).",
        "It brings no news, and many such polls end in 429.",
        "Wait as many milliseconds as the header says, or a second where there is none.",
    ),
    "polling-after-end": Diagnostic(
        Severity.WARNING,
        "A job was polled on after the answer had said completed or failed.",
        "Nothing changes any more; it is a loop that knows too few states.",
        "End the loop at completed and at failed.",
    ),
    "poll-stopped": Diagnostic(
        Severity.WARNING,
        "Polling ended before the job did, and the job was not deleted.",
        "The service goes on and charges for the video, which nobody will see.",
        "Wait longer than a job takes (minutes on the real service), or delete the job.",
    ),
    "never-collected": Diagnostic(
        Severity.NOTE,
        "A job was made whose content was never downloaded.",
        "It is paid for, and is gone an hour after completion (a day after creation on Azure).",
        "Download it when it is completed, or do not make it.",
    ),
    "paid-duplicate": Diagnostic(
        Severity.ERROR,
        "A request that had made a job was sent again, and made another one.",
        "After an answer that is lost or a 5xx the job may exist: both are paid for.",
        "Look for the job in the list first, or do not retry what makes jobs (max_retries=0).",
    ),
    "retry-after-ignored": Diagnostic(
        Severity.WARNING,
        "A request was sent again earlier than Retry-After had told.",
        "The service counts it and refuses it again: an error where limits are strict.",
        "Wait as the header says; the official SDKs do so by themselves.",
    ),
    "retry-storm": Diagnostic(
        Severity.WARNING,
        "A request was sent again and again within seconds, and failed each time.",
        "Retries without a pause keep an overloaded service down, and use up rate limits.",
        "Wait twice as long after each failure, and give up after a few.",
    ),
    "deprecated-field": Diagnostic(
        Severity.NOTE,
        "A create had `user`, which is accepted and ignored here.",
        "The video API does not know it: the service answers 400.",
        "Leave it out; --no-accept-user refuses it here, too.",
    ),
    "deprecated-route": Diagnostic(
        Severity.NOTE,
        "A video was remixed by POST /v1/videos/{id}/remix.",
        "OpenAI deprecated the route on 2026-03-12, in favour of edits.",
        "Use POST /v1/videos/edits with the id in `video`.",
    ),
    "image-url-not-fetched": Diagnostic(
        Severity.NOTE,
        "An `image_url` that is an address was accepted unseen.",
        "The service fetches it, and answers 400 where it finds no image of the right size.",
        "Nothing need be done; --fetch-image-urls has the emulator look at it.",
    ),
}

_MOST_PLACES = 5


class Finding(Struct):
    """A defect that was seen: how often, and in which requests first."""

    code: str
    severity: Severity
    count: int
    places: list[str]


class Diagnostics:
    """What was found in one space.

    Args:
        counted: Is told the code of each defect that is noted.
    """

    def __init__(self, counted: Callable[[str], None] = lambda _: None) -> None:
        self._findings: dict[str, Finding] = {}
        self._counted = counted

    def again(self, code: str) -> bool:
        """Counts a defect of which enough places are known; whether it was one."""
        known = self._findings.get(code)
        if known is None or len(known.places) < _MOST_PLACES:
            return False
        self._counted(code)
        known.count += 1
        return True

    def note(self, code: str, place: str) -> None:
        """Counts a defect, and says it in the log if it is the first of its kind.

        Args:
            place: The request, such as `POST /v1/videos`.
        """
        if self.again(code):
            return
        self._counted(code)
        known = self._findings.get(code)
        if known is None:
            found = DIAGNOSTICS[code]
            self._findings[code] = Finding(code, found.severity, 1, [place])
            logger.log(
                found.severity.level,
                "%r: client defect %s (%s): %s %s",
                place,
                code,
                found.severity.value,
                found.seen,
                found.remedy,
            )
            return
        known.count += 1
        if place not in known.places:
            known.places.append(place)

    def take(self, other: "Diagnostics") -> None:
        """Adds what was found elsewhere, without a word in the log."""
        for found in other.findings():
            known = self._findings.get(found.code)
            if known is None:
                self._findings[found.code] = replace(found, places=[*found.places])
                continue
            known.count += found.count
            new = [place for place in found.places if place not in known.places]
            known.places = [*known.places, *new][:_MOST_PLACES]

    def findings(self) -> list[Finding]:
        """All of them, in the order in which they were first seen."""
        return list(self._findings.values())

    def has_errors(self) -> bool:
        """Whether one of them fails on the real service."""
        return any(found.severity is Severity.ERROR for found in self._findings.values())

    def clear(self) -> None:
        """Forgets everything."""
        self._findings.clear()
