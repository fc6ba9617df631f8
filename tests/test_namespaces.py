"""Namespaces by path: jobs, clocks, ledgers and diagnostics of their own, on one server."""

import http.client
import json

import pytest
from openai import OpenAI

from fauxreel import Emulator


@pytest.fixture
def emulator():
    with Emulator(clock="manual", seed=1) as emulator:
        yield emulator


@pytest.fixture
def ask(emulator):
    address = emulator.root_url.removeprefix("http://")

    def ask(method, path, body=None, key="sk-1"):
        connection = http.client.HTTPConnection(address, timeout=10)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        status, found = answer.status, json.loads(answer.read())
        connection.close()
        return status, found

    return ask


def test_the_sdk_works_below_a_namespace(emulator):
    with OpenAI(base_url=f"{emulator.root_url}/ns/one/v1", api_key="sk-1") as client:
        video = client.videos.create(prompt="a cat")
        assert [each.id for each in client.videos.list()] == [video.id]


def test_namespaces_see_only_their_own_jobs_and_make_ids_of_their_own(ask):
    ids = {}
    for base in ("", "/ns/one", "/ns/two"):
        _, video = ask("POST", f"{base}/v1/videos", {"prompt": "a cat"})
        ids[base] = video["id"]
    assert len(set(ids.values())) == 3
    for base, own in ids.items():
        _, found = ask("GET", f"{base}/v1/videos")
        assert [video["id"] for video in found["data"]] == [own]


def test_a_namespace_has_a_clock_of_its_own(ask):
    ask("POST", "/ns/one/_fauxreel/clock/advance", {"seconds": 5})
    now = {base: ask("GET", f"{base}/_fauxreel/clock")[1]["now"] for base in ("", "/ns/one")}
    assert now == {"": 1767225600.0, "/ns/one": 1767225605.0}


def test_a_reset_empties_its_own_namespace_only(ask):
    for base in ("/ns/one", "/ns/two"):
        ask("POST", f"{base}/v1/videos", {"prompt": "a cat"})
    ask("POST", "/ns/one/_fauxreel/reset")
    counts = [len(ask("GET", f"/ns/{name}/v1/videos")[1]["data"]) for name in ("one", "two")]
    assert counts == [0, 1]


def test_usage_and_diagnostics_are_a_namespaces_own(ask):
    ask("POST", "/ns/one/v1/videos", {"prompt": "a cat"})
    ask("GET", "/ns/one/v1/videos", key="None")
    for base, dollars, defects in (("", 0.0, []), ("/ns/one", 0.4, ["key-not-set"])):
        assert ask("GET", f"{base}/_fauxreel/usage")[1]["dollars"] == dollars
        found = ask("GET", f"{base}/_fauxreel/diagnostics")[1]["diagnostics"]
        assert [one["code"] for one in found] == defects


def test_every_surface_is_below_a_namespace(ask):
    assert ask("GET", "/ns/one/openai/v1/videos")[0] == 200
    assert ask("GET", "/ns/one/openai/v1/video/generations/jobs")[0] == 200
    assert ask("GET", "/ns/one/litellm/models")[0] == 200
    assert ask("GET", "/ns/one/_fauxreel/health")[0] == 200
    assert ask("GET", "/ns/one/openapi.json")[0] == 200


def test_a_namespace_makes_the_same_ids_again_for_the_same_seed():
    ids = []
    for _ in range(2):
        with (
            Emulator(clock="manual", seed=1) as emulator,
            OpenAI(base_url=f"{emulator.root_url}/ns/one/v1", api_key="sk-1") as client,
        ):
            ids.append(client.videos.create(prompt="a cat").id)
    assert ids[0] == ids[1]


@pytest.mark.parametrize("path", ["/ns/one", "/ns//v1/videos", "/ns/a%20b/v1/videos", "/ns/" + "a" * 65 + "/v1/videos"])  # fmt: skip
def test_what_is_no_namespace_is_no_route(ask, path):
    status, found = ask("GET", path)
    assert (status, found["error"]["type"]) == (404, "invalid_request_error")


def test_more_namespaces_with_jobs_than_may_be_are_refused_and_empty_ones_make_room():
    with Emulator(max_namespaces=2) as emulator:
        connection = http.client.HTTPConnection(emulator.root_url.removeprefix("http://"))
        for name in ("one", "empty", "two"):
            body = "{}" if name == "empty" else '{"count": 1}'
            path = "clock/freeze" if name == "empty" else "videos"
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/ns/{name}/_fauxreel/{path}", body, headers)
            connection.getresponse().read()
        statuses = []
        for name in ("one", "three", "two"):
            connection.request("GET", f"/ns/{name}/_fauxreel/health")
            answer = connection.getresponse()
            body = json.loads(answer.read())
            statuses.append((answer.status, body.get("error", {}).get("code")))
        connection.close()
    assert statuses == [(200, None), (429, "too_many_namespaces"), (200, None)]


def test_a_documented_url_leads_back_into_its_namespace():
    with Emulator(profile="/v1=documented", queue_seconds=0, processing_seconds=0) as emulator:
        with OpenAI(base_url=f"{emulator.root_url}/ns/one/v1", api_key="sk-1") as client:
            url = client.videos.create(prompt="a cat").to_dict()["url"]
        assert url.startswith(f"{emulator.root_url}/ns/one/v1/videos/video_")
        connection = http.client.HTTPConnection(emulator.root_url.removeprefix("http://"))
        connection.request("GET", url.removeprefix(emulator.root_url))
        answer = connection.getresponse()
        assert (answer.status, answer.read()[4:8]) == (200, b"ftyp")
        connection.close()
