"""Edits: a new video after a completed one, named by its id."""

import json

import pytest

from openai_requests import empty, error, missing, mistyped, multipart, text, unknown

FORM = "application/x-www-form-urlencoded"


def as_json(value):
    body = value if isinstance(value, str) else json.dumps(value)
    return {"body": body, "content_type": "application/json"}


def file(name, data, content_type):
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="a.mp4"'
    return f"{disposition}\r\nContent-Type: {content_type}\r\n\r\n".encode() + data


@pytest.fixture
def edit(send):
    return lambda request: send("POST", "/v1/videos/edits", **request)


@pytest.fixture
def source(send, clock):
    """A completed video in which nothing is a default."""
    wanted = {"prompt": "a cat", "model": "sora-2-pro", "seconds": "8", "size": "1280x720"}
    video_id = send("POST", "/v1/videos", **as_json(wanted)).json["id"]
    clock.advance(70)
    return video_id


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(
            lambda source: as_json({"prompt": "bluer", "video": {"id": source}}), id="json"
        ),
        pytest.param(
            lambda source: multipart(text("prompt", "bluer"), text("video[id]", source)),
            id="multipart",
        ),
        pytest.param(
            lambda source: {"body": f"video[id]={source}&prompt=bluer", "content_type": FORM},
            id="urlencoded",
        ),
        pytest.param(
            lambda source: {"body": f"prompt=bluer&video%5Bid%5D={source}", "content_type": FORM},
            id="urlencoded with its brackets escaped",
        ),
    ],
)
def test_an_edit_inherits_model_length_and_size_and_names_its_source(edit, source, request_of):
    reply = edit(request_of(source))
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
        "prompt": "bluer",
        "remixed_from_video_id": source,
        "seconds": "8",
        "size": "1280x720",
    }
    assert reply.json["id"] != source


def test_an_edit_is_a_video_like_any_other(send, edit, source, clock):
    edited = edit(as_json({"prompt": "bluer", "video": {"id": source}})).json
    assert [video["id"] for video in send("GET", "/v1/videos").json["data"]] == [
        edited["id"],
        source,
    ]
    clock.advance(70)
    again = edit(as_json({"prompt": "greener", "video": {"id": edited["id"]}})).json
    assert (again["remixed_from_video_id"], again["seconds"]) == (edited["id"], "8")


def test_an_edit_of_an_unknown_video_is_not_found(edit):
    reply = edit(as_json({"prompt": "bluer", "video": {"id": "video_123"}}))
    assert (reply.status, reply.json) == (404, error("Video with id 'video_123' not found.", None, None))  # fmt: skip


@pytest.mark.parametrize("seconds", [0, 10, 69])
def test_an_edit_of_an_unfinished_video_is_refused(send, edit, clock, seconds):
    source = send("POST", "/v1/videos", **as_json({"prompt": "a cat"})).json["id"]
    clock.advance(seconds)
    reply = edit(as_json({"prompt": "bluer", "video": {"id": source}}))
    message = f"Video with id '{source}' is not completed."
    assert (reply.status, reply.json) == (400, error(message, None, None))


def test_an_edit_of_a_failed_video_is_refused(send, edit):
    source = send("POST", "/v1/videos", **as_json({"prompt": "a cat"})).json["id"]
    failure = {"status": "failed", "error": {"code": "moderation_blocked", "message": "No."}}
    send("POST", f"/_fauxreel/videos/{source}/force", **as_json(failure))
    reply = edit(as_json({"prompt": "bluer", "video": {"id": source}}))
    message = f"Video with id '{source}' is not completed."
    assert (reply.status, reply.json) == (400, error(message, None, None))


def test_an_edit_of_an_expired_video_is_refused_in_the_words_of_a_download(edit, completed, clock):
    request = as_json({"prompt": "bluer", "video": {"id": completed}})
    clock.advance(3599)
    before = edit(request)
    clock.advance(1)
    after = edit(request)
    message = "The video is no longer available. Downloads expire after 1 hours."
    assert before.status == 200
    assert (after.status, after.json) == (404, error(message, None, None))


UNKNOWN_VIDEO = error("Unknown parameter: 'video'.", "video", "unknown_parameter")
TWICE = (
    "Duplicate parameter: '{name}'. You provided multiple values for this parameter, whereas only "
    "one is allowed. If you are trying to provide a list of values, use the array syntax instead "
    "e.g. '{name}[]=<value>'."
)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            multipart(text("prompt", "bluer"), file("video", b"\0\0\0\x18ftypisom", "video/mp4")),
            UNKNOWN_VIDEO,
            id="an uploaded file",
        ),
        pytest.param(
            multipart(file("video", b"", "application/octet-stream")),
            UNKNOWN_VIDEO,
            id="an uploaded file, before the missing prompt",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": "video_1"}),
            mistyped("video", "an object", "a string"),
            id="text",
        ),
        pytest.param(
            multipart(text("prompt", "bluer"), text("video", "video_1")),
            mistyped("video", "an object", "a string"),
            id="text in a form",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": None}),
            mistyped("video", "an object", "null"),
            id="null",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": [{"id": "video_1"}]}),
            mistyped("video", "an object", "an array"),
            id="an array",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {"id": 1}}),
            mistyped("video.id", "a string", "an integer"),
            id="a number for an id",
        ),
        pytest.param(
            multipart(text("prompt", "bluer"), file("video[id]", b"video_1", "text/plain")),
            mistyped("video.id", "a string", "a file"),
            id="a file for an id",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {"id": ""}}), empty("video.id"), id="empty id"
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {}}), missing("video.id"), id="an empty object"
        ),
        pytest.param(as_json({"prompt": "bluer"}), missing("video"), id="no video"),
        pytest.param(as_json({"video": {"id": "video_1"}}), missing("prompt"), id="no prompt"),
        pytest.param({"body": b"", "content_type": FORM}, missing("video"), id="no body"),
        pytest.param(
            as_json({"prompt": "", "video": {"id": "video_1"}}), empty("prompt"), id="empty prompt"
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {"id": "video_1", "url": "x"}}),
            unknown("video.url"),
            id="an unknown key of video",
        ),
        pytest.param(
            multipart(text("video[url]", "x"), text("prompt", "bluer")),
            unknown("video.url"),
            id="an unknown key of video in a form",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {"id": "video_1"}, "seconds": "4"}),
            unknown("seconds"),
            id="a length",
        ),
        pytest.param(
            as_json({"prompt": "bluer", "video": {"id": "video_1"}, "model": "sora-2"}),
            unknown("model"),
            id="a model",
        ),
        pytest.param(
            as_json('{"prompt":"bluer","video":{"id":"a"},"video":{"id":"b"}}'),
            error(TWICE.format(name="video"), "video", "duplicate_parameter"),
            id="twice",
        ),
        pytest.param(
            as_json('{"prompt":"bluer","video":{"id":"a","id":"b"}}'),
            error(TWICE.format(name="id"), "id", "duplicate_parameter"),
            id="two ids",
        ),
        pytest.param(
            multipart(text("prompt", "bluer"), text("video[id]", "a"), text("video[id]", "b")),
            error(TWICE.format(name="video"), "video", "duplicate_parameter"),
            id="twice in a form",
        ),
        pytest.param(
            {"body": "prompt=bluer&video=a&video[id]=b", "content_type": FORM},
            error(TWICE.format(name="video"), "video", "duplicate_parameter"),
            id="as text and as an object",
        ),
    ],
)
def test_a_bad_edit_is_refused_to_the_letter_and_stores_nothing(send, edit, request_, expected):
    reply = edit(request_)
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []
