"""`--profile /v1=documented`: what clients expect that were written after documentation."""

import json

import pytest

from fauxreel import Emulator
from fauxreel.media.inspect import inspect
from fauxreel.settings import SettingError
from openai_requests import error


@pytest.fixture
def emulator(clock):
    settings = {"queue_seconds": 10, "processing_seconds": 60, "seed": 7}
    with Emulator(clock=clock, profile=("/v1=documented",), **settings) as emulator:
        yield emulator


@pytest.fixture
def create(send):
    def create(**wanted):
        body = json.dumps({"prompt": "a cat", **wanted})
        return send("POST", "/v1/videos", body, content_type="application/json")

    return create


@pytest.fixture
def fail(send):
    def fail(video_id):
        failure = {"code": "moderation_blocked", "message": "No."}
        body = json.dumps({"status": "failed", "error": failure})
        send("POST", f"/_fauxreel/videos/{video_id}/force", body, content_type="application/json")

    return fail


def test_a_queued_video_says_how_long_it_will_be_and_has_no_url(create):
    reply = create(model="video-gen-1", seconds=5, size="640x360")
    assert reply.status == 200
    assert reply.body.decode() == (
        f'{{"id":"{reply.json["id"]}","object":"video","created_at":1767225600,"status":"queued",'
        '"completed_at":null,"error":null,"expires_at":null,"model":"video-gen-1","progress":0,'
        '"prompt":"a cat","remixed_from_video_id":null,"seconds":"5","size":"640x360",'
        '"duration":5,"url":null,"usage":{"duration_seconds":5.0}}'
    )


def test_a_video_goes_from_queued_to_processing_to_completed(send, emulator, create, clock):
    queued = create().json
    path = f"/v1/videos/{queued['id']}"
    clock.advance(40)
    processing = send("GET", path).json
    clock.advance(30)
    completed = send("GET", path).json
    assert processing == {**queued, "status": "processing", "progress": 50}
    assert completed == {
        **queued,
        "status": "completed",
        "progress": 100,
        "completed_at": 1767225670,
        "expires_at": 1767229270,
        "url": completed["url"],
    }
    assert completed["url"].startswith(f"{emulator.root_url}{path}/content?")


def test_a_failed_video_has_an_error_and_no_url(send, create, fail):
    queued = create().json
    fail(queued["id"])
    assert send("GET", f"/v1/videos/{queued['id']}").json == {
        **queued,
        "status": "failed",
        "error": {"code": "moderation_blocked", "message": "No."},
    }


def test_an_expired_video_has_no_url_any_more(send, create, clock):
    path = f"/v1/videos/{create().json['id']}"
    clock.advance(70)
    before = send("GET", path).json
    clock.advance(3600)
    assert send("GET", path).json == {**before, "url": None}


def test_every_answer_says_processing_and_none_in_progress(send, create, clock):
    source = create().json["id"]
    clock.advance(70)
    running = create().json["id"]
    clock.advance(30)
    made = {"prompt": "x", "video": {"id": source}}
    json_type = {"content_type": "application/json"}
    replies = [
        send("GET", f"/v1/videos/{running}"),
        send("GET", f"/videos/{running}"),
        send("GET", "/v1/videos"),
        send("POST", f"/v1/videos/{source}/remix", '{"prompt":"x"}', **json_type),
        send("POST", "/v1/videos/edits", json.dumps(made), **json_type),
        send("POST", "/v1/videos/extensions", json.dumps({**made, "seconds": 4}), **json_type),
        send("POST", f"/v1/videos/{running}/remix", '{"prompt":"x"}', **json_type),
        send("POST", "/v1/videos/edits", json.dumps({**made, "video": {"id": running}}), **json_type),
    ]  # fmt: skip
    assert [reply.status for reply in replies] == [200] * 6 + [400] * 2
    assert [reply for reply in replies if b"in_progress" in reply.body] == []
    assert [video["status"] for video in replies[2].json["data"]] == ["processing", "completed"]
    assert all("url" in reply.json and "usage" in reply.json for reply in replies[3:6])
    assert replies[7].json == error(f"Video with id '{running}' is not completed.")


