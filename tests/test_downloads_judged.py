"""Which answers make a whole download, and which a test is told of."""

import urllib.request
from http.client import HTTPException

import pytest
from openai import OpenAI

from fauxreel import Emulator


@pytest.fixture
def emulator():
    with Emulator(clock="auto", seed=1) as emulator:
        yield emulator


@pytest.fixture
def video(emulator):
    with OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client:
        yield client.videos.create_and_poll(prompt="a cat")


@pytest.fixture
def read(emulator, video):
    """Downloads the video, or a range of it; what came, however it ended."""

    def reading(wanted=None):
        request = urllib.request.Request(
            f"{emulator.base_url}/videos/{video.id}/content", headers={"Authorization": "Bearer x"}
        )
        if wanted:
            request.add_header("Range", f"bytes={wanted}")
        got = b""
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                while piece := answer.read(1000):
                    got += piece
        except (OSError, HTTPException):  # an error, a reset, or a chunk without a length
            pass
        return got

    return reading


def told(emulator, video):
    with pytest.raises(AssertionError) as caught:
        emulator.assert_downloaded(video)
    with pytest.raises(AssertionError):
        emulator.assert_resilient()
    return str(caught.value).splitlines()[0].partition(", and not downloaded: ")[2]


def test_a_part_is_not_the_whole_but_all_parts_are(emulator, video, read):
    assert len(read("0-9")) == 10
    size = emulator.requests[-1].part[2]
    number = len(emulator.requests)
    assert told(emulator, video) == f"#{number} got 206, bytes 0 to 9 of {size}"
    read("20-")
    read("-5")
    assert told(emulator, video).count("got 206") == 3
    read("5-20")

    emulator.assert_downloaded(video)
    emulator.assert_resilient()
    assert emulator.requests[-1].part == (5, 21, size)


def test_a_download_that_was_begun_again_where_it_broke_off_is_whole(emulator, video, read):
    emulator.next_answer(truncate=5000, operation="content")
    got = read()
    assert len(got) == 5000
    assert told(emulator, video).endswith(" was cut off")
    got += read("5000-")

    assert got[4:8] == b"ftyp"
    emulator.assert_downloaded(video)
    emulator.assert_resilient()


def test_what_was_never_sent_is_missing_after_a_resumption(emulator, video, read):
    emulator.next_answer(truncate=5000, operation="content")
    read()
    read("5001-")

    assert told(emulator, video).split(", ")[0].endswith(" was cut off")


def test_an_answer_cut_off_after_its_last_byte_is_whole(emulator, video, read):
    emulator.next_answer(truncate="100%", operation="content")
    size = len(read())

    last = emulator.requests[-1]
    assert (last.status, last.length, last.lost) == (200, size, False)
    emulator.assert_downloaded(video)


@pytest.mark.parametrize("fault", ["reset", "malformed_chunk"])
def test_a_broken_end_after_the_last_byte_is_none(emulator, video, read, fault):
    emulator.next_answer(operation="content", at="100%", **{fault: True})
    read()

    assert told(emulator, video).endswith(" was cut off")


def test_an_error_that_is_cut_off_brings_nothing(emulator, video, read):
    emulator.next_answer(503, operation="content", truncate=10)
    read()

    assert told(emulator, video).endswith(" was cut off")
    assert emulator.requests[-1].part is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "fault", [{"truncate": "50%"}, {"reset": True, "at": "50%"}, {"malformed_chunk": True}]
)
async def test_an_imitated_end_is_no_whole_download(fault):
    emulator = Emulator(clock="auto")
    async with emulator.in_process() as client:
        video = await client.videos.create_and_poll(prompt="a cat")
        emulator.next_answer(operation="content", **fault)
        await client.videos.download_content(video.id)

        assert told(emulator, video).endswith(f" got 200 with {next(iter(fault))}")
        await client.videos.download_content(video.id)

    emulator.assert_downloaded(video)
    emulator.assert_resilient()


@pytest.mark.asyncio
async def test_in_process_too_an_answer_that_ends_after_its_last_byte_is_whole():
    emulator = Emulator(clock="auto")
    async with emulator.in_process() as client:
        video = await client.videos.create_and_poll(prompt="a cat")
        emulator.next_answer(operation="content", truncate="100%")
        await client.videos.download_content(video.id)

    assert not emulator.requests[-1].degraded
    emulator.assert_resilient()
