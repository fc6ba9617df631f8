"""What jobs look like at chosen moments."""

import math

import pytest
from msgspec.structs import replace

from fauxreel.domain.timeline import REALISTIC, Curve, InPolls, InSeconds, Timeline
from fauxreel.domain.video import (
    NO_POLLS,
    Draft,
    Forced,
    JobError,
    Lifetime,
    Outcome,
    Polls,
    Since,
    Status,
    View,
    ended_at,
    failure,
    observed,
    started_at,
    view,
)

CREATED = 1000.75
ERROR = JobError("moderation_blocked", "It was blocked.")
QUICK = InSeconds(queued=0.5, processing=2.0)
JOB = Draft(
    project="project",
    surface="openai",
    model="sora-2",
    prompt="a cat",
    seconds=4,
    size="720x1280",
    created=CREATED,
    timeline=QUICK,
    outcome=Outcome(),
    lifetime=Lifetime(3600, Since.COMPLETION),
    poll_after_ms=100,
)
QUEUED = View(Status.QUEUED, 0)


def processing(progress: int) -> View:
    return View(Status.PROCESSING, progress)


def completed(at: int) -> View:
    return View(Status.COMPLETED, 100, at, at + 3600)


@pytest.mark.parametrize(
    ("timeline", "elapsed", "seen"),
    [
        (QUICK, 0.0, QUEUED),
        (QUICK, 0.25, QUEUED),
        (QUICK, 0.5, processing(0)),
        (QUICK, 1.0, processing(25)),
        (QUICK, 1.5, processing(50)),
        (QUICK, 2.49, processing(99)),
        (QUICK, 2.5, completed(1003)),
        (QUICK, 600.0, completed(1003)),
        (REALISTIC, 5.0, QUEUED),
        (REALISTIC, 6.0, processing(0)),
        (REALISTIC, 23.0, processing(31)),
        (REALISTIC, 40.0, processing(62)),
        (REALISTIC, 61.0, processing(99)),
        (REALISTIC, 73.75, processing(99)),
        (REALISTIC, 74.0, completed(1074)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 0.0, processing(0)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 0.99, processing(0)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 1.0, processing(33)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 2.0, processing(67)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 3.0, processing(99)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 3.99, processing(99)),
        (InSeconds(0.0, 4.0, Curve.STEPS), 4.0, completed(1004)),
        (InSeconds(0.0, 10.0, Curve.STICKY), 4.0, processing(50)),
        (InSeconds(0.0, 10.0, Curve.STICKY), 8.0, processing(99)),
        (InSeconds(0.0, 10.0, Curve.STICKY), 9.99, processing(99)),
        (InSeconds(0.0, 10.0, Curve.STICKY), 10.0, completed(1010)),
        (InSeconds(0.0, 0.0), 0.0, completed(1000)),
        (InSeconds(0.5, 2.0, stuck_at=45), 1.0, processing(25)),
        (InSeconds(0.5, 2.0, stuck_at=45), 1e9, processing(45)),
        (InSeconds(0.5, 0.0, stuck_at=0), 1e9, processing(0)),
        (InSeconds(0.5, 5e-324, stuck_at=99), 1e9, processing(99)),
        (InSeconds(math.inf, 2.0), 1e9, QUEUED),
    ],
)
def test_a_job_timed_in_seconds(timeline: Timeline, elapsed: float, seen: View) -> None:
    assert view(replace(JOB, timeline=timeline), CREATED + elapsed) == seen


@pytest.mark.parametrize(
    ("at", "elapsed", "seen"),
    [
        (0, 0.25, QUEUED),
        (0, 0.5, View(Status.FAILED, 0, error=ERROR)),
        (25, 0.75, processing(12)),
        (25, 1.0, View(Status.FAILED, 25, error=ERROR)),
        (75, 1.5, processing(50)),
        (75, 600.0, View(Status.FAILED, 75, error=ERROR)),
        (100, 2.49, processing(99)),
        (100, 2.5, View(Status.FAILED, 99, error=ERROR)),
    ],
)
def test_a_job_fails_when_its_progress_would_reach_the_point(
    at: int, elapsed: float, seen: View
) -> None:
    assert view(replace(JOB, outcome=Outcome(ERROR, at)), CREATED + elapsed) == seen


def test_a_curve_does_not_lead_a_failing_job_beyond_its_point() -> None:
    steps = InSeconds(0.0, 4.0, Curve.STEPS)
    job = replace(JOB, timeline=steps, outcome=Outcome(ERROR, 60))
    assert view(job, CREATED + 2.0) == processing(60)
    assert view(job, CREATED + 3.0) == View(Status.FAILED, 60, error=ERROR)


def test_a_job_stuck_never_fails_either() -> None:
    job = replace(JOB, timeline=InSeconds(0.5, 2.0, stuck_at=80), outcome=Outcome(ERROR, 40))
    assert ended_at(job) == math.inf
    assert view(job, CREATED + 1e9) == processing(40)


