"""The laws of a job's life, over generated facts and generated histories of looking at it."""

import copy
import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fauxreel.domain.timeline import Curve, InPolls, InSeconds
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
    holds_until,
    observed,
    started_at,
    view,
)

ERROR = JobError("server_error", "It broke.")
ENDED = (Status.COMPLETED, Status.FAILED)
LIFE = (Status.QUEUED, Status.PROCESSING, Status.COMPLETED)

# The machines that run this are shared: a slow example is no defect.
laws = settings(deadline=None)

History = list[tuple[Draft, float, Polls]]

durations = (
    st.sampled_from((0.0, 0.1, 0.3, 0.5, 2.0, 68.0)) | st.floats(0, 100) | st.floats(0, 1e300)
)
curves = st.sampled_from(Curve)
ending_in_seconds = st.builds(InSeconds, durations, durations, curves)
in_seconds = st.builds(
    InSeconds,
    queued=durations | st.just(math.inf),
    processing=durations,
    curve=curves,
    stuck_at=st.none() | st.integers(0, 99),
)
in_polls = st.builds(InPolls, st.integers(0, 4), st.integers(0, 4), curves)
outcomes = st.builds(Outcome, st.none() | st.just(ERROR), st.integers(0, 100))


def drafts(timelines: st.SearchStrategy[InSeconds | InPolls]) -> st.SearchStrategy[Draft]:
    facts = {
        "project": st.just("project"),
        "surface": st.just("openai"),
        "model": st.just("sora-2"),
        "prompt": st.just("a cat"),
        "seconds": st.just(4),
        "size": st.just("720x1280"),
        "created": st.sampled_from((0.0, 1767225600.0)) | st.floats(0, 4e9),
        "timeline": timelines,
        "outcome": outcomes,
        "lifetime": st.builds(Lifetime, st.integers(0, 100_000), st.sampled_from(Since)),
        "poll_after_ms": st.none(),
    }
    return st.fixed_dictionaries(facts).map(lambda found: Draft(**found))


@st.composite
def histories(draw: st.DrawFn) -> History:
    draft = draw(drafts(in_seconds | in_polls))
    polls, now = NO_POLLS, draft.created
    gaps = st.sampled_from((0.0, 0.1, 0.5)) | st.floats(0, 50) | st.floats(0, 1e12)
    steps = draw(st.lists(st.tuples(gaps, st.sampled_from(("poll", "look"))), max_size=12))
    forced = draw(st.none() | st.tuples(st.integers(0, 8), st.none() | st.just(ERROR)))
    moments: History = [(draft, now, polls)]
    for nth, (gap, act) in enumerate(steps):
        now += gap
        if act == "poll":
            polls = observed(draft, polls, now)
        seen = view(draft, now, polls)
        if forced and nth == forced[0] and seen.status not in ENDED:
            draft = replace(draft, forced=Forced(now, forced[1], seen.progress))
        moments.append((draft, now, polls))
    return moments


def views(history: History) -> list[View]:
    return [view(*moment) for moment in history]


@laws
@given(histories())
def test_a_status_never_goes_back_and_an_end_is_for_ever(history: History) -> None:
    for before, after in pairwise(views(history)):
        if before.status in ENDED:
            assert after.status is before.status
        elif after.status is not Status.FAILED:
            assert LIFE.index(after.status) >= LIFE.index(before.status)


@laws
@given(histories())
def test_progress_never_falls(history: History) -> None:
    for before, after in pairwise(views(history)):
        assert after.progress >= before.progress


@laws
@given(histories())
def test_progress_is_100_exactly_when_the_job_is_completed(history: History) -> None:
    for seen in views(history):
        assert 0 <= seen.progress <= 100
        assert (seen.progress == 100) is (seen.status is Status.COMPLETED)


@laws
@given(histories())
def test_a_queued_job_has_made_no_progress(history: History) -> None:
    for seen in views(history):
        assert seen.status is not Status.QUEUED or seen.progress == 0


@laws
@given(histories())
def test_an_error_is_there_exactly_when_the_job_failed(history: History) -> None:
    for draft, now, polls in history:
        seen = view(draft, now, polls)
        assert seen.error == (failure(draft) if seen.status is Status.FAILED else None)
        assert (seen.error is not None) is (seen.status is Status.FAILED)


@laws
@given(histories())
def test_a_completed_job_and_no_other_has_a_completion_and_an_expiry(history: History) -> None:
    for draft, now, polls in history:
        seen = view(draft, now, polls)
        if seen.completed_at is None or seen.expires_at is None:
            assert seen.status is not Status.COMPLETED
            assert (seen.completed_at, seen.expires_at, seen.expired) == (None, None, False)
            continue
        since = seen.completed_at if draft.lifetime.since is Since.COMPLETION else draft.created
        assert seen.status is Status.COMPLETED
        assert int(draft.created) <= seen.completed_at <= now
        assert seen.expires_at - int(since) == draft.lifetime.seconds
        assert seen.expired is (now >= seen.expires_at)


