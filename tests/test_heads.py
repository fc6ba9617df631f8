"""Heads that are alike but for what varies are read as if each were the first one."""

import asyncio
import itertools
import json
import random
import socket
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx2
import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from fauxreel import Emulator
from fauxreel.heads import CUT, OWN, READ, SAME, Heads
from fauxreel.protocols import protocol
from fauxreel.wire.credentials import KEY_HEADERS
from fauxreel.wire.http import Answer, send_answer

NAMES = [b"traceparent", b"X-Request-ID", b"Idempotency-Key", b"b3", b"Content-Type", b"X-Other"]
VALUES = [
    b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    b"multipart/form-data; boundary=abc",
    b"multipart/form-data; boundary=----a-b",
    b'multipart/form-data; boundary="a b"',
    b"multipart/form-data; boundary=abc; charset=utf-8",
    b"multipart/form-data;boundary=abc",
    b"multipart/form-data; boundary=",
    b"application/json",
    b"",
    b" ",
    b"a b",
    b"a\tb ",
    b"\xc3\xa9",
    b"a\x01",
    b"\0",
    b"a\nX-More: b",
    b"a\r\n b",
]
SEPARATORS = [b": ", b": ", b": ", b":", b":  ", b" : "]


def head(draw: random.Random) -> bytes:
    """The head of a request, mostly a good one."""
    usual = draw.random() < 0.7
    lines = [draw.choice((b"GET /v1/videos HTTP/1.1", b"GET /v1/traceparent:x HTTP/1.1"))]
    lines.append(b"Host: x")
    for _ in range(draw.randrange(4)):
        name, value = draw.choice(NAMES), draw.choice(VALUES[:3] if usual else VALUES)
        if draw.random() < 0.3:
            name = draw.choice((name.lower(), name.upper()))
        if name.lower() == b"traceparent" and draw.random() < 0.5:
            value = b"%032x" % draw.getrandbits(128)
        lines.append(name + draw.choice(SEPARATORS[: 3 if usual else None]) + value)
    return b"\r\n".join([*lines, b"", b""])


class Line:
    """A connection to an application that keeps what it was told."""

    def __init__(self):
        self.scopes, self.bodies = [], []

        async def app(scope, receive, send):
            self.scopes.append({**scope})
            body, message = b"", {"more_body": True}
            while message.get("more_body"):
                message = await receive()
                body += message.get("body", b"")
            self.bodies.append(body)
            await send_answer(Answer(200, (b"",)), [], scope, send)

        config = Config(app, log_config=None, proxy_headers=False)
        config.load()
        kind = protocol("httptools", at_once=True)
        self.heads = kind.shared.heads
        self._make = partial(kind, config=config, server_state=ServerState(), app_state={})

    async def ask(self, *requests):
        """What the application was told of each; None for one that was refused.

        Args:
            requests: Each in one piece, or in several.
        """
        told, connection = [], None
        for one in requests:
            self.scopes.clear()
            if connection is None:
                connection = self._make(_loop=asyncio.get_running_loop())
                connection.connection_made(Transport())
            for piece in [one] if isinstance(one, bytes) else one:
                connection.data_received(piece)
                for _ in range(3):
                    await asyncio.sleep(0)
            told.append(facts(self.scopes[0]) if self.scopes else None)
            if not self.scopes:
                connection.connection_lost(None)
                connection = None
        return told


class Transport(asyncio.Transport):
    def __init__(self):
        super().__init__({})
        self.closed = False

    def write(self, data):
        pass

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True


def facts(scope):
    inner = ("extensions", SAME, READ, OWN)
    return {name: value for name, value in scope.items() if name not in inner}


@pytest.mark.parametrize("seed", range(10))
def test_a_head_is_read_as_if_it_were_the_first_one(seed):
    draw = random.Random(seed)
    heads = [head(draw) for _ in range(100)]
    # Those that were sent before are known; each is sent alone, too, to somebody who knows none.
    known = asyncio.run(Line().ask(*heads, *heads))
    alone = [asyncio.run(Line().ask(one))[0] for one in heads]

    assert known == alone + alone
    assert 50 < sum(one is not None for one in alone) < 100


def test_what_varies_neither_says_who_asks_nor_for_what():
    decides = {*KEY_HEADERS, b"user-agent", b"x-stainless-retry-count", b"x-fauxreel", b"host"}
    framing = {b"content-length", b"transfer-encoding", b"connection", b"upgrade", b"expect"}

    assert {*CUT}.isdisjoint(decides | framing | {b"content-type", b"range", b"accept"})


def test_heads_that_vary_in_nothing_else_are_known_as_one():
    heads = Heads()
    for boundary in (b"one", b"two", b"three"):
        sent = (
            b"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=%b\r\n\r\n" % boundary
        )
        found = heads.find(sent)
        scope = {"headers": [(b"content-type", b"multipart/form-data; boundary=" + boundary)]}
        if found is None:
            heads.keep(sent, scope, 0)
        else:
            assert {**found.scope, **found.own}["headers"] == scope["headers"]
        assert (found is None) == (boundary == b"one")


def test_a_header_that_stands_twice_is_read_each_time():
    lines = [b"GET / HTTP/1.1", b"Traceparent: %b", b"Traceparent: %b", b"", b""]
    heads = [b"\r\n".join(lines) % pair for pair in ((b"a", b"a"), (b"b", b"c"), (b"d", b"d"))]

    told = asyncio.run(Line().ask(*heads))

    assert [[value for _, value in one["headers"]] for one in told] == [
        [b"a", b"a"],
        [b"b", b"c"],
        [b"d", b"d"],
    ]


