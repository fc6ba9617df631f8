"""The official SDK in both of its ways to Azure, sync and async, over real sockets."""

import asyncio
import re

import openai
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI
from openai.types import VideoDeleteResponse

from fauxreel.media.inspect import inspect

CREATED = 1767225600


def azure(kind, emulator, **others):
    return kind(
        base_url=f"{emulator.root_url}/openai/v1/",
        api_version="preview",
        **{"api_key": "key-1", "max_retries": 0, **others},
    )


def plain(kind, emulator, **others):
    return kind(
        base_url=f"{emulator.root_url}/openai/v1/",
        **{"api_key": "key-1", "max_retries": 0, **others},
    )


WAYS = [
    pytest.param((azure, AzureOpenAI), id="AzureOpenAI"),
    pytest.param((plain, OpenAI), id="OpenAI"),
]
ASYNC_WAYS = [
    pytest.param((azure, AsyncAzureOpenAI), id="AsyncAzureOpenAI"),
    pytest.param((plain, AsyncOpenAI), id="AsyncOpenAI"),
]


@pytest.fixture(params=WAYS)
def connect(request):
    """Connects a client to an emulator."""
    make, kind = request.param
    return lambda emulator, **others: make(kind, emulator, **others)


@pytest.fixture
def client(connect, emulator):
    with connect(emulator) as client:
        yield client


@pytest.fixture(params=ASYNC_WAYS)
def connect_async(request):
    """Connects an async client to an emulator."""
    make, kind = request.param
    return lambda emulator: make(kind, emulator)


def body(message, param=None, code=None, kind="invalid_request_error"):
    return {"message": message, "type": kind, "param": param, "code": code}


def test_a_video_from_the_first_call_to_the_last(client, clock, tmp_path):
    video = client.videos.create(model="dep", prompt="a mug", seconds="8", size="1280x720")
    assert re.fullmatch(r"video_6955b900[0-9a-f]{4}8190[0-9a-f]{16}", video.id)
    clock.advance(70)
    video = client.videos.poll(video.id)
    assert video.to_dict() == {
        "id": video.id,
        "object": "video",
        "created_at": CREATED,
        "status": "completed",
        "completed_at": CREATED + 70,
        "error": None,
        "expires_at": CREATED + 86_400,
        "model": "dep",
        "progress": 100,
        "prompt": "a mug",
        "remixed_from_video_id": None,
        "seconds": "8",
        "size": "1280x720",
    }
    client.videos.download_content(video.id, variant="video").write_to_file(tmp_path / "a.mp4")
    remix = client.videos.remix(video.id, prompt="at night")
    listed = [each.id for each in client.videos.list(limit=1)]
    deleted = client.videos.delete(video.id)
    found = inspect(tmp_path / "a.mp4")
    assert (found.width, found.height, found.stamp.id) == (1280, 720, video.id)
    assert (remix.remixed_from_video_id, remix.seconds) == (video.id, "8")
    assert listed == [remix.id, video.id]
    assert deleted == VideoDeleteResponse(id=video.id, object="video.deleted", deleted=True)


def test_create_and_poll_returns_the_completed_video(connect, run):
    with connect(run(clock="auto")) as client:
        video = client.videos.create_and_poll(model="dep", prompt="a mug")
    assert (video.status, video.progress) == ("completed", 100)


def test_a_reference_is_uploaded(client, image):
    file = ("mug.png", image(720, 1280), "image/png")
    assert (
        client.videos.create(model="dep", prompt="a mug", input_reference=file).status == "queued"
    )


def test_the_models_are_listed(client):
    assert [model.id for model in client.models.list()][:2] == ["sora-2", "sora-2-pro"]


def test_the_async_clients_do_the_same(connect_async, emulator, clock):
    async def talk():
        async with connect_async(emulator) as client:
            video = await client.videos.create(model="dep", prompt="a mug")
            clock.advance(70)
            video = await client.videos.poll(video.id)
            content = await client.videos.download_content(video.id)
            remix = await client.videos.remix(video.id, prompt="at night")
            listed = [each.id async for each in client.videos.list(limit=1)]
            deleted = await client.videos.delete(video.id)
            with pytest.raises(openai.NotFoundError):
                await client.videos.retrieve(video.id)
            return video, content.content[4:8], remix, listed, deleted.deleted

    video, start, remix, listed, deleted = asyncio.run(talk())
    assert (video.status, video.expires_at) == ("completed", CREATED + 86_400)
    assert (start, remix.remixed_from_video_id, deleted) == (b"ftyp", video.id, True)
    assert listed == [remix.id, video.id]


