"""The requests that are measured: the emulator takes them, and answers of others are told apart."""

import pytest
from benchmarks.in_process import made_jobs, run
from benchmarks.operations import IMAGE_BYTES, OPERATIONS, Answer, Fit, Jobs, http, png

JOBS = Jobs(["video_1"], "video_1", 1000)
BY_NAME = {operation.name: operation for operation in OPERATIONS}


async def _tried(wire):
    jobs = await made_jobs(wire)
    found = {}
    for operation in OPERATIONS:
        answer = await wire.ask(operation.requests(jobs)[0])
        head, _, body = answer.partition(b"\r\n\r\n")
        found[operation.name] = operation.fits(Answer(int(head[9:12]), body), jobs)
    return found


def test_the_emulator_does_all_operations():
    assert run(_tried, processing_seconds=1000.0) == dict.fromkeys(BY_NAME, Fit(measurable=True))


@pytest.mark.parametrize(
    ("operation", "status", "body", "fit"),
    [
        ("retrieve", 404, b"{}", Fit(False, "answers 404")),
        ("list", 404, b"{}", Fit(False, "answers 404")),
        ("list", 200, b'{"data": []}', Fit(True, "lists 0 jobs")),
        ("content", 500, b"", Fit(False, "answers 500")),
        ("content", 200, b"string", Fit(False, "no file, 6 bytes")),
        ("content, half by Range", 200, b"x" * 1000, Fit(False, "no ranges")),
        ("content, half by Range", 206, b"x" * 500, Fit(True)),
        ("content, half by Range", 416, b"", Fit(False, "answers 416")),
    ],
)
def test_an_answer_that_is_none_is_told(operation, status, body, fit):
    assert BY_NAME[operation].fits(Answer(status, body), JOBS) == fit


def test_the_image_is_as_large_as_its_name_says():
    assert len(png()) == IMAGE_BYTES


def test_a_request_with_a_body_has_its_length():
    assert http("POST", "/x", b"abc", Content_Type="text/plain") == (
        b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer sk-1\r\n"
        b"Content-Type: text/plain\r\nContent-Length: 3\r\nAccept: */*\r\n\r\nabc"
    )
