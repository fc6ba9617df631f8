"""All jobs at a glance, and that looking at them moves none that is timed in polls."""

import pytest

from fauxreel.embed import Emulator

VIDEOS = "/_fauxreel/videos"


def test_all_jobs_are_listed_newest_first_and_counted_by_state(ask):
    ids = [
        ask("POST", VIDEOS, {"status": status}).json["ids"][0]
        for status in ("queued", "processing", "completed", "expired", "failed")
    ]
    listed = ask("GET", VIDEOS).json

    assert listed["counts"] == {"queued": 1, "processing": 1, "completed": 2, "failed": 1}
    assert listed["has_more"] is False
    assert [
        (one["id"], one["status"], one["expired"], one["sequence"]) for one in listed["videos"]
    ] == [
        (ids[4], "failed", False, 5),
        (ids[3], "completed", True, 4),
        (ids[2], "completed", False, 3),
        (ids[1], "processing", False, 2),
        (ids[0], "queued", False, 1),
    ]


def test_a_page_has_up_to_a_thousand_and_all_are_counted(ask):
    ids = ask("POST", VIDEOS, {"count": 1001, "prompt": "a cat"}).json["ids"]
    first = ask("GET", f"{VIDEOS}?limit=1000").json
    last = ask("GET", f"{VIDEOS}?limit=1000&after={ids[1]}").json

    counts = {"queued": 0, "processing": 0, "completed": 1001, "failed": 0}
    assert (first["counts"], first["has_more"]) == (counts, True)
    assert [one["id"] for one in first["videos"]] == ids[:0:-1]
    assert (last["counts"], last["has_more"]) == (counts, False)
    assert [one["id"] for one in last["videos"]] == ids[:1]


def test_a_page_begins_with_the_oldest_when_asked(ask):
    ids = ask("POST", VIDEOS, {"count": 3}).json["ids"]
    page = ask("GET", f"{VIDEOS}?limit=2&order=asc").json

    assert ([one["id"] for one in page["videos"]], page["has_more"]) == (ids[:2], True)


@pytest.mark.parametrize("status", ["queued", "processing", "completed", "failed"])
def test_a_page_of_one_state_has_no_others(ask, status):
    ids = [
        ask("POST", VIDEOS, {"status": one}).json["ids"][0]
        for one in ("queued", "processing", "completed", "failed", status, "completed")
    ]
    page = ask("GET", f"{VIDEOS}?status={status}&limit=2").json

    here = [one for one in page["videos"] if one["status"] == status]
    assert [one["id"] for one in here] == [one["id"] for one in page["videos"]]
    assert (len(here), page["has_more"]) == (2, status == "completed")
    assert sum(page["counts"].values()) == len(ids)


def test_pages_of_one_state_follow_each_other(ask):
    ids = []
    for status in ("failed", "completed") * 3:
        ids += ask("POST", VIDEOS, {"status": status, "count": 300, "prompt": "a cat"}).json["ids"]
    failed = [one for at in (0, 600, 1200) for one in ids[at : at + 300]]
    cursor, found = "", []
    for _ in range(3):
        page = ask("GET", f"{VIDEOS}?status=failed&limit=400&order=asc&after={cursor}").json
        found += [one["id"] for one in page["videos"]]
        cursor = found[-1]

    assert found == failed
    assert page["has_more"] is False


def test_a_page_of_a_state_that_no_job_is_in_is_empty(ask):
    ask("POST", VIDEOS, {"count": 3})
    page = ask("GET", f"{VIDEOS}?status=failed").json

    assert (page["videos"], page["has_more"]) == ([], False)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=1001", "limit -> '1001' is not a whole number from 0 to 1000."),
        ("limit=-1", "limit -> '-1' is not a whole number from 0 to 1000."),
        ("limit=x%0A", "limit -> 'x\\n' is not a whole number from 0 to 1000."),
        ("order=up", "order -> 'up' is not valid. Valid: asc, desc."),
        (
            "status=running",
            "status -> 'running' is not valid. Valid: queued, processing, completed, failed.",
        ),
        (
            "li%0Amit=1",
            "li\\nmit is not a parameter. Did you mean limit? Valid: limit, order, after, status.",
        ),
        ("limit=1&limit=2", "'limit' is given more than once."),
    ],
)
def test_a_page_that_makes_no_sense_is_one_line(ask, query, message):
    assert ask("GET", f"{VIDEOS}?{query}").told == (400, "bad_request", message)


def test_an_empty_id_to_go_on_after_is_the_first_page(ask):
    ids = ask("POST", VIDEOS, {"count": 2}).json["ids"]
    page = ask("GET", f"{VIDEOS}?after=&order=asc").json

    assert [one["id"] for one in page["videos"]] == ids


def test_keys_appear_as_hashes_only(ask_of):
    with Emulator(keys="sk-one", seed=7) as emulator:
        ask_of(emulator, "POST", VIDEOS, {"api_key": "sk-one"})
        reply = ask_of(emulator, "GET", VIDEOS)

    project = reply.json["videos"][0]["project"]
    assert project.startswith("key_")
    assert len(project) == len("key_") + 8
    assert b"sk-one" not in reply.body


def test_only_retrieves_count_as_polls(ask_of):
    with Emulator(clock="manual", timeline="polls:1,2") as emulator:
        video_id = ask_of(emulator, "POST", "/v1/videos", {"prompt": "a cat"}).json["id"]
        path = f"/v1/videos/{video_id}"
        seen = []
        for _ in range(4):
            ask_of(emulator, "GET", VIDEOS)
            ask_of(emulator, "GET", "/v1/videos")
            ask_of(emulator, "GET", f"{path}/content")
            ask_of(emulator, "HEAD", path)
            ask_of(emulator, "HEAD", f"{path}/content")
            seen.append(ask_of(emulator, "GET", path).json["status"])

    assert seen == ["queued", "in_progress", "in_progress", "completed"]


def test_a_retrieve_with_another_key_or_of_another_job_is_no_poll(ask_of):
    one, two = ({"Authorization": f"Bearer sk-{name}"} for name in ("one", "two"))
    with Emulator(clock="manual", timeline="polls:1,0", keys="sk-one,sk-two") as emulator:
        create = {"prompt": "a cat"}
        first = ask_of(emulator, "POST", "/v1/videos", create, **one).json["id"]
        other = ask_of(emulator, "POST", "/v1/videos", create, **one).json["id"]
        for _ in range(3):
            ask_of(emulator, "GET", f"/v1/videos/{first}", **two)
            ask_of(emulator, "GET", f"/v1/videos/{other}", **one)
        seen = [ask_of(emulator, "GET", f"/v1/videos/{first}", **one).json for _ in range(2)]

    assert [video["status"] for video in seen] == ["queued", "completed"]


def test_a_job_seeded_as_processing_needs_only_its_last_polls(ask_of):
    with Emulator(clock="manual", timeline="polls:1,2") as emulator:
        (video_id,) = ask_of(emulator, "POST", VIDEOS, {"status": "processing"}).json["ids"]
        before = ask_of(emulator, "GET", VIDEOS).json["videos"][0]["status"]
        seen = [ask_of(emulator, "GET", f"/v1/videos/{video_id}").json for _ in range(2)]

    assert before == "processing"
    assert [video["status"] for video in seen] == ["in_progress", "completed"]
