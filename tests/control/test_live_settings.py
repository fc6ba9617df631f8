"""Settings that are changed while the emulator runs, a namespace at a time."""

import pytest

from fauxreel import Emulator
from fauxreel.clock import EPOCH

CREATE = {"prompt": "a cat"}


def change(ask, body, base=""):
    return ask("PATCH", f"{base}/_fauxreel/settings", body)


def test_a_changed_setting_counts_for_the_next_job(ask):
    before = ask("POST", "/v1/videos", CREATE).json["id"]
    reply = change(ask, {"queue_seconds": 60, "timeline": "steps"})
    after = ask("POST", "/v1/videos", CREATE).json["id"]
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 10})

    assert (reply.status, reply.json["queue_seconds"], reply.json["timeline"]) == (200, 60, "steps")
    assert [ask("GET", f"/v1/videos/{one}").json["status"] for one in (before, after)] == [
        "completed",
        "queued",
    ]


def test_null_takes_a_change_back(ask):
    change(ask, {"queue_seconds": 60, "processing_seconds": 9})
    reply = change(ask, {"queue_seconds": None})

    assert (reply.json["queue_seconds"], reply.json["processing_seconds"]) == (0.5, 9)


def test_a_reset_takes_all_changes_back(ask):
    change(ask, {"queue_seconds": 60, "scenario": ["outage"]})
    ask("POST", "/_fauxreel/reset")

    assert ask("GET", "/_fauxreel/settings").json["queue_seconds"] == 0.5
    assert ask("GET", "/v1/videos").status == 200


def test_a_scenario_begins_and_ends(ask):
    change(ask, {"scenario": "outage"})
    during = ask("GET", "/v1/videos").status
    change(ask, {"scenario": None})

    assert (during, ask("GET", "/v1/videos").status) == (503, 200)


def test_a_namespace_has_a_clock_of_its_own_kind(ask):
    reply = change(ask, {"clock": "auto"}, "/ns/one")
    video = ask("POST", "/ns/one/v1/videos", CREATE).json["id"]
    for _ in range(4):
        last = ask("GET", f"/ns/one/v1/videos/{video}").json

    assert (reply.json["clock"], last["status"]) == ("auto", "completed")
    assert ask("GET", "/_fauxreel/clock").json["kind"] == "manual"


def test_time_does_not_go_back_when_the_clock_changes(ask):
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 1e8})
    change(ask, {"clock": "system"})
    system = ask("GET", "/_fauxreel/clock").json
    change(ask, {"clock": "manual"})

    assert system["kind"] == "system"
    assert EPOCH + 1e8 <= system["now"] <= ask("GET", "/_fauxreel/clock").json["now"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"control_token": "x"}, "control_token cannot be changed while it runs. Live: "),
        ({"allowed_hosts": ["evil"]}, "allowed_hosts cannot be changed while it runs. Live: "),
        ({"rules": "error=500"}, "rules cannot be changed while it runs. Live: "),
        ({"queue_secs": 1}, "queue_secs is not a setting. Did you mean queue_seconds?"),
        ({"queue_seconds": -1}, "queue_seconds: -1 is not valid. Valid: a number of 0 or more."),
        ({"scenario": "x"}, "scenario -> 'x' is not a scenario. Valid: happy, realistic, "),
        (
            {"timeline": "realistic", "queue_seconds": 2},
            "queue_seconds has no effect with the timeline 'realistic' (timeline): leave one of the two out.",
        ),
        ([], "The body is a table of settings by name; null takes a change back."),
        (None, "The body is a table of settings by name; null takes a change back."),
    ],
    ids=["a secret", "a guard", "rules", "unknown", "bad", "no scenario", "clash", "list", "none"],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(ask, body, message):
    before = ask("GET", "/_fauxreel/settings").json
    status, code, told = change(ask, body).told

    assert (status, code, told[: len(message)]) == (400, "bad_request", message)
    assert ask("GET", "/_fauxreel/settings").json == before


def test_another_setting_lets_the_rules_count_on(ask_of):
    with Emulator(clock="manual", rules="operation=list error=503 times=1") as emulator:
        ask_of(emulator, "GET", "/v1/videos")
        ask_of(emulator, "PATCH", "/_fauxreel/settings", {"queue_seconds": 9})

        assert ask_of(emulator, "GET", "/v1/videos").status == 200


def test_another_time_for_the_limits_begins_to_count_anew(ask_of):
    with Emulator(clock="manual", requests_per_minute=1) as emulator:
        ask_of(emulator, "POST", "/v1/videos", CREATE)
        refused = ask_of(emulator, "POST", "/v1/videos", CREATE).status
        ask_of(emulator, "PATCH", "/_fauxreel/settings", {"limit_clock": "real"})

        assert (refused, ask_of(emulator, "POST", "/v1/videos", CREATE).status) == (429, 200)
