"""Connections that break, as a client sees them over a real socket, on both protocols."""

import http.client
from contextlib import closing

import httpx2
import pytest

from running import (
    KEY,
    LISTED,
    content,
    head_and_body,
    received,
    request_bytes,
)

pytestmark = pytest.mark.usefixtures("quiet", "serves_on")


def test_a_disconnect_is_a_close_without_an_answer(em):
    assert em.raw(request_bytes(*LISTED, "disconnect")) == (b"", "closed")


def test_a_reset_is_a_rst(em):
    assert em.raw(request_bytes(*LISTED, "reset")) == (b"", "reset")
    assert em.last().lost


@pytest.mark.parametrize("at", ["0", "1000", "25%", "100%"])
def test_a_reset_in_mid_body_comes_after_the_promised_bytes(em, large, at):
    video_id, data = large
    got, end = em.raw(request_bytes("GET", content(video_id), f"reset at={at}"))

    head, body = head_and_body(got)
    share = at.endswith("%")
    count = round(len(data) * int(at[:-1]) / 100) if share else int(at)
    assert end == "reset"
    assert b"content-length: %d\r\n" % len(data) in head + b"\r\n"
    assert body == data[:count]


def test_a_reset_waits_for_a_client_that_reads_late(em, large):
    video_id, data = large
    before = len(em.requests())
    with closing(em.connect()) as client:
        client.sendall(request_bytes("GET", content(video_id), "reset at=80%"))
        em.arrived(before + 1)
        got, end = received(client, 4096)

    assert (len(head_and_body(got)[1]), end) == (round(len(data) * 0.8), "reset")


@pytest.mark.parametrize(("at", "count"), [("0", 0), ("1000", 1000), ("50%", None), ("1%", None)])
def test_a_truncated_body_ends_below_its_length(em, video, at, count):
    video_id, data = video
    got, end = em.raw(request_bytes("GET", content(video_id), f"truncate={at}"))

    head, body = head_and_body(got)
    expected = round(len(data) * int(at[:-1]) / 100) if count is None else count
    assert end == "closed"
    assert b"content-length: %d\r\n" % len(data) in head + b"\r\n"
    assert body == data[:expected]
    assert em.last().lost


def test_a_large_body_can_be_truncated(em, large):
    with pytest.raises(http.client.IncompleteRead) as caught:
        em.ask("GET", content(large[0]), rule="truncate=75%")

    assert caught.value.partial == large[1][: round(len(large[1]) * 0.75)]


def test_a_malformed_chunk_comes_after_half_of_the_body(em, video):
    video_id, data = video
    got, end = em.raw(request_bytes("GET", content(video_id), "malformed_chunk"))
    head, body = head_and_body(got)

    assert b"transfer-encoding: chunked" in head
    assert b"content-length" not in head
    assert (body[-16:], end) == (b"\r\nnot-a-length\r\n", "closed")
    chunks = b""
    while not body.startswith(b"not-a-length"):
        length, _, body = body.partition(b"\r\n")
        chunks, body = chunks + body[: int(length, 16)], body[int(length, 16) + 2 :]
    assert chunks == data[: round(len(data) / 2)]


def test_a_malformed_chunk_is_an_error_of_a_real_client(em, video):
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.get(
            f"http://127.0.0.1:{em.port}{content(video[0])}",
            headers={**KEY, "X-Fauxreel": "malformed_chunk at=10"},
        )
