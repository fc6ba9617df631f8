"""Hundreds of clients that take a large video slowly or not at all, and one that polls."""

import selectors
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from alone import Alone, alone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]

DOWNLOADS = 300
POLLS = 2000
AT_ONCE = ("--queue-seconds", "0", "--processing-seconds", "0")


def long_video(server: Alone) -> tuple[str, int]:
    """The path of a video of two minutes, and how many bytes it has."""
    video = server.ask("POST", "/v1/videos", prompt="a cat", seconds="20")
    for _ in range(5):
        video = server.ask(
            "POST", "/v1/videos/extensions", prompt="on", seconds="20", video={"id": video["id"]}
        )
    path = f"/v1/videos/{video['id']}"
    with closing(server.connected()) as connection:
        connection.request("GET", f"{path}/content", headers={"Authorization": "Bearer sk-1"})
        return path, len(connection.getresponse().read())


@contextmanager
def slow_downloads(server: Alone, path: str) -> Iterator[list[socket.socket]]:
    """Clients of which every second one takes a little now and then, and the others nothing."""
    request = f"GET {path}/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-1\r\n\r\n"
    with ExitStack() as stack, selectors.DefaultSelector() as readable:
        clients: list[socket.socket] = []
        for number in range(DOWNLOADS):
            client = stack.enter_context(socket.socket())
            # So that the kernel holds little of what the client has not taken.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            client.connect(("127.0.0.1", server.port))
            client.sendall(request.encode())
            clients.append(client)
            if number % 2:
                readable.register(client, selectors.EVENT_READ)
        for client in clients:
            assert client.recv(64).startswith(b"HTTP/1.1 200 OK")
        ended = threading.Event()
        trickle = threading.Thread(target=take_a_little, args=(readable, ended))
        trickle.start()
        try:
            yield clients
        finally:
            ended.set()
            trickle.join()


def take_a_little(readable: selectors.BaseSelector, ended: threading.Event) -> None:
    while not ended.wait(0.05):
        for key, _ in readable.select(0):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.recv(1024)


def quantile(sorted_seconds: list[float], share: float) -> float:
    return sorted_seconds[min(len(sorted_seconds) - 1, int(share * len(sorted_seconds)))]


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_hundreds_of_slow_downloads_leave_polling_and_memory_alone(loop: str) -> None:
    with alone(*AT_ONCE, loop=loop) as idle, alone(*AT_ONCE, loop=loop) as busy:
        path, size = long_video(busy)
        polls = {
            "idle": (idle.poller(f"/v1/videos/{idle.ask('POST', '/v1/videos', prompt='x')['id']}"), []),
            "busy": (busy.poller(path), list[float]()),
        }  # fmt: skip
        before = busy.memory()
        with slow_downloads(busy, path) as clients:
            # In turns, so that whatever else the machine does disturbs both alike.
            for _ in range(POLLS):
                for poller, seconds in polls.values():
                    seconds.append(next(poller))
            held = busy.memory("VmHWM") - before
            assert len(clients) == DOWNLOADS
        alike, disturbed = (sorted(seconds) for _, seconds in polls.values())
    told = {
        share: (round(quantile(alike, share) * 1e3, 2), round(quantile(disturbed, share) * 1e3, 2))
        for share in (0.5, 0.99, 1.0)
    }
    print(f"{loop}: ms of a poll (idle, busy): {told}; {held / 2**20:.0f} MiB for {DOWNLOADS}")
    assert quantile(disturbed, 0.5) < 3 * quantile(alike, 0.5)
    assert quantile(disturbed, 0.99) < 5 * quantile(alike, 0.99)
    assert disturbed[-1] < 25 * alike[-1]
    assert held < DOWNLOADS * size / 20
