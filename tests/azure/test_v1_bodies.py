"""Azure's answers about videos byte for byte: key order, nulls, escapes, headers."""

import re

import pytest

VIDEOS = "/openai/v1/videos"
CREATED = 1767225600


def create(send, prompt="a ceramic mug", **others):
    return send("POST", VIDEOS, {"model": "rocketease-video", "prompt": prompt, **others})


def as_written(video_id, status, **changed):
    facts = {
        "completed_at": "null",
        "error": "null",
        "expires_at": "null",
        "model": '"rocketease-video"',
        "progress": "0",
        "prompt": '"a ceramic mug"',
        "remixed_from_video_id": "null",
        "seconds": '"4"',
        "size": '"720x1280"',
        **changed,
    }
    return (
        f'{{"id":"{video_id}","object":"video","created_at":{CREATED},"status":"{status}",'
        + ",".join(f'"{name}":{value}' for name, value in facts.items())
        + "}"
    )


def test_a_queued_video_has_the_keys_of_the_live_answer_in_their_order(send):
    reply = create(send)
    assert reply.told == (200, as_written(reply.json["id"], "queued"))


def test_a_video_in_progress_is_spelled_as_on_openai(send, clock):
    video_id = create(send).json["id"]
    clock.advance(40)
    assert send("GET", f"{VIDEOS}/{video_id}").told == (
        200,
        as_written(video_id, "in_progress", progress="50"),
    )


def test_a_completed_video_expires_a_day_after_its_creation(send, clock):
    video_id = create(send).json["id"]
    clock.advance(70)
    assert send("GET", f"{VIDEOS}/{video_id}").told == (
        200,
        as_written(
            video_id,
            "completed",
            completed_at=f"{CREATED + 70}",
            expires_at=f"{CREATED + 86_400}",
            progress="100",
        ),
    )


