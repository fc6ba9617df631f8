"""Content with HEAD, ranges and validators, and what is inside the files."""

import io

import pytest
from PIL import Image

from fauxreel.media.inspect import inspect


def content(video_id, variant="video"):
    return f"/v1/videos/{video_id}/content?variant={variant}"


def test_a_download_names_its_length_and_entity(send, completed):
    whole = send("GET", content(completed))
    head = send("HEAD", content(completed))
    assert (whole.status, head.status, head.body) == (200, 200, b"")
    assert int(whole.headers["content-length"]) == len(whole.body)
    assert whole.headers["accept-ranges"] == "bytes"
    for name in ("content-length", "content-type", "etag", "accept-ranges"):
        assert head.headers[name] == whole.headers[name]


def test_a_part_of_a_download_is_that_part_of_the_whole(send, completed):
    whole = send("GET", content(completed)).body
    size = len(whole)
    for asked, start, stop in (
        ("bytes=0-9", 0, 10),
        (f"bytes={size - 5}-", size - 5, size),
        ("bytes=-300", size - 300, size),
        (f"bytes=100-{size * 2}", 100, size),
    ):
        reply = send("GET", content(completed), Range=asked)
        assert (reply.status, reply.headers["content-range"]) == (
            206,
            f"bytes {start}-{stop - 1}/{size}",
        )
        assert reply.body == whole[start:stop]


def test_a_part_beyond_the_end_is_refused_with_the_length(send, completed):
    size = len(send("GET", content(completed)).body)
    reply = send("GET", content(completed), Range=f"bytes={size}-")
    assert (reply.status, reply.headers["content-range"], reply.body) == (
        416,
        f"bytes */{size}",
        b"",
    )


def test_if_range_gives_the_part_only_of_the_same_entity(send, completed):
    etag = send("HEAD", content(completed)).headers["etag"]
    same = send("GET", content(completed), Range="bytes=0-1", If_Range=etag)
    other = send("GET", content(completed), Range="bytes=0-1", If_Range='"other"')
    assert (same.status, other.status) == (206, 200)


def test_an_unchanged_download_is_not_sent_again(send, completed):
    etag = send("HEAD", content(completed)).headers["etag"]
    reply = send("GET", content(completed), If_None_Match=etag)
    assert (reply.status, reply.body) == (304, b"")


def test_the_accept_header_of_the_sdk_is_no_reason_to_refuse(send, completed):
    assert send("GET", content(completed), Accept="application/binary").status == 200


@pytest.mark.parametrize("seconds", ["4", "8"])
def test_each_file_is_of_the_asked_size_and_length_and_carries_its_job(
    send, clock, tmp_path, seconds
):
    body = f'{{"prompt":"a ☕ cup","size":"1280x720","seconds":"{seconds}"}}'
    video = send("POST", "/v1/videos", body, content_type="application/json").json
    clock.advance(70)
    for variant in ("video", "thumbnail", "spritesheet"):
        path = tmp_path / variant
        path.write_bytes(send("GET", content(video["id"], variant)).body)
        found = inspect(path)
        assert (found.kind, found.width, found.height) == (variant, 1280, 720)
        assert found.stamp is not None
        assert (found.stamp.id, found.stamp.prompt, found.stamp.seed) == (
            video["id"],
            "a ☕ cup",
            7,
        )
        if variant == "video":
            assert (found.video_codec, found.audio_codec) == ("h264", "aac")
            assert found.seconds == pytest.approx(int(seconds), abs=1 / 30)
            assert found.frames == 30 * int(seconds)
        else:
            Image.open(io.BytesIO(path.read_bytes())).load()


def test_two_jobs_never_have_equal_bytes(send, clock):
    ids = [
        send("POST", "/v1/videos", '{"prompt":"a cat"}', content_type="application/json").json["id"]
        for _ in range(2)
    ]
    clock.advance(70)
    for variant in ("video", "thumbnail", "spritesheet"):
        first, second = (send("GET", content(each, variant)) for each in ids)
        assert first.body != second.body
        assert first.headers["etag"] != second.headers["etag"]
