"""`--isolate key`: each API key has a namespace of its own, on one server and one base URL."""

import http.client
import json

import pytest
from openai import AuthenticationError, OpenAI

from fauxreel import Emulator


@pytest.fixture
def emulator():
    with Emulator(clock="manual", seed=1, isolate="key") as emulator:
        yield emulator


def ask(emulator, method, path, body=None, **headers):
    connection = http.client.HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = None if body is None else json.dumps(body)
    connection.request(method, path, sent, {"Content-Type": "application/json", **given})
    answer = connection.getresponse()
    status, data = answer.status, answer.read()
    connection.close()
    return status, data if status == 200 and data[:1] != b"{" else json.loads(data)


def test_each_key_sees_its_own_jobs_alone(emulator):
    for key in ("sk-one", "sk-two"):
        with OpenAI(base_url=emulator.base_url, api_key=key) as client:
            video = client.videos.create(prompt=key)
            assert [each.id for each in client.videos.list()] == [video.id]


def test_each_key_has_a_clock_rules_and_a_journal_of_its_own(emulator):
    one, two = {"Authorization": "Bearer sk-one"}, {"Authorization": "Bearer sk-two"}
    ask(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": 5}, **one)
    ask(emulator, "POST", "/_fauxreel/rules", {"rules": "error=503"}, **one)

    assert ask(emulator, "GET", "/v1/videos", **one)[0] == 503
    assert ask(emulator, "GET", "/v1/videos", **two)[0] == 200
    clocks = [ask(emulator, "GET", "/_fauxreel/clock", **who)[1]["now"] for who in (one, two, {})]
    assert clocks == [1767225605.0, 1767225600.0, 1767225600.0]
    totals = [
        ask(emulator, "GET", "/_fauxreel/requests", **who)[1]["total"] for who in (one, two, {})
    ]
    assert totals == [1, 1, 0]


def test_the_same_key_is_the_same_namespace_on_every_surface(emulator):
    ask(emulator, "POST", "/v1/videos", {"prompt": "a"}, Authorization="Bearer sk-one")
    _, azure = ask(emulator, "GET", "/openai/v1/videos", api_key="sk-one")
    _, control = ask(emulator, "GET", "/_fauxreel/videos", api_key="sk-one")

    assert len(azure["data"]) == len(control["videos"]) == 1


def test_a_namespace_of_a_key_is_also_found_by_its_name(emulator):
    ask(emulator, "POST", "/v1/videos", {"prompt": "a"}, Authorization="Bearer sk-one")
    name = emulator.app.space.key_name("sk-one")

    status, found = ask(emulator, "GET", f"/ns/{name}/_fauxreel/requests")
    assert (status, found["requests"][0]["path"]) == (200, f"/ns/{name}/v1/videos")


def test_a_download_link_leads_into_the_namespace():
    with Emulator(
        isolate="key", profile="/v1=documented", queue_seconds=0, processing_seconds=0
    ) as emulator:
        key = {"Authorization": "Bearer sk-one"}
        _, video = ask(emulator, "POST", "/v1/videos", {"prompt": "a"}, **key)
        status, mp4 = ask(emulator, "GET", video["url"].removeprefix(emulator.root_url))

    assert (status, mp4[4:8]) == (200, b"ftyp")


def test_a_refused_key_and_none_at_all_get_no_namespace(emulator):
    url = emulator.base_url
    with (
        OpenAI(base_url=url, api_key="sk-invalid-1") as client,
        pytest.raises(AuthenticationError),
    ):
        client.videos.list()
    ask(emulator, "GET", "/v1/videos")

    assert len(emulator.app.spaces()) == 1


def test_the_token_of_the_control_api_is_no_key():
    with Emulator(isolate="key", control_token="t0p", clock="manual") as emulator:
        token = {"Authorization": "Bearer t0p"}
        ask(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": 5}, api_key="sk-one", **token)
        own = ask(emulator, "GET", "/_fauxreel/clock", api_key="sk-one", **token)[1]["now"]
        root = ask(emulator, "GET", "/_fauxreel/clock", **token)[1]["now"]

    assert own - root == 5


def test_without_it_keys_share_everything():
    with Emulator(clock="manual") as emulator:
        ask(emulator, "POST", "/v1/videos", {"prompt": "a"}, Authorization="Bearer sk-one")
        _, found = ask(emulator, "GET", "/v1/videos", Authorization="Bearer sk-two")

    assert len(found["data"]) == 1
