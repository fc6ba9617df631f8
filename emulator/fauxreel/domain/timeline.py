"""How long a job waits and works: in seconds of its clock, or in polls by its client.

A timeline is a value; where a job stands on it is computed by `domain.video.view`.
"""

from enum import StrEnum

from msgspec import Struct


class Curve(StrEnum):
    """How progress grows while a job is processing."""

    LINEAR = "linear"
    STEPS = "steps"  # 0, 33, 67, 99: the figures of the documentation and of reports
    STICKY = "sticky"  # at 99 for the last fifth, as real jobs were seen to be


# Observed progress values: 0, 33, 45, 67, 99, 100 (evidence: reported, openai, 2025).
_STEPS = (0, 33, 67, 99)


class InSeconds(Struct, frozen=True, gc=False):
    """Queued for some seconds, then processing for some.

    Args:
        queued: Seconds in the queue; infinite for a job that never starts.
        processing: Seconds from the start to the end.
        stuck_at: Progress (0..99) beyond which the job never moves and never ends, or None.
    """

    queued: float
    processing: float
    curve: Curve = Curve.LINEAR
    stuck_at: int | None = None


class InPolls(Struct, frozen=True, gc=False):
    """Queued for the first polls, processing for the next ones, then ended.

    A poll is a successful retrieve of this one job by a client of the API; nothing else counts.

    Args:
        stuck_at: As for `InSeconds`.
    """

    queued: int = 1
    processing: int = 2
    curve: Curve = Curve.LINEAR
    stuck_at: int | None = None


Timeline = InSeconds | InPolls

# A 4 s clip of sora-2 at 720p took 68 to 116 s in November 2025 (evidence: verbatim, openai);
# how much of that was queueing is not known, 6 s is inferred.
REALISTIC = InSeconds(queued=6.0, processing=68.0, curve=Curve.STICKY)


def next_step(curve: Curve, fraction: float) -> float:
    """The share of its processing at which the progress of a job grows next; at most 1."""
    if curve is Curve.STEPS:
        return (int(fraction * 4) + 1) / 4
    share = 0.8 if curve is Curve.STICKY else 1.0
    return min(1.0, share * (int(fraction / share * 100) + 1) / 100)


def progress_at(curve: Curve, fraction: float) -> int:
    """The progress, 0 to 99, of a job that is `fraction` (0 to 1) of its processing along."""
    if curve is Curve.STEPS:
        return _STEPS[min(3, int(fraction * 4))]
    if curve is Curve.STICKY:
        fraction /= 0.8
    return min(99, int(fraction * 100))