def test_a_head_is_as_long_as_the_body(send, create, clock):
    path = f"/v1/videos/{create().json['id']}"
    clock.advance(40)
    head = send("HEAD", path)
    assert (head.status, int(head.headers["content-length"]), head.body) == (
        200, len(send("GET", path).body), b"",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(5, 5), (5.0, 5), ("5", 5), (1, 1), ("120", 120), (120, 120), (4, 4), ("007", 7)],
)
def test_any_length_is_taken_as_a_number_or_a_text(create, seconds, expected):
    reply = create(seconds=seconds)
    video = reply.json
    assert reply.status == 200
    assert (video["seconds"], video["duration"], video["usage"]) == (
        str(expected), expected, {"duration_seconds": float(expected)},
    )  # fmt: skip


def mistyped(given):
    message = f"Invalid type for 'seconds': expected a whole number, but got {given} instead."
    return error(message, "seconds", "invalid_type")


def no_length(value):
    message = f"Invalid value: '{value}'. Supported values are: '4', '8', and '12'."
    return error(message, "seconds", "invalid_value")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, no_length("0")),
        (121, no_length("121")),
        ("99999", no_length("99999")),
        (-5, mistyped("an integer")),
        (5.5, mistyped("a decimal number")),
        ("5.0", mistyped("a string")),
        ("five", mistyped("a string")),
        ("", mistyped("a string")),
        ("٥", mistyped("a string")),
        (True, mistyped("a boolean")),
        (None, mistyped("null")),
        ([5], mistyped("an array")),
    ],
)
def test_a_length_that_no_video_can_have_is_refused(send, create, seconds, expected):
    reply = create(seconds=seconds)
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []


def test_a_length_beyond_what_floats_hold_is_refused(send):
    body = '{"prompt":"a cat","seconds":1e999}'
    reply = send("POST", "/v1/videos", body, content_type="application/json")
    assert (reply.status, reply.json) == (400, mistyped("a decimal number"))


@pytest.mark.parametrize("model", ["video-gen-1", "vendor/model:v1.5", "模型", "x" * 512, "sora-2"])
def test_any_model_is_taken_by_its_name(create, model):
    reply = create(model=model)
    assert (reply.status, reply.json["model"]) == (200, model)


@pytest.mark.parametrize("size", ["16x16", "640x360", "1792x1024", "853x480", "99x4096"])
def test_any_size_that_a_video_can_have_is_taken(create, size):
    reply = create(size=size)
    assert (reply.status, reply.json["size"]) == (200, size)


@pytest.mark.parametrize("size", ["15x16", "4097x16", "720p", "16:9", "", "720X1280", "0720x1280"])
def test_a_size_that_no_video_can_have_is_refused(create, size):
    reply = create(size=size)
    message = (
        f"Invalid value: '{size}'. Supported values are: '720x1280', '1280x720', '1024x1792', "
        "and '1792x1024'."
    )
    assert (reply.status, reply.json) == (400, error(message, "size", "invalid_value"))


def test_the_files_are_of_the_free_size_and_length(send, create, clock, tmp_path):
    video_id = create(size="321x181", seconds=5).json["id"]
    clock.advance(70)
    for variant in ("video", "thumbnail", "spritesheet"):
        path = f"/v1/videos/{video_id}/content?variant={variant}"
        (tmp_path / variant).write_bytes(send("GET", path).body)
    found = [inspect(tmp_path / variant) for variant in ("video", "thumbnail", "spritesheet")]
    assert [(each.width, each.height) for each in found] == [(321, 181)] * 3
    assert found[0].frames == 150


def test_what_a_form_says_is_taken_the_same_way(send):
    body = "prompt=a+cat&model=video-gen-1&seconds=5&size=640x360"
    reply = send("POST", "/v1/videos", body, content_type="application/x-www-form-urlencoded")
    assert (reply.status, reply.json["model"], reply.json["seconds"], reply.json["duration"]) == (
        200, "video-gen-1", "5", 5,
    )  # fmt: skip


def test_other_parameters_are_refused_as_ever(create):
    reply = create(n=2)
    assert (reply.status, reply.json) == (
        400,
        error("Unknown parameter: 'n'.", "n", "unknown_parameter"),
    )


@pytest.mark.parametrize(
    "profile",
    [
        "documented",
        "/v1",
        "/v1=",
        "/v1=Documented",
        "/v2=documented",
        "/v1=wire,/v1=documented",
        ("/v1=documented", "/v1=documented"),
        5,
    ],
)
def test_a_bad_profile_is_refused_with_one_line(profile):
    with pytest.raises(SettingError) as raised:
        Emulator(profile=profile)
    assert str(raised.value) == (
        f"--profile: {profile!r} is not valid. Valid: /v1=wire, /v1=documented."
    )
