"""Requests that begin with the same bytes, which are read once: nobody can tell that."""

import asyncio
import json
import socket
from contextlib import closing, contextmanager
from http.client import HTTPConnection, IncompleteRead
from urllib.parse import urlsplit

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from fauxreel import Emulator
from fauxreel.app import create_app
from fauxreel.heads import SAME
from fauxreel.inbox import Inbox
from fauxreel.protocols import protocol
from fauxreel.wire.http import Answer, send_answer
from serving import served

GET = b"GET /v1/videos/%41?b=%42 HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\n\r\n"


class Echo:
    """Answers with what it gets, and keeps the scopes."""

    begins_at_once = True

    def __init__(self):
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append({**scope})
        scope["state"]["mine"] = scope["seen"] = True
        body, message = b"", {"more_body": True}
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        await send_answer(Answer(200, (scope["method"].encode(), body)), [], scope, send)


@contextmanager
def line(app):
    with served(app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        with closing(socket.create_connection((host, int(port)))) as connection:
            connection.settimeout(10)
            yield connection


def answer(connection, body):
    got = b""
    while not got.endswith(b"\r\n\r\n" + body):
        piece = connection.recv(65536)
        assert piece, got
        got += piece
    return got


def facts(scope):
    return {name: value for name, value in scope.items() if name not in (SAME, "extensions")}


def test_the_application_is_told_the_same_each_time():
    app = Echo()
    with line(app) as connection:
        for _ in range(3):
            connection.sendall(GET)
            answer(connection, b"GET")

    first, second, third = app.scopes
    assert facts(first) == facts(second) == facts(third)
    assert (first["path"], first["query_string"]) == ("/v1/videos/A", b"b=%42")
    assert first["headers"] == [(b"host", b"x"), (b"x-a", b"1"), (b"x-a", b"2")]
    assert first["state"] is not second["state"]


def test_each_connection_has_its_own_address():
    app = Echo()
    ports = []
    with served(app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        for _ in range(2):
            with closing(socket.create_connection((host, int(port)))) as connection:
                ports.append(connection.getsockname()[1])
                connection.sendall(GET)
                answer(connection, b"GET")

    assert [scope["client"][1] for scope in app.scopes] == ports


@pytest.mark.parametrize("cut", [1, 20, len(GET) - 1])
def test_a_request_in_parts_is_one(cut):
    app = Echo()
    with line(app) as connection:
        for _ in range(2):
            connection.sendall(GET)
            answer(connection, b"GET")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(GET[:cut])
        connection.sendall(GET[cut:])
        answer(connection, b"GET")

    assert len(app.scopes) == 3


POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n"
BODIES = [b"first\r\n\r\n123", b"other\r\n\r\n45x", b"ends so\r\n\r\nx", b"GET / HT\r\n\r\n"]


def test_each_request_has_the_body_that_came_with_it():
    app = Echo()
    got = []
    with line(app) as connection:
        for body in BODIES:
            connection.sendall(POST + body)
            got.append(answer(connection, b"POST" + body)[-12:])
        connection.sendall(POST + BODIES[0][:5])
        connection.sendall(BODIES[0][5:])
        answer(connection, b"POST" + BODIES[0])
        connection.sendall(POST + BODIES[1] + POST + BODIES[2])
        answer(connection, b"POST" + BODIES[2])

    assert got == BODIES
    assert len(app.scopes) == len(BODIES) + 3


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Content-Length: 5\r\nExpect: 100-continue", id="expect"),
        pytest.param(b"Transfer-Encoding: chunked", id="chunked"),
        pytest.param(b"Connection: upgrade\r\nUpgrade: h2c", id="upgrade"),
    ],
)
def test_what_is_not_plain_is_read_each_time(head):
    app = Echo()
    body = b"5\r\nhello\r\n0\r\n\r\n" if b"chunked" in head else b"hello"
    sent = b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n"
    asked, told = (sent, b"POST") if b"Upgrade" in head else (sent + body, b"POSThello")
    with line(app) as connection:
        for _ in range(2):
            connection.sendall(asked)
            answer(connection, told)

    assert [SAME in scope for scope in app.scopes] == [False, False]


@pytest.mark.parametrize("early", [False, True], ids=["waits", "answers-first"])
def test_a_body_that_looks_like_a_request_is_a_body(early):
    begun = []

    async def app(scope, receive, send):
        begun.append(scope["method"])
        if scope["method"] == "POST" and not early:
            message = await receive()
            while message["more_body"]:
                message = await receive()
        await send_answer(Answer(200, (scope["method"].encode(),)), [], scope, send)

    app.begins_at_once = True
    with line(app) as connection:
        for _ in range(2):
            connection.sendall(GET)
            answer(connection, b"GET")
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(GET))
        if early:
            answer(connection, b"POST")
        connection.sendall(GET)
        if not early:
            answer(connection, b"POST")
        connection.sendall(GET)
        answer(connection, b"GET")

    assert begun == ["GET", "GET", "POST", "GET"]


