"""Extensions: a completed video and what comes after it, stitched into one."""

import pytest

from fauxreel.media.inspect import inspect
from openai_requests import as_json, error, multipart, text


def urlencoded(body):
    return {"body": body, "content_type": "application/x-www-form-urlencoded"}


ENOUGH = error(
    "This video cannot be extended any further. A video can be extended 6 times, "
    "to at most 120 seconds."
)


@pytest.fixture
def extend(send):
    return lambda request: send("POST", "/v1/videos/extensions", **request)


@pytest.fixture
def extended(send, extend, clock):
    """The id of a completed video that was extended by these lengths, one after the other."""

    def extended(first, *added):
        wanted = {"prompt": "a cat", "seconds": str(first)}
        video_id = send("POST", "/v1/videos", **as_json(wanted)).json["id"]
        clock.advance(70)
        for seconds in added:
            request = {"prompt": "on", "seconds": str(seconds), "video": {"id": video_id}}
            reply = extend(as_json(request))
            assert reply.status == 200, reply.json
            video_id = reply.json["id"]
            clock.advance(70)
        return video_id

    return extended


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(
            lambda id_: as_json({"prompt": "on", "seconds": "8", "video": {"id": id_}}), id="json"
        ),
        pytest.param(
            lambda id_: multipart(
                text("prompt", "on"), text("seconds", "8"), text("video[id]", id_)
            ),
            id="multipart",
        ),
        pytest.param(
            lambda id_: urlencoded(f"prompt=on&seconds=8&video[id]={id_}"), id="urlencoded"
        ),
    ],
)
def test_an_extension_is_as_long_as_both_parts_and_inherits_the_rest(
    send, extend, clock, request_of
):
    wanted = {"prompt": "a cat", "model": "sora-2-pro", "size": "1792x1024"}
    source = send("POST", "/v1/videos", **as_json(wanted)).json["id"]
    clock.advance(70)
    reply = extend(request_of(source))
    assert reply.status == 200
    assert reply.json == {
        "id": reply.json["id"],
        "object": "video",
        "created_at": 1767225670,
        "status": "queued",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2-pro",
        "progress": 0,
        "prompt": "on",
        "remixed_from_video_id": source,
        "seconds": "12",
        "size": "1792x1024",
    }


def test_a_video_is_extended_six_times_and_no_more(send, extend, extended):
    longest = extended(4, 4, 4, 4, 4, 4, 4)
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": longest}}))
    assert send("GET", f"/v1/videos/{longest}").json["seconds"] == "28"
    assert (reply.status, reply.json) == (400, ENOUGH)


def test_an_edit_of_an_extension_counts_what_it_was_made_of(send, extend, extended, clock):
    longest = extended(4, 4, 4, 4, 4, 4, 4)
    edit = as_json({"prompt": "bluer", "video": {"id": longest}})
    edited = send("POST", "/v1/videos/edits", **edit).json["id"]
    clock.advance(70)
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": edited}}))
    assert (reply.status, reply.json) == (400, ENOUGH)


def test_a_video_is_extended_to_two_minutes_and_no_longer(send, extend, extended, tmp_path):
    longest = extended(20, 20, 20, 20, 20, 20)
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": longest}}))
    (tmp_path / "video.mp4").write_bytes(send("GET", f"/v1/videos/{longest}/content").body)
    found = inspect(tmp_path / "video.mp4")
    assert send("GET", f"/v1/videos/{longest}").json["seconds"] == "120"
    assert (reply.status, reply.json) == (400, ENOUGH)
    assert (found.width, found.height, found.frames, found.audio_codec) == (720, 1280, 3600, "aac")


def test_an_extension_that_would_pass_two_minutes_is_refused_whole(send, extend, extended):
    long = extended(16, 20, 20, 20, 20, 20)
    refused = extend(as_json({"prompt": "on", "seconds": "8", "video": {"id": long}}))
    taken = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": long}}))
    assert (refused.status, refused.json) == (400, ENOUGH)
    assert (taken.status, taken.json["seconds"]) == (200, "120")


