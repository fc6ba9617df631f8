"""The SDK against the documented profile, as far as its types go."""

from urllib.request import ProxyHandler, build_opener

import pytest
from openai import OpenAI

from fauxreel import Emulator


@pytest.fixture
def client(clock):
    settings = {"queue_seconds": 10, "processing_seconds": 60}
    with (
        Emulator(clock=clock, profile=("/v1=documented",), **settings) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        yield client


def test_a_video_is_retrieved_with_what_only_documentation_has(client, clock):
    created = client.videos.create(prompt="a cat", model="video-gen-1", seconds="5")
    clock.advance(40)
    processing = client.videos.retrieve(created.id)
    clock.advance(30)
    completed = client.videos.retrieve(created.id)
    assert [(video.status, video.progress) for video in (created, processing, completed)] == [
        ("queued", 0), ("processing", 50), ("completed", 100),
    ]  # fmt: skip
    assert processing.model_extra == {
        "duration": 5,
        "url": None,
        "usage": {"duration_seconds": 5.0},
    }
    assert completed.model_extra is not None
    assert completed.model == "video-gen-1"
    assert completed.seconds == "5"


def test_the_url_and_the_sdk_download_the_same_file(client, clock):
    video_id = client.videos.create(prompt="a cat").id
    clock.advance(70)
    url = client.videos.retrieve(video_id).model_extra["url"]
    with build_opener(ProxyHandler({})).open(url) as answer:
        assert answer.read() == client.videos.download_content(video_id).read()


def test_a_list_shows_the_same_videos(client, clock):
    video_id = client.videos.create(prompt="a cat").id
    clock.advance(40)
    assert [video.to_dict() for video in client.videos.list()] == [
        client.videos.retrieve(video_id).to_dict()
    ]