def test_who_listens_on_hears_that_the_client_left():
    heard = []

    async def app(scope, receive, send):
        messages = [await receive()]
        heard.append(messages)
        if len(heard) == 1:
            await send_answer(Answer(200, (b"GET",)), [], scope, send)
        messages.append(await receive())

    app.begins_at_once = True
    with served(app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        with closing(socket.create_connection((host, int(port)))) as connection:
            connection.sendall(GET)
            answer(connection, b"GET")
            connection.sendall(GET)

    asked = {"type": "http.request", "body": b"", "more_body": False}
    assert heard == 2 * [[asked, {"type": "http.disconnect"}]]


def test_who_stands_before_the_emulator_may_make_another_request_of_it():
    paths = iter(["/v1/videos", "/v1/models", "/v1/videos"])
    inner = create_app()

    async def turning(scope, receive, send):
        await inner({**scope, "path": next(paths)}, receive, send)

    turning.begins_at_once = True
    asked = b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n\r\n"
    seen = []
    with line(turning) as connection:
        for _ in range(3):
            connection.sendall(asked)
            seen.append(b"sora-2" in connection.recv(65536))

    assert seen == [False, True, False]


@pytest.mark.parametrize("prefix", ["", "/ns/one"])
def test_the_same_poll_finds_what_changed(prefix):
    with Emulator(clock="manual", queue_seconds=10, processing_seconds=10) as emulator:
        headers = {"Authorization": "Bearer sk-1", "User-Agent": "poller"}
        headers["Content-Type"] = "application/json"
        with closing(HTTPConnection(urlsplit(emulator.root_url).netloc, timeout=10)) as connection:

            def ask(method, path, body=None):
                connection.request(method, prefix + path, body, headers)
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read() or b"null")

            _, job = ask("POST", "/v1/videos", b'{"prompt": "A boat"}')
            poll = "GET", f"/v1/videos/{job['id']}?api_key=secret"
            found = [ask(*poll), ask(*poll)]
            ask("POST", "/_fauxreel/clock/advance", b'{"seconds": 10}')
            found.append(ask(*poll))
            ask("POST", "/_fauxreel/rules", b'{"rules": "operation=retrieve error=503 times=1"}')
            found += [ask(*poll), ask(*poll)]
            ask("DELETE", f"/v1/videos/{job['id']}")
            found.append(ask(*poll))
            _, told = ask("GET", "/_fauxreel/requests")

    processing = job | {"status": "in_progress"}
    assert [status for status, _ in found] == [200, 200, 200, 503, 200, 404]
    assert [body for _, body in (*found[:3], found[4])] == [job, job, processing, processing]
    polls = [one for one in told["requests"] if one["operation"] == "retrieve"]
    same = ("path", "query", "surface", "key", "client", "video_id")
    (alike,) = {tuple(one[name] for name in same) for one in polls}
    assert (len(polls), alike[0], alike[5]) == (
        6,
        f"{prefix}{poll[1].partition('?')[0]}",
        job["id"],
    )
    assert "secret" not in json.dumps(told)


KEY = {"Authorization": "Bearer sk-fauxreel"}


@pytest.mark.parametrize("path", ["/v1/videos/{}", "/v1/videos", "/openai/v1/videos/{}"])
@pytest.mark.parametrize(
    "fault",
    [
        "content_type=text/html", "corrupt=3", "empty", "json_body", "html=502", "truncate=50%",
        "redirect=same",
    ],
)  # fmt: skip
def test_an_answer_that_a_rule_alters_is_altered_whatever_was_sent_before(path, fault):
    def altered(looks):
        with Emulator(clock="manual", seed=1) as emulator:
            where = urlsplit(emulator.root_url).netloc
            job = emulator.client.videos.create(prompt="A boat")
            with closing(HTTPConnection(where, timeout=10)) as connection:
                for look in range(looks):
                    if look == looks - 1:
                        emulator.rules.add(f"{fault} times=1")
                    connection.request("GET", path.format(job.id), None, KEY)
                    answer = connection.getresponse()
                    try:
                        body = answer.read()
                    except IncompleteRead as cut:
                        body = cut.partial
            told = emulator.requests[-1]
        headers = [answer.headers[name] for name in ("content-type", "content-length")]
        return answer.status, headers, body, told.content_type, told.length, told.answer

    assert altered(3) == altered(1)