def test_the_file_of_an_extension_is_really_that_long(send, extended, tmp_path):
    video_id = extended(16, 20)
    (tmp_path / "video.mp4").write_bytes(send("GET", f"/v1/videos/{video_id}/content").body)
    found = inspect(tmp_path / "video.mp4")
    assert (found.width, found.height, found.frames) == (720, 1280, 36 * 30)
    assert (found.video_codec, found.audio_codec) == ("h264", "aac")
    assert found.seconds == pytest.approx(36, abs=1 / 30)
    assert found.stamp is not None
    assert found.stamp.id == video_id


@pytest.mark.parametrize("seconds", ["4", "8", "12", "16", "20"])
def test_an_extension_takes_each_length_that_a_model_makes(extend, completed, seconds):
    reply = extend(as_json({"prompt": "on", "seconds": seconds, "video": {"id": completed}}))
    assert (reply.status, reply.json["seconds"]) == (200, str(4 + int(seconds)))


def test_an_extension_of_an_unknown_video_is_not_found(extend):
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": "video_123"}}))
    assert (reply.status, reply.json) == (404, error("Video with id 'video_123' not found."))


def test_an_extension_of_an_unfinished_video_is_refused(send, extend, clock):
    source = send("POST", "/v1/videos", **as_json({"prompt": "a cat"})).json["id"]
    clock.advance(30)
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": source}}))
    message = f"Video with id '{source}' is not completed."
    assert (reply.status, reply.json) == (400, error(message))


def test_an_extension_of_an_expired_video_is_refused_as_a_download_is(extend, completed, clock):
    clock.advance(3600)
    reply = extend(as_json({"prompt": "on", "seconds": "4", "video": {"id": completed}}))
    message = "The video is no longer available. Downloads expire after 1 hours."
    assert (reply.status, reply.json) == (404, error(message))


VIDEO = {"id": "video_1"}
LENGTHS = "Supported values are: '4', '8', and '12'."


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            as_json({"prompt": "on", "video": VIDEO}),
            error("Missing required parameter: 'seconds'.", "seconds", "missing_required_parameter"),
            id="no length",
        ),
        pytest.param(
            as_json({"prompt": "on", "video": VIDEO, "seconds": "5"}),
            error(f"Invalid value: '5'. {LENGTHS}", "seconds", "invalid_value"),
            id="a length that no model makes",
        ),
        pytest.param(
            multipart(text("video[id]", "video_1"), text("prompt", "on"), text("seconds", "")),
            error(f"Invalid value: ''. {LENGTHS}", "seconds", "invalid_value"),
            id="an empty length",
        ),
        pytest.param(
            as_json({"prompt": "on", "video": VIDEO, "seconds": 4}),
            error(
                "Invalid type for 'seconds': expected one of '4', '8', or '12', "
                "but got an integer instead.", "seconds", "invalid_type",
            ),
            id="a number",
        ),
        pytest.param(
            as_json({"prompt": "on", "video": "video_1", "seconds": "5"}),
            error(
                "Invalid type for 'video': expected an object, but got a string instead.",
                "video", "invalid_type",
            ),
            id="video as text, before the length",
        ),
        pytest.param(
            as_json({"prompt": "on", "video": VIDEO, "seconds": "4", "characters": []}),
            error("Unknown parameter: 'characters'.", "characters", "unknown_parameter"),
            id="characters",
        ),
        pytest.param(
            as_json({"prompt": "on", "video": VIDEO, "seconds": "4", "size": "720x1280"}),
            error("Unknown parameter: 'size'.", "size", "unknown_parameter"),
            id="a size",
        ),
        pytest.param(
            multipart(
                text("prompt", "on"), text("seconds", "4"),
                b'Content-Disposition: form-data; name="video"; filename="a.mp4"\r\n'
                b"Content-Type: video/mp4\r\n\r\n\0\0\0\x18ftypisom",
            ),
            error("Unknown parameter: 'video'.", "video", "unknown_parameter"),
            id="an uploaded file",
        ),
    ],
)  # fmt: skip
def test_a_bad_extension_is_refused_to_the_letter_and_stores_nothing(
    send, extend, request_, expected
):
    reply = extend(request_)
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []
