"""What every store does, one fact a test."""

import asyncio
import math
from asyncio import Runner
from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from fauxreel.domain.errors import StoreFull
from fauxreel.domain.paging import Order, Page, PageRequest
from fauxreel.domain.timeline import InPolls, InSeconds
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
    Video,
)
from fauxreel.store import Due, Record, Store, Transition
from fauxreel.store.memory import MemoryStore

ERROR = JobError("server_error", "It broke.")
DRAFT = Draft(
    project="one",
    surface="openai",
    model="sora-2",
    prompt="a cat",
    seconds=4,
    size="720x1280",
    created=1000.0,
    timeline=InSeconds(1.0, 2.0),
    outcome=Outcome(),
    lifetime=Lifetime(3600, Since.COMPLETION),
    poll_after_ms=100,
)
IN_POLLS = replace(DRAFT, timeline=InPolls(1, 2))
FOREIGN = replace(DRAFT, project="two")


def named(sequence: int) -> str:
    return f"video_{sequence}"


def stored(draft: Draft, sequence: int) -> Video:
    return replace(draft, sequence=sequence, id=named(sequence))


def add(runner: Runner, store: Store, *drafts: Draft) -> list[Video]:
    return [runner.run(store.add(draft, named)) for draft in drafts]


def ids(page: Page[Record]) -> list[str]:
    return [record.video.id for record in page.items]


def counts(queued: int, processing: int, completed: int, failed: int) -> dict[Status, int]:
    return dict(zip(Status, (queued, processing, completed, failed), strict=True))


# Adding and finding -------------------------------------------------------------------------------


def test_a_job_gets_the_next_sequence_and_the_id_made_of_it(runner: Runner, store: Store) -> None:
    full = replace(DRAFT, source_id="video_0", forced=Forced(1000.5, ERROR, 7), poll_after_ms=None)
    assert add(runner, store, DRAFT, FOREIGN, full) == [
        stored(DRAFT, 1),
        stored(FOREIGN, 2),
        stored(full, 3),
    ]


def test_a_sequence_is_never_given_twice(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT, DRAFT)
    runner.run(store.remove("one", "video_2"))
    assert add(runner, store, DRAFT) == [stored(DRAFT, 3)]


def test_a_job_is_found_by_its_project_and_by_any(runner: Runner, store: Store) -> None:
    (video,) = add(runner, store, DRAFT)
    assert runner.run(store.get("one", video.id)) == Record(video, NO_POLLS)
    assert runner.run(store.get(None, video.id)) == Record(video, NO_POLLS)


@pytest.mark.parametrize(
    ("project", "video_id"), [("two", "video_1"), ("one", "video_2"), (None, "video_2")]
)
def test_a_foreign_or_unknown_job_is_not_found(
    runner: Runner, store: Store, project: str | None, video_id: str
) -> None:
    add(runner, store, DRAFT)
    assert runner.run(store.get(project, video_id)) is None


def test_a_job_can_be_added_with_polls_behind_it(runner: Runner, store: Store) -> None:
    polls = Polls(2, started=1000.0)
    video = runner.run(store.add(IN_POLLS, named, polls))
    assert runner.run(store.get("one", video.id)) == Record(video, polls)
    assert runner.run(store.counts(1000.0)) == counts(0, 1, 0, 0)


def test_a_full_store_takes_no_more_until_one_is_removed(
    runner: Runner, make_store: Callable[[int], Store]
) -> None:
    store = make_store(2)
    add(runner, store, DRAFT, FOREIGN)
    with pytest.raises(StoreFull) as refusal:
        add(runner, store, DRAFT)
    assert refusal.value.fields["limit"] == 2
    runner.run(store.remove("one", "video_1"))
    assert add(runner, store, DRAFT) == [stored(DRAFT, 3)]


# Polls --------------------------------------------------------------------------------------------