@pytest.mark.parametrize("prefix", ["/v1", "/openai/v1", "/ns/one/v1"])
def test_the_same_list_shows_what_changed(prefix):
    settings = {"clock": "manual", "queue_seconds": 10, "processing_seconds": 1000}
    with Emulator(**settings) as emulator:
        where = urlsplit(emulator.root_url).netloc
        with closing(HTTPConnection(where, timeout=10)) as connection:

            def ask(method, path, body=None):
                root = "/ns/one" if prefix.startswith("/ns") else ""
                at = root + path if path.startswith("/_fauxreel") else prefix + path
                headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
                connection.request(method, at, body, headers)
                return json.loads(connection.getresponse().read())

            def listed():
                jobs = ask("GET", "/videos?limit=2")["data"]
                return [(job["id"], job["status"], job["progress"]) for job in jobs]

            def create():
                job = b'{"prompt": "A boat", "model": "sora-2", "seconds": "4", "size": "720x1280"}'
                return ask("POST", "/videos", job)["id"]

            def advance(seconds):
                ask("POST", "/_fauxreel/clock/advance", b'{"seconds": %d}' % seconds)

            one = create()
            seen = [listed(), listed()]
            two = create()
            seen += [listed(), listed()]
            advance(10)
            seen += [listed(), listed()]
            advance(500)
            seen.append(listed())
            ask("POST", f"/_fauxreel/videos/{one}/force", b'{"status": "failed"}')
            seen.append(listed())
            ask("DELETE", f"/videos/{two}")
            seen += [listed(), listed()]

    assert seen == [
        *2 * [[(one, "queued", 0)]],
        *2 * [[(two, "queued", 0), (one, "queued", 0)]],
        *2 * [[(two, "in_progress", 0), (one, "in_progress", 0)]],
        [(two, "in_progress", 50), (one, "in_progress", 50)],
        [(two, "in_progress", 50), (one, "failed", 50)],
        *2 * [[(one, "failed", 50)]],
    ]


def test_what_a_list_showed_is_forgotten_with_a_reset():
    settings = {"clock": "manual", "queue_seconds": 0, "processing_seconds": 1000, "seed": 1}
    with Emulator(**settings) as emulator:
        where = urlsplit(emulator.root_url).netloc
        with closing(HTTPConnection(where, timeout=10)) as connection:

            def ask(method, path, body=None):
                headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
                connection.request(method, path, body, headers)
                return json.loads(connection.getresponse().read())

            def progress():
                return [job["progress"] for job in ask("GET", "/v1/videos")["data"]]

            ask("POST", "/v1/videos", b'{"prompt": "A boat"}')
            emulator.clock.advance(500)
            before = progress()
            emulator.reset()
            ask("POST", "/v1/videos", b'{"prompt": "A boat"}')
            after = progress()

    assert (before, after) == ([50], [0])


class Loop:
    """A loop of which the time is moved by hand."""

    def __init__(self):
        self.now = 1000.0
        self.timers = []
        self.soon = []

    def time(self):
        return self.now

    def call_later(self, seconds, callback):
        timer = Timer(self.now + seconds, callback)
        self.timers.append(timer)
        return timer

    def call_soon(self, callback):
        self.soon.append(callback)

    def turn(self):
        soon, self.soon = self.soon, []
        for callback in soon:
            callback()

    def advance(self, seconds):
        self.turn()
        self.now += seconds
        due = [timer for timer in self.timers if timer.at <= self.now and not timer.cancelled]
        self.timers = [timer for timer in self.timers if timer not in due]
        for timer in due:
            timer.callback()


class Timer:
    def __init__(self, at, callback):
        self.at, self.callback, self.cancelled = at, callback, False

    def cancel(self):
        self.cancelled = True


class Transport:
    def __init__(self):
        self.written, self.closed = b"", False

    def get_extra_info(self, name):
        return None

    def is_closing(self):
        return self.closed

    def write(self, data):
        self.written += data

    def close(self):
        self.closed = True


@pytest.fixture
def idle():
    """A connection with an answered request, its loop, and its transport; it may idle for 5 s."""

    async def app(scope, receive, send):
        await send_answer(Answer(200, (b"",)), [], scope, send)

    loop, transport = Loop(), Transport()
    config = Config(app, timeout_keep_alive=5, log_config=None)
    kind = protocol("httptools", at_once=True)
    connection = kind(config=config, server_state=ServerState(), app_state={}, _loop=loop)
    asyncio.run(made(connection, transport))
    return connection, loop, transport


async def made(connection, transport):
    connection.connection_made(transport)
    connection.data_received(GET)


def again(connection, data=GET):
    async def received():
        connection.data_received(data)

    asyncio.run(received())


def test_an_idle_connection_is_closed_after_its_time(idle):
    _, loop, transport = idle

    loop.advance(4.9)
    before = transport.closed
    loop.advance(0.1)

    assert (before, transport.closed) == (False, True)


