"""Real clients over real sockets: those that behave are silent, those that do not are named."""

import asyncio
import http.client
import json
import subprocess
import sys

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from fauxreel import Emulator
from openai_requests import as_json


def client(emulator, **known):
    return OpenAI(base_url=emulator.base_url, api_key="sk-1", **known)


def ask(root_url, method, path, body=None, rule=None, **headers):
    connection = http.client.HTTPConnection(root_url.removeprefix("http://"), timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    ruled = {} if rule is None else {"X-Fauxreel": rule}
    connection.request(method, path, body, {"Authorization": "Bearer sk-1", **ruled, **named})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def found(emulator):
    """How often each defect was seen, those of the end as well."""
    space = emulator.app.space
    emulator.on_loop(space.watch.conclude)
    return {one.code: one.count for one in space.diagnostics.findings()}


@pytest.mark.parametrize("clock", ["auto", "system"])
def test_the_official_sdk_is_silent_from_the_create_to_the_download(clock):
    with (
        Emulator(clock=clock, queue_seconds=0.1, processing_seconds=0.2) as emulator,
        client(emulator) as sdk,
    ):
        video = sdk.videos.create_and_poll(prompt="a cat")
        for variant in ("video", "thumbnail", "spritesheet"):
            sdk.videos.download_content(video.id, variant=variant).read()
        sdk.videos.retrieve(video.id)
        sdk.videos.delete(video.id)
        assert (video.status, found(emulator)) == ("completed", {})


def test_many_clients_at_once_are_silent():
    async def collect(sdk):
        video = await sdk.videos.create_and_poll(prompt="a cat")
        await (await sdk.videos.download_content(video.id)).aread()

    async def collect_all(url):
        async with AsyncOpenAI(base_url=url, api_key="sk-1") as sdk:
            await asyncio.gather(*(collect(sdk) for _ in range(20)))

    with Emulator(queue_seconds=0.1, processing_seconds=0.1) as emulator:
        asyncio.run(collect_all(emulator.base_url))
        assert found(emulator) == {}


def test_the_official_sdk_waits_as_it_is_told_and_ignores_nothing():
    rule = "operation=create error=rate_limit retry_after=0.2 times=2"
    with Emulator(clock="auto", rules=rule) as emulator, client(emulator) as sdk:
        video = sdk.videos.create_and_poll(prompt="a cat")
        sdk.videos.download_content(video.id).read()
        attempts = [one.retry for one in emulator.app.space.journal.requests()[:3]]
        assert (attempts, found(emulator)) == ([0, 1, 2], {})


def test_polls_that_fail_now_and_then_are_silent():
    rule = "operation=retrieve nth=2 error=overloaded times=1"
    with Emulator(clock="auto", rules=rule) as emulator, client(emulator) as sdk:
        video = sdk.videos.create_and_poll(prompt="a cat")
        sdk.videos.download_content(video.id).read()
        assert found(emulator) == {}


@pytest.mark.parametrize("fault", ["error=server_error", "disconnect"])
def test_the_retry_of_the_official_sdk_pays_twice_for_what_was_accepted(fault):
    with Emulator(clock="auto") as emulator, client(emulator) as sdk:
        rule = {"X-Fauxreel": f"{fault} accepted=true times=1"}
        video = sdk.videos.create(prompt="a cat", extra_headers=rule)
        sdk.videos.download_content(sdk.videos.poll(video.id).id).read()
        assert found(emulator) == {"paid-duplicate": 1}
        shown = [one.diagnostics for one in emulator.app.space.journal.requests()[:2]]
        assert shown == [[], ["paid-duplicate"]]


def test_without_retries_nothing_is_paid_twice():
    with Emulator(clock="auto") as emulator, client(emulator, max_retries=0) as sdk:
        rule = {"X-Fauxreel": "error=server_error accepted=true times=1"}
        with pytest.raises(openai.InternalServerError):
            sdk.videos.create(prompt="a cat", extra_headers=rule)
        assert found(emulator) == {}


def test_a_loop_around_the_sdk_that_does_not_wait_ignores_what_it_is_told():
    rule = "operation=create error=rate_limit retry_after=30 times=4"
    with Emulator(clock="auto", rules=rule) as emulator, client(emulator, max_retries=0) as sdk:
        for _ in range(4):
            with pytest.raises(openai.RateLimitError):
                sdk.videos.create(prompt="a cat")
        assert found(emulator) == {"retry-after-ignored": 3}


def test_a_client_that_retries_without_a_pause_is_a_storm():
    with Emulator(rules="operation=list error=bad_gateway") as emulator:
        for _ in range(5):
            ask(emulator.root_url, "GET", "/v1/videos")
        emulator_found = found(emulator)
        # On a machine that is so busy that it takes seconds, it is none.
        times = [one.started_ns for one in emulator.app.space.journal.requests()]
        assert emulator_found == ({"retry-storm": 1} if times[4] - times[0] <= 2e9 else {})


@pytest.mark.parametrize("surface", ["/v1", "/openai/v1", "/litellm/v1"])
def test_a_hasty_client_is_named_on_every_surface_that_tells_it_to_wait(surface):
    with Emulator(clock="manual", poll_after_ms=60_000) as emulator:
        job = as_json({"prompt": "a cat", "model": "sora-2"})
        path = (
            f"{surface}/videos/{ask(emulator.root_url, 'POST', f'{surface}/videos', **job)['id']}"
        )
        for _ in range(3):
            ask(emulator.root_url, "GET", path)
        told = {} if surface == "/litellm/v1" else {"polling-too-fast": 2}
        assert found(emulator) == told | {"poll-stopped": 1}


@pytest.mark.parametrize(
    ("fate", "defects"),
    [("latency=0", {"polling-after-end": 2, "never-collected": 1}), ("fail=server_error", {"polling-after-end": 2})],
    ids=["completed", "failed"],
)  # fmt: skip
def test_a_client_that_does_not_know_the_end_polls_on(fate, defects):
    with Emulator(queue_seconds=0, processing_seconds=0, rules=fate) as emulator:
        video_id = ask(emulator.root_url, "POST", "/v1/videos", **as_json({"prompt": "a"}))["id"]
        for _ in range(5):
            ask(emulator.root_url, "GET", f"/v1/videos/{video_id}")
        assert found(emulator) == defects


def test_an_azure_job_is_collected_by_any_of_its_videos():
    jobs = "/openai/v1/video/generations"
    job = {"prompt": "x", "model": "sora", "width": 480, "height": 480, "n_seconds": 5, "n_variants": 2}  # fmt: skip
    with Emulator(queue_seconds=0, processing_seconds=0) as emulator:
        job_id = ask(emulator.root_url, "POST", f"{jobs}/jobs", **as_json(job))["id"]
        made = ask(emulator.root_url, "GET", f"{jobs}/jobs/{job_id}")["generations"][1]["id"]
        connection = http.client.HTTPConnection(
            emulator.root_url.removeprefix("http://"), timeout=60
        )
        connection.request("GET", f"{jobs}/{made}/content/video", headers={"api-key": "sk-1"})
        status = connection.getresponse().status
        connection.close()
        assert (status, found(emulator)) == (200, {})


def test_content_that_has_expired_is_asked_for_again():
    with Emulator(clock="manual") as emulator:
        video_id = ask(emulator.root_url, "POST", "/v1/videos", **as_json({"prompt": "a"}))["id"]
        emulator.on_loop(lambda: emulator.app.space.clock.advance(5000))
        for _ in range(2):
            ask(emulator.root_url, "GET", f"/v1/videos/{video_id}/content")
        counts = {"content-too-late": 2, "expired-again": 1, "never-collected": 1}
        assert found(emulator) == counts


def test_what_is_accepted_here_alone_is_noted():
    with Emulator() as emulator:
        reference = {"image_url": "https://example.com/a.png"}
        job = as_json({"prompt": "a", "user": "u", "input_reference": reference})
        ask(emulator.root_url, "POST", "/v1/videos", **job)
        counts = {"deprecated-field": 1, "image-url-not-fetched": 1, "never-collected": 1}
        assert found(emulator) == counts


def test_a_source_of_a_remix_was_of_use_and_the_route_is_deprecated():
    with Emulator(queue_seconds=0, processing_seconds=0) as emulator, client(emulator) as sdk:
        source = sdk.videos.create(prompt="a cat")
        remix = sdk.videos.remix(source.id, prompt="a dog")
        sdk.videos.download_content(remix.id).read()
        assert found(emulator) == {"deprecated-route": 1}


def test_jobs_that_were_seeded_are_nobodys_to_collect():
    with Emulator(clock="manual") as emulator:
        seeds = as_json({"count": 2})
        for video_id in ask(emulator.root_url, "POST", "/_fauxreel/videos", **seeds)["ids"]:
            ask(emulator.root_url, "GET", f"/v1/videos/{video_id}")
        assert found(emulator) == {}


def test_a_reset_says_what_was_never_collected_before_it_forgets_it(caplog):
    caplog.set_level("INFO", "fauxreel")
    with Emulator() as emulator:
        ask(emulator.root_url, "POST", "/v1/videos", **as_json({"prompt": "a"}))
        ask(emulator.root_url, "POST", "/_fauxreel/reset")
        assert found(emulator) == {}
    assert [message for message in caplog.messages if "never-collected (note)" in message]


def test_leaving_the_emulator_judges_what_was_left_behind():
    with Emulator() as emulator:
        ask(emulator.root_url, "POST", "/ns/a/v1/videos", **as_json({"prompt": "a"}))
    inner = emulator.app.spaces()[1]
    assert [one.code for one in inner.diagnostics.findings()] == ["never-collected"]


def end(process):
    process.terminate()
    _, told = process.communicate(timeout=20)
    return process.returncode, told


def test_serve_sums_up_all_namespaces_with_those_that_had_to_make_room():
    command = ["serve", "--port", "0", "--strict-clients", "--max-namespaces", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "fauxreel", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = process.stdout.readline().split()[1]
    number = as_json({"prompt": "a", "seconds": 8})
    for name in ("a", "b"):
        ask(url, "POST", f"/ns/{name}/v1/videos", **number)
    ask(url, "POST", "/v1/videos", **as_json({"prompt": "a"}))
    status, told = end(process)
    assert status == 3
    assert "client defect integer-seconds (error): seen 2 times, first in 'POST /ns/a/v1/videos (seconds)'" in told  # fmt: skip
    assert "INFO: client defect never-collected (note): seen once, first in 'POST /v1/videos (video_" in told  # fmt: skip
