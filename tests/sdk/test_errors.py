"""Each error of the real service as the SDK raises it, with its body to the letter."""

import io

import openai
import pytest
from openai import OpenAI
from PIL import Image

from fauxreel import Emulator


def body(message, param=None, code=None, type_="invalid_request_error"):
    return {"message": message, "type": type_, "param": param, "code": code}


def png(width, height):
    image = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(image, "png")
    return ("reference.png", image.getvalue(), "image/png")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            {"seconds": "10"},
            body("Invalid value: '10'. Supported values are: '4', '8', and '12'.", "seconds", "invalid_value"),
            id="seconds",
        ),
        pytest.param(
            {"size": "1080x1080"},
            body(
                "Invalid value: '1080x1080'. Supported values are: '720x1280', '1280x720', '1024x1792', "
                "and '1792x1024'.", "size", "invalid_value",
            ),
            id="size",
        ),
        pytest.param(
            {"size": "1792x1024"},
            body("Invalid value: '1792x1024'. Supported values are: '720x1280' and '1280x720'.", "size", "invalid_value"),
            id="size of another model",
        ),
        pytest.param(
            {"model": "sora-1-turbo"},
            body(
                "Invalid value: 'sora-1-turbo'. Supported values are: 'sora-2', 'sora-2-pro', 'sora-2-2025-10-06', "
                "'sora-2-pro-2025-10-06', and 'sora-2-2025-12-08'.", "model", "invalid_value",
            ),
            id="model",
        ),
        pytest.param(
            {"extra_body": {"width": 720, "aspect_ratio": "9:16"}},
            body("Unknown parameter: 'width'.", "width", "unknown_parameter"),
            id="unknown parameter, before any other fault",
        ),
        pytest.param(
            {"prompt": ""},
            body(
                "Invalid 'prompt': empty string. Expected a string with minimum length 1, "
                "but got an empty string instead.", "prompt", "empty_string",
            ),
            id="empty prompt",
        ),
        pytest.param(
            {"prompt": "x" * 32001, "seconds": "10"},
            body(
                "Invalid 'prompt': string too long. Expected a string with maximum length 32000, "
                "but got a string with length 32001 instead.", "prompt", "string_above_max_length",
            ),
            id="long prompt, before seconds",
        ),
        pytest.param(
            {"input_reference": png(64, 64)},
            body("Inpaint image must match the requested width and height"),
            id="reference of another size",
        ),
        pytest.param(
            {"input_reference": png(720, 1280)[1]},
            body(
                "Invalid file 'input_reference': unsupported mimetype ('application/octet-stream'). Supported "
                "file formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'.",
                "input_reference", "unsupported_file_mimetype",
            ),
            id="bytes without a type",
        ),
    ],
)  # fmt: skip
def test_a_bad_create_is_refused_in_the_real_words_and_stores_nothing(client, arguments, expected):
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.create(**{"prompt": "a cat", **arguments})
    assert raised.value.body == expected
    assert client.videos.list().data == []


@pytest.mark.parametrize(
    ("body_json", "expected"),
    [
        pytest.param(
            {"prompt": "a cat", "seconds": 8},
            body(
                "Invalid type for 'seconds': expected one of '4', '8', or '12', but got an integer instead.",
                "seconds", "invalid_type",
            ),
            id="seconds as a number",
        ),
        pytest.param(
            {"prompt": None},
            body("Invalid type for 'prompt': expected a string, but got null instead.", "prompt", "invalid_type"),
            id="prompt null",
        ),
        pytest.param(
            {"prompt": 5},
            body("Invalid type for 'prompt': expected a string, but got an integer instead.", "prompt", "invalid_type"),
            id="prompt a number",
        ),
        pytest.param(
            {},
            body("Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter"),
            id="no prompt",
        ),
        pytest.param(
            {"prompt": "a cat", "input_reference": "https://example.com/a.png"},
            body(
                "Invalid type for 'input_reference': expected an object, but got a string instead.",
                "input_reference", "invalid_type",
            ),
            id="reference as a text",
        ),
    ],
)  # fmt: skip
def test_a_bad_json_body_is_refused_in_the_real_words(client, body_json, expected):
    with pytest.raises(openai.BadRequestError) as raised:
        client.post("/videos", body=body_json, cast_to=object)
    assert raised.value.body == expected


def test_an_image_of_the_right_size_is_accepted(client):
    video = client.videos.create(prompt="a cat", size="720x1280", input_reference=png(720, 1280))
    assert video.status == "queued"


def test_longer_videos_and_1080p_are_accepted_though_no_list_names_them(client):
    video = client.videos.create(prompt="a cat", model="sora-2-pro", seconds="20", size="1920x1080")
    assert (video.seconds, video.size) == ("20", "1920x1080")


def test_user_is_accepted_unless_a_setting_refuses_it(client):
    assert client.videos.create(prompt="a cat", extra_body={"user": "u-1"}).status == "queued"
    with (
        Emulator(accept_user=False) as strict,
        OpenAI(base_url=strict.base_url, api_key="sk-1") as strict_client,
        pytest.raises(openai.BadRequestError) as raised,
    ):
        strict_client.videos.create(prompt="a cat", extra_body={"user": "u-1"})
    assert raised.value.body == body("Unknown parameter: 'user'.", "user", "unknown_parameter")


def test_an_unknown_id_is_not_found(client):
    expected = body("Video with id 'video_x' not found.")
    for call in (
        lambda: client.videos.retrieve("video_x"),
        lambda: client.videos.delete("video_x"),
        lambda: client.videos.download_content("video_x"),
        lambda: client.videos.remix("video_x", prompt="a dog"),
    ):
        with pytest.raises(openai.NotFoundError) as raised:
            call()
        assert raised.value.body == expected


def test_content_before_the_end_is_not_found_with_the_literal_placeholder(client):
    video = client.videos.create(prompt="a cat")
    with pytest.raises(openai.NotFoundError) as raised:
        client.videos.download_content(video.id)
    assert raised.value.body == body(
        "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
    )


def test_content_expires_after_an_hour_and_the_job_stays(client, clock):
    video = client.videos.create(prompt="a cat")
    clock.advance(70 + 3599)
    assert client.videos.download_content(video.id).response.status_code == 200
    clock.advance(1)
    with pytest.raises(openai.NotFoundError) as raised:
        client.videos.download_content(video.id)
    assert raised.value.body == body(
        "The video is no longer available. Downloads expire after 1 hours."
    )
    assert client.videos.retrieve(video.id).status == "completed"


def test_a_remix_of_an_unfinished_video_is_refused(client):
    video = client.videos.create(prompt="a cat")
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.remix(video.id, prompt="a dog")
    assert raised.value.body == body(f"Video with id '{video.id}' is not completed.")


def test_a_refused_key_raises_an_authentication_error(emulator):
    with (
        OpenAI(base_url=emulator.base_url, api_key="sk-invalid-123456") as client,
        pytest.raises(openai.AuthenticationError) as raised,
    ):
        client.videos.list()
    assert raised.value.body == body(
        "Incorrect API key provided: sk-in***56. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"limit": "101"}, body("Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.", "limit", "integer_above_max_value")),
        ({"limit": "-1"}, body("Invalid 'limit': integer below minimum value. Expected a value >= 0, but got -1 instead.", "limit", "integer_below_min_value")),
        ({"limit": "many"}, body("Invalid type for 'limit': expected an integer, but got a string instead.", "limit", "invalid_type")),
        ({"order": "up"}, body("Invalid value: 'up'. Supported values are: 'asc' and 'desc'.", "order", "invalid_value")),
    ],
    ids=["above", "below", "no number", "order"],
)  # fmt: skip
def test_a_bad_page_is_refused(client, query, expected):
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.list(extra_query=query)
    assert raised.value.body == expected


def test_a_bad_variant_is_refused(client, clock):
    video = client.videos.create(prompt="a cat")
    clock.advance(70)
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.download_content(video.id, extra_query={"variant": "gif"})
    assert raised.value.body == body(
        "Invalid value: 'gif'. Supported values are: 'video', 'thumbnail', and 'spritesheet'.",
        "variant",
        "invalid_value",
    )


def test_an_unknown_cursor_has_nothing_after_it(client):
    client.videos.create(prompt="a cat")
    assert client.videos.list(after="video_x").data == []


def test_listed_keys_are_projects_of_their_own():
    with Emulator(keys=("sk-one", "sk-two")) as emulator:
        clients = [
            OpenAI(base_url=emulator.base_url, api_key=key)
            for key in ("sk-one", "sk-two", "sk-three")
        ]
        video = clients[0].videos.create(prompt="a cat")
        assert [each.id for each in clients[0].videos.list()] == [video.id]
        assert clients[1].videos.list().data == []
        with pytest.raises(openai.NotFoundError):
            clients[1].videos.retrieve(video.id)
        with pytest.raises(openai.AuthenticationError):
            clients[2].videos.list()
        for client in clients:
            client.close()
