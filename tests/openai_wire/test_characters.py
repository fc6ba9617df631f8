"""Characters: made from an uploaded mp4, retrieved, and named in creates."""

import re

import pytest

from fauxreel import Emulator
from fauxreel.resources import shipped
from openai_requests import as_json, error, missing, mistyped, multipart, png, text, unsupported

MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()


def video(data=MP4, content_type="video/mp4"):
    kind = "" if content_type is None else f"\r\nContent-Type: {content_type}"
    disposition = 'Content-Disposition: form-data; name="video"; filename="cat.mp4"'
    return f"{disposition}{kind}\r\n\r\n".encode() + data


@pytest.fixture
def make(send):
    """The id of a new character."""

    def make(name="Mossy", **headers):
        request = multipart(text("name", name), video())
        reply = send("POST", "/v1/videos/characters", **request, **headers)
        assert reply.status == 200, reply.json
        return reply.json["id"]

    return make


def test_a_character_is_made_and_retrieved_with_its_keys_in_order(send):
    made = send("POST", "/v1/videos/characters", **multipart(text("name", 'Mö "x"'), video()))
    character_id = made.json["id"]
    assert re.fullmatch(r"char_[0-9a-f]+", character_id)
    assert (made.status, made.body.decode()) == (
        200,
        f'{{"id":"{character_id}","created_at":1767225600,"name":"Mö \\"x\\""}}',
    )
    assert send("GET", f"/v1/videos/characters/{character_id}").body == made.body


def test_characters_are_no_videos(send, make):
    character_id = make()
    assert send("GET", "/v1/videos").json["data"] == []
    assert send("GET", f"/v1/videos/{character_id}").status == 404


@pytest.mark.parametrize("name", ["x", "x" * 80, "猫" * 80, " "])
def test_a_name_has_one_to_eighty_characters(send, make, name):
    assert send("GET", f"/v1/videos/characters/{make(name)}").json["name"] == name


UNDECODABLE = error(
    "Invalid file 'video': the file could not be decoded. It may be corrupted or truncated.",
    "video",
    "invalid_file",
)
NAMED = text("name", "Mossy")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            multipart(text("name", ""), video()),
            error(
                "Invalid 'name': empty string. Expected a string with minimum length 1, "
                "but got an empty string instead.", "name", "empty_string",
            ),
            id="an empty name",
        ),
        pytest.param(
            multipart(text("name", "x" * 81), video()),
            error(
                "Invalid 'name': string too long. Expected a string with maximum length 80, "
                "but got a string with length 81 instead.", "name", "string_above_max_length",
            ),
            id="a long name",
        ),
        pytest.param(multipart(video()), missing("name"), id="no name"),
        pytest.param(multipart(NAMED), missing("video"), id="no video"),
        pytest.param(multipart(NAMED, text("video", "cat.mp4")), mistyped("video", "a file", "a string"), id="text"),
        pytest.param(
            multipart(NAMED, text("video[id]", "video_1")), mistyped("video", "a file", "an object"), id="an id",
        ),
        pytest.param(
            as_json({"name": "Mossy", "video": "data:video/mp4;base64,AAAA"}),
            mistyped("video", "a file", "a string"),
            id="json",
        ),
        pytest.param(
            as_json({"name": "Mossy", "video": {"id": "video_1"}}),
            mistyped("video", "a file", "an object"),
            id="json with an id",
        ),
        pytest.param(as_json({}), missing("name"), id="an empty object"),
        pytest.param(
            multipart(NAMED, video(), text("prompt", "a cat")),
            error("Unknown parameter: 'prompt'.", "prompt", "unknown_parameter"),
            id="an unknown parameter",
        ),
        pytest.param(
            multipart(NAMED, video(content_type="application/octet-stream")),
            unsupported("application/octet-stream"),
            id="octet-stream",
        ),
        pytest.param(multipart(NAMED, video(content_type=None)), unsupported("application/octet-stream"), id="no type"),
        pytest.param(multipart(NAMED, video(content_type="video/webm")), unsupported("video/webm"), id="webm"),
        pytest.param(multipart(NAMED, video(png(), "image/png")), unsupported("image/png"), id="an image"),
        pytest.param(multipart(NAMED, video(png())), unsupported("image/png"), id="an image called mp4"),
        pytest.param(multipart(NAMED, video(MP4[:-1000])), UNDECODABLE, id="a cut mp4"),
    ],
)  # fmt: skip
def test_a_bad_character_is_refused_to_the_letter(send, request_, expected):
    reply = send("POST", "/v1/videos/characters", **request_)
    assert (reply.status, reply.json) == (400, expected)


