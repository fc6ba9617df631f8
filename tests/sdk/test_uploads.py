"""What the SDK uploads: characters, files, and videos to edit and extend."""

import io

import openai
import pytest
from openai import OpenAI
from openai.types import FileDeleted
from PIL import Image

from fauxreel import Emulator
from fauxreel.resources import shipped

STARTED = 1767225600


def clip(size="720x1280"):
    data = shipped("fixtures", "media", f"{size}.mp4").read_bytes()
    return ("cat.mp4", data, "video/mp4")


def png(width=720, height=1280):
    image = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(image, "png")
    return ("cat.png", image.getvalue(), "image/png")


@pytest.fixture
def eligible(clock):
    """A client of an emulator that takes uploaded videos."""
    with (
        Emulator(clock=clock, accept_video_uploads=True) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        yield client


def test_an_uploaded_video_is_edited_where_that_is_allowed(eligible):
    video = eligible.videos.edit(prompt="bluer", video=clip("1280x720"))
    assert video.to_dict() == {
        "id": video.id,
        "object": "video",
        "created_at": STARTED,
        "status": "queued",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2",
        "progress": 0,
        "prompt": "bluer",
        "remixed_from_video_id": None,
        "seconds": "4",
        "size": "1280x720",
    }


def test_an_uploaded_video_is_extended_where_that_is_allowed(eligible):
    video = eligible.videos.extend(prompt="on", seconds="8", video=clip())
    assert (video.seconds, video.size) == ("12", "720x1280")


@pytest.mark.parametrize("operation", ["edit", "extend"])
def test_an_uploaded_video_is_an_unknown_parameter_otherwise(client, operation):
    arguments = {"seconds": "4"} if operation == "extend" else {}
    with pytest.raises(openai.BadRequestError) as raised:
        getattr(client.videos, operation)(prompt="bluer", video=clip(), **arguments)
    assert raised.value.body == {
        "message": "Unknown parameter: 'video'.",
        "type": "invalid_request_error",
        "param": "video",
        "code": "unknown_parameter",
    }


def test_bytes_without_a_type_are_no_video(eligible):
    with pytest.raises(openai.BadRequestError) as raised:
        eligible.videos.edit(prompt="bluer", video=clip()[1])
    assert raised.value.body == {
        "message": "Invalid file 'video': unsupported mimetype ('application/octet-stream'). "
        "Supported file formats are 'video/mp4'.",
        "type": "invalid_request_error",
        "param": "video",
        "code": "unsupported_file_mimetype",
    }


def test_a_video_named_by_its_id_is_posted_past_the_typed_method(client, clock):
    source = client.videos.create(prompt="a cat")
    clock.advance(70)
    body = {"prompt": "bluer", "video": {"id": source.id}}
    edited = client.post("/videos/edits", body=body, cast_to=openai.types.Video)
    assert (edited.remixed_from_video_id, edited.status) == (source.id, "queued")


def test_a_character_is_created_retrieved_and_used(client):
    character = client.videos.create_character(name="Mossy", video=clip())
    assert character.to_dict() == {"id": character.id, "created_at": STARTED, "name": "Mossy"}
    assert client.videos.get_character(character.id).to_dict() == character.to_dict()
    other = client.videos.create_character(name="Fern", video=clip())
    shown = {"characters": [{"id": character.id}, {"id": other.id}]}
    assert client.videos.create(prompt="both", extra_body=shown).status == "queued"


def test_a_third_character_is_too_many(client):
    shown = {"characters": [{"id": each} for each in "abc"]}
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.create(prompt="all", extra_body=shown)
    assert raised.value.code == "array_above_max_length"


def test_an_unknown_character_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as raised:
        client.videos.get_character("char_123")
    assert raised.value.body == {
        "message": "Character with id 'char_123' not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }


def test_a_file_is_created_retrieved_read_and_deleted(client):
    stored = client.files.create(file=png(), purpose="vision")
    assert stored.to_dict() == {
        "object": "file",
        "id": stored.id,
        "purpose": "vision",
        "filename": "cat.png",
        "bytes": len(png()[1]),
        "created_at": STARTED,
        "expires_at": None,
        "status": "processed",
        "status_details": None,
    }
    assert client.files.retrieve(stored.id) == stored
    assert client.files.content(stored.id).read() == png()[1]
    assert client.files.delete(stored.id) == FileDeleted(id=stored.id, object="file", deleted=True)
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(stored.id)


def test_files_are_listed_page_by_page(client):
    ids = [client.files.create(file=png(), purpose="vision").id for _ in range(5)]
    other = client.files.create(file=("a.jsonl", b"{}"), purpose="batch").id
    assert [stored.id for stored in client.files.list(limit=2)] == [other, *ids[::-1]]
    assert [stored.id for stored in client.files.list(limit=2, order="asc")] == [*ids, other]
    assert [stored.id for stored in client.files.list(limit=2, purpose="vision")] == ids[::-1]


def test_a_file_is_referred_to_by_its_id(client):
    stored = client.files.create(file=png(), purpose="vision")
    body = {"prompt": "a cat", "input_reference": {"file_id": stored.id}}
    assert client.post("/videos", body=body, cast_to=openai.types.Video).status == "queued"


def test_a_model_is_retrieved_or_not_found(client):
    assert client.models.retrieve("sora-2").to_dict() == {
        "id": "sora-2",
        "object": "model",
        "created": 1759708615,
        "owned_by": "system",
    }
    with pytest.raises(openai.NotFoundError) as raised:
        client.models.retrieve("sora-3")
    assert raised.value.code == "model_not_found"
