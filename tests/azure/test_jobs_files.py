"""The files of Sora 1 generations: videos and thumbnails."""

import io

import pytest
from PIL import Image

from fauxreel.ids import generation_id, task_id
from fauxreel.media.inspect import inspect

JOBS = "/openai/v1/video/generations/jobs"
GENERATIONS = "/openai/v1/video/generations"
UNKNOWN_TO_THE_GATEWAY = (404, '{"error":{"code":"404","message": "Resource not found"}}')


def flat(message, param=None, code=None):
    fields = {"code": code, "message": message, "param": param, "type": "invalid_request_error"}
    return {**fields, "inner_error": None}


def create(send, **changed):
    fields = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480, "n_seconds": 2}
    return send("POST", JOBS, {**fields, **changed}).json["id"]


@pytest.fixture
def made(send, clock):
    """The ids of the three videos of a job."""
    job_id = create(send, n_variants=3)
    clock.advance(70)
    return [each["id"] for each in send("GET", f"{JOBS}/{job_id}").json["generations"]]


def test_each_variant_is_a_video_of_its_own(send, made, tmp_path):
    stamps = []
    for each in made:
        (tmp_path / "file").write_bytes(send("GET", f"{GENERATIONS}/{each}/content/video").body)
        found = inspect(tmp_path / "file")
        assert (found.kind, found.width, found.height, found.frames) == ("video", 480, 480, 60)
        stamps.append((found.stamp.id, found.stamp.prompt, found.stamp.seed))
    assert stamps == [(each, "a cat", 7) for each in made]


@pytest.mark.parametrize(("width", "height"), [(480, 854), (1080, 1080), (1920, 1080)])
def test_a_video_is_of_the_size_and_length_of_its_job(send, clock, tmp_path, width, height):
    job_id = create(send, width=width, height=height, n_seconds=1)
    clock.advance(70)
    [made] = send("GET", f"{JOBS}/{job_id}").json["generations"]
    (tmp_path / "file").write_bytes(send("GET", f"{GENERATIONS}/{made['id']}/content/video").body)
    found = inspect(tmp_path / "file")
    assert (found.width, found.height, found.frames) == (width, height, 30)


def test_a_thumbnail_is_really_a_jpeg_of_the_videos_size(send, made, tmp_path):
    replies = [send("GET", f"{GENERATIONS}/{each}/content/thumbnail") for each in made]
    pictures = [Image.open(io.BytesIO(reply.body)) for reply in replies]
    for picture in pictures:
        picture.load()
    (tmp_path / "file").write_bytes(replies[1].body)
    assert {reply.headers["content-type"] for reply in replies} == {"image/jpg"}
    assert [(each.format, each.size) for each in pictures] == [("JPEG", (480, 480))] * 3
    assert inspect(tmp_path / "file").stamp.id == made[1]


def test_a_download_has_the_headers_of_the_specification(send, made):
    reply = send("GET", f"{GENERATIONS}/{made[0]}/content/video")
    assert sorted(reply.headers) == [
        "accept-ranges",
        "apim-request-id",
        "content-length",
        "content-type",
        "date",
        "etag",
        "last-modified",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-ms-region",
    ]
    assert reply.headers["content-type"] == "video/mp4"
    assert reply.headers["last-modified"] == "Thu, 01 Jan 2026 00:01:10 GMT"
    assert int(reply.headers["content-length"]) == len(reply.body)


def test_head_answers_the_same_without_a_body(send, made):
    path = f"{GENERATIONS}/{made[0]}/content/video"
    head, whole = send("HEAD", path), send("GET", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "accept-ranges", "etag", "last-modified"):
        assert head.headers[name] == whole.headers[name]


def test_a_part_of_a_video_is_that_part_of_the_whole(send, made):
    path = f"{GENERATIONS}/{made[0]}/content/video"
    whole, part = send("GET", path).body, send("GET", path, Range="bytes=-50")
    assert (part.status, part.body) == (206, whole[-50:])
    assert part.headers["content-range"] == f"bytes {len(whole) - 50}-{len(whole) - 1}/{len(whole)}"