def test_an_unknown_id_raises_not_found(client):
    for call in (
        lambda: client.videos.retrieve("video_x"),
        lambda: client.videos.delete("video_x"),
        lambda: client.videos.download_content("video_x"),
        lambda: client.videos.remix("video_x", prompt="at night"),
    ):
        with pytest.raises(openai.NotFoundError) as raised:
            call()
        assert raised.value.body == body("Video with id 'video_x' not found.")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {"seconds": "6"},
            body(
                "Invalid value: '6'. Supported values are: '4', '8', and '12'.",
                "seconds",
                "invalid_value",
            ),
        ),
        (
            {"size": "1792x1024"},
            body(
                "Invalid value: '1792x1024'. Supported values are: '720x1280' and '1280x720'.",
                "size",
                "invalid_value",
            ),
        ),
        (
            {"extra_body": {"n_seconds": 5}},
            body("Unknown parameter: 'n_seconds'.", "n_seconds", "unknown_parameter"),
        ),
    ],
)
def test_a_bad_parameter_raises_bad_request(client, arguments, expected):
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.create(model="dep", prompt="a mug", **arguments)
    assert raised.value.body == expected


def test_a_missing_model_raises_bad_request(client):
    with pytest.raises(openai.BadRequestError) as raised:
        client.videos.create(prompt="a mug")
    assert raised.value.body == body(
        "Missing required parameter: 'model'.", "model", "missing_required_parameter"
    )


def test_an_unknown_deployment_raises_not_found(connect, run):
    with (
        connect(run(azure_deployments=("video-eu",))) as client,
        pytest.raises(openai.NotFoundError) as raised,
    ):
        client.videos.create(model="sora-2", prompt="a mug")
    assert raised.value.body == body(
        "The API deployment 'sora-2' for this resource does not exist. If you created the "
        "deployment within the last 5 minutes, please wait a moment and try again.",
        kind="video_generation_user_error",
    )


def test_a_refused_key_raises_an_authentication_error(emulator):
    with (
        azure(AzureOpenAI, emulator, api_key="sk-invalid") as client,
        pytest.raises(openai.AuthenticationError) as raised,
    ):
        client.videos.list()
    assert raised.value.body == {
        "code": "401",
        "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure "
        "to provide a valid key for an active subscription and use a correct regional API endpoint "
        "for your resource.",
    }


def test_a_refused_token_raises_an_authentication_error_with_the_flat_body(emulator):
    with (
        plain(OpenAI, emulator, api_key="sk-invalid") as client,
        pytest.raises(openai.AuthenticationError) as raised,
    ):
        client.videos.list()
    assert raised.value.body == {
        "statusCode": 401,
        "message": "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired.",
    }


def test_a_token_provider_is_as_good_as_a_key(emulator):
    with azure(
        AzureOpenAI, emulator, api_key=None, azure_ad_token_provider=lambda: "eyJ.e30.c2ln"
    ) as client:
        assert client.videos.create(model="dep", prompt="a mug").status == "queued"


def test_the_default_path_of_the_azure_client_is_not_found(emulator):
    with AzureOpenAI(
        azure_endpoint=emulator.root_url, api_version="2025-04-01-preview", api_key="key-1"
    ) as client:
        for call in (
            lambda: client.videos.create(model="dep", prompt="a mug"),
            lambda: client.videos.retrieve("video_x"),
            client.videos.list,
        ):
            with pytest.raises(openai.NotFoundError) as raised:
                call()
            assert raised.value.body == {"code": "404", "message": "Resource not found"}


def test_a_dated_version_raises_bad_request_on_the_right_path(emulator):
    with (
        AzureOpenAI(
            base_url=f"{emulator.root_url}/openai/v1/",
            api_version="2025-04-01-preview",
            api_key="key-1",
        ) as client,
        pytest.raises(openai.BadRequestError) as raised,
    ):
        client.videos.list()
    assert raised.value.body == {
        "code": "BadRequest",
        "message": "api-version query parameter is not allowed when using /v1 path",
    }