def test_polls_are_counted_and_the_moments_of_transitions_fixed_once(
    runner: Runner, store: Store
) -> None:
    (video,) = add(runner, store, IN_POLLS)
    seen = [runner.run(store.observe("one", video.id, 1000.0 + nth)) for nth in range(1, 6)]
    assert seen == [
        Record(video, Polls(1)),
        Record(video, Polls(2, started=1002.0)),
        Record(video, Polls(3, started=1002.0)),
        Record(video, Polls(4, started=1002.0, ended=1004.0)),
        Record(video, Polls(4, started=1002.0, ended=1004.0)),
    ]
    assert runner.run(store.get("one", video.id)) == seen[-1]


def test_polls_of_a_job_timed_in_seconds_are_not_counted(runner: Runner, store: Store) -> None:
    (video,) = add(runner, store, DRAFT)
    assert runner.run(store.observe("one", video.id, 1000.5)) == Record(video, NO_POLLS)
    assert runner.run(store.get("one", video.id)) == Record(video, NO_POLLS)


@pytest.mark.parametrize(("project", "video_id"), [("two", "video_1"), ("one", "video_2")])
def test_polls_of_a_foreign_or_unknown_job_count_for_nobody(
    runner: Runner, store: Store, project: str, video_id: str
) -> None:
    (video,) = add(runner, store, IN_POLLS)
    assert runner.run(store.observe(project, video_id, 1001.0)) is None
    assert runner.run(store.get("one", video.id)) == Record(video, NO_POLLS)


def test_looking_at_a_job_or_a_list_counts_no_poll(runner: Runner, store: Store) -> None:
    (video,) = add(runner, store, IN_POLLS)
    runner.run(store.get("one", video.id))
    runner.run(store.page("one", PageRequest()))
    assert runner.run(store.observe("one", video.id, 1001.0)) == Record(video, Polls(1))


# Pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "found", "more"),
    [
        (PageRequest(), [5, 3, 2, 1], False),
        (PageRequest(order=Order.ASCENDING), [1, 2, 3, 5], False),
        (PageRequest(limit=4), [5, 3, 2, 1], False),
        (PageRequest(limit=2), [5, 3], True),
        (PageRequest(limit=2, after="video_3"), [2, 1], False),
        (PageRequest(limit=1, after="video_3"), [2], True),
        (PageRequest(limit=2, order=Order.ASCENDING), [1, 2], True),
        (PageRequest(after="video_3", order=Order.ASCENDING), [5], False),
        (PageRequest(after="video_1"), [], False),
        (PageRequest(after="video_5", order=Order.ASCENDING), [], False),
        (PageRequest(limit=0), [], True),
        (PageRequest(limit=0, after="video_1"), [], False),
        (PageRequest(after="video_9"), [], False),
        (PageRequest(after="video_9", order=Order.ASCENDING), [], False),
        (PageRequest(after="video_4"), [], False),
        (PageRequest(after=""), [], False),
    ],
)
def test_a_page_holds_the_projects_jobs_after_the_cursor(
    runner: Runner, store: Store, request_: PageRequest, found: Sequence[int], more: bool
) -> None:
    add(runner, store, DRAFT, DRAFT, DRAFT, FOREIGN, DRAFT)
    page = runner.run(store.page("one", request_))
    assert (ids(page), page.has_more) == ([named(sequence) for sequence in found], more)


def test_a_page_of_all_projects_is_in_the_order_of_creation(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT, FOREIGN, DRAFT)
    page = runner.run(store.page(None, PageRequest(limit=2)))
    rest = runner.run(store.page(None, PageRequest(after="video_2")))
    assert (ids(page), page.has_more) == (["video_3", "video_2"], True)
    assert (ids(rest), rest.has_more) == (["video_1"], False)


def test_a_page_of_an_unknown_project_is_empty(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT)
    page = runner.run(store.page("two", PageRequest()))
    assert (ids(page), page.has_more) == ([], False)


@pytest.mark.parametrize(
    ("order", "found"), [(Order.DESCENDING, ["video_1"]), (Order.ASCENDING, ["video_3"])]
)
def test_a_removed_job_keeps_its_place_as_a_cursor(
    runner: Runner, store: Store, order: Order, found: list[str]
) -> None:
    add(runner, store, DRAFT, DRAFT, DRAFT)
    runner.run(store.remove("one", "video_2"))
    assert ids(runner.run(store.page("one", PageRequest(after="video_2", order=order)))) == found
    assert ids(runner.run(store.page(None, PageRequest(after="video_2", order=order)))) == found


