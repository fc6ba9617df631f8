"""The laws of every store, over generated runs: moments agree with views, paging loses nobody."""

import math
from asyncio import Runner
from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fauxreel.domain.paging import Order, PageRequest
from fauxreel.domain.timeline import InPolls, InSeconds
from fauxreel.domain.video import (
    Draft,
    Forced,
    JobError,
    Lifetime,
    Outcome,
    Since,
    Status,
    ended_at,
    started_at,
    view,
)
from fauxreel.store import Due, Record, Store, Transition

MakeStore = Callable[[int], Store]

ERROR = JobError("server_error", "It broke.")
START = 1767225600.0
DRAFT = Draft(
    project="one",
    surface="openai",
    model="sora-2",
    prompt="a cat",
    seconds=4,
    size="720x1280",
    created=START,
    timeline=InSeconds(1.0, 2.0),
    outcome=Outcome(),
    lifetime=Lifetime(3600, Since.COMPLETION),
    poll_after_ms=None,
)

# The machines that run this are shared: a slow example is no defect.
laws = settings(deadline=None)


def named(sequence: int) -> str:
    return f"video_{sequence}"


# Moments and states -------------------------------------------------------------------------------

# Few and round, so that moments of different jobs meet.
durations = st.sampled_from((0.0, 0.1, 0.3, 1.0, 2.0)) | st.floats(0, 5)
timelines = (
    st.builds(InSeconds, durations, durations)
    | st.builds(InSeconds, durations, durations, stuck_at=st.integers(0, 99))
    | st.builds(InSeconds, st.just(math.inf), durations)
    | st.builds(InPolls, st.integers(0, 2), st.integers(0, 2))
)
outcomes = st.builds(Outcome, st.none() | st.just(ERROR), st.integers(0, 100))
adding = st.tuples(st.just("add"), durations, timelines, outcomes)
acts = st.sampled_from(("observe", "observe", "complete", "fail", "remove"))
acting = st.tuples(acts, durations, st.integers(0, 9))
runs = st.lists(adding | acting, max_size=15)
Run = list[tuple[str, float, InSeconds | InPolls, Outcome] | tuple[str, float, int]]


def play(runner: Runner, store: Store, run: Run) -> float:
    now = START
    alive: list[str] = []
    for act, gap, *rest in run:
        now += gap
        match rest:
            case [InSeconds() | InPolls() as timeline, Outcome() as outcome]:
                draft = replace(DRAFT, created=now, timeline=timeline, outcome=outcome)
                alive.append(runner.run(store.add(draft, named)).id)
            case [int(nth)] if alive:
                video_id = alive[nth % len(alive)]
                runner.run(do(store, act, video_id, now))
                if act == "remove":
                    alive.remove(video_id)
    return now


async def do(store: Store, act: str, video_id: str, now: float) -> None:
    if act == "observe":
        await store.observe("one", video_id, now)
    elif act == "remove":
        await store.remove("one", video_id)
    else:
        await store.force(video_id, Forced(now, ERROR if act == "fail" else None, 0))


def records(runner: Runner, store: Store) -> list[Record]:
    every = PageRequest(limit=100, order=Order.ASCENDING)
    return list(runner.run(store.page(None, every)).items)


def moments(record: Record) -> list[Due]:
    video, polls = record.video, record.polls
    end = ended_at(video, polls)
    error = video.outcome.error if video.forced is None else video.forced.error
    ending = Transition.COMPLETED if error is None else Transition.FAILED
    found = [
        Due(min(started_at(video, polls), end), video.sequence, Transition.STARTED),
        Due(end, video.sequence, ending),
    ]
    return [due for due in found if math.isfinite(due.moment)]


@laws
@given(run=runs, later=durations)
def test_counts_are_those_of_the_views_at_any_moment(
    runner: Runner, make_store: MakeStore, run: Run, later: float
) -> None:
    store = make_store(100)
    now = play(runner, store, run)
    found = records(runner, store)
    transitions = [due.moment for record in found for due in moments(record)]
    for moment in (now, now + later, *(at for at in transitions if at >= now)):
        seen = Counter(view(record.video, moment, record.polls).status for record in found)
        assert runner.run(store.counts(moment)) == {status: seen[status] for status in Status}


@laws
@given(run=runs, cut=durations)
def test_due_transitions_are_those_of_the_facts_and_cuts_lose_none(
    runner: Runner, make_store: MakeStore, run: Run, cut: float
) -> None:
    store = make_store(100)
    play(runner, store, run)
    due = list(runner.run(store.due_between(-math.inf, math.inf)))
    parts = [
        *runner.run(store.due_between(-math.inf, START + cut)),
        *runner.run(store.due_between(START + cut, math.inf)),
    ]
    expected = [due for record in records(runner, store) for due in moments(record)]
    assert due == sorted(expected, key=lambda one: (one.moment, one.sequence))
    assert parts == due


# Paging -------------------------------------------------------------------------------------------

# What happens between two pages: jobs are added, the job that the cursor names or another goes.
happenings = st.sampled_from(("add", "add foreign", "remove the cursor")) | st.integers(0, 20)
Happenings = list[str | int]


async def happen(store: Store, what: str | int, cursor: str | None, alive: list[str]) -> None:
    if what == "add":
        alive.append((await store.add(DRAFT, named)).id)
    elif what == "add foreign":
        await store.add(replace(DRAFT, project="two"), named)
    elif alive:
        gone = alive[what % len(alive)] if isinstance(what, int) else cursor
        if gone in alive:
            alive.remove(gone)
            await store.remove("one", gone)


@laws
@given(
    jobs=st.lists(st.sampled_from(("one", "one", "one", "two")), min_size=3, max_size=15),
    between=st.lists(st.lists(happenings, max_size=4), max_size=6),
    limit=st.integers(1, 5),
    order=st.sampled_from(Order),
)
def test_paging_visits_each_job_that_stays_once_and_none_twice(
    runner: Runner,
    make_store: MakeStore,
    jobs: list[str],
    between: list[Happenings],
    limit: int,
    order: Order,
) -> None:
    store = make_store(100)
    added = [runner.run(store.add(replace(DRAFT, project=project), named)) for project in jobs]
    at_first = [video.id for video in added if video.project == "one"]
    alive = list(at_first)
    visited: list[int] = []
    cursor, has_more = None, True
    while has_more:
        page = runner.run(store.page("one", PageRequest(limit, cursor, order)))
        visited += [record.video.sequence for record in page.items]
        has_more = page.has_more
        assert len(page.items) == limit or not has_more
        assert visited == sorted(set(visited), reverse=order is Order.DESCENDING)
        if page.items:
            cursor = page.items[-1].video.id
        for what in between.pop() if between else []:
            runner.run(happen(store, what, cursor, alive))
    ids = {named(sequence) for sequence in visited}
    assert set(at_first) & set(alive) <= ids
    assert order is Order.ASCENDING or ids <= set(at_first)