def test_both_qualities_are_served_and_no_other(send, made):
    path = f"{GENERATIONS}/{made[0]}/content/video"
    replies = [send("GET", f"{path}{query}") for query in ("", "?quality=high", "?quality=low")]
    assert [reply.body for reply in replies] == [replies[0].body] * 3
    wrong = send("GET", f"{path}?quality=best")
    assert (wrong.status, wrong.json) == (
        400,
        flat(
            "Invalid value: 'best'. Supported values are: 'high' and 'low'.",
            "quality",
            "invalid_value",
        ),
    )


@pytest.mark.parametrize("path", ["/content", "/content/", "/content/spritesheet", "/video"])
def test_a_wrong_content_path_is_answered_by_the_gateway(send, made, path):
    assert send("GET", f"{GENERATIONS}/{made[0]}{path}").told == UNKNOWN_TO_THE_GATEWAY
    assert send("GET", f"/openai/v1/generations/{made[0]}{path}").told == UNKNOWN_TO_THE_GATEWAY


def test_content_of_an_unfinished_or_failed_job_is_not_ready(send, clock):
    job_id = create(send)
    too_soon = generation_id(job_id, 0)
    expected = flat("Video is not ready yet, use GET /v1/videos/{video_id} to check status.")
    paths = [
        f"{GENERATIONS}/{too_soon}{end}" for end in ("", "/content/video", "/content/thumbnail")
    ]
    unfinished = [send("GET", path) for path in paths]
    send("POST", f"/_fauxreel/videos/{job_id}/force", {"status": "failed"})
    failed = [send("GET", path) for path in paths]
    for reply in (*unfinished, *failed):
        assert (reply.status, reply.json) == (404, expected)


def test_content_is_gone_a_day_after_the_creation(send, clock, made):
    clock.advance(86_400 - 70)
    for end in ("/content/video", "/content/thumbnail"):
        reply = send("GET", f"{GENERATIONS}/{made[0]}{end}")
        assert (reply.status, reply.json) == (
            404,
            flat("The video is no longer available. Downloads expire after 24 hours."),
        )
    assert send("GET", f"{GENERATIONS}/{made[0]}").status == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "gen_x",
        "gen_00000000000000000000000000",
        "gen_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "task_01jwcet0eje35tc5jy54yjax5q",
        "video_6955b9000000819000000000000000",
        "%C3%A9",
    ],
)
@pytest.mark.parametrize("end", ["", "/content/video", "/content/thumbnail"])
def test_an_unknown_generation_is_not_found(send, wanted, end):
    shown = wanted.replace("%C3%A9", "\u00e9")
    reply = send("GET", f"{GENERATIONS}/{wanted}{end}")
    assert (reply.status, reply.json) == (404, flat(f"Video with id '{shown}' not found."))
    assert reply.body.isascii()


def test_a_variant_that_a_job_does_not_make_is_not_found(send, clock, made):
    job_id = create(send, n_variants=1)
    clock.advance(70)
    reply = send("GET", f"{GENERATIONS}/{generation_id(job_id, 1)}/content/video")
    assert reply.status == 404


def test_the_videos_of_a_deleted_job_are_gone(send, made):
    job_id = send("GET", f"{GENERATIONS}/{made[0]}").json["job_id"]
    send("DELETE", f"{JOBS}/{job_id}")
    assert [send("GET", f"{GENERATIONS}/{each}").status for each in made] == [404] * 3


def test_ids_of_all_variants_lead_back_to_their_job(send, clock):
    jobs = [create(send, n_variants=4) for _ in range(5)]
    clock.advance(70)
    found = [
        send("GET", f"{GENERATIONS}/{generation_id(job_id, number)}").json["job_id"]
        for job_id in jobs
        for number in range(4)
    ]
    assert found == [job_id for job_id in jobs for _ in range(4)]
    assert jobs == [task_id(7, sequence, 1767225600.0) for sequence in range(1, 6)]