def test_a_removed_job_of_another_project_is_an_unknown_cursor(
    runner: Runner, store: Store
) -> None:
    add(runner, store, DRAFT, FOREIGN)
    runner.run(store.remove("two", "video_2"))
    assert ids(runner.run(store.page("one", PageRequest(after="video_2")))) == []


def test_a_page_shows_polls_and_forced_ends(runner: Runner, store: Store) -> None:
    polled, forced = add(runner, store, IN_POLLS, DRAFT)
    runner.run(store.observe("one", polled.id, 1001.0))
    runner.run(store.force(forced.id, Forced(1000.5, ERROR, 0)))
    page = runner.run(store.page("one", PageRequest(order=Order.ASCENDING)))
    assert list(page.items) == [
        Record(polled, Polls(1)),
        Record(replace(forced, forced=Forced(1000.5, ERROR, 0)), NO_POLLS),
    ]


# Ends by hand, and forgetting ---------------------------------------------------------------------


def test_a_forced_end_is_a_fact_of_the_job(runner: Runner, store: Store) -> None:
    (video,) = add(runner, store, IN_POLLS)
    runner.run(store.observe("one", video.id, 1001.0))
    end = Forced(1002.0, None, 0)
    assert runner.run(store.force(video.id, end)) == replace(video, forced=end)
    assert runner.run(store.get("one", video.id)) == Record(replace(video, forced=end), Polls(1))


def test_an_unknown_job_cannot_be_forced(runner: Runner, store: Store) -> None:
    assert runner.run(store.force("video_1", Forced(1000.0, None, 0))) is None


def test_a_removed_job_is_gone_from_everywhere(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT, DRAFT)
    assert runner.run(store.remove("one", "video_1")) is True
    assert runner.run(store.get(None, "video_1")) is None
    assert runner.run(store.observe("one", "video_1", 1001.0)) is None
    assert ids(runner.run(store.page("one", PageRequest()))) == ["video_2"]
    assert ids(runner.run(store.page(None, PageRequest()))) == ["video_2"]
    assert runner.run(store.counts(1000.0)) == counts(1, 0, 0, 0)
    assert {due.sequence for due in runner.run(store.due_between(0.0, math.inf))} == {2}


@pytest.mark.parametrize(("project", "video_id"), [("two", "video_1"), ("one", "video_2")])
def test_a_foreign_or_unknown_job_is_not_removed(
    runner: Runner, store: Store, project: str, video_id: str
) -> None:
    (video,) = add(runner, store, DRAFT)
    assert runner.run(store.remove(project, video_id)) is False
    assert runner.run(store.get("one", video.id)) == Record(video, NO_POLLS)


def test_a_job_is_removed_once(runner: Runner, store: Store) -> None:
    (video,) = add(runner, store, DRAFT)
    removed = [runner.run(store.remove("one", video.id)) for _ in range(2)]
    assert removed == [True, False]


def test_a_cleared_store_is_as_new(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT, DRAFT, FOREIGN)
    runner.run(store.remove("one", "video_1"))
    runner.run(store.clear())
    assert runner.run(store.get(None, "video_2")) is None
    assert runner.run(store.counts(2000.0)) == counts(0, 0, 0, 0)
    assert list(runner.run(store.due_between(0.0, math.inf))) == []
    assert ids(runner.run(store.page(None, PageRequest()))) == []
    assert add(runner, store, DRAFT) == [stored(DRAFT, 1)]


def test_a_cleared_store_forgets_the_places_of_removed_jobs(runner: Runner, store: Store) -> None:
    add(runner, store, DRAFT, DRAFT, DRAFT)
    runner.run(store.remove("one", "video_3"))
    runner.run(store.clear())
    add(runner, store, DRAFT)
    assert ids(runner.run(store.page("one", PageRequest(after="video_3")))) == []


