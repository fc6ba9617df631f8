"""A video job: facts in, view out.

The theory: a job is frozen facts (who asked for what, when, by which timeline, with which
outcome). What it looks like is `view(video, now, polls)`, a pure function, so nothing has to
happen for a job to move on: no timers, no tasks, no writes on read. Facts are never edited; a
later fact (a forced end) replaces an earlier one.

    QUEUED --> PROCESSING --> COMPLETED | FAILED, and then the content expires

How a state is spelled on the wire is the affair of each dialect.

Facts name only facts, never each other in a circle, so that the garbage collector need not look
at those of a million jobs (`gc=False`).
"""

import math
from enum import StrEnum

from msgspec import Struct

from fauxreel.domain.timeline import InPolls, Timeline, next_step, progress_at


class Status(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


# Named once: on Python 3.11 the name of a member takes twenty times as long as another one.
_QUEUED, _PROCESSING = Status.QUEUED, Status.PROCESSING


class Variant(StrEnum):
    """The three files of a completed job."""

    VIDEO = "video"
    THUMBNAIL = "thumbnail"
    SPRITESHEET = "spritesheet"


class JobError(Struct, frozen=True, gc=False):
    """Why a job failed: the `error` object of a failed video."""

    code: str
    message: str


class Outcome(Struct, frozen=True, gc=False):
    """How a job ends, decided when it is created.

    Args:
        error: Why it fails, or None when it completes.
        at: The progress (0 to 100) at which it fails.
        file: The path of a file that is served as its video instead of a made one.
    """

    error: JobError | None = None
    at: int = 99
    file: str | None = None


class Since(StrEnum):
    CREATION = "creation"
    COMPLETION = "completion"


class Lifetime(Struct, frozen=True, gc=False):
    """How long the content of a completed job can be downloaded."""

    seconds: int
    since: Since

    @property
    def hours(self) -> int:
        """The same as the service says it; less than an hour only ever is by a rule."""
        return max(1, self.seconds // 3600)


class Forced(Struct, frozen=True, gc=False):
    """An end by hand: at this moment (emulated seconds), whatever the timeline says.

    Args:
        cancelled: Whether a failure reads as a cancellation where a dialect has a word for it.
    """

    at: float
    error: JobError | None
    progress: int
    cancelled: bool = False


class Reference(Struct, frozen=True, gc=False):
    """What is kept of an uploaded reference: enough to recognise it, not its bytes."""

    content_type: str
    width: int
    height: int
    length: int
    digest: str


class Video(Struct, frozen=True, gc=False):
    """All facts of a job, and the place and id that a store gave it.

    Lists and cursors order by `sequence`; the id derives from the seed and the sequence.

    Args:
        project: Whose job it is; only its own project sees it.
        surface: The dialect that created it.
        created: Moment of creation, in emulated seconds since 1970.
        poll_after_ms: Milliseconds a client is told to wait between polls, or None.
        source_id: The job it is a remix, edit or extension of, or None.
        extensions: How many extensions its length is made of.
        characters: The ids of the characters it shows.
        variants: How many videos the job makes.
    """

    project: str
    surface: str
    model: str
    prompt: str
    seconds: int
    size: str
    created: float
    timeline: Timeline
    outcome: Outcome
    lifetime: Lifetime
    poll_after_ms: int | None
    source_id: str | None = None
    extensions: int = 0
    characters: tuple[str, ...] = ()
    variants: int = 1
    reference: Reference | None = None
    forced: Forced | None = None
    sequence: int = 0
    id: str = ""


# One that no store has given its place and id yet.
Draft = Video


class Polls(Struct, frozen=True, gc=False):
    """How often a job timed in polls was retrieved, and when its transitions were first seen."""

    count: int = 0
    started: float | None = None
    ended: float | None = None


NO_POLLS = Polls()


class View(Struct, frozen=True, gc=False):
    """What a job looks like at one moment. Times are whole seconds since 1970."""

    status: Status
    progress: int
    completed_at: int | None = None
    expires_at: int | None = None
    expired: bool = False
    error: JobError | None = None

    @property
    def unfinished(self) -> bool:
        return self.status is _QUEUED or self.status is _PROCESSING


_WAITING = View(_QUEUED, 0)


def view(video: Draft, now: float, polls: Polls = NO_POLLS) -> View:
    """What the job looks like at `now` (emulated seconds), having been polled so often."""
    timeline = video.timeline
    if isinstance(timeline, InPolls):
        if now >= ended_at(video, polls):
            return _ended(video, now, polls)
        if polls.count <= timeline.queued:
            return _WAITING
        fraction = min(1.0, (polls.count - timeline.queued) / (timeline.processing + 1))
    else:
        # Compared with the very moment that stores keep: another order of rounding differs.
        start = started_at(video)
        if now < start and (video.forced is None or now < video.forced.at):
            return _WAITING
        if now >= ended_at(video):
            return _ended(video, now, polls)
        fraction = min(1.0, (now - start) / timeline.processing) if timeline.processing else 1.0
    return View(_PROCESSING, _progress(video, fraction))


def _progress(video: Draft, fraction: float) -> int:
    """How far a job is that has done this fraction of its work."""
    timeline = video.timeline
    progress = progress_at(timeline.curve, fraction)
    if video.outcome.error is not None:
        progress = min(progress, video.outcome.at)
    if timeline.stuck_at is not None:
        progress = min(progress, timeline.stuck_at)
    return progress


def holds_until(video: Draft, seen: View, now: float, polls: Polls = NO_POLLS) -> float:
    """Until which moment a job that looks like this now will, unless it is polled or forced."""
    if not seen.unfinished:
        return math.inf if seen.expires_at is None or seen.expired else seen.expires_at
    timeline, end = video.timeline, ended_at(video, polls)
    if isinstance(timeline, InPolls):
        return end
    start = started_at(video)
    if seen.status is Status.QUEUED:
        return min(start, end)
    if now - start >= timeline.processing:
        return end  # it is stuck
    grown = next_step(timeline.curve, (now - start) / timeline.processing)
    return min(end, (start + grown * timeline.processing) * _ROUNDED_DOWN)


# Away from the very moment, of which sums may be wrong in the last digits.
_ROUNDED_DOWN = 1 - 1e-14


def started_at(video: Draft, polls: Polls = NO_POLLS) -> float:
    """The moment processing starts; infinite if it never does or is not yet known."""
    if isinstance(video.timeline, InPolls):
        return math.inf if polls.started is None else polls.started
    return video.created + video.timeline.queued


def ended_at(video: Draft, polls: Polls = NO_POLLS) -> float:
    """The moment the job completes or fails; infinite if it never does or is not yet known."""
    if video.forced is not None:
        return video.forced.at
    timeline = video.timeline
    if isinstance(timeline, InPolls):
        return math.inf if polls.ended is None else polls.ended
    if timeline.stuck_at is not None:
        return math.inf
    processing = timeline.processing
    if video.outcome.error is not None:
        processing *= video.outcome.at / 100
    return video.created + timeline.queued + processing


def failure(video: Draft) -> JobError | None:
    """Why the job fails or will fail; None for one that completes."""
    return video.outcome.error if video.forced is None else video.forced.error


def observed(video: Draft, polls: Polls, now: float) -> Polls:
    """The polls after one more at `now`; each transition's moment is fixed when first seen."""
    timeline = video.timeline
    if not isinstance(timeline, InPolls) or now >= ended_at(video, polls):
        return polls
    count = polls.count + 1
    started = now if polls.started is None and count > timeline.queued else polls.started
    ended = now if count >= _last_poll(video.outcome, timeline) else None
    return Polls(count, started, ended)


def _last_poll(outcome: Outcome, timeline: InPolls) -> float:
    """The poll that sees the end; of a job that fails, the first one to reach its progress."""
    if timeline.stuck_at is not None:
        return math.inf
    end = timeline.processing + 1
    if outcome.error is not None:
        end = max(1, math.ceil(end * outcome.at / 100))
    return timeline.queued + end


def _ended(video: Draft, now: float, polls: Polls) -> View:
    error = failure(video)
    if error is not None:
        # completed_at and expires_at of a failed job: null (evidence: inferred).
        return View(Status.FAILED, _progress_at_failure(video), error=error)
    completed_at = int(ended_at(video, polls))
    base = completed_at if video.lifetime.since is Since.COMPLETION else int(video.created)
    expires_at = base + video.lifetime.seconds
    return View(Status.COMPLETED, 100, completed_at, expires_at, expired=now >= expires_at)


def _progress_at_failure(video: Draft) -> int:
    """Where progress stopped (evidence: inferred; never 100, which is a completed job's)."""
    return min(99, video.outcome.at if video.forced is None else video.forced.progress)
