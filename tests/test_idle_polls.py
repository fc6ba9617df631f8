"""A job that can never end does not let its client poll for ever, where that is asked for."""

import pytest
from openai import BadRequestError, OpenAI

from fauxreel import Emulator

THREE = {"max_idle_polls": 3, "poll_after_ms": 1}
STUCK = "it is stuck, as a rule or a timeline says"
STILL = "the clock stands still; advance it, or use the clock auto"


def polled(emulator, times):
    """What each of so many retrieves of a new job was answered."""
    answers = []
    with OpenAI(base_url=emulator.base_url, api_key="sk-1") as client:
        video = client.videos.create(prompt="a cat")
        for _ in range(times):
            try:
                answers.append(client.videos.retrieve(video.id).status)
            except BadRequestError as error:
                answers.append(error.message.partition("can never end: ")[2].rstrip("."))
    return answers


def test_the_refusal_is_not_to_be_retried():
    with (
        Emulator(clock="manual", max_idle_polls=1) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1") as client,
    ):
        video = client.videos.create(prompt="a cat")
        with pytest.raises(BadRequestError) as caught:
            client.videos.retrieve(video.id)

    assert caught.value.response.headers["x-should-retry"] == "false"
    assert caught.value.message.endswith(
        f"Video '{video.id}' was retrieved 1 times in a row and can never end: {STILL}."
    )


@pytest.mark.parametrize(
    ("settings", "answers"),
    [
        ({"clock": "manual"}, ["queued", "queued", STILL, STILL]),
        ({"clock": "auto", "rules": "stuck=99"}, ["queued", "in_progress", STUCK, STUCK]),
        ({"clock": "auto", "timeline": "stuck:40"}, ["queued", "in_progress", STUCK, STUCK]),
        ({"clock": "system", "timeline": "stuck:queued"}, ["queued", "queued", STUCK, STUCK]),
        (
            {"clock": "system", "timeline": "polls:1,1", "rules": "stuck=99"},
            ["queued", "in_progress", STUCK, STUCK],
        ),
    ],
)
def test_a_job_that_nothing_moves_is_refused_at_the_last_poll(settings, answers):
    with Emulator(**THREE, **settings) as emulator:
        assert polled(emulator, 4) == answers


@pytest.mark.parametrize(
    ("settings", "answers"),
    [
        ({"clock": "auto", "queue_seconds": 9}, ["queued"] * 5),
        ({"clock": "system", "queue_seconds": 60}, ["queued"] * 5),
        ({"clock": "manual", "timeline": "polls:4,0"}, ["queued"] * 4 + ["completed"]),
    ],
)
def test_a_job_that_time_or_polls_move_may_be_polled_on(settings, answers):
    with Emulator(**THREE, **settings) as emulator:
        assert polled(emulator, 5) == answers


def test_without_the_setting_a_client_may_poll_for_ever():
    with Emulator(clock="manual") as emulator:
        assert polled(emulator, 60) == ["queued"] * 60


def test_moved_time_begins_the_count_anew():
    with (
        Emulator(**THREE, clock="manual", processing_seconds=60) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        video = client.videos.create(prompt="a cat")
        for _ in range(4):
            client.videos.retrieve(video.id)
            client.videos.retrieve(video.id)
            emulator.clock.advance(1)
        client.videos.retrieve(video.id)
        client.videos.retrieve(video.id)
        with pytest.raises(BadRequestError, match="was retrieved 3 times in a row"):
            client.videos.retrieve(video.id)


def test_a_stopped_clock_counts_and_a_resumed_one_does_not():
    with (
        Emulator(**THREE, clock="auto", queue_seconds=60) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        video = client.videos.create(prompt="a cat")
        emulator.clock.freeze()
        client.videos.retrieve(video.id)
        client.videos.retrieve(video.id)
        emulator.clock.resume()
        for _ in range(5):
            client.videos.retrieve(video.id)
        emulator.clock.freeze()
        client.videos.retrieve(video.id)
        client.videos.retrieve(video.id)
        with pytest.raises(BadRequestError, match="the clock stands still"):
            client.videos.retrieve(video.id)


def test_a_reset_and_ten_thousand_other_jobs_forget_a_count():
    with Emulator(**THREE, clock="manual") as emulator:
        space = emulator.space
        ids = emulator.seed(status="queued")
        ids += emulator.seed(count=10_000, status="queued", prompt="a cat")
        records = [emulator.call(space.store.get(None, video_id)) for video_id in ids]

        def count(record):
            now = space.clock.now()
            space.idle.count(record.video, record.polls, now, frozen=True)

        count(records[0])
        count(records[0])
        for record in records[1:]:
            count(record)
        count(records[0])  # would be the third
        count(records[-1])
        space.idle.clear()
        count(records[-1])  # would be the third
