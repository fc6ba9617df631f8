"""What each scenario does to a client, and how scenarios go with settings and each other."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai import APIStatusError, OpenAI

from fauxreel import ManualClock
from fauxreel.scenarios import SCENARIOS, applied
from fauxreel.settings import SPECS, Settings
from surfaces import AZURE, EVERYWHERE, OPENAI, SORA_1, running

CAT = {"prompt": "a cat"}


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def run(clock):
    with running(clock=clock, seed=7) as run:
        yield run


def state(reply):
    return f"{reply.json['status']} {reply.json['progress']}"


def after(ask, clock, path, *seconds):
    """The states of a job after so many seconds, and then so many more."""
    seen = []
    for more in seconds:
        clock.advance(more)
        seen.append(state(ask("GET", path)))
    return seen


def sdk(ask, **options):
    return OpenAI(base_url=ask.emulator.base_url, api_key="sk-1", **options)


def test_happy_is_what_there_is_without_a_scenario(run, clock):
    ask = run(scenario="happy")
    seen = after(ask, clock, OPENAI.made(ask), 0.25, 1.25, 1)
    assert seen == ["queued 0", "in_progress 50", "completed 100"]
    assert applied(Settings(scenario=("happy",))).rules == ()


def test_realistic_takes_as_long_as_it_did_and_tells_nobody_when_to_poll(run, clock):
    ask = run(scenario="realistic")
    path = OPENAI.made(ask)
    assert "openai-poll-after-ms" not in ask("GET", path).headers
    assert after(ask, clock, path, 5, 35, 21, 12, 1) == [
        "queued 0",
        "in_progress 62",
        "in_progress 99",
        "in_progress 99",
        "completed 100",
    ]


@pytest.mark.slow  # late answers take real time
def test_slow_has_jobs_of_five_minutes_and_late_answers_to_all_but_polls(run, clock):
    ask = run(scenario="slow")
    path = OPENAI.made(ask)
    assert after(ask, clock, path, 59, 121, 119, 1) == [
        "queued 0",
        "in_progress 50",
        "in_progress 99",
        "completed 100",
    ]
    ask("GET", f"{path}/content?variant=thumbnail")
    seen = ask.emulator.app.space.journal.requests()
    late = {one.operation for one in seen if one.faults == ("latency",)}
    assert late == {"create", "content"}
    assert all(one.ended_ns - one.started_ns > 500_000_000 for one in seen if one.faults)


@pytest.mark.slow  # late answers take real time
def test_slow_keeps_a_polling_sdk_no_longer_than_its_polls_take(run):
    ask = run(scenario="slow", clock="auto")
    with sdk(ask) as client:
        video = client.videos.create_and_poll(prompt="a cat")
    assert (video.status, video.completed_at - video.created_at) == ("completed", 300)


def test_flaky_fails_one_request_in_ten_and_one_job_in_ten(run, clock):
    ask = run(scenario="flaky")
    with_errors = Counter(ask("GET", "/v1/videos").status for _ in range(500))
    made = [ask("POST", "/v1/videos", CAT) for _ in range(150)]
    paths = [f"/v1/videos/{reply.json['id']}" for reply in made if reply.status == 200]
    clock.advance(60)
    ends = Counter()
    for path in paths:
        while (reply := ask("GET", path)).status != 200:
            pass
        ends[reply.json["status"]] += 1
    assert set(with_errors) == {200, 500, 502, 503}
    assert 0.07 < 1 - with_errors[200] / 500 < 0.14
    assert set(ends) == {"completed", "failed"}
    assert 0.05 < ends["failed"] / len(paths) < 0.16


def test_flaky_leaves_an_sdk_that_tries_again_a_fair_chance(run):
    ask = run(scenario="flaky", clock="auto")
    with sdk(ask) as client:
        ends = [client.videos.create_and_poll(prompt="a cat").status for _ in range(6)]
    seen = ask.emulator.app.space.journal.requests()
    assert set(ends) <= {"completed", "failed"}
    assert any(one.status >= 500 for one in seen)
    assert any(one.retry for one in seen)


def test_rate_limited_takes_two_jobs_a_minute_and_says_when_to_come_again(run, clock):
    ask = run(scenario="rate-limited")
    statuses = [ask("POST", "/v1/videos", CAT).status for _ in range(2)]
    clock.advance(15)
    refused = ask("POST", "/v1/videos", CAT)
    others = [ask("GET", "/v1/videos").status for _ in range(3)]
    clock.advance(45)
    assert (statuses, others) == ([200, 200], [200, 200, 200])
    assert (refused.status, refused.headers["retry-after"]) == (429, "45")
    assert refused.json["error"]["code"] == "rate_limit_exceeded"
    assert ask("POST", "/v1/videos", CAT).status == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/videos", {}),
        ("/v1/videos/video_0/remix", {}),
        ("/v1/videos/edits", {"video": {"id": "video_0"}}),
        ("/v1/videos/extensions", {"video": {"id": "video_0"}, "seconds": "4"}),
    ],
)
def test_out_of_quota_refuses_all_that_costs_money(run, path, fields):
    ask = run(scenario="out-of-quota")
    refused = ask("POST", path, {**fields, **CAT})
    assert (refused.status, refused.json["error"]["code"]) == (429, "insufficient_quota")
    assert ask("GET", "/v1/videos").json["data"] == []


def test_moderated_blocks_every_job_by_its_input_or_its_result(run, clock):
    ask = run(scenario="moderated")
    prompts = ("a cat", "an input that is blocked")
    jobs = [ask("POST", "/v1/videos", {"prompt": prompt}).json for prompt in prompts]
    clock.advance(60)
    ends = [ask("GET", f"/v1/videos/{job['id']}").json for job in jobs]
    assert [(end["status"], end["progress"], end["error"]["code"]) for end in ends] == [
        ("failed", 99, "moderation_blocked"),
        ("failed", 0, "moderation_blocked"),
    ]
    assert "when checking inputs" in ends[1]["error"]["message"]


def test_stuck_has_jobs_at_99_for_ever(run, clock):
    ask = run(scenario="stuck")
    seen = after(ask, clock, OPENAI.made(ask), 1.5, 60, 10**8)
    assert seen == ["in_progress 50", "in_progress 99", "in_progress 99"]


def test_expired_has_completed_jobs_whose_files_are_gone(run, clock):
    ask = run(scenario="expired")
    path = OPENAI.made(ask)
    clock.advance(60)
    gone = ask("GET", f"{path}/content")
    assert state(ask("GET", path)) == "completed 100"
    assert (gone.status, gone.json["error"]["message"]) == (
        404,
        "The video is no longer available. Downloads expire after 1 hours.",
    )


@pytest.mark.parametrize("surface", EVERYWHERE)
def test_an_outage_answers_503_everywhere_but_to_who_steers_it(run, surface):
    ask = run(scenario="outage")
    made = ask("POST", surface.create, {**surface.fields, **CAT})
    steered = ask("GET", "/_fauxreel/health")
    assert (made.status, steered.status) == (503, 200)
    assert ask.emulator.app.space.ledger.total == 0


@pytest.mark.slow  # late answers take real time
def test_a_bad_network_loses_answers_and_breaks_files_the_same_way_again(run):
    def life(ask):
        # The emulator's own way to a job, which no network loses.
        (job,) = ask("POST", "/_fauxreel/videos", {"status": "completed"}).json["ids"]
        seen = []
        for _ in range(24):
            try:
                reply = ask("GET", f"/v1/videos/{job}/content?variant=thumbnail")
            except (http.client.HTTPException, ConnectionError) as error:
                seen.append(type(error).__name__)
            else:
                seen.append(reply.body)
        return seen, [one.faults for one in ask.emulator.app.space.journal.requests()]

    emulators = [run(scenario="bad-network") for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        (one, faults), (other, others) = threads.map(life, emulators)
    happened = {name for names in faults for name in names}
    assert happened >= {"truncate", "corrupt", "reset", "latency"}
    assert (one, faults) == (other, others)
    files = Counter(body for body in one if isinstance(body, bytes))
    assert len(files) > 1  # some are wrong, though as long as the right one
    assert len({len(body) for body in files}) == 1
    assert {body for body in one if isinstance(body, str)} >= {"IncompleteRead"}


def test_azure_throttled_takes_two_a_minute_and_two_at_once(run, clock):
    ask = run(scenario="azure-throttled", processing_seconds=90)
    job = {**AZURE.fields, **CAT}
    made = [ask("POST", AZURE.create, job).status for _ in range(2)]
    too_soon = ask("POST", AZURE.create, job)
    clock.advance(61)
    too_many = ask("POST", AZURE.create, job)
    clock.advance(61)
    assert (made, too_soon.status, too_many.status) == ([200, 200], 429, 429)
    assert too_soon.json["error"]["message"] == "Rate limit is exceeded. Try again in 60 seconds."
    assert too_many.body == (
        b'{"error":{"message":"Too many running tasks","type":"video_generation_user_error",'
        b'"param":null,"code":null}}'
    )
    assert ask("POST", AZURE.create, job).status == 200


def test_retired_has_no_videos_any_more_and_still_lists_models(run):
    ask = run(scenario="retired")
    with sdk(ask, max_retries=0) as client:
        with pytest.raises(APIStatusError) as refused:
            client.videos.create(prompt="a cat")
        models = [model.id for model in client.models.list()]
        files = list(client.files.list())
    assert refused.value.status_code == 404
    assert refused.value.body["message"] == "Invalid URL (POST /v1/videos)"
    assert "sora-2" in models
    assert files == []
    assert ask("GET", SORA_1.create).status == 404


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_can_be_read_and_changes_live_settings_alone(name):
    found = applied(Settings(scenario=(name,)))
    assert len(found.rules) == len(SCENARIOS[name].rules)
    assert all(SPECS[key].live for key in SCENARIOS[name].settings)
    assert SCENARIOS[name].help
