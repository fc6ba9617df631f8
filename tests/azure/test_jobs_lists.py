"""Lists of Sora 1 jobs, and what is deleted; a collection of its own."""

import pytest

JOBS = "/openai/v1/video/generations/jobs"
CAT = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
STATUSES = (
    "'preprocessing', 'queued', 'running', 'processing', 'cancelled', 'succeeded', and 'failed'"
)


def create(send, count=1):
    return [send("POST", JOBS, CAT).json["id"] for _ in range(count)]


def page(send, query=""):
    found = send("GET", f"{JOBS}{query}").json
    return [job["id"] for job in found["data"]], found["has_more"]


def flat(message, param, code):
    kind = "invalid_request_error"
    return {"code": code, "message": message, "param": param, "type": kind, "inner_error": None}


def test_a_list_holds_whole_jobs_and_has_has_more_before_its_ends(send):
    older, newer = create(send, 2)
    entries = ",".join(send("GET", f"{JOBS}/{each}").text for each in (newer, older))
    assert send("GET", f"{JOBS}?api-version=preview&limit=10").told == (
        200,
        (
            f'{{"object":"list","data":[{entries}],"has_more":false,'
            f'"first_id":"{newer}","last_id":"{older}"}}'
        ),
    )


def test_an_empty_list_has_no_ends(send):
    assert send("GET", JOBS).told == (
        200,
        '{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}',
    )


def test_a_page_is_of_ten_unless_it_says_otherwise(send):
    ids = create(send, 12)[::-1]
    assert page(send) == (ids[:10], True)
    assert page(send, "?limit=12") == (ids, False)
    assert page(send, "?limit=11") == (ids[:11], True)
    assert page(send, "?limit=0") == ([], True)


def test_a_page_goes_on_after_and_stops_before_an_id(send):
    ids = create(send, 5)[::-1]
    assert page(send, f"?after={ids[1]}") == (ids[2:], False)
    assert page(send, f"?after={ids[1]}&limit=2") == (ids[2:4], True)
    assert page(send, f"?before={ids[2]}") == (ids[:2], False)
    assert page(send, f"?before={ids[4]}&after={ids[0]}") == (ids[1:4], False)
    assert page(send, f"?before={ids[4]}&limit=3") == (ids[:3], True)
    assert page(send, "?after=task_x") == ([], False)


def test_a_list_can_be_of_some_states(send, clock):
    succeeded, failed, cancelled = create(send, 3)
    send("POST", f"/_fauxreel/videos/{failed}/force", {"status": "failed"})
    send("POST", f"/_fauxreel/videos/{cancelled}/force", {"status": "cancelled"})
    clock.advance(70)
    [running] = create(send)
    clock.advance(20)
    [queued] = create(send)
    for statuses, expected in (
        ("queued", [queued]),
        ("running", [running]),
        ("succeeded", [succeeded]),
        ("failed", [failed]),
        ("cancelled", [cancelled]),
        ("preprocessing,processing", []),
        ("queued,%20running", [queued, running]),
        ("", [queued, running, cancelled, failed, succeeded]),
    ):
        assert page(send, f"?statuses={statuses}") == (expected, False)


def test_a_page_of_some_states_is_filled_from_behind(send, clock):
    early = create(send, 3)
    clock.advance(70)
    create(send, 120)
    assert page(send, "?statuses=succeeded&limit=2") == (early[:0:-1], True)
    assert page(send, "?statuses=succeeded&limit=3") == (early[::-1], False)
    assert page(send, f"?statuses=succeeded&after={early[2]}") == (early[1::-1], False)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "limit=101",
            flat(
                "Invalid 'limit': integer above maximum value. Expected a value <= 100, "
                "but got 101 instead.",
                "limit",
                "integer_above_max_value",
            ),
        ),
        (
            "limit=ten",
            flat(
                "Invalid type for 'limit': expected an integer, but got a string instead.",
                "limit",
                "invalid_type",
            ),
        ),
        (
            "statuses=queued,in_progress",
            flat(
                f"Invalid value: 'in_progress'. Supported values are: {STATUSES}.",
                "statuses",
                "invalid_value",
            ),
        ),
    ],
)
def test_a_wrong_page_is_refused_flat(send, query, expected):
    reply = send("GET", f"{JOBS}?{query}")
    assert (reply.status, reply.json) == (400, expected)


def test_a_deletion_answers_nothing_at_all(send):
    [job_id] = create(send)
    reply = send("DELETE", f"{JOBS}/{job_id}", Content_Type="application/json")
    assert (reply.status, reply.body) == (204, b"")
    assert page(send) == ([], False)
    for method in ("GET", "DELETE"):
        again = send(method, f"{JOBS}/{job_id}")
        assert (again.status, again.json) == (
            404,
            flat(f"Video with id '{job_id}' not found.", None, None),
        )


def test_a_page_goes_on_after_a_deleted_job(send):
    ids = create(send, 3)[::-1]
    send("DELETE", f"{JOBS}/{ids[1]}")
    assert page(send, f"?after={ids[1]}") == ([ids[2]], False)


def test_a_method_that_a_path_does_not_take_is_answered_by_the_service(send):
    reply = send("PUT", JOBS, {})
    assert reply.told == (405, '{"detail":"Method Not Allowed"}')
    assert reply.headers["allow"] == "POST, GET, HEAD"


def test_an_example_of_a_video_is_no_job(run, sender_of):
    send = sender_of(run(lenient=True))
    for _ in range(2):
        assert send("GET", f"{JOBS}/video_123").status == 404
        assert send("HEAD", f"{JOBS}/video_123").status == 404
        assert send("DELETE", f"{JOBS}/video_123").status == 404
        assert send("GET", "/openai/v1/videos/video_123").json["status"] == "completed"
    assert page(send) == ([], False)


def test_jobs_and_videos_are_never_mixed(send):
    [job_id] = create(send)
    azure = send("POST", "/openai/v1/videos", {"model": "dep", "prompt": "a mug"}).json["id"]
    plain = send("POST", "/v1/videos", {"prompt": "a mug"}, Authorization="Bearer 1").json["id"]
    assert page(send) == ([job_id], False)
    for root in ("/v1/videos", "/openai/v1/videos", "/videos"):
        listed = send("GET", root, Authorization="Bearer 1").json["data"]
        assert [video["id"] for video in listed] == [plain, azure]
        assert send("GET", f"{root}/{job_id}", Authorization="Bearer 1").status == 404
        assert send("GET", f"{root}/{job_id}/content", Authorization="Bearer 1").status == 404
        assert send("DELETE", f"{root}/{job_id}", Authorization="Bearer 1").status == 404
    for video_id in (azure, plain):
        assert send("GET", f"{JOBS}/{video_id}").status == 404
        assert send("DELETE", f"{JOBS}/{video_id}").status == 404
