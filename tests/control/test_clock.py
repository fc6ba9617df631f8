"""The clock of an emulator, read and moved from outside."""

import pytest

from fauxreel.clock import EPOCH
from fauxreel.embed import Emulator

CLOCK = "/_fauxreel/clock"
NO_SECONDS = "is not a number from 0 to 316224000."


def test_a_manual_clock_starts_in_2026_and_stands_still(ask):
    assert ask("GET", CLOCK).json == {"kind": "manual", "now": EPOCH, "frozen": True}
    assert ask("GET", CLOCK).json == {"kind": "manual", "now": EPOCH, "frozen": True}


def test_advance_moves_the_clock_and_answers_where_it_stands(ask):
    moved = ask("POST", f"{CLOCK}/advance", {"seconds": 90})
    further = ask("POST", f"{CLOCK}/advance", {"seconds": 0.25})

    assert (moved.status, moved.json) == (
        200,
        {"kind": "manual", "now": EPOCH + 90, "frozen": True, "has_more": False, "due": []},
    )
    assert further.json["now"] == EPOCH + 90.25
    assert ask("GET", CLOCK).json == {"kind": "manual", "now": EPOCH + 90.25, "frozen": True}


def test_advance_tells_in_order_what_happened_to_jobs_on_the_way(ask):
    ask("POST", "/v1/videos", {"prompt": "a cat"})
    ask("POST", f"{CLOCK}/advance", {"seconds": 0.25})
    ask("POST", "/v1/videos", {"prompt": "a cat [[fauxreel fail=server_error at=0]]"})
    moved = ask("POST", f"{CLOCK}/advance", {"seconds": 1}).json
    rest = ask("POST", f"{CLOCK}/advance", {"seconds": 100}).json

    assert moved["due"] == [
        {"time": EPOCH + 0.5, "sequence": 1, "transition": "started"},
        {"time": EPOCH + 0.75, "sequence": 2, "transition": "started"},
        {"time": EPOCH + 0.75, "sequence": 2, "transition": "failed"},
    ]
    assert rest["due"] == [{"time": EPOCH + 2.5, "sequence": 1, "transition": "completed"}]


def test_advance_tells_of_so_many_moments_at_most(ask):
    ask("POST", "/_fauxreel/videos", {"status": "queued", "count": 501})
    moved = ask("POST", f"{CLOCK}/advance", {"seconds": 100}).json

    assert (len(moved["due"]), moved["has_more"]) == (1000, True)


def test_a_job_moves_on_with_the_clock(ask):
    video = ask("POST", "/v1/videos", {"prompt": "a cat", "model": "sora-2"}).json
    seen = [video]
    for seconds in (0.49, 0.01, 1, 0.99, 0.01):
        ask("POST", f"{CLOCK}/advance", {"seconds": seconds})
        seen.append(ask("GET", f"/v1/videos/{video['id']}").json)

    assert [(one["status"], one["progress"]) for one in seen] == [
        ("queued", 0),
        ("queued", 0),
        ("in_progress", 0),
        ("in_progress", 50),
        ("in_progress", 99),
        ("completed", 100),
    ]


def test_a_manual_clock_cannot_be_resumed(ask):
    assert ask("POST", f"{CLOCK}/resume").told == (
        409,
        "clock_stands_still",
        "The clock is 'manual': it moves only when it is advanced.",
    )


def test_freezing_a_manual_clock_changes_nothing(ask):
    assert ask("POST", f"{CLOCK}/freeze").json == {"kind": "manual", "now": EPOCH, "frozen": True}


