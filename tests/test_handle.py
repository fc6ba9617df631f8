"""Rules from Python: the next answers, the next jobs, and which rules never fired."""

import re
import threading

import pytest
from openai import APIStatusError, APITimeoutError, OpenAI, RateLimitError

from fauxreel import Emulator
from fauxreel.faults.grammar import RuleError


@pytest.fixture
def emulator():
    with Emulator(clock="auto", seed=1) as emulator:
        yield emulator


@pytest.fixture
def client(emulator):
    with OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client:
        yield client


def test_the_next_answer_fails_and_the_one_after_it_does_not(emulator, client):
    entry = emulator.next_answer("rate_limit")
    with pytest.raises(RateLimitError):
        client.videos.list()

    assert client.videos.list().data == []
    assert (entry.matched, entry.fired, emulator.rules.unfired()) == (2, 1, [])


def test_next_answers_queue_up(emulator, client):
    emulator.next_answer(503, operation="list")
    emulator.next_answer("quota", operation="list", times=2)
    statuses = []
    for _ in range(4):
        try:
            client.videos.list()
            statuses.append(200)
        except APIStatusError as error:
            statuses.append(error.status_code)

    assert statuses == [503, 429, 429, 200]


def test_the_next_job_fails_as_it_is_told(emulator, client):
    emulator.next_job(fails="moderation_blocked", at=40)
    failed = client.videos.create_and_poll(prompt="a cat")
    fine = client.videos.create_and_poll(prompt="a cat")

    assert (failed.status, failed.progress, failed.error.code) == (
        "failed",
        40,
        "moderation_blocked",
    )
    assert fine.status == "completed"


def test_another_outcome_or_fault_is_given_by_its_key(emulator, client, tmp_path):
    (tmp_path / "mine.mp4").write_bytes(b"not an mp4")
    emulator.next_job(serve=str(tmp_path / "mine.mp4"))
    emulator.next_answer(operation="content", latency=0)
    video = client.videos.create_and_poll(prompt="a cat")

    assert client.videos.download_content(video.id).read() == b"not an mp4"
    assert emulator.rules.unfired() == []


def test_a_rule_that_never_fired_is_named(emulator):
    emulator.rules.add("operation=list error=503; operation=create error=503")
    emulator.rules.add(operation="delete", error=500)

    assert [entry.rule.text for entry in emulator.rules.unfired()] == [
        "operation=list error=503",
        "operation=create error=503",
        "operation=delete error=500",
    ]
    emulator.rules.clear()
    assert emulator.rules.list() == []


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda e: e.next_answer(), "rule: says when but not what. Faults: "),
        (lambda e: e.next_answer("rate_limt"), "rule.error -> 'rate_limt' is not valid. "),
        (lambda e: e.next_job("x"), "rule.fail: 'x' is not a known failure; "),
        (lambda e: e.next_job(colour=1), "rule.colour is not a key. "),
        (lambda e: e.rules.add(), "rule: there is no rule in it."),
        (
            lambda e: e.fail_next("server_error"),
            "fail_next -> 'server_error' is a failure of answers and one of jobs: say next_answer(",
        ),
    ],
)
def test_a_wrong_rule_is_refused(emulator, act, message):
    with pytest.raises(RuleError, match="^" + re.escape(message)):
        act(emulator)


def test_rules_may_be_added_before_the_start_and_from_any_thread():
    emulator = Emulator(clock="auto")
    emulator.next_answer("quota")
    with emulator:
        other = threading.Thread(target=emulator.next_answer, args=("overloaded",))
        other.start()
        other.join(10)
        assert [entry.rule.text for entry in emulator.rules.list()] == [
            "error=quota times=1",
            "error=overloaded retry_after=0.01 times=1",
        ]
        assert emulator.on_loop(threading.current_thread).name == "fauxreel"
    assert emulator.on_loop(threading.current_thread) is threading.current_thread()


