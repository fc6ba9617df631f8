"""`--lenient`: the ids of documentation exist, and uploads need not be real media."""

import pytest

from fauxreel import Emulator
from openai_requests import as_json, multipart, text


@pytest.fixture
def emulator(clock, request):
    settings = {"clock": clock, "queue_seconds": 10, "seed": 7, **getattr(request, "param", {})}
    with Emulator(lenient=True, **settings) as emulator:
        yield emulator


def file(name, data=b"Example data"):
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="upload"'
    return f"{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode() + data


EXAMPLE = {
    "id": "video_123",
    "object": "video",
    "created_at": 1767225600,
    "status": "completed",
    "completed_at": 1767225600,
    "error": None,
    "expires_at": 2083449600,
    "model": "sora-2",
    "progress": 100,
    "prompt": "x",
    "remixed_from_video_id": None,
    "seconds": "4",
    "size": "720x1280",
}
EMPTY = {"object": "list", "data": [], "first_id": None, "has_more": False, "last_id": None}


def error(message):
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def test_an_example_exists_completed_once_it_is_touched_and_not_before(send):
    assert send("GET", "/v1/videos").json == EMPTY
    assert send("GET", "/v1/videos/video_123").json == EXAMPLE
    assert send("GET", "/v1/videos").json["data"] == [EXAMPLE]


@pytest.mark.parametrize("emulator", [{"clock": "system"}], indirect=True, ids=["real time"])
def test_an_example_is_completed_at_its_first_retrieve_in_real_time_too(send):
    videos = [send("GET", f"/v1/videos/video_{number}").json for number in range(20)]
    assert {video["status"] for video in videos} == {"completed"}


@pytest.mark.parametrize(
    "emulator", [{"keys": ("sk-mine", "sk-yours")}], indirect=True, ids=["two keys"]
)
def test_an_example_of_two_projects_is_in_the_list_of_one_at_a_time(send):
    listed = []
    for method, path, key in (
        ("GET", "/v1/videos/video_123", "sk-mine"),
        ("GET", "/v1/videos/video_123", "sk-yours"),
        ("DELETE", "/v1/videos/video_123", "sk-yours"),
        ("GET", "/v1/videos/video_123/content", "sk-mine"),
    ):
        assert send(method, path, Authorization=f"Bearer {key}").status == 200
        keys = ("sk-mine", "sk-yours")
        pages = [send("GET", "/v1/videos", Authorization=f"Bearer {each}").json for each in keys]
        listed.append([[video["id"] for video in page["data"]] for page in pages])
    assert listed == [
        [["video_123"], []],
        [[], ["video_123"]],
        [[], []],
        [["video_123"], []],
    ]


@pytest.mark.parametrize("method", ["HEAD", "GET", "DELETE"])
@pytest.mark.parametrize("video_id", ["video_123", "video_0", "video_999999999"])
def test_an_example_answers_whatever_comes_first(send, method, video_id):
    assert send(method, f"/v1/videos/{video_id}").status == 200


def test_an_example_comes_back_after_its_deletion(send, clock):
    for _ in range(3):
        deleted = send("DELETE", "/v1/videos/video_123")
        assert deleted.json == {"id": "video_123", "object": "video.deleted", "deleted": True}
        assert send("GET", "/v1/videos").json == EMPTY
    clock.advance(5)
    again = send("GET", "/v1/videos/video_123").json
    moved = {"created_at": 1767225605, "completed_at": 1767225605, "expires_at": 2083449605}
    assert again == {**EXAMPLE, **moved}


def test_an_example_has_content_of_its_own(send):
    first, second = (send("GET", f"/v1/videos/video_{n}/content") for n in (1, 2))
    assert (first.status, first.headers["content-type"], first.body[4:8]) == (
        200, "video/mp4", b"ftyp",
    )  # fmt: skip
    assert first.body != second.body


@pytest.mark.parametrize(
    ("path", "request_", "seconds"),
    [
        ("video_123/remix", as_json({"prompt": "x"}), "4"),
        ("edits", as_json({"prompt": "x", "video": {"id": "video_123"}}), "4"),
        (
            "extensions",
            as_json({"prompt": "x", "seconds": "8", "video": {"id": "video_123"}}),
            "12",
        ),
    ],
)
def test_an_example_is_a_source(send, path, request_, seconds):
    reply = send("POST", f"/v1/videos/{path}", **request_)
    video = reply.json
    assert (reply.status, video["remixed_from_video_id"], video["seconds"]) == (
        200, "video_123", seconds,
    )  # fmt: skip


def test_an_example_of_a_character_exists_and_is_used(send):
    reply = send("GET", "/v1/videos/characters/char_123")
    create = as_json({"prompt": "a cat", "characters": [{"id": "char_123"}, {"id": "char_7"}]})
    assert (reply.status, reply.json) == (
        200,
        {"id": "char_123", "created_at": 1767225600, "name": "x"},
    )
    assert send("POST", "/v1/videos", **create).status == 200


@pytest.mark.parametrize(
    "video_id",
    ["video_", "video_abc", "video_1234567890", "video_12a", "Video_123", "char_123", "123", "video_١"],
)  # fmt: skip
def test_other_unknown_videos_are_not_found(send, video_id):
    escaped = video_id.replace("١", "%D9%A1")
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content")):
        reply = send(method, f"/v1/videos/{escaped}{path}")
        assert (reply.status, reply.json) == (404, error(f"Video with id '{video_id}' not found."))


def test_other_unknown_characters_and_files_are_not_found(send):
    character = send("GET", "/v1/videos/characters/video_123")
    file_ = send("GET", "/v1/files/file-123")
    referred = as_json({"prompt": "x", "input_reference": {"file_id": "file-123"}})
    assert (character.status, character.json) == (
        404,
        error("Character with id 'video_123' not found."),
    )
    assert (file_.status, send("POST", "/v1/videos", **referred).status) == (404, 404)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/v1/videos", [text("prompt", "x"), file("input_reference")]),
        ("/v1/videos/edits", [text("prompt", "x"), file("video")]),
        ("/v1/videos/extensions", [text("prompt", "x"), text("seconds", "4"), file("video")]),
        ("/v1/videos/characters", [text("name", "x"), file("video")]),
        ("/v1/files", [text("purpose", "vision"), file("file")]),
    ],
)
def test_uploads_are_taken_unchecked(send, path, parts):
    assert send("POST", path, **multipart(*parts)).status == 200


def test_parameters_are_checked_as_ever(send):
    reply = send("POST", "/v1/videos", **as_json({"prompt": "x", "seconds": "5"}))
    message = "Invalid value: '5'. Supported values are: '4', '8', and '12'."
    assert (reply.status, reply.json["error"]["message"]) == (400, message)


def test_the_list_of_generated_tests_is_answered(send):
    reply = send("GET", "/v1/videos?after=after&limit=0&order=asc")
    assert (reply.status, reply.json) == (200, EMPTY)
