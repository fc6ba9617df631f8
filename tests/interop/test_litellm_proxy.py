"""A real LiteLLM proxy in front of the emulator, driven by plain HTTP and by the OpenAI SDK."""

import base64

import pytest
from openai import APIStatusError, NotFoundError, OpenAI

pytestmark = pytest.mark.slow

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def client(proxy):
    with OpenAI(base_url=f"{proxy}/v1", api_key="sk-1234", max_retries=0) as client:
        yield client


def test_create_and_poll_then_download_through_the_openai_sdk(client):
    video = client.videos.create_and_poll(prompt="a cat", model="sora-2", poll_interval_ms=50)
    content = client.videos.download_content(video.id).read()
    assert (video.status, video.model, content[4:8]) == ("completed", "sora-2", b"ftyp")


def test_a_remix_through_the_openai_sdk(client, finished):
    source = finished("proxy")
    remix = client.videos.remix(source.wrapped, prompt="bluer")
    assert (remix.status, remix.remixed_from_video_id) == ("queued", source.raw)


def test_an_unknown_id_through_the_openai_sdk_is_not_found(client, wrap):
    with pytest.raises(NotFoundError):
        client.videos.retrieve(wrap("video_nope"))


def test_the_sdk_cannot_delete_through_the_proxy(client, finished):
    with pytest.raises(APIStatusError) as caught:
        client.videos.delete(finished("proxy").wrapped)
    assert (caught.value.status_code, caught.value.body) == (405, {"detail": "Method Not Allowed"})


def test_an_azure_video_is_asked_for_at_the_openai_deployment_afterwards(ask, finished, unwrap):
    # LiteLLM's own defect: the id says model sora-2, and there is a group of that name. It works
    # because both surfaces share their jobs.
    source = finished("proxy", group="azure-sora-2")
    reply = ask("proxy", "GET", f"/videos/{source.wrapped}")
    assert unwrap(source.wrapped).startswith("litellm:custom_llm_provider:azure;model_id:sora-2;")
    assert (reply.status, reply.json["model"]) == (200, "sora-2")
    assert unwrap(reply.json["id"]).startswith("litellm:custom_llm_provider:openai;")


def test_a_create_by_form_with_a_reference_reaches_the_emulator(ask, form):
    request = form(model="sora-2", prompt="a cat", size="720x1280", input_reference=PNG)
    error = ask("proxy", "POST", "/videos", **request).json["error"]
    assert "Inpaint image must match the requested width and height" in error["message"]