def test_jobs_are_told_as_they_are_now(emulator, client):
    emulator.next_job(fails="video_generation_failed")
    failed = client.videos.create_and_poll(prompt="a cat")
    client.videos.create(prompt="a dog", seconds="8", size="1280x720")
    (seeded,) = emulator.seed(status="expired", prompt="a bird")
    one, other, third = emulator.videos

    assert (one.id, one.status, one.error.code) == (failed.id, "failed", "video_generation_failed")
    assert (other.status, other.progress, other.prompt, other.seconds, other.size) == (
        "queued",
        0,
        "a dog",
        8,
        "1280x720",
    )
    assert (third.id, third.status, third.expired, third.surface, third.source_id) == (
        seeded,
        "completed",
        True,
        "control",
        None,
    )


def test_what_the_jobs_would_have_cost_is_added_up(emulator, client):
    client.videos.create(prompt="a cat", seconds="8", model="sora-2")

    assert emulator.usage.dollars == 0.8
    (account,) = emulator.usage.accounts
    assert (account.surface, account.model, account.jobs, account.seconds) == (
        "openai",
        "sora-2",
        1,
        8,
    )


def test_time_is_moved_stopped_and_resumed(emulator, client):
    start = emulator.clock.now()
    emulator.clock.freeze()
    video = client.videos.create(prompt="a cat")
    client.videos.retrieve(video.id)
    frozen = emulator.clock.now()
    emulator.clock.resume()
    client.videos.retrieve(video.id)

    assert (frozen - start, emulator.clock.now() - start) == (0, 1)
    assert emulator.clock.advance(9) == start + 10
    assert client.videos.retrieve(video.id).status == "completed"


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan"), 1e300, 316224000.5])
def test_time_moves_neither_back_nor_out_of_bounds(emulator, client, seconds):
    message = f"seconds -> {seconds!r} is not from 0 to 316224000 (ten years)."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        emulator.clock.advance(seconds)

    start = emulator.clock.now()
    assert emulator.clock.advance(316224000) == start + 316224000
    assert client.videos.create(prompt="a cat").status == "queued"


def test_a_reset_forgets_all(emulator, client):
    emulator.next_answer("quota")
    emulator.seed(count=2)
    emulator.reset()

    assert (emulator.videos, emulator.rules.list(), list(emulator.requests)) == ([], [], [])
    assert client.videos.list().data == []


def test_requests_are_a_sequence_that_can_be_searched(emulator, client):
    video = client.videos.create(prompt="a cat")
    client.videos.retrieve(video.id)
    client.videos.list()
    requests = emulator.requests

    assert [request.operation for request in requests] == ["create", "retrieve", "list"]
    assert (len(requests), requests[-1].operation, len(requests[1:])) == (3, "list", 2)
    assert [request.sequence for request in requests.matching(video_id=video.id, after=1)] == [2]
    assert requests.matching(operation="retrieve", status=404) == []
    assert re.fullmatch(
        r"<3 requests>\n"
        r"  \+0\.000s \(\+0s\) #1 POST /v1/videos -> 200, made video_…\w{8}\n"
        r"  \+\d\.\d{3}s \(\+0s\) #2 GET /v1/videos/video_…\w{8} -> 200 queued\n"
        r"  \+\d\.\d{3}s \(\+1s\) #3 GET /v1/videos -> 200",
        repr(requests),
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"operation": "creat"}, "operation -> 'creat' is not one. Valid: create, list, "),
        ({"surface": "sora"}, "surface -> 'sora' is not one. Valid: openai, azure, "),
        ({"verb": "GET"}, "'verb' is nothing to look for. Valid: surface, operation, method, "),
    ],
)
def test_looking_for_what_cannot_be_is_refused(emulator, wanted, message):
    for look in (emulator.requests.matching, emulator.requests.wait):
        with pytest.raises(ValueError, match=f"^{message}"):
            look(**wanted)


def test_waiting_ends_when_the_requests_have_come_or_tells_what_came(emulator, client):
    other = threading.Thread(target=client.videos.list)
    other.start()
    (seen,) = emulator.requests.wait(operation="list")
    other.join(10)
    with pytest.raises(TimeoutError) as caught:
        emulator.requests.wait(2, seconds=0.01, operation="list", status=200)

    assert seen.status == 200
    assert str(caught.value) == (
        "1 of 2 came within 0.01 s (operation=list status=200).\n  +0.000s #1 GET /v1/videos -> 200"
    )