def test_each_request_gives_a_connection_its_whole_time_again(idle):
    connection, loop, transport = idle

    loop.advance(4)
    again(connection)
    loop.advance(4.9)
    before = transport.closed
    loop.advance(0.1)

    assert (before, transport.closed) == (False, True)
    assert len(loop.timers) <= 1


def test_a_request_that_comes_in_parts_is_waited_for(idle):
    connection, loop, transport = idle

    again(connection, GET[:20])
    loop.advance(20)
    before = transport.closed
    again(connection, GET[20:])
    loop.advance(4.9)

    assert (before, transport.closed, transport.written.count(b"200 OK")) == (False, False, 2)


def test_a_connection_that_ends_leaves_no_timer(idle):
    connection, loop, _ = idle

    connection.connection_lost(ConnectionResetError())

    assert [timer.cancelled for timer in loop.timers] == [True]


# Requests that wait for each other -----------------------------------------------------------


def test_a_request_is_answered_at_the_end_of_the_turn(idle):
    _, loop, transport = idle

    before = transport.written
    loop.turn()

    assert before == b""
    assert transport.written.count(b"200 OK") == 1


def test_a_request_is_answered_before_the_next_one_is_read(idle):
    connection, loop, transport = idle

    again(connection)
    before = transport.written.count(b"200 OK")
    loop.turn()

    assert (before, transport.written.count(b"200 OK")) == (1, 2)


@pytest.mark.parametrize("end", ["shutdown", "eof_received"])
def test_a_request_is_answered_before_its_connection_ends(idle, end):
    connection, loop, transport = idle

    getattr(connection, end)()
    sent = transport.written.count(b"200 OK")
    loop.turn()

    assert (sent, transport.written.count(b"200 OK")) == (1, 1)


def test_a_request_that_waits_is_carried_out_though_its_client_left(idle):
    connection, loop, transport = idle
    loop.turn()
    again(connection)
    transport.close()
    connection.connection_lost(None)
    answered = connection.cycle.response_complete
    loop.turn()

    assert (answered, transport.written.count(b"200 OK")) == (True, 1)


def test_a_connection_is_not_idle_while_its_request_waits(idle):
    connection, loop, transport = idle
    loop.turn()
    loop.now += 4.9
    again(connection)
    loop.now += 0.2
    loop.timers[0].callback()

    assert not transport.closed


class Asked:
    """Puts requests into an inbox, and counts which were begun, and which answers were sent."""

    def __init__(self):
        self.loop, self.transport, self.begun = Loop(), Transport(), 0
        self.inbox = Inbox(self.loop)

    def put(self):
        return self.inbox.put(self._begin, 1, 2)

    def _begin(self, one, other):
        assert (one, other) == (1, 2)
        self.begun += 1
        self.inbox.write(self.transport, b"x")
        assert len(self.transport.written) <= self.begun

    @property
    def seen(self):
        return self.begun, len(self.transport.written)


def test_only_so_many_requests_are_answered_in_a_row():
    asked = Asked()
    waits = [asked.put() for _ in range(33)]
    seen = []
    for _ in range(4):
        seen.append(asked.seen)
        asked.loop.turn()

    assert waits == [True] * 33
    assert seen == [(0, 0), (16, 16), (32, 32), (33, 33)]
    assert asked.loop.soon == []


def test_the_answers_of_a_row_are_sent_once_all_are_there():
    asked, sent = Asked(), []
    for number in range(3):
        asked.inbox.put(lambda number, _: (asked.inbox.write(asked.transport, b"%d" % number), sent.append(asked.transport.written)), number, None)  # fmt: skip
    asked.loop.turn()

    assert (sent, asked.transport.written) == ([b""] * 3, b"012")


def test_a_request_that_breaks_holds_up_no_other():
    def breaks(one, other):
        raise ZeroDivisionError

    asked = Asked()
    asked.put()
    asked.inbox.put(breaks, 1, 2)
    for _ in range(16):
        asked.put()
    with pytest.raises(ZeroDivisionError):
        asked.loop.turn()
    before = asked.seen
    asked.loop.turn()

    assert (before, asked.seen) == ((1, 1), (17, 17))


@pytest.mark.parametrize(
    ("a_turn", "waiting"),
    [
        pytest.param(1, [0, 1, 130, 131, 260, 261], id="one"),
        pytest.param(2, [0, 1, 66, 67, 132, 133], id="two"),
        pytest.param(4, list(range(300)), id="four"),
    ],
)
def test_while_few_requests_come_most_do_not_wait(a_turn, waiting):
    asked, waited = Asked(), []
    for turn in range(300):
        before = asked.begun
        for _ in range(a_turn):
            asked.put()
        if asked.begun == before:
            waited.append(turn)
        asked.loop.turn()
        assert asked.seen == (before + a_turn,) * 2

    assert waited[: len(waiting)] == waiting
