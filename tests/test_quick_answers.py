"""Answers that are written in one piece: a client sees what it would see of uvicorn's own."""

import socket
from contextlib import closing, suppress

import pytest

from fauxreel.connection import EXTENSION
from fauxreel.wire.http import Answer, send_answer
from serving import served


def answers(make):
    """An application that sends what `make` makes of the scope."""

    async def app(scope, receive, send):
        answer, headers = make(scope)
        await send_answer(answer, headers, scope, send)

    return at_once(app)


def at_once(app):
    app.begins_at_once = True
    return app


def plain(app):
    """The same under a server that offers no connection, so that uvicorn itself writes."""

    async def without(scope, receive, send):
        await app({**scope, "extensions": {}}, receive, send)

    return without


def address(url):
    host, _, port = url.removeprefix("http://").partition(":")
    return host, int(port)


def talk(app, sent):
    with served(app) as url, closing(socket.create_connection(address(url))) as line:
        line.settimeout(10)
        line.sendall(sent)
        got = b""
        while piece := line.recv(65536):
            got += piece
    return got


def without_date(got):
    return [line for line in got.split(b"\r\n") if not line.startswith(b"date:")]


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
LAST = GET + b"Connection: close\r\n\r\n"


# More than the kernel keeps for a connection.
MOST_SENT = 8 * 2**20


@pytest.mark.parametrize(
    ("sent", "status", "parts"),
    [
        pytest.param(LAST, 200, (b"{}",), id="body"),
        pytest.param(LAST, 404, (b"one", b"two"), id="parts"),
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", 200, (b"{}",), id="1.0"),
        pytest.param(b"HEAD" + GET[3:] + b"\r\n" + LAST, 200, (b"{}",), id="head"),
        pytest.param(GET + b"\r\n" + LAST, 204, (), id="none"),
        pytest.param(2 * (GET + b"\r\n") + LAST, 200, (b"{}",), id="pipeline"),
    ],
)
def test_the_bytes_are_those_of_uvicorn(sent, status, parts):
    app = answers(lambda _: (Answer(status, parts, headers=[(b"x-a", b"1")]), [(b"x-b", b"2")]))

    assert without_date(talk(app, sent)) == without_date(talk(plain(app), sent))


@pytest.mark.parametrize("value", [b"a\r\nx-b: b", b"a\nb", b"a\0b", b"a\x7fb"])
def test_no_header_can_bring_another_one_along(value, caplog):
    app = answers(lambda _: (Answer(200, (b"{}",)), [(b"x-a", value)]))

    got = talk(app, LAST)

    assert got == b""
    assert "Invalid HTTP header value" in caplog.text


def test_a_long_pipeline_is_answered_whole():
    app = answers(lambda scope: (Answer(200, (scope["query_string"],)), []))
    sent = b"".join(b"GET /?%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(600))

    bodies = [part.partition(b"HTTP/1.1")[0] for part in talk(app, sent + LAST).split(b"\r\n\r\n")]

    assert bodies[1:] == [b"%d" % n for n in range(600)] + [b""]


def test_a_client_that_reads_no_answers_is_read_no_further():
    app = answers(lambda _: (Answer(200, (bytes(65536),)), []))
    asked, sent = (GET + b"\r\n") * 10_000, 0
    with served(app) as url, closing(socket.create_connection(address(url))) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        line.settimeout(1)
        with suppress(TimeoutError):
            while sent < MOST_SENT:
                sent += line.send(asked)

    assert sent < MOST_SENT


def test_a_client_that_will_say_no_more_is_answered():
    app = answers(lambda _: (Answer(200, (b"{}",)), []))
    with served(app) as url, closing(socket.create_connection(address(url))) as line:
        line.settimeout(10)
        line.sendall(GET + b"\r\n")
        line.shutdown(socket.SHUT_WR)
        got = b""
        while piece := line.recv(65536):
            got += piece

    assert got.endswith(b"\r\n\r\n{}")


def test_a_body_that_comes_with_its_head_is_there_at_once():
    async def echo(scope, receive, send):
        message = await receive()
        await send_answer(Answer(200, (message["body"],)), [], scope, send)

    got = talk(at_once(echo), b"POST" + LAST[3:-2] + b"Content-Length: 5\r\n\r\nhello")

    assert got.endswith(b"\r\n\r\nhello")


def test_who_stands_between_sees_the_answer():
    seen = []

    async def app(scope, receive, send):
        async def watched(message):
            seen.append(message["type"])
            await send(message)

        assert EXTENSION in scope["extensions"]
        await send_answer(Answer(200, (b"{}",)), [], scope, watched)

    talk(at_once(app), LAST)

    assert seen == ["http.response.start", "http.response.body"]