@laws
@given(histories())
def test_completion_and_expiry_never_move(history: History) -> None:
    completed = [seen for seen in views(history) if seen.status is Status.COMPLETED]
    assert len({(seen.completed_at, seen.expires_at) for seen in completed}) <= 1


@laws
@given(histories())
def test_equal_facts_look_equal(history: History) -> None:
    assert views(copy.deepcopy(history)) == views(history)


@laws
@given(histories())
def test_a_job_does_not_end_before_it_starts(history: History) -> None:
    for draft, _, polls in history:
        start, end = started_at(draft, polls), ended_at(draft, polls)
        assert draft.created <= end
        assert start <= end or draft.forced is not None or math.isinf(start)


@laws
@given(histories())
def test_the_moments_of_a_job_timed_in_polls_never_move(history: History) -> None:
    for (draft, _, before), (_, _, after) in pairwise(history):
        assert after.count in (before.count, before.count + 1)
        assert before.started in (None, after.started)
        assert before.ended in (None, after.ended)
        assert isinstance(draft.timeline, InPolls) or after == NO_POLLS


@laws
@given(histories())
def test_a_job_is_queued_exactly_until_it_starts_or_ends(history: History) -> None:
    for draft, now, polls in history:
        begun = min(started_at(draft, polls), ended_at(draft, polls))
        assert (view(draft, now, polls).status is Status.QUEUED) is (now < begun)


@laws
@given(drafts(ending_in_seconds))
def test_a_job_is_ended_at_its_end_and_not_a_moment_before(draft: Draft) -> None:
    end = ended_at(draft)
    just_before = math.nextafter(end, -math.inf)
    assert view(draft, end).status in ENDED
    assert view(draft, just_before).status not in ENDED


@laws
@given(drafts(ending_in_seconds))
def test_a_job_is_started_at_its_start_and_not_a_moment_before(draft: Draft) -> None:
    start = started_at(draft)
    just_before = math.nextafter(start, -math.inf)
    assert view(draft, start).status is not Status.QUEUED
    assert view(draft, just_before).status is Status.QUEUED


@laws
@given(drafts(in_seconds), st.floats(0, 1e12), st.floats(0, 1))
def test_a_forced_end_counts_from_its_moment_on(draft: Draft, after: float, part: float) -> None:
    end = draft.created + after
    progress = view(draft, end).progress
    forced = replace(draft, forced=Forced(end, ERROR, progress))
    early = view(forced, draft.created + after * part)
    assert view(forced, end) == View(Status.FAILED, min(99, progress), error=ERROR)
    assert early.progress <= min(99, progress)


@laws
@given(drafts(in_seconds | in_polls), st.integers(0, 20))
def test_a_job_timed_in_polls_ends_after_so_many_and_no_other_counts_them(
    draft: Draft, retrieves: int
) -> None:
    polls = NO_POLLS
    for nth in range(retrieves):
        polls = observed(draft, polls, draft.created + nth)
    least = most = 0
    if isinstance(draft.timeline, InPolls):
        least = most = min(retrieves, draft.timeline.queued + draft.timeline.processing + 1)
        if draft.outcome.error is not None:
            # It may fail before the last of them, though not in the queue.
            least = min(retrieves, draft.timeline.queued + 1)
    assert least <= polls.count <= most


@laws
@given(histories(), st.floats(0, 1, exclude_max=True))
def test_a_job_looks_the_same_until_the_moment_that_it_holds_until(
    history: History, share: float
) -> None:
    for draft, now, polls in history:
        seen = view(draft, now, polls)
        until = holds_until(draft, seen, now, polls)
        then = now + share * (min(until, now + 1e13) - now)
        if now <= then < until:
            assert view(draft, then, polls) == seen
            just_before = math.nextafter(until, -math.inf)
            assert just_before < now or view(draft, just_before, polls) == seen


def test_finished_jobs_look_the_same_for_ever_once_they_expired() -> None:
    draft = Draft(
        "project",
        "openai",
        "sora-2",
        "a cat",
        4,
        "720x1280",
        100.0,
        InSeconds(1, 2),
        Outcome(),
        Lifetime(10, Since.COMPLETION),
        None,
    )
    moments = [100.0, 101.0, 102.5, 103.0, 113.0]
    held = [holds_until(draft, view(draft, now), now) for now in moments]

    assert [round(until, 6) for until in held] == [101, 101.02, 102.52, 113, math.inf]