@pytest.mark.parametrize("settings", [{"clock": "system"}, {"clock": "scaled", "speed": 1000}])
def test_a_running_clock_stops_when_frozen_and_runs_on_from_there(ask_of, settings):
    with Emulator(**settings) as emulator:
        frozen = ask_of(emulator, "POST", f"{CLOCK}/freeze").json
        later = ask_of(emulator, "GET", CLOCK).json
        moved = ask_of(emulator, "POST", f"{CLOCK}/advance", {"seconds": 60}).json
        resumed = ask_of(emulator, "POST", f"{CLOCK}/resume").json
        running = ask_of(emulator, "GET", CLOCK).json

    kind = settings["clock"]
    assert frozen == {"kind": kind, "now": frozen["now"], "frozen": True}
    assert later == frozen
    assert moved == {**frozen, "now": frozen["now"] + 60, "has_more": False, "due": []}
    assert (resumed["kind"], resumed["frozen"]) == (kind, False)
    assert moved["now"] <= resumed["now"] < running["now"]


def test_an_auto_clock_moves_a_second_for_each_retrieve_of_an_unfinished_job(ask_of):
    with Emulator(clock="auto", queue_seconds=1, processing_seconds=1) as emulator:
        video = ask_of(emulator, "POST", "/v1/videos", {"prompt": "a cat"}).json
        seen = [ask_of(emulator, "GET", f"/v1/videos/{video['id']}").json for _ in range(4)]
        clock = ask_of(emulator, "GET", CLOCK).json

    assert [one["status"] for one in seen] == ["queued", "in_progress", "completed", "completed"]
    assert clock == {"kind": "auto", "now": EPOCH + 2, "frozen": False}


def test_a_frozen_auto_clock_does_not_move_until_it_is_resumed(ask_of):
    with Emulator(clock="auto") as emulator:
        video = ask_of(emulator, "POST", "/v1/videos", {"prompt": "a cat"}).json
        frozen = ask_of(emulator, "POST", f"{CLOCK}/freeze").json
        ask_of(emulator, "GET", f"/v1/videos/{video['id']}")
        later = ask_of(emulator, "GET", CLOCK).json
        resumed = ask_of(emulator, "POST", f"{CLOCK}/resume").json
        ask_of(emulator, "GET", f"/v1/videos/{video['id']}")
        moved = ask_of(emulator, "GET", CLOCK).json

    assert frozen == later == {"kind": "auto", "now": EPOCH, "frozen": True}
    assert resumed == {"kind": "auto", "now": EPOCH, "frozen": False}
    assert moved == {"kind": "auto", "now": EPOCH + 1, "frozen": False}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(
            {"seconds": -1},
            f"seconds -> -1 {NO_SECONDS}",
            id="negative",
        ),
        pytest.param(b'{"seconds": NaN}', f"seconds -> nan {NO_SECONDS}", id="nan"),
        pytest.param(b'{"seconds": 1e999}', f"seconds -> inf {NO_SECONDS}", id="infinite"),
        pytest.param({"seconds": "60"}, f"seconds -> '60' {NO_SECONDS}", id="text"),
        pytest.param({"seconds": True}, f"seconds -> True {NO_SECONDS}", id="true"),
        pytest.param({"seconds": 1e9}, f"seconds -> 1000000000.0 {NO_SECONDS}", id="vast"),
        pytest.param({}, "seconds is missing. Valid keys: seconds.", id="missing"),
        pytest.param(
            {"seconds": 1, "by": 2}, "by is not a key. Valid keys: seconds.", id="unknown key"
        ),
        pytest.param(
            {"seconds": 1, "a\nb": 2},
            "a\\nb is not a key. Valid keys: seconds.",
            id="line break",
        ),
        pytest.param(None, "seconds is missing. Valid keys: seconds.", id="no body"),
        pytest.param([60], "The body -> [60] is not a table. Valid keys: seconds.", id="list"),
    ],
)
def test_a_bad_advance_is_one_line_and_moves_nothing(ask, body, message):
    reply = ask("POST", f"{CLOCK}/advance", body, Content_Type="application/json")

    assert reply.told == (400, "bad_request", message)
    assert ask("GET", CLOCK).json["now"] == EPOCH