def test_a_failed_video_has_its_error_and_no_moments(send, clock):
    video_id = create(send).json["id"]
    clock.advance(40)
    error = {
        "code": "moderation_blocked",
        "message": "Your request was blocked by our moderation system.",
    }
    send("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "failed", "error": error})
    assert send("GET", f"{VIDEOS}/{video_id}").told == (
        200,
        as_written(
            video_id,
            "failed",
            error='{"code":"moderation_blocked",'
            '"message":"Your request was blocked by our moderation system."}',
            progress="50",
        ),
    )


def test_a_cancelled_video_is_a_failed_one_here(send):
    video_id = create(send).json["id"]
    send("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "cancelled"})
    assert send("GET", f"{VIDEOS}/{video_id}").told == (
        200,
        as_written(
            video_id,
            "failed",
            error='{"code":"video_generation_failed",'
            '"message":"Video generation failed due to an internal error."}',
        ),
    )


@pytest.mark.parametrize(
    ("prompt", "escaped"),
    [
        ("caf\u00e9", '"caf\\u00e9"'),
        ("\u732b", '"\\u732b"'),
        ("\U0001f3a5!", '"\\ud83c\\udfa5!"'),
        ('"\\\n\x7f\u2028', '"\\"\\\\\\n\\u007f\\u2028"'),
    ],
    ids=["latin", "beyond latin", "astral, as a surrogate pair", "quotes, controls"],
)
def test_what_is_not_ascii_is_escaped_in_a_video_and_its_list(send, prompt, escaped):
    reply = create(send, prompt)
    video_id = reply.json["id"]
    video = as_written(video_id, "queued", prompt=escaped)
    assert reply.text == video
    assert send("GET", VIDEOS).text == (
        f'{{"object":"list","data":[{video}],"has_more":false,'
        f'"first_id":"{video_id}","last_id":"{video_id}"}}'
    )


def test_what_is_not_ascii_is_escaped_in_errors_too(send):
    assert create(send, size="gro\u00df \U0001f3a5").told == (
        400,
        (
            '{"error":{"message":"Invalid value: \'gro\\u00df \\ud83c\\udfa5\'. Supported values are: '
            "'720x1280', '1280x720', '1024x1792', and '1792x1024'.\","
            '"type":"invalid_request_error","param":"size","code":"invalid_value"}}'
        ),
    )
    assert create(send, größe=1).told == (
        400,
        (
            '{"error":{"message":"Unknown parameter: \'gr\\u00f6\\u00dfe\'.",'
            '"type":"invalid_request_error","param":"gr\\u00f6\\u00dfe","code":"unknown_parameter"}}'
        ),
    )


def test_an_id_is_32_digits_that_begin_with_the_moment_of_creation(send, clock):
    clock.advance(12_345.6)
    video = create(send).json
    assert re.fullmatch(r"video_[0-9a-f]{12}8190[0-9a-f]{16}", video["id"])
    assert int(video["id"][6:14], 16) == video["created_at"] == CREATED + 12_345


def test_ids_differ_within_a_second_and_come_again_with_the_seed(run, sender_of):
    first, second = (
        [create(sender_of(emulator)).json["id"] for _ in range(20)] for emulator in (run(), run())
    )
    assert first == second
    assert len(set(first)) == 20


def test_a_list_has_has_more_before_its_ends(send):
    ids = [create(send).json["id"] for _ in range(3)]
    entries = ",".join(as_written(video_id, "queued") for video_id in ids[:0:-1])
    assert send("GET", f"{VIDEOS}?limit=2").told == (
        200,
        (
            f'{{"object":"list","data":[{entries}],"has_more":true,'
            f'"first_id":"{ids[2]}","last_id":"{ids[1]}"}}'
        ),
    )
    assert send("GET", f"{VIDEOS}?limit=2&after={ids[1]}&order=desc").told == (
        200,
        (
            f'{{"object":"list","data":[{as_written(ids[0], "queued")}],"has_more":false,'
            f'"first_id":"{ids[0]}","last_id":"{ids[0]}"}}'
        ),
    )
    ascending = send("GET", f"{VIDEOS}?order=asc").json["data"]
    assert [video["id"] for video in ascending] == ids


def test_an_empty_list_has_no_ends(send):
    assert send("GET", VIDEOS).text == (
        '{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}'
    )


def test_a_deleted_video_is_gone(send):
    video_id = create(send).json["id"]
    assert send("DELETE", f"{VIDEOS}/{video_id}", Content_Type="application/json").told == (
        200,
        f'{{"id":"{video_id}","object":"video.deleted","deleted":true}}',
    )
    assert send("GET", f"{VIDEOS}/{video_id}").told == (
        404,
        (
            f'{{"error":{{"message":"Video with id \'{video_id}\' not found.",'
            '"type":"invalid_request_error","param":null,"code":null}}'
        ),
    )


def test_answers_carry_the_closed_list_of_headers(send):
    headers = create(send).headers
    assert sorted(headers) == [
        "apim-request-id",
        "content-length",
        "content-type",
        "date",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-ms-region",
    ]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["apim-request-id"])
    assert re.fullmatch(r"\d+", headers["x-envoy-upstream-service-time"])
    assert headers["content-type"] == "application/json; charset=UTF-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-ms-region"] == "East US 2"


def test_an_unfinished_video_says_when_to_ask_again(send, clock):
    video_id = create(send).json["id"]
    unfinished = send("GET", f"{VIDEOS}/{video_id}").headers
    clock.advance(70)
    finished = send("GET", f"{VIDEOS}/{video_id}").headers
    assert unfinished["openai-poll-after-ms"] == "100"
    assert "openai-poll-after-ms" not in finished


def test_errors_of_every_layer_carry_the_same_headers(send):
    paths = ("/openai/videos", "/openai/v1/nothing", f"{VIDEOS}/video_x", f"{VIDEOS}?limit=x")
    usual = sorted(send("GET", VIDEOS).headers)
    assert [sorted(send("GET", path).headers) for path in paths] == [usual] * 4
    assert sorted(send("GET", VIDEOS, api_key="sk-invalid").headers) == usual
