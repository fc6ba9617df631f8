"""Listening, the headers of the server, and ending at once."""

import asyncio
import errno
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from time import perf_counter

import pytest

from fauxreel.server import CannotListen, EventServer, listen, url_of

# Typically some milliseconds; more would be a wait.
MOST_SECONDS = 2


async def hello(scope, receive, send):
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(app=hello) -> Iterator[tuple[int, Callable[[], float]]]:
    """The port of a server in a thread, and what ends it and answers how long that took."""
    sockets = listen("localhost", 0)
    ready, loops = threading.Event(), []
    server = EventServer(app, ready.set)

    def run() -> None:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            loops.append(runner.get_loop())
            runner.run(server.serve(sockets))

    thread = threading.Thread(target=run)

    def end() -> float:
        started = perf_counter()
        if thread.is_alive():
            loops[0].call_soon_threadsafe(server.end)
        thread.join()
        return perf_counter() - started

    thread.start()
    ready.wait()
    try:
        yield sockets[0].getsockname()[1], end
    finally:
        end()


def close(sockets: list[socket.socket]) -> None:
    for listener in sockets:
        listener.close()


def has_ipv6() -> bool:
    try:
        close(listen("::1", 0))
    except CannotListen:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


@needs_ipv6
def test_localhost_is_both_loopback_addresses_on_one_port():
    sockets = listen("localhost", 0)
    addresses = [listener.getsockname()[:2] for listener in sockets]
    close(sockets)

    port = addresses[0][1]
    assert port > 0
    assert addresses == [("127.0.0.1", port), ("::1", port)]


@needs_ipv6
def test_localhost_is_ipv4_alone_where_the_other_port_is_taken():
    (taken,) = listen("::1", 0)
    sockets = listen("localhost", taken.getsockname()[1])
    addresses = [listener.getsockname()[0] for listener in sockets]
    close([*sockets, taken])

    assert addresses == ["127.0.0.1"]


def test_a_taken_port_is_one_clear_line():
    sockets = listen("127.0.0.1", 0)
    port = sockets[0].getsockname()[1]
    with pytest.raises(CannotListen) as caught:
        listen("localhost", port)
    close(sockets)

    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1 port {port}: Address already in use; "
        "--port chooses another, --port 0 a free one."
    )


def test_a_foreign_address_is_one_clear_line():
    with pytest.raises(CannotListen) as caught:
        listen("192.0.2.1", 0)  # an address of nobody

    assert str(caught.value) == (
        f"cannot listen on 192.0.2.1 port 0: {os.strerror(errno.EADDRNOTAVAIL)}; "
        "--host names an address of this machine."
    )


@pytest.mark.parametrize("host", ["no such host", "a" * 70 + ".test"])
def test_a_host_that_is_no_address_is_one_clear_line(host):
    with pytest.raises(CannotListen) as caught:
        listen(host, 0)

    assert str(caught.value) == f"{host!r} is not an address of this machine; --host names one."


def test_another_machines_address_is_one_clear_line():
    # 192.0.2.0/24 is kept for documentation: no machine has an address of it.
    with pytest.raises(CannotListen, match=r"^cannot listen on 192\.0\.2\.1 port 0: [^\n]*$"):
        listen("192.0.2.1", 0)


def test_a_port_is_free_again_at_once():
    with served() as (port, end), closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.connect()
        end()

    close(listen("127.0.0.1", port))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}"),
        pytest.param("::1", "http://[::1]:{}", marks=needs_ipv6),
    ],
)
def test_the_url_names_address_and_port(host, url):
    sockets = listen(host, 0)
    found, port = url_of(sockets[0]), sockets[0].getsockname()[1]
    close(sockets)

    assert found == url.format(port)


def test_an_answer_has_a_date_and_names_no_server():
    with served() as (port, _), closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/")
        response = connection.getresponse()
        headers, body = dict(response.getheaders()), response.read()

    assert headers == {"date": headers["date"], "content-length": "5"}
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", headers["date"])
    assert body == b"hello"


def test_a_server_ends_at_once_and_leaves_no_thread_and_no_socket():
    before = set(threading.enumerate())
    with served() as (port, end):
        seconds = end()

    assert seconds < MOST_SECONDS
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_an_idle_connection_is_closed_by_the_end():
    with served() as (port, end), closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/")
        connection.getresponse().read()
        seconds = end()
        left = connection.sock.recv(1)

    assert (left, seconds < MOST_SECONDS) == (b"", True)


@pytest.mark.parametrize(
    "sent",
    [b"GET / HT", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhal"],
    ids=["head", "body"],
)
def test_a_request_half_sent_does_not_hold_up_the_end(sent, caplog):
    got = threading.Event()

    async def reading(scope, receive, send):
        message = await receive()
        while message["type"] == "http.request":
            got.set()
            message = await receive()

    with served(reading) as (port, end), socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(sent)
        if b"\r\n\r\n" in sent:
            got.wait()
        seconds = end()
        left = client.recv(1)

    assert (left, seconds < MOST_SECONDS) == (b"", True)
    assert caplog.messages == []


def test_an_answer_under_way_is_finished():
    asked, told = threading.Event(), threading.Event()

    async def slow(scope, receive, send):
        asked.set()
        await asyncio.to_thread(told.wait)
        await hello(scope, receive, send)

    with served(slow) as (port, end), closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/")
        asked.wait()
        ending = threading.Thread(target=end)
        ending.start()
        told.set()
        body = connection.getresponse().read()
        ending.join()

    assert body == b"hello"


def test_an_answer_that_never_comes_does_not_hold_up_the_end():
    asked = threading.Event()

    async def never(scope, receive, send):
        asked.set()
        await asyncio.Event().wait()

    with served(never) as (port, end), socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        asked.wait()
        seconds = end()

    assert seconds < MOST_SECONDS


def test_a_server_that_is_told_to_end_before_it_began_ends():
    sockets = listen("localhost", 0)
    server = EventServer(hello)
    server.end()
    with asyncio.Runner() as runner:
        runner.run(server.serve(sockets))

    assert [listener.fileno() for listener in sockets] == [-1] * len(sockets)


def test_what_listens_lets_asyncio_send_small_answers_at_once():
    # asyncio sets TCP_NODELAY only where the protocol is named; the body of an answer waits 40 ms
    # for the client to acknowledge its head otherwise.
    listeners = listen("localhost", 0)
    assert {listener.proto for listener in listeners} == {socket.IPPROTO_TCP}
    for listener in listeners:
        listener.close()