def test_an_unknown_character_is_not_found(send):
    reply = send("GET", "/v1/videos/characters/char_123")
    assert (reply.status, reply.json) == (404, error("Character with id 'char_123' not found."))


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda a, b: as_json({"prompt": "x", "characters": [{"id": a}, {"id": b}]}), id="two in json"),
        pytest.param(lambda a, b: as_json({"prompt": "x", "characters": [{"id": a}]}), id="one in json"),
        pytest.param(lambda a, b: as_json({"prompt": "x", "characters": []}), id="none in json"),
        pytest.param(
            lambda a, b: multipart(text("prompt", "x"), text("characters[][id]", a), text("characters[][id]", b)),
            id="two in multipart",
        ),
        pytest.param(
            lambda a, b: {
                "body": f"prompt=x&characters[][id]={a}&characters[][id]={b}",
                "content_type": "application/x-www-form-urlencoded",
            },
            id="two in an urlencoded form",
        ),
    ],
)  # fmt: skip
def test_a_create_takes_up_to_two_characters(send, make, request_of):
    reply = send("POST", "/v1/videos", **request_of(make("Mossy"), make("Fern")))
    assert (reply.status, reply.json["status"]) == (200, "queued")


UNKNOWN = error("Character with id 'char_123' not found.")
LONG = error(
    "Invalid 'characters': array too long. Expected an array with maximum length 2, "
    "but got an array with length 3 instead.",
    "characters",
    "array_above_max_length",
)


@pytest.mark.parametrize(
    ("characters", "status", "expected"),
    [
        pytest.param([{"id": "char_123"}], 404, UNKNOWN, id="unknown"),
        pytest.param([{"id": "a"}, {"id": "b"}, {"id": "c"}], 400, LONG, id="three"),
        pytest.param({"id": "char_123"}, 400, mistyped("characters", "an array", "an object"), id="an object"),
        pytest.param("char_123", 400, mistyped("characters", "an array", "a string"), id="text"),
        pytest.param(None, 400, mistyped("characters", "an array", "null"), id="null"),
        pytest.param(["char_123"], 400, mistyped("characters[0]", "an object", "a string"), id="texts"),
        pytest.param([{"id": "a"}, {"id": 5}], 400, mistyped("characters[1].id", "a string", "an integer"), id="number"),
        pytest.param([{}], 400, missing("characters[0].id"), id="no id"),
        pytest.param(
            [{"id": "a", "name": "Mossy"}],
            400,
            error("Unknown parameter: 'characters[0].name'.", "characters[0].name", "unknown_parameter"),
            id="an unknown key",
        ),
    ],
)  # fmt: skip
def test_bad_characters_are_refused_to_the_letter_and_store_nothing(
    send, characters, status, expected
):
    reply = send("POST", "/v1/videos", **as_json({"prompt": "x", "characters": characters}))
    assert (reply.status, reply.json) == (status, expected)
    assert send("GET", "/v1/videos").json["data"] == []


def test_three_characters_in_a_form_are_too_many(send):
    ids = [text("characters[][id]", each) for each in "abc"]
    reply = send("POST", "/v1/videos", **multipart(text("prompt", "x"), *ids))
    assert (reply.status, reply.json) == (400, LONG)


@pytest.fixture
def emulator(clock, request):
    keys = getattr(request, "param", ())
    settings = {"queue_seconds": 10, "processing_seconds": 60, "seed": 7}
    with Emulator(clock=clock, keys=keys, **settings) as emulator:
        yield emulator


@pytest.mark.parametrize("emulator", [("sk-mine", "sk-yours")], indirect=True, ids=["two keys"])
def test_a_character_belongs_to_its_project(send, make):
    character_id = make(Authorization="Bearer sk-mine")
    create = as_json({"prompt": "x", "characters": [{"id": character_id}]})
    unknown = error(f"Character with id '{character_id}' not found.")
    for key, status in (("sk-mine", 200), ("sk-yours", 404)):
        retrieved = send("GET", f"/v1/videos/characters/{character_id}", Authorization=f"Bearer {key}")  # fmt: skip
        created = send("POST", "/v1/videos", **create, Authorization=f"Bearer {key}")
        assert (retrieved.status, created.status) == (status, status)
    assert (retrieved.json, created.json) == (unknown, unknown)