# Moments ------------------------------------------------------------------------------------------

STARTED, COMPLETED, FAILED = Transition


def test_transitions_come_in_order_of_moment_then_of_creation_then_start_before_end(
    runner: Runner, store: Store
) -> None:
    at_once = replace(DRAFT, created=1003.0, timeline=InSeconds(0.0, 0.0))
    failing = replace(DRAFT, outcome=Outcome(ERROR, 50))
    stuck = replace(DRAFT, timeline=InSeconds(0.5, 2.0, stuck_at=45))
    waiting = replace(DRAFT, timeline=InSeconds(math.inf, 2.0))
    add(runner, store, at_once, DRAFT, failing, stuck, waiting, IN_POLLS)
    assert list(runner.run(store.due_between(0.0, math.inf))) == [
        Due(1000.5, 4, STARTED),
        Due(1001.0, 2, STARTED),
        Due(1001.0, 3, STARTED),
        Due(1002.0, 3, FAILED),
        Due(1003.0, 1, STARTED),
        Due(1003.0, 1, COMPLETED),
        Due(1003.0, 2, COMPLETED),
    ]


@pytest.mark.parametrize(
    ("after", "until", "found"),
    [
        (1000.0, 1001.0, [STARTED]),
        (1001.0, 1003.0, [COMPLETED]),
        (1000.9, 1002.9, [STARTED]),
        (1003.0, math.inf, []),
        (1001.0, 1001.0, []),
        (1003.0, 1000.0, []),
    ],
)
def test_due_transitions_are_after_the_first_moment_and_until_the_second(
    runner: Runner, store: Store, after: float, until: float, found: list[Transition]
) -> None:
    add(runner, store, DRAFT)
    assert [due.transition for due in runner.run(store.due_between(after, until))] == found


def test_a_forced_end_replaces_the_end_that_was_due(runner: Runner, store: Store) -> None:
    waiting, working = add(runner, store, DRAFT, DRAFT)
    runner.run(store.force(waiting.id, Forced(1000.5, None, 0)))
    runner.run(store.force(working.id, Forced(1002.0, ERROR, 50)))
    assert list(runner.run(store.due_between(0.0, math.inf))) == [
        Due(1000.5, 1, STARTED),
        Due(1000.5, 1, COMPLETED),
        Due(1001.0, 2, STARTED),
        Due(1002.0, 2, FAILED),
    ]


def test_transitions_of_a_job_timed_in_polls_are_due_when_they_are_seen(
    runner: Runner, store: Store
) -> None:
    (video,) = add(runner, store, IN_POLLS)
    for nth in range(4):
        runner.run(store.observe("one", video.id, 1000.0 + nth))
    assert list(runner.run(store.due_between(0.0, math.inf))) == [
        Due(1001.0, 1, STARTED),
        Due(1003.0, 1, COMPLETED),
    ]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (1000.0, counts(2, 0, 0, 0)),
        (1001.0, counts(0, 2, 0, 0)),
        (1002.0, counts(0, 1, 0, 1)),
        (1003.0, counts(0, 0, 1, 1)),
    ],
)
def test_states_are_counted_at_a_moment(
    runner: Runner, store: Store, now: float, found: dict[Status, int]
) -> None:
    add(runner, store, DRAFT, replace(FOREIGN, outcome=Outcome(ERROR, 50)))
    assert runner.run(store.counts(now)) == found


def test_others_have_turns_while_the_moments_of_many_jobs_are_put_in_order(runner: Runner) -> None:
    store = MemoryStore(5000)
    add(runner, store, *[DRAFT] * 2500)
    removed: list[bool] = []

    async def remove() -> None:
        removed.append(await store.remove("one", named(2400)))

    async def count() -> dict[Status, int]:
        removing = asyncio.create_task(remove())
        found = await store.counts(1000.5)
        await removing
        return found

    assert runner.run(count()) == counts(2499, 0, 0, 0)
    assert removed == [True]
    assert runner.run(store.counts(9999.0)) == counts(0, 0, 2499, 0)
