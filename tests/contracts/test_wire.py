"""What goes over the wire: bytes as a clause says them, and the key where it belongs only."""

import http.server
import threading
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP

import pytest

from fauxreel_contracts.curl import curl
from fauxreel_contracts.forms import BOUNDARY, Part, encode, file, texts
from fauxreel_contracts.pace import Pace
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Options, resolve
from fauxreel_contracts.wire import Call, NoAnswer, Secret, Wire, call, form_call, json_call

SECRET = Secret("sk-secret", "MINE", ("Authorization", "Bearer {}"))


ASKED = "curl -sS -i http://a.test/v1/videos"


class Clock:
    """Time that only waiting moves."""

    def __init__(self):
        self.time, self.waits = 0.0, []

    def now(self):
        return self.time

    def wait(self, seconds):
        self.waits.append(seconds)
        self.time += seconds


@contextmanager
def serving(reply):
    """A server that keeps what it was sent and answers by a function of the request's number."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            seen.append((self.command, self.path, self.headers.items(), body))
            reply(self, len(seen))

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(status, body=b"{}", **headers):
    def answer(handler, _):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def wire(url, clock=None, timeout=10.0):
    clock = clock or Clock()
    return Wire(url, SECRET, timeout, clock, Pace(clock, 0))


def test_a_request_carries_the_key_and_little_else():
    with serving(saying(200)) as (url, seen):
        wire(url).send(call("GET", "/videos?limit=1", headers=(("X-Odd", "1"), ("X-Odd", "2"))))

    (method, path, headers, body), *_ = seen
    assert (method, path, body) == ("GET", "/v1/videos?limit=1", b"")
    assert [(name, value) for name, value in headers if name != "Host"] == [
        ("X-Odd", "1"),
        ("X-Odd", "2"),
        ("Authorization", "Bearer sk-secret"),
        ("User-Agent", "fauxreel-contracts"),
    ]


def test_a_request_may_leave_the_key_out_or_carry_it_elsewhere():
    with serving(saying(200)) as (url, seen):
        wire(url).send(call("GET", "/videos", keyed=False))
        wire(url).send(call("GET", "/videos", key_header=("api-key", "{}")))

    assert [[pair for pair in headers if "sk-secret" in pair[1]] for _, _, headers, _ in seen] == [
        [],
        [("api-key", "sk-secret")],
    ]


def test_no_redirect_is_followed():
    elsewhere = saying(302, Location="http://127.0.0.1:1/stolen")
    with serving(elsewhere) as (url, seen):
        answer = wire(url).send(call("GET", "/videos"))

    assert (answer.status, answer.header("location"), len(seen)) == (
        302,
        "http://127.0.0.1:1/stolen",
        1,
    )


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(saying(200)) as (url, _):
        assert wire(url).send(call("GET", "/videos")).status == 200


def test_a_server_that_closes_gives_no_answer():
    closing = serving(lambda handler, _: handler.connection.close())
    with closing as (url, _), pytest.raises(NoAnswer, match="^GET /videos got no answer: "):
        wire(url).send(call("GET", "/videos"))


def test_an_answer_that_breaks_off_is_none():
    def half(handler, _):
        handler.send_response(200)
        handler.send_header("content-length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    with serving(half) as (url, _), pytest.raises(NoAnswer):
        wire(url).send(call("GET", "/videos"))


def test_an_answer_that_takes_too_long_is_none():
    class Late(Clock):
        def now(self):
            self.time += 6
            return self.time

    late = pytest.raises(NoAnswer, match="not whole after 5 seconds")
    with serving(saying(200)) as (url, _), late:
        wire(url, Late(), timeout=5).send(call("GET", "/videos"))


def test_requests_keep_their_pace():
    clock = Clock()
    pace = Pace(clock, 0.5)
    for _ in range(3):
        pace.await_turn()

    assert clock.waits == [0.5, 0.5]


def test_a_form_is_what_other_programs_read():
    parts = (
        *texts({"prompt": "a boat", "seconds": 4}),
        file("ref", b"\x89PNG", "a.png", "image/png"),
    )
    head = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + encode(parts))

    assert [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content(),
        )
        for part in message.iter_parts()
    ] == [("prompt", None, "a boat"), ("seconds", None, "4"), ("ref", "a.png", b"\x89PNG")]


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (
            call("GET", "/videos?limit=1"),
            "curl -sS -i 'http://a.test/v1/videos?limit=1' -H \"Authorization: Bearer $MINE\"",
        ),
        (
            call("DELETE", "/videos/x", keyed=False),
            "curl -sS -i -X DELETE http://a.test/v1/videos/x",
        ),
        (call("HEAD", "/videos", keyed=False), "curl -sS -i -I http://a.test/v1/videos"),
        (
            json_call("/videos", {"prompt": "it's sk-secret"}, keyed=False),
            ASKED
            + """ -H 'Content-Type: application/json' --data-raw '{"prompt": "it'"'"'s $MINE"}'""",
        ),
        (
            form_call(
                "/videos", (*texts({"p": "x"}), file("f", b"", "a b.png", "image/png")), keyed=False
            ),
            "curl -sS -i http://a.test/v1/videos --form-string p=x -F 'f=@a b.png;type=image/png'",
        ),
        (
            form_call("/videos", (Part("ref", b"\x89PNG", None, "image/png"),), keyed=False),
            "curl -sS -i http://a.test/v1/videos -F 'ref=<ref.bin;type=image/png'",
        ),
        (
            Call("POST", "/videos", (), b"x" * 2001, keyed=False),
            f"curl -sS -i http://a.test/v1/videos --data-raw '{'x' * 2000}… (2001 bytes)'",
        ),
        (
            call("POST", "/videos", keyed=False),
            "curl -sS -i -X POST http://a.test/v1/videos",
        ),
    ],
)
def test_a_call_can_be_made_again_with_curl(request_, line):
    assert curl(request_, "http://a.test/v1", SECRET) == line


def session(url, clock):
    return Session(resolve("it", Options(url=url), {}), clock)


def test_a_429_is_waited_out_and_sent_again():
    def busy(handler, number):
        (saying(429, Retry_After="7") if number < 3 else saying(200))(handler, number)

    clock = Clock()
    with serving(busy) as (url, seen):
        answer = session(url, clock).get("/videos")

    assert (answer.status, len(seen), clock.waits) == (200, 3, [7.0, 7.0])


def test_a_429_that_stays_is_the_answer():
    clock = Clock()
    with serving(saying(429)) as (url, seen):
        answer = session(url, clock).get("/videos")

    assert (answer.status, len(seen), clock.waits) == (429, 4, [1.0, 1.0, 1.0])


def test_a_poll_waits_as_long_as_the_server_says_and_as_configured_otherwise():
    job = b'{"id":"video_1","status":"%s"}'
    answers = {
        1: saying(200, job % b"queued"),
        2: saying(404),
        3: saying(200, job % b"queued", openai_poll_after_ms="1500"),
        4: saying(200, job % b"in_progress"),
        5: saying(200, job % b"completed"),
    }
    clock = Clock()
    with serving(lambda handler, number: answers[number](handler, number)) as (url, seen):
        life = session(url, clock).life()

    assert clock.waits == [1.5, 0.2]
    assert [method for method, *_ in seen] == ["POST", "GET", "GET", "GET", "GET"]
    assert [video.get("status") for video in life.objects()] == [
        "queued",
        "queued",
        "in_progress",
        "completed",
    ]


def test_a_job_that_never_ends_is_given_up():
    from fauxreel_contracts.jobs import Unavailable

    job = saying(200, b'{"id":"video_1","status":"queued"}', openai_poll_after_ms="60000")
    with serving(job) as (url, _):
        asked = session(url, Clock())
        with pytest.raises(Unavailable, match="was not done after 900 seconds"):
            asked.life()
        with pytest.raises(Unavailable, match="was not done after 900 seconds"):
            asked.completed()

        assert asked.created().status == 200


def test_what_could_generate_does_not_go_by_other_roads():
    asked = session("http://127.0.0.1:1/v1", Clock())

    with pytest.raises(ValueError, match="POST /videos could generate: use create or refused"):
        asked.post(json_call("/videos", {}))
    with pytest.raises(ValueError, match="POST /videos/x/remix could generate"):
        asked.send(json_call("/videos/x/remix", {}))


def test_an_answer_that_is_too_long_is_none():
    with serving(saying(200, b"x" * 100)) as (url, _):
        short = wire(url)
        short.most_bytes = 99
        with pytest.raises(NoAnswer, match="more than 99 bytes"):
            short.send(call("GET", "/videos"))


def test_https_is_spoken_where_the_url_says_so():
    with serving(saying(200)) as (url, _), pytest.raises(NoAnswer, match="SSL"):
        wire(url.replace("http:", "https:")).send(call("GET", "/videos"))
