"""`ready` says whether new jobs would go well; `health` that the process answers."""

import socket
from http.client import HTTPResponse

import pytest

from fauxreel.embed import Emulator
from fauxreel.store.memory import MemoryStore
from fauxreel.wait import NotReady, target, wait

READY = "/_fauxreel/ready"


class BrokenStore(MemoryStore):
    """One that knows what is wrong with it."""

    def __init__(self, problem):
        super().__init__(10)
        self.told = problem

    async def problem(self):
        return self.told


class RaisingStore(MemoryStore):
    async def counts(self, now):
        raise OSError("the disk is gone")


def test_it_is_not_ready_without_a_usable_ffmpeg(ask, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")

    assert ask("GET", READY).told == (
        503,
        "media_unusable",
        "There is no ffmpeg: '/nowhere/ffmpeg' cannot be run.",
    )
    assert ask("GET", "/_fauxreel/health").status == 200


def test_it_is_ready_again_once_ffmpeg_is_there(ask, monkeypatch, tmp_path):
    program = tmp_path / "ffmpeg"
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
    before = ask("GET", READY).status
    program.touch(0o755)

    assert (before, ask("GET", READY).status) == (503, 200)


@pytest.mark.parametrize(
    ("store", "message"),
    [
        (BrokenStore("The file is read-only."), "The file is read-only."),
        (RaisingStore(10), "The store fails: OSError: the disk is gone"),
    ],
    ids=["told", "raised"],
)
def test_it_is_not_ready_without_a_store(ask_of, store, message):
    with Emulator(store=store) as emulator:
        reply = ask_of(emulator, "GET", READY)
        elsewhere = ask_of(emulator, "GET", f"/ns/one{READY}")

    assert reply.told == (503, "store_unusable", message)
    assert elsewhere.status == 200


def test_a_store_that_sees_no_problem_is_ready(ask_of):
    with Emulator(store=BrokenStore(None)) as emulator:
        assert ask_of(emulator, "GET", READY).status == 200


def test_it_is_not_ready_once_it_was_told_to_end():
    emulator = Emulator().start()
    host, port = emulator.root_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = f"GET {READY} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
        assert connection.recv(25).startswith(b"HTTP/1.1 100")  # it waits for the body

        def end():
            emulator._server.end()
            connection.sendall(b"{}")  # before the end takes its course

        emulator.on_loop(end)
        response = HTTPResponse(connection)
        response.begin()
        body = response.read()
    emulator._thread.join()

    assert response.status == 503
    assert body == b'{"error": {"code": "ending", "message": "The emulator is ending."}}'


def test_one_that_starts_again_is_ready(ask_of):
    emulator = Emulator()
    for _ in range(2):
        with emulator:
            assert ask_of(emulator, "GET", READY).status == 200


def test_who_waits_is_told_why():
    with (
        Emulator(store=BrokenStore("The file is read-only.")) as emulator,
        pytest.raises(NotReady, match=r"within 0 s: it says: The file is read-only\.$"),
    ):
        wait(target(emulator.root_url), 0)
