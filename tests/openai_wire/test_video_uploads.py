"""Edits and extensions of an uploaded video, which few customers could do."""

import json

import pytest

from fauxreel import Emulator
from fauxreel.media.inspect import inspect
from fauxreel.resources import shipped
from openai_requests import error, multipart, png, text, unsupported


@pytest.fixture
def emulator(clock):
    settings = {"queue_seconds": 10, "processing_seconds": 60, "seed": 7}
    with Emulator(clock=clock, accept_video_uploads=True, **settings) as emulator:
        yield emulator


def clip(size):
    return shipped("fixtures", "media", f"{size}.mp4").read_bytes()


def video(data, content_type="video/mp4"):
    kind = "" if content_type is None else f"\r\nContent-Type: {content_type}"
    disposition = 'Content-Disposition: form-data; name="video"; filename="upload"'
    return f"{disposition}{kind}\r\n\r\n".encode() + data


@pytest.fixture
def edit(send):
    return lambda *parts: send("POST", "/v1/videos/edits", **multipart(*parts))


@pytest.fixture
def extend(send):
    return lambda *parts: send("POST", "/v1/videos/extensions", **multipart(*parts))


@pytest.fixture
def long_clip(send, clock):
    """The bytes of a video of so many seconds, up to 120."""

    def long_clip(seconds):
        wanted = {"prompt": "a cat", "seconds": "20"}
        asked = {"body": json.dumps(wanted), "content_type": "application/json"}
        video_id, length = send("POST", "/v1/videos", **asked).json["id"], 20
        clock.advance(70)
        while length < seconds:
            wanted = {"prompt": "on", "seconds": "20", "video": {"id": video_id}}
            asked = {"body": json.dumps(wanted), "content_type": "application/json"}
            video_id, length = send("POST", "/v1/videos/extensions", **asked).json["id"], length + 20  # fmt: skip
            clock.advance(70)
        return send("GET", f"/v1/videos/{video_id}/content").body

    return long_clip


def test_an_edit_of_an_upload_is_of_its_size_and_length_and_has_no_source(edit):
    reply = edit(text("prompt", "bluer"), video(clip("1920x1080")))
    assert reply.status == 200
    assert reply.json == {
        "id": reply.json["id"],
        "object": "video",
        "created_at": 1767225600,
        "status": "queued",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2",
        "progress": 0,
        "prompt": "bluer",
        "remixed_from_video_id": None,
        "seconds": "4",
        "size": "1920x1080",
    }


def test_the_file_of_an_edited_upload_is_of_its_size_and_length(
    send, edit, clock, long_clip, tmp_path
):
    upload = long_clip(40)
    edited = edit(text("prompt", "bluer"), video(upload), text("model", "sora-2-pro")).json
    clock.advance(70)
    (tmp_path / "video.mp4").write_bytes(send("GET", f"/v1/videos/{edited['id']}/content").body)
    found = inspect(tmp_path / "video.mp4")
    assert (edited["model"], edited["seconds"], edited["size"]) == ("sora-2-pro", "40", "720x1280")
    assert (found.width, found.height, found.frames) == (720, 1280, 40 * 30)


def test_an_extension_of_an_upload_goes_on_after_it(extend):
    reply = extend(text("prompt", "on"), text("seconds", "8"), video(clip("1280x720")))
    assert (reply.status, reply.json["seconds"], reply.json["size"]) == (200, "12", "1280x720")
    assert reply.json["remixed_from_video_id"] is None


def test_an_extension_of_an_upload_ends_at_two_minutes(extend, long_clip):
    upload = long_clip(100)
    whole = extend(text("prompt", "on"), text("seconds", "20"), video(upload))
    assert (whole.status, whole.json["seconds"]) == (200, "120")
    refused = extend(text("prompt", "on"), text("seconds", "4"), video(long_clip(120)))
    message = (
        "This video cannot be extended any further. A video can be extended 6 times, "
        "to at most 120 seconds."
    )
    assert (refused.status, refused.json) == (400, error(message))


UNDECODABLE = error(
    "Invalid file 'video': the file could not be decoded. It may be corrupted or truncated.",
    "video",
    "invalid_file",
)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param(video(clip("720x1280")[:-1000]), UNDECODABLE, id="a cut mp4"),
        pytest.param(video(clip("720x1280")[:2000]), UNDECODABLE, id="the head of an mp4"),
        pytest.param(video(b"\0\0\0\x18ftypisom\0\0\2\0isommp42"), UNDECODABLE, id="a mere ftyp"),
        pytest.param(video(png(), "image/png"), unsupported("image/png"), id="an image"),
        pytest.param(video(png()), unsupported("image/png"), id="an image called mp4"),
        pytest.param(
            video(clip("720x1280"), "application/octet-stream"),
            unsupported("application/octet-stream"),
            id="an mp4 called octet-stream",
        ),
        pytest.param(
            video(clip("720x1280"), None), unsupported("application/octet-stream"), id="no type"
        ),
        pytest.param(video(b"a cat"), unsupported("text/plain"), id="text called mp4"),
        pytest.param(
            video(b""), unsupported("application/octet-stream"), id="an empty file called mp4"
        ),
        pytest.param(
            text("video", "video_1"),
            error(
                "Invalid type for 'video': expected an object, but got a string instead.",
                "video",
                "invalid_type",
            ),
            id="text",
        ),
    ],
)
@pytest.mark.parametrize("path", ["edits", "extensions"])
def test_an_upload_that_is_no_video_is_refused_and_stores_nothing(send, path, part, expected):
    lengths = [text("seconds", "4")] if path == "extensions" else []
    request = multipart(text("prompt", "bluer"), *lengths, part)
    reply = send("POST", f"/v1/videos/{path}", **request)
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []


def test_an_edit_of_an_upload_takes_a_model_and_nothing_else(edit):
    refused = edit(text("prompt", "bluer"), video(clip("720x1280")), text("size", "720x1280"))
    assert (refused.status, refused.json) == (
        400,
        error("Unknown parameter: 'size'.", "size", "unknown_parameter"),
    )


def test_videos_are_still_named_by_their_ids(send, edit, completed):
    reply = edit(text("prompt", "bluer"), text("video[id]", completed))
    assert (reply.status, reply.json["remixed_from_video_id"]) == (200, completed)