def test_what_stands_for_a_gap_is_no_gap():
    sent = b"GET / HTTP/1.1\r\nTraceparent: %b\r\nB3: x\r\n\r\n"

    told = asyncio.run(Line().ask(sent % b"a", sent % b"\0"))

    assert [one is None for one in told] == [False, True]


def test_a_head_that_is_too_long_is_read_each_time():
    heads = Heads()
    sent = b"GET / HTTP/1.1\r\nTraceparent: a\r\nX: %b\r\n\r\n" % (b"x" * 4096)
    heads.keep(sent, {"headers": [(b"traceparent", b"a")]}, 0)

    assert heads.find(sent) is None


@pytest.mark.parametrize("prefix", ["/v1", "/openai/v1", "/ns/one/v1", "/litellm/v1"])
def test_each_form_is_read_by_its_own_boundary(prefix):
    with Emulator(seed=1) as emulator, httpx2.Client(base_url=emulator.root_url) as client:
        made = []
        for number in range(4):
            fields = {name: (None, value) for name, value in {"prompt": f"Boat {number}", "model": "sora-2"}.items()}  # fmt: skip
            answer = client.post(f"{prefix}/videos", files=fields, headers={"Authorization": "Bearer sk-1"})  # fmt: skip
            made.append(answer.status_code)
        root = "/ns/one" if prefix.startswith("/ns") else ""
        seen = client.get(f"{root}/_fauxreel/requests").json()["requests"]

    assert made == [200] * 4
    fields = [one["fields"]["prompt"] for one in seen if one["operation"] == "create"]
    assert fields == [f"Boat {number}" for number in range(4)]


def test_a_rule_sees_what_varies():
    with Emulator(rules="operation=list header.x-request-id=bad error=503") as emulator:
        where = urlsplit(emulator.root_url).netloc
        statuses = []
        with closing(HTTPConnection(where, timeout=10)) as connection:
            for name in ("one", "two", "bad", "three", "bad"):
                connection.request("GET", "/v1/videos", headers={"Authorization": "Bearer sk-1", "X-Request-ID": name})  # fmt: skip
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)

    assert statuses == [200, 200, 503, 200, 503]


# Bodies that come after their heads --------------------------------------------------------------

BODY = b'{"prompt": "A boat"}'
HEAD = (
    b"POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-1\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
)


def asked(connection, *parts):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for part in parts:
        connection.sendall(part)
    got = b""
    while not got.endswith(b"}"):
        piece = connection.recv(65536)
        assert piece, got
        got += piece
    return json.loads(got.partition(b"\r\n\r\n")[2])


def line(emulator):
    parts = urlsplit(emulator.root_url)
    connection = socket.create_connection((parts.hostname, parts.port))
    connection.settimeout(10)
    return closing(connection)


@pytest.mark.parametrize("cuts", [(0,), (5,), (len(BODY) - 1,), (1, 7), (0, 5, 10)], ids=str)
def test_a_body_that_comes_later_is_waited_for(cuts):
    with Emulator(seed=1) as emulator, line(emulator) as connection:
        jobs = [asked(connection, HEAD + BODY)]
        places = [*cuts, len(BODY)]
        pieces = [BODY[start:end] for start, end in itertools.pairwise(places)]
        for _ in range(2):
            connection.sendall(HEAD + BODY[: cuts[0]])
            seen = emulator.requests.matching(operation="retrieve")  # a turn of the server's loop
            jobs.append(asked(connection, *pieces))

    assert seen == []
    assert [job["prompt"] for job in jobs] == ["A boat"] * 3
    assert len({job["id"] for job in jobs}) == 3


def test_a_head_is_known_though_its_body_came_later():
    one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
    line = Line()

    told = asyncio.run(line.ask([one, b"bo", b"dy"], [one, b"body"], one + b"body", [one, b"BODY"]))

    assert line.bodies == [b"body", b"body", b"body", b"BODY"]
    assert told == [told[0]] * 4
    assert line.heads.find(one) is not None


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Transfer-Encoding: chunked", id="chunked"),
        pytest.param(b"Content-Length: 4\r\nExpect: 100-continue", id="expect"),
        pytest.param(b"Content-Length: 16385", id="long"),
        pytest.param(b"Content-Length: 9999999999", id="very-long"),
        pytest.param(b"Content-Length: 4\r\nConnection: close", id="last"),
    ],
)
def test_a_body_of_another_kind_is_not_waited_for(head):
    sent = b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n"
    line = Line()

    asyncio.run(line.ask([sent]))

    assert line.heads.find(sent) is None


def test_a_request_of_which_the_rest_never_came_was_lost():
    with Emulator() as emulator, line(emulator) as connection:
        asked(connection, HEAD + BODY)
        connection.sendall(HEAD + BODY[:5])
        connection.shutdown(socket.SHUT_RDWR)
        requests = emulator.requests.wait(operation="create", count=2)

    assert [(one.status, one.lost) for one in requests] == [(200, False), (None, True)]


def test_the_server_ends_though_a_rest_never_came():
    with Emulator() as emulator:
        connection = line(emulator)
        asked(connection.thing, HEAD + BODY)
        connection.thing.sendall(HEAD + BODY[:5])
        emulator.requests.matching()
    with connection:
        assert connection.thing.recv(100) == b""


def test_the_next_request_may_come_with_the_rest_of_a_body():
    poll = b"GET /v1/models/sora-2 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-1\r\n\r\n"
    with Emulator() as emulator, line(emulator) as connection:
        asked(connection, HEAD + BODY)
        connection.sendall(HEAD + BODY[:5])
        emulator.requests.matching()
        connection.sendall(BODY[5:] + poll)
        got = b""
        while got.count(b"HTTP/1.1 200") < 2 or not got.endswith(b"}"):
            got += connection.recv(65536)

    assert b'"prompt":"A boat"' in got
    assert b'"id":"sora-2"' in got
