"""How a job goes when a rule says so: fails, is stuck, takes longer, expires, is another file."""

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.domain.timeline import InPolls, InSeconds, Timeline
from fauxreel.domain.video import Draft, JobError
from fauxreel.domain.video import Outcome as Ending
from fauxreel.faults.kind import Kind, Option, Slot, yes
from fauxreel.values import Parse, ValueProblem, number, text, whole


class Failure(Struct, frozen=True):
    """A way in which jobs were seen to fail: code, message, and the progress at which.

    Args:
        at: 0 for what is found in the input, 99 for what is found in the result.
    """

    code: str
    message: str
    at: int
    evidence: Evidence


def _seen(grade: Grade, place: str, as_of: str, source: str) -> Evidence:
    return Evidence(grade, place, as_of, source)


_UNSEEN = _seen(Grade.INFERRED, "openai", "", "test fixtures of clients; never seen on a job")
_INPUT = "The request is blocked by our moderation system when checking inputs. Possible reasons: "

FAILURES: Mapping[str, Failure] = {
    "moderation_blocked": Failure(
        "moderation_blocked",
        "Your request was blocked by our moderation system.",
        99,
        _seen(Grade.VERBATIM, "openai", "2025", "community.openai.com/t/1372868; azure, 2026"),
    ),
    "moderation_blocked_input": Failure(
        "moderation_blocked",
        f"{_INPUT}self-harm.",
        0,
        _seen(Grade.VERBATIM, "openai", "2026", "help.apiyi.com; `sexual` was seen, too"),
    ),
    "moderation_blocked_people": Failure(
        "moderation_blocked",
        f"{_INPUT}people-in-user-uploads.",
        0,
        _seen(Grade.REPORTED, "openai", "2026", "faces in an uploaded reference"),
    ),
    "content_filter": Failure(
        "content_filter",
        "Your request was blocked by our moderation system.",
        99,
        _seen(Grade.REPORTED, "azure", "2026", "PyRIT takes the code for the output's filter"),
    ),
    "video_generation_failed": Failure(
        "video_generation_failed",
        "Video generation failed due to an internal error.",
        99,
        _seen(Grade.VERBATIM, "openai", "2025", "the message, relayed by Runware"),
    ),
    "internal_error": Failure("internal_error", "An internal error occurred.", 50, _UNSEEN),
    "server_error": Failure("server_error", "The server had an error.", 50, _UNSEEN),
    "billing_hard_limit_reached": Failure(
        "billing_hard_limit_reached", "Billing hard limit has been reached.", 0, _UNSEEN
    ),
}


class Fails(Struct, frozen=True):
    error: JobError
    at: int

    def shape(self, draft: Draft) -> Draft:
        ending = replace(draft.outcome, error=self.error, at=self.at)
        return replace(draft, outcome=ending, timeline=_ending(draft.timeline))


class Stuck(Struct, frozen=True):
    """For ever at a progress; None for the queue."""

    at: int | None

    def shape(self, draft: Draft) -> Draft:
        if self.at is None:
            return replace(draft, timeline=InSeconds(math.inf, 0))
        return replace(draft, timeline=replace(_ending(draft.timeline), stuck_at=self.at))


class Slower(Struct, frozen=True):
    """So many times as long, in the queue and after it."""

    factor: float

    def shape(self, draft: Draft) -> Draft:
        timeline = draft.timeline
        if isinstance(timeline, InPolls):
            slower_polls = replace(
                timeline,
                queued=round(timeline.queued * self.factor),
                processing=round(timeline.processing * self.factor),
            )
            return replace(draft, timeline=slower_polls)
        # What waits for ever waits no longer and no shorter.
        waits = math.isfinite(timeline.queued)
        slower = replace(
            timeline,
            queued=timeline.queued * self.factor if waits else math.inf,
            processing=timeline.processing * self.factor,
        )
        return replace(draft, timeline=slower)


class Completes(Struct, frozen=True):
    """At once: the answer to the create says so already."""

    def shape(self, draft: Draft) -> Draft:
        return replace(draft, timeline=InSeconds(0, 0), outcome=Ending(file=draft.outcome.file))


class Expires(Struct, frozen=True):
    """So many emulated seconds after the moment from which the dialect counts."""

    seconds: int

    def shape(self, draft: Draft) -> Draft:
        return replace(draft, lifetime=replace(draft.lifetime, seconds=self.seconds))


class Serves(Struct, frozen=True):
    """A file of the user's as the video, byte by byte; the other variants stay made ones."""

    path: str

    def shape(self, draft: Draft) -> Draft:
        return replace(draft, outcome=replace(draft.outcome, file=self.path))


def _ending(timeline: Timeline) -> Timeline:
    """The same timeline without what would keep the job from getting on."""
    if isinstance(timeline, InSeconds) and math.isinf(timeline.queued):
        timeline = replace(timeline, queued=0.0)
    return replace(timeline, stuck_at=None)


def _fails(value: str, *, message: str | None = None, at: int | None = None) -> Fails:
    known = FAILURES.get(value)
    if known is None:
        if message is None:
            raise ValueProblem(
                f"{value!r} is not a known failure; one of your own needs a message. "
                f"Known: {', '.join(FAILURES)}"
            )
        return Fails(JobError(value, message), 99 if at is None else at)
    return Fails(JobError(known.code, message or known.message), known.at if at is None else at)


def _completes(value: object) -> Completes:
    del value  # it says nothing but that the key is there
    return Completes()


def _read_stuck(raw: object) -> int | None:
    if isinstance(raw, str) and raw == "queued":
        return None
    value = _progress(raw)
    assert isinstance(value, int)
    return value


_progress = whole(0, 99)

KINDS = (
    Kind(
        "fail",
        Slot.FATE,
        text,
        _fails,
        "lets the job fail",
        "fail=moderation_blocked at=40",
        {
            "message": Option(text, "another message; needed for a code of your own"),
            "at": Option(_progress, "the progress at which it fails, 0 to 99"),
        },
    ),
    Kind(
        "stuck",
        Slot.FATE,
        Parse(_read_stuck, "queued, or a progress from 0 to 99"),
        Stuck,
        "lets the job stand still for ever",
        "stuck=99",
    ),
    Kind(
        "complete",
        Slot.FATE,
        yes,
        _completes,
        "lets the job be completed at once",
        "complete prompt=^draft",
    ),
    Kind(
        "slower",
        Slot.TIME,
        number(0, 1_000_000),
        Slower,
        "lets the job take so many times as long",
        "slower=10 model=sora-2-pro",
    ),
    Kind(
        "expires",
        Slot.LIFETIME,
        whole(0, 10 * 366 * 86_400),
        Expires,
        "lets the files live so many seconds instead of an hour (on Azure, a day)",
        "expires=0",
    ),
    Kind(
        "serve",
        Slot.FILE,
        text,
        Serves,
        "serves a file of yours as the video",
        "serve=broken.mp4",
    ),
)
