"""A video from the first call to the last, through the official SDK."""

import asyncio
import re

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import VideoDeleteResponse

from fauxreel import Emulator

STARTED = 1767225600


def test_create_answers_a_queued_video_with_everything_that_was_asked_for(client):
    video = client.videos.create(prompt="a cat", model="sora-2-pro", seconds="8", size="1792x1024")
    assert re.fullmatch(
        r"video_6955b900[0-9a-f]{4}819[0-9a-f][89ab][0-9a-f]{15}0[0-9a-f]{15}", video.id
    )
    assert video.to_dict() == {
        "id": video.id,
        "object": "video",
        "created_at": STARTED,
        "status": "queued",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2-pro",
        "progress": 0,
        "prompt": "a cat",
        "remixed_from_video_id": None,
        "seconds": "8",
        "size": "1792x1024",
    }


def test_create_takes_the_defaults_of_the_documentation(client):
    video = client.videos.create(prompt="a cat")
    assert (video.model, video.seconds, video.size) == ("sora-2", "4", "720x1280")


def test_a_video_goes_from_queued_to_in_progress_to_completed(client, clock):
    video = client.videos.create(prompt="a cat")
    seen = []
    for _ in range(8):
        video = client.videos.retrieve(video.id)
        seen.append((video.status, video.progress, video.completed_at, video.expires_at))
        clock.advance(10)
    assert seen == [
        ("queued", 0, None, None),
        ("in_progress", 0, None, None),
        ("in_progress", 16, None, None),
        ("in_progress", 33, None, None),
        ("in_progress", 50, None, None),
        ("in_progress", 66, None, None),
        ("in_progress", 83, None, None),
        ("completed", 100, STARTED + 70, STARTED + 70 + 3600),
    ]


def test_create_and_poll_returns_the_completed_video():
    with (
        Emulator(clock="auto") as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1") as client,
    ):
        video = client.videos.create_and_poll(prompt="a cat")
    assert (video.status, video.progress, video.completed_at) == ("completed", 100, STARTED + 2)


def test_the_poll_header_stands_on_unfinished_videos_only(client, clock):
    video = client.videos.create(prompt="a cat")
    unfinished = client.videos.with_raw_response.retrieve(video.id)
    clock.advance(70)
    finished = client.videos.with_raw_response.retrieve(video.id)
    assert unfinished.headers.get("openai-poll-after-ms") == "100"
    assert finished.headers.get("openai-poll-after-ms") is None


def test_the_three_files_of_a_video_are_downloaded_with_their_types(client, clock):
    video = client.videos.create(prompt="a cat")
    clock.advance(70)
    found = {}
    for variant in ("video", "thumbnail", "spritesheet"):
        content = client.videos.download_content(video.id, variant=variant)
        found[variant] = (content.response.headers["content-type"], content.read()[:12])
    assert found["video"][0] == "video/mp4"
    assert found["video"][1][4:8] == b"ftyp"
    assert found["thumbnail"][0] == "image/webp"
    assert found["thumbnail"][1][8:] == b"WEBP"
    assert found["spritesheet"][0] == "image/jpeg"
    assert found["spritesheet"][1].startswith(b"\xff\xd8\xff")


def test_a_remix_inherits_what_it_is_not_told(client, clock):
    source = client.videos.create(prompt="a cat", model="sora-2-pro", seconds="12", size="1280x720")
    clock.advance(70)
    remix = client.videos.remix(source.id, prompt="a dog")
    assert remix.to_dict() == {
        **source.to_dict(),
        "id": remix.id,
        "created_at": STARTED + 70,
        "prompt": "a dog",
        "remixed_from_video_id": source.id,
    }


def test_a_deleted_video_is_gone(client):
    video = client.videos.create(prompt="a cat")
    deleted = client.videos.delete(video.id)
    assert deleted == VideoDeleteResponse(id=video.id, object="video.deleted", deleted=True)
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video.id)


def test_listing_pages_through_all_videos_newest_first(client):
    ids = [client.videos.create(prompt=f"take {number}").id for number in range(7)]
    assert [video.id for video in client.videos.list(limit=3)] == ids[::-1]
    assert [video.id for video in client.videos.list(limit=3, order="asc")] == ids


def test_a_page_names_its_ends_and_whether_there_is_more(client):
    ids = [client.videos.create(prompt=f"take {number}").id for number in range(3)]
    page = client.videos.list(limit=2)
    assert [video.id for video in page.data] == [ids[2], ids[1]]
    assert (page.has_more, page.last_id, page.model_extra) == (
        True,
        ids[1],
        {"object": "list", "first_id": ids[2]},
    )


def test_an_empty_list_has_no_ends(client):
    assert client.videos.list().to_dict() == {
        "object": "list",
        "data": [],
        "first_id": None,
        "has_more": False,
        "last_id": None,
    }


def test_the_models_are_listed(client):
    assert [model.id for model in client.models.list()] == [
        "sora-2",
        "sora-2-pro",
        "sora-2-2025-10-06",
        "sora-2-pro-2025-10-06",
        "sora-2-2025-12-08",
    ]


def test_the_async_client_does_the_same(make_async_client, clock):
    async def run() -> tuple[str, list[str], bytes, str | None, bool]:
        async with make_async_client() as client:
            video = await client.videos.create(prompt="a cat", size="1280x720")
            clock.advance(70)
            video = await client.videos.poll(video.id)
            listed = [each.id async for each in client.videos.list(limit=1)]
            content = await client.videos.download_content(video.id, variant="video")
            remix = await client.videos.remix(video.id, prompt="a dog")
            deleted = await client.videos.delete(video.id)
            assert listed == [video.id]
            return (
                video.status,
                listed,
                content.content,
                remix.remixed_from_video_id,
                deleted.deleted,
            )

    status, listed, content, source, deleted = asyncio.run(run())
    assert (status, source, deleted) == ("completed", listed[0], True)
    assert content[4:8] == b"ftyp"


def test_create_and_poll_returns_from_the_async_client_too():
    async def run(emulator: Emulator) -> str:
        async with AsyncOpenAI(base_url=emulator.base_url, api_key="sk-1") as client:
            return (await client.videos.create_and_poll(prompt="a cat")).status

    with Emulator(clock="auto") as emulator:
        assert asyncio.run(run(emulator)) == "completed"


def test_the_same_dialect_answers_without_v1(emulator):
    with OpenAI(base_url=emulator.root_url, api_key="sk-1") as client:
        assert client.videos.create(prompt="a cat").status == "queued"
        assert client.models.list().data[0].id == "sora-2"
