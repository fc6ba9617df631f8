"""Reset: back to the state after the start."""

from http.client import HTTPConnection

from fauxreel.clock import EPOCH, ManualClock
from fauxreel.embed import Emulator

CREATE = {"prompt": "a cat", "model": "sora-2"}


def test_reset_brings_back_the_state_after_the_start(ask):
    first = ask("POST", "/v1/videos", CREATE).json
    ask("POST", "/_fauxreel/videos", {"count": 3})
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 1000})
    reply = ask("POST", "/_fauxreel/reset")

    assert (reply.status, reply.json) == (200, {"status": "ok"})
    assert ask("GET", "/_fauxreel/clock").json == {"kind": "manual", "now": EPOCH, "frozen": True}
    assert ask("GET", "/_fauxreel/videos").json == {
        "counts": {"queued": 0, "processing": 0, "completed": 0, "failed": 0},
        "has_more": False,
        "videos": [],
    }
    assert ask("GET", f"/v1/videos/{first['id']}").status == 404
    assert ask("POST", "/v1/videos", CREATE).json == first


def test_a_reset_needs_no_body_and_takes_an_empty_object(ask):
    assert ask("POST", "/_fauxreel/reset", {}).json == {"status": "ok"}


def test_two_emulators_with_one_seed_give_the_same_ids(ask_of):
    with Emulator(clock="manual", seed=3) as one, Emulator(clock="manual", seed=3) as other:
        ids = [ask_of(each, "POST", "/v1/videos", CREATE).json["id"] for each in (one, other)]

    assert ids[0] == ids[1]


def test_two_emulators_with_different_seeds_give_different_ids(ask_of):
    with Emulator(clock="manual", seed=3) as one, Emulator(clock="manual", seed=4) as other:
        ids = [ask_of(each, "POST", "/v1/videos", CREATE).json["id"] for each in (one, other)]

    assert ids[0] != ids[1]


def test_a_clock_of_the_callers_outlives_a_reset(ask_of):
    clock = ManualClock(5_000)
    with Emulator(clock=clock) as emulator:
        ask_of(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": 10})
        ask_of(emulator, "POST", "/_fauxreel/reset")
        after = ask_of(emulator, "GET", "/_fauxreel/clock").json

    assert after == {"kind": "manual", "now": 5_010.0, "frozen": True}


def test_a_frozen_clock_runs_again_after_a_reset(ask_of):
    with Emulator(clock="system") as emulator:
        ask_of(emulator, "POST", "/_fauxreel/clock/freeze")
        ask_of(emulator, "POST", "/_fauxreel/reset")
        after = ask_of(emulator, "GET", "/_fauxreel/clock").json

    assert after["frozen"] is False


def test_a_reset_begins_the_request_ids_again():
    with Emulator(clock="manual", seed=1) as emulator:
        connection = HTTPConnection(emulator.root_url.removeprefix("http://"))

        def ask(method, path):
            connection.request(method, path, headers={"Authorization": "Bearer sk-1"})
            answer = connection.getresponse()
            answer.read()
            return answer.headers["x-request-id"]

        before = [ask("GET", "/v1/videos"), ask("GET", "/v1/models")]
        ask("POST", "/_fauxreel/reset")
        assert [ask("GET", "/v1/videos"), ask("GET", "/v1/models")] == before
        connection.close()