@pytest.mark.parametrize(
    ("since", "expires_at", "last"),
    [(Since.COMPLETION, 4603, 4602.9), (Since.CREATION, 4600, 4599.9)],
)
def test_content_lives_from_its_lifetimes_base_and_ends_on_the_second(
    since: Since, expires_at: int, last: float
) -> None:
    job = replace(JOB, lifetime=Lifetime(3600, since))
    assert view(job, last) == View(Status.COMPLETED, 100, 1003, expires_at)
    assert view(job, expires_at) == View(Status.COMPLETED, 100, 1003, expires_at, expired=True)


def test_a_job_that_takes_one_poll_in_the_queue_and_two_at_work_ends_with_the_fourth() -> None:
    job = replace(JOB, timeline=InPolls(1, 2))
    polls, seen = NO_POLLS, []
    for nth in range(1, 6):
        polls = observed(job, polls, CREATED + nth)
        seen.append(view(job, CREATED + nth, polls))
    assert seen == [QUEUED, processing(33), processing(66), completed(1004), completed(1004)]
    assert polls == Polls(4, started=CREATED + 2, ended=CREATED + 4)


def test_a_job_that_takes_no_polls_ends_with_the_first() -> None:
    job = replace(JOB, timeline=InPolls(0, 0))
    polls = observed(job, NO_POLLS, CREATED + 5)
    assert polls == Polls(1, started=CREATED + 5, ended=CREATED + 5)
    assert view(job, CREATED + 5, polls) == completed(1005)


def test_time_alone_does_not_move_a_job_timed_in_polls() -> None:
    job = replace(JOB, timeline=InPolls(1, 2))
    polls = observed(job, NO_POLLS, CREATED)
    assert view(job, CREATED + 1e9, polls) == QUEUED
    assert (started_at(job, polls), ended_at(job, polls)) == (math.inf, math.inf)


@pytest.mark.parametrize(
    ("timeline", "at", "before"),
    [
        (InPolls(0, 2), 99, [processing(33), processing(66)]),
        (InPolls(0, 2), 50, [processing(33)]),
        (InPolls(0, 2), 33, []),
        (InPolls(0, 2), 0, []),
        (InPolls(1, 2), 0, [QUEUED]),
        (InPolls(1, 9), 40, [QUEUED, processing(10), processing(20), processing(30)]),
    ],
)
def test_a_failing_job_timed_in_polls_fails_at_the_first_that_reaches_its_progress(
    timeline: InPolls, at: int, before: list[View]
) -> None:
    job = replace(JOB, timeline=timeline, outcome=Outcome(ERROR, at))
    polls, seen = NO_POLLS, []
    for nth in range(len(before) + 2):
        polls = observed(job, polls, CREATED + nth)
        seen.append(view(job, CREATED + nth, polls))
    failed = View(Status.FAILED, at, error=ERROR)
    assert seen == [*before, failed, failed]


def test_a_stuck_job_timed_in_polls_stands_still_for_ever() -> None:
    job = replace(JOB, timeline=InPolls(1, 2, stuck_at=50))
    polls, seen = NO_POLLS, []
    for nth in range(6):
        polls = observed(job, polls, CREATED + nth)
        seen.append(view(job, CREATED + nth, polls))
    assert seen == [QUEUED, processing(33), *[processing(50)] * 4]
    assert ended_at(job, polls) == math.inf


def test_a_job_timed_in_seconds_counts_no_polls() -> None:
    assert observed(JOB, NO_POLLS, CREATED + 1) is NO_POLLS


def test_polls_after_a_forced_end_do_not_count() -> None:
    job = replace(JOB, timeline=InPolls(1, 2), forced=Forced(CREATED + 1, None, 0))
    assert observed(job, NO_POLLS, CREATED + 1) is NO_POLLS


@pytest.mark.parametrize(
    ("timeline", "outcome"),
    [
        (QUICK, Outcome()),
        (QUICK, Outcome(ERROR, 10)),
        (InSeconds(math.inf, 2.0), Outcome()),
        (InSeconds(0.5, 2.0, stuck_at=45), Outcome()),
        (InPolls(1, 2), Outcome()),
    ],
)
def test_a_forced_end_overrides_timeline_and_outcome(timeline: Timeline, outcome: Outcome) -> None:
    job = replace(JOB, timeline=timeline, outcome=outcome, forced=Forced(1500.5, None, 0))
    assert view(job, 1500.5) == completed(1500)
    assert failure(job) is None


def test_a_forced_failure_keeps_the_progress_it_was_given_and_never_says_100() -> None:
    forced = (replace(JOB, forced=Forced(1001.5, ERROR, progress)) for progress in (12, 100))
    assert [view(job, 1001.5) for job in forced] == [
        View(Status.FAILED, 12, error=ERROR),
        View(Status.FAILED, 99, error=ERROR),
    ]