def problems(judge):
    """The first lines of a failed assertion; the story follows after an empty one."""
    with pytest.raises(AssertionError) as caught:
        judge()
    told, _, story = str(caught.value).partition("\n\n")
    assert story.startswith("http://127.0.0.1:")
    return told.splitlines()


def test_a_job_that_was_made_twice_is_told(emulator, client):
    assert problems(emulator.assert_created_once) == ["0 jobs made, not 1 (tried by 0 requests)"]
    client.videos.create(prompt="a cat")
    emulator.assert_created_once()
    client.videos.create(prompt="a cat")

    assert problems(emulator.assert_created_once) == ["2 jobs made, not 1 (made by #1, #2)"]


def test_a_download_that_never_was_is_told(emulator, client):
    video = client.videos.create_and_poll(prompt="a cat")
    emulator.next_answer(operation="content", truncate="50%")
    emulator.next_answer(operation="content", corrupt="1%")
    never = problems(lambda: emulator.assert_downloaded(video))
    with pytest.raises(Exception, match="peer closed connection|Connection error"):
        client.videos.download_content(video.id).read()
    client.videos.download_content(video.id).read()
    client.videos.download_content(video.id, variant="thumbnail").read()
    emulator.assert_downloaded(video.id, "thumbnail")
    spoilt = problems(lambda: emulator.assert_downloaded(video))
    client.videos.download_content(video.id).read()
    emulator.assert_downloaded(video)

    cut, got = spoilt[0].removeprefix(f"{video.id} was asked for, and not downloaded: ").split(", ")
    assert never == [f"{video.id} was not downloaded"]
    assert cut.endswith(" was cut off")
    assert got.endswith(" got 200 with corrupt")
    assert problems(lambda: emulator.assert_downloaded("video_1")) == [
        "video_1 was not downloaded: there is no such job"
    ]
    assert problems(lambda: emulator.assert_downloaded(video, "spritesheet")) == [
        f"the spritesheet of {video.id} was not downloaded"
    ]


def test_a_rule_that_did_not_fire_is_told(emulator, client):
    emulator.next_answer("quota", operation="delete")
    emulator.next_answer("quota", operation="list", nth=2)
    client.videos.list()

    assert problems(emulator.assert_all_fired) == [
        "rule_1 never fired, matched 0 requests: error=quota operation=delete times=1",
        "rule_2 never fired, matched 1 request: error=quota operation=list nth=2 times=1",
    ]


def test_impatience_is_told_and_patience_is_not(emulator, client):
    video = client.videos.create_and_poll(prompt="a cat")
    emulator.assert_polled_politely()
    emulator.assert_no_diagnostics()
    for _ in range(3):
        client.videos.retrieve(video.id)
    place = f"GET /v1/videos/video_…{video.id[-8:]}"
    told = [f"warning polling-after-end, once ({place}): End the loop at completed and at failed."]

    assert problems(emulator.assert_polled_politely) == told
    assert problems(emulator.assert_no_diagnostics) == told


def test_resilience_is_all_of_it(emulator, client):
    emulator.seed(status="completed")
    emulator.next_answer("quota", operation="delete")
    first = client.videos.create_and_poll(prompt="a cat")
    client.videos.remix(first.id, prompt="a dog")
    last = client.videos.create_and_poll(prompt="a cat")
    with pytest.raises(APIStatusError):
        client.videos.download_content("video_1")

    assert problems(emulator.assert_resilient) == [
        "rule_1 never fired, matched 0 requests: error=quota operation=delete times=1",
        "3 jobs made, not 1 (made by #1, #6, #7)",
        *[f"{job.id} was not downloaded" for job in emulator.videos[2:]],
    ]
    assert emulator.videos[-1].id == last.id
    emulator.rules.clear()
    for job in emulator.videos[2:]:
        client.videos.download_content(job.id).read()
    emulator.assert_resilient(jobs=3)


def test_an_answer_that_its_client_gave_up_is_told_as_lost(emulator, client):
    emulator.next_answer(operation="list", stall=60)
    with pytest.raises(APITimeoutError):
        client.with_options(timeout=0.05).videos.list()

    assert "#1 GET /v1/videos -> nothing, or not all of it, rule_1 fired: stall" in (
        emulator.snapshot().story()
    )
