"""Waiting by the control API until clients have sent so many requests."""

import json
import socket
import threading
from contextlib import ExitStack
from selectors import EVENT_READ, DefaultSelector

from fauxreel import Emulator

CREATE = {"prompt": "a cat"}


def test_waiting_ends_once_enough_requests_were_answered(ask):
    replies = []
    waiting = threading.Thread(
        target=lambda: replies.append(
            ask("GET", "/_fauxreel/requests?operation=create&count=2&seconds=9")
        )
    )
    waiting.start()
    for _ in range(2):
        ask("GET", "/v1/models")
        ask("POST", "/v1/videos", CREATE)
    waiting.join(10)

    assert [entry["operation"] for entry in replies[0].json["requests"]] == ["create", "create"]


def test_waiting_ends_when_the_time_is_up(ask):
    reply = ask("GET", "/_fauxreel/requests?operation=create&count=1&seconds=0.01")

    assert reply.json == {"total": 0, "requests": []}


def test_more_requests_than_the_journal_keeps_are_not_waited_for(ask_of):
    with Emulator(max_requests=2) as emulator:
        reply = ask_of(emulator, "GET", "/_fauxreel/requests?count=3&seconds=60")

    assert reply.told == (
        400,
        "bad_request",
        "count -> '3' is not a whole number from 0 to 2 (max_requests).",
    )


WAIT = b"GET /_fauxreel/requests?count=1&seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_so_many_may_wait_at_a_time(ask, emulator):
    host, port = emulator.root_url.removeprefix("http://").split(":")
    with ExitStack() as open_sockets, DefaultSelector() as selector:
        waiting = [
            open_sockets.enter_context(socket.create_connection((host, int(port)), timeout=10))
            for _ in range(101)
        ]
        for one in waiting:
            selector.register(one, EVENT_READ)
            one.sendall(WAIT)
        ((ready, _),) = selector.select(10)
        refused = ready.fileobj.recv(10_000)
        selector.unregister(ready.fileobj)
        ask("GET", "/v1/models")
        waiting.remove(ready.fileobj)
        served = {one.recv(15) for one in waiting}

    assert refused.startswith(b"HTTP/1.1 429 ")
    assert json.loads(refused.partition(b"\r\n\r\n")[2]) == {
        "error": {
            "code": "too_many_waits",
            "message": "As many calls wait for requests as may (100); ask again when one has ended.",
        }
    }
    assert served == {b"HTTP/1.1 200 OK"}
    assert ask("GET", "/_fauxreel/requests?count=1").status == 200
