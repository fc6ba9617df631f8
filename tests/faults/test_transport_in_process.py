"""Faults without the seam: in process, under a foreign server, and in a call made by hand."""

import asyncio
import socket
import sys

import httpx2
import pytest

from fauxreel.app import create_app
from fauxreel.connection import Connection
from fauxreel.protocols import protocol
from fauxreel.settings import Settings
from running import KEY, Running, request_bytes

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def app():
    return create_app(Settings(queue_seconds=0, processing_seconds=0, seed=7))


def asked(app, rule, method="GET", seconds=30, content=None):
    """The answer in process, and the journal's entry; for `content`, that of a new job's file."""

    async def ask():
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://in.process", headers=KEY
        ) as client:
            path = "/v1/videos"
            if content:
                job = await client.post(path, json={"prompt": "a"})
                path = f"{path}/{job.json()['id']}/content"
            async with asyncio.timeout(seconds):
                return await client.request(method, path, headers={"X-Fauxreel": rule})

    return asyncio.run(ask()), app.space.journal.requests()[-1]


@pytest.mark.parametrize("rule", ["disconnect", "reset"])
def test_a_lost_connection_becomes_a_502(app, rule):
    reply, request = asked(app, rule)

    assert (reply.status_code, reply.text) == (502, "The connection ended before an answer.")
    assert (request.status, request.faults, request.degraded) == (502, (rule,), True)


@pytest.mark.parametrize("rule", ["truncate=1000", "reset at=1000", "malformed_chunk at=1000"])
def test_a_body_that_breaks_off_becomes_a_shorter_one(app, rule):
    reply, request = asked(app, rule, content=True)

    assert (reply.status_code, len(reply.content), reply.headers["content-length"]) == (
        200,
        1000,
        "1000",
    )
    assert (request.status, request.length, request.degraded) == (200, 1000, True)


@pytest.mark.parametrize(
    ("rule", "status"),
    [("error=503", 503), ("latency=0.01", 200), ("stall=0.01", 200), ("stall=0.01 at=5", 200), ("drip=0.01", 200),
     ("bandwidth=999999", 200), ("corrupt=1", 200), ("html=502", 502), ("redirect=/x", 302), ("empty", 200)],
)  # fmt: skip
def test_other_faults_are_the_same_in_process(app, rule, status):
    reply, request = asked(app, rule)

    assert (reply.status_code, request.status, request.degraded) == (status, status, False)


@pytest.mark.parametrize("rule", ["stall=forever", "latency=600", "stall=forever at=3"])
def test_a_stall_in_process_can_be_given_up(app, rule):
    with pytest.raises(TimeoutError):
        asked(app, rule, seconds=0.05)


def test_a_head_in_process_has_no_body_to_break_off(app):
    reply, request = asked(app, "truncate=1", "HEAD")

    assert (reply.status_code, request.degraded) == (200, False)


# Under a server without the seam -----------------------------------------------------------------


@pytest.mark.parametrize("http", ["h11", "httptools"])
@pytest.mark.parametrize(
    ("rule", "line", "count"),
    [
        ("disconnect", b"HTTP/1.1 502 ", 38),
        ("reset", b"HTTP/1.1 502 ", 38),
        ("truncate=9", b"HTTP/1.1 200 ", 9),
    ],
)
def test_under_a_foreign_server_faults_are_imitated(http, rule, line, count):
    em = Running(http, seam=False)
    got, end = em.raw(request_bytes("GET", "/v1/models", rule, more="Connection: close\r\n"))
    request = em.last()
    em.end()

    assert (got.startswith(line), len(got.partition(b"\r\n\r\n")[2]), end) == (
        True,
        count,
        "closed",
    )
    assert request.degraded


# By hand -----------------------------------------------------------------------------------------


def by_hand(app, rule, receive):
    """The messages of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/v1/videos", "query_string": b"",
        "headers": [(b"authorization", b"Bearer sk-1"), (b"x-fauxreel", rule.encode())],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


@pytest.mark.parametrize("rule", ["latency=0.02", "stall=0.02", "stall=0.02 at=3", "drip=0.02"])
def test_a_caller_that_says_the_same_for_ever_is_answered(app, rule):
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    sent = by_hand(app, rule, receive)

    assert sent[0]["status"] == 200
    assert not sent[-1].get("more_body")


@pytest.mark.parametrize("rule", ["latency=600", "stall=forever", "stall=600 at=3", "drip=600"])
def test_a_caller_that_has_gone_is_sent_no_whole_answer(app, rule):
    async def receive():
        return {"type": "http.disconnect"}

    sent = by_hand(app, rule, receive)

    assert all(message.get("more_body", True) for message in sent)
    assert app.space.journal.requests()[-1].lost


def test_a_redirect_by_hand_leads_to_the_loopback_address(app):
    async def receive():
        return {"type": "http.request"}

    start, _ = by_hand(app, "redirect", receive)

    assert (b"location", b"http://127.0.0.1/v1/videos") in start["headers"]


# The connection ----------------------------------------------------------------------------------


class Line:
    """A transport that takes everything and hands on so much at a time."""

    def __init__(self, waiting, closing=False):
        self.waiting = waiting
        self.closing = closing
        self.done = []

    def get_write_buffer_size(self):
        self.waiting -= 1
        return max(0, self.waiting)

    def is_closing(self):
        return self.closing

    def get_extra_info(self, name):
        self.done.append(name)

    def abort(self):
        self.done.append("abort")


@pytest.mark.parametrize(
    ("waiting", "closing", "left"), [(5, False, 0), (0, False, -1), (9, True, 9)]
)
def test_a_reset_waits_for_the_transport_unless_it_is_gone(waiting, closing, left):
    line = Line(waiting, closing)
    asyncio.run(Connection(line).reset())

    assert (line.waiting, line.done[-1]) == (left, "abort")


# The protocols -----------------------------------------------------------------------------------


def test_auto_is_the_faster_protocol_where_it_is_there(monkeypatch):
    names = [protocol("auto", at_once=False).__name__, protocol("h11", at_once=False).__name__]
    monkeypatch.setitem(sys.modules, "uvicorn.protocols.http.httptools_impl", None)
    names.append(protocol("auto", at_once=False).__name__)

    assert names == ["HttpTools", "H11", "H11"]
    with pytest.raises(ImportError):
        protocol("httptools", at_once=False)


class Left(Line):
    """A transport whose client closed the connection before it noticed."""

    def get_extra_info(self, name):
        gone = socket.socket()
        gone.close()
        return gone


def test_a_reset_of_a_connection_that_its_client_left_does_nothing_more():
    line = Left(waiting=0)
    asyncio.run(Connection(line).reset())

    assert line.done == ["abort"]
