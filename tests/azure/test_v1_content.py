"""Downloads and remixes on Azure."""

import pytest

from fauxreel.media.inspect import inspect

VIDEOS = "/openai/v1/videos"
CREATED = 1767225600


@pytest.fixture
def queued(send):
    """The id of a new video."""
    fields = {"model": "dep", "prompt": "a \u2615 cup", "size": "1280x720", "seconds": "8"}
    return send("POST", VIDEOS, fields).json["id"]


@pytest.fixture
def completed(queued, clock):
    """The id of a completed video."""
    clock.advance(70)
    return queued


def error(message, param=None, code=None):
    return {
        "error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    }


@pytest.mark.parametrize(
    ("query", "kind", "content_type"),
    [
        ("", "video", "video/mp4"),
        ("?variant=video", "video", "video/mp4"),
        ("?variant=thumbnail&api-version=preview", "thumbnail", "image/webp"),
        ("?variant=spritesheet", "spritesheet", "image/jpeg"),
    ],
)
def test_each_variant_is_a_real_file_that_carries_its_job(
    send, completed, tmp_path, query, kind, content_type
):
    reply = send("GET", f"{VIDEOS}/{completed}/content{query}", Accept="application/binary")
    (tmp_path / "file").write_bytes(reply.body)
    found = inspect(tmp_path / "file")
    assert (reply.status, reply.headers["content-type"]) == (200, content_type)
    assert (found.kind, found.width, found.height) == (kind, 1280, 720)
    assert (found.stamp.id, found.stamp.prompt, found.stamp.seed) == (completed, "a \u2615 cup", 7)


def test_a_video_is_as_long_as_asked_for(send, completed, tmp_path):
    (tmp_path / "file").write_bytes(send("GET", f"{VIDEOS}/{completed}/content").body)
    found = inspect(tmp_path / "file")
    assert (found.frames, found.video_codec, found.audio_codec) == (240, "h264", "aac")


def test_a_part_of_a_video_is_that_part_of_the_whole(send, completed):
    path = f"{VIDEOS}/{completed}/content"
    whole = send("GET", path).body
    part = send("GET", path, Range="bytes=100-299")
    beyond = send("GET", path, Range=f"bytes={len(whole)}-")
    assert (part.status, part.body) == (206, whole[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(whole)}"
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")


def test_head_tells_the_length_alone(send, completed):
    path = f"{VIDEOS}/{completed}/content"
    head, whole = send("HEAD", path), send("GET", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "accept-ranges", "etag"):
        assert head.headers[name] == whole.headers[name]


def test_downloads_have_azures_headers_and_no_others(send, completed):
    assert sorted(send("GET", f"{VIDEOS}/{completed}/content").headers) == [
        "accept-ranges",
        "apim-request-id",
        "content-length",
        "content-type",
        "date",
        "etag",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-ms-region",
    ]


def test_an_unknown_variant_is_refused(send, completed):
    reply = send("GET", f"{VIDEOS}/{completed}/content?variant=gif")
    assert (reply.status, reply.json) == (
        400,
        error(
            "Invalid value: 'gif'. Supported values are: 'video', 'thumbnail', and 'spritesheet'.",
            "variant",
            "invalid_value",
        ),
    )


def test_content_of_an_unfinished_video_is_not_found(send, queued):
    reply = send("GET", f"{VIDEOS}/{queued}/content")
    assert (reply.status, reply.json) == (
        404,
        error("Video is not ready yet, use GET /v1/videos/{video_id} to check status."),
    )


def test_content_is_gone_a_day_after_the_creation(send, clock, completed):
    path = f"{VIDEOS}/{completed}/content"
    clock.advance(86_400 - 70 - 1)
    assert send("HEAD", path).status == 200
    clock.advance(1)
    reply = send("GET", path)
    assert (reply.status, reply.json) == (
        404,
        error("The video is no longer available. Downloads expire after 24 hours."),
    )
    assert send("GET", f"{VIDEOS}/{completed}").json["status"] == "completed"


def test_the_path_that_clients_try_as_a_fallback_is_unrouted(send, completed):
    assert send("GET", f"{VIDEOS}/{completed}/content/video").told == (
        404,
        '{"detail":"Not Found"}',
    )


def test_a_remix_inherits_all_but_the_prompt(send, completed):
    reply = send("POST", f"{VIDEOS}/{completed}/remix", {"prompt": "at night"})
    video_id = reply.json["id"]
    assert reply.told == (
        200,
        (
            f'{{"id":"{video_id}","object":"video","created_at":{CREATED + 70},"status":"queued",'
            '"completed_at":null,"error":null,"expires_at":null,"model":"dep","progress":0,'
            f'"prompt":"at night","remixed_from_video_id":"{completed}","seconds":"8",'
            '"size":"1280x720"}'
        ),
    )
    assert int(video_id[6:14], 16) == CREATED + 70


@pytest.mark.parametrize("name", ["seconds", "size", "model", "input_reference"])
def test_a_remix_takes_nothing_but_a_prompt(send, completed, name):
    reply = send("POST", f"{VIDEOS}/{completed}/remix", {"prompt": "at night", name: "8"})
    assert (reply.status, reply.json) == (
        400,
        error(f"Unknown parameter: '{name}'.", name, "unknown_parameter"),
    )


def test_a_remix_by_multipart_is_let_through_as_specified(send, completed, form):
    parts = form(("prompt", "at night"))
    assert send("POST", f"{VIDEOS}/{completed}/remix", **parts).json["prompt"] == "at night"


def test_a_remix_needs_a_prompt(send, completed):
    reply = send("POST", f"{VIDEOS}/{completed}/remix", {})
    assert (reply.status, reply.json["error"]["code"]) == (400, "missing_required_parameter")


def test_a_remix_of_an_unfinished_video_is_refused(send, queued):
    reply = send("POST", f"{VIDEOS}/{queued}/remix", {"prompt": "at night"})
    assert (reply.status, reply.json) == (400, error(f"Video with id '{queued}' is not completed."))


def test_a_remix_of_an_unknown_or_expired_video_is_not_found(send, clock, completed):
    unknown = send("POST", f"{VIDEOS}/video_x/remix", {"prompt": "at night"})
    clock.advance(86_400)
    expired = send("POST", f"{VIDEOS}/{completed}/remix", {"prompt": "at night"})
    assert (unknown.status, unknown.json) == (404, error("Video with id 'video_x' not found."))
    assert expired.status == 404


def test_unknown_ids_are_named_and_escaped(send):
    quoted = f"{VIDEOS}/vid%C3%A9o"
    expected = (
        404,
        (
            '{"error":{"message":"Video with id \'vid\\u00e9o\' not found.",'
            '"type":"invalid_request_error","param":null,"code":null}}'
        ),
    )
    assert send("GET", quoted).told == expected
    assert send("DELETE", quoted).told == expected
    assert send("GET", f"{quoted}/content").told == expected
