"""Clients that come all at once are taken in all at once, be the server ever so busy."""

import asyncio
import errno
import socket

import pytest
import uvloop

from fauxreel.accepting import Acceptor
from running import Running

CLIENTS = 300


class Idle(asyncio.Protocol):
    made = 0

    def connection_made(self, transport):
        Idle.made += 1


@pytest.fixture
def idle():
    Idle.made = 0
    return Idle


def on_uvloop(test):
    """Runs a coroutine with a listening socket, on the loop that the acceptor is for."""

    async def run():
        with socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as listener:
            listener.setblocking(False)
            await test(listener)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def connected(listener, count):
    return [socket.create_connection(listener.getsockname()) for _ in range(count)]


def test_a_busy_server_takes_in_all_clients_in_a_few_turns():
    running = Running("httptools")

    async def busy():
        clients = [running.connect() for _ in range(CLIENTS)]  # the kernel takes them in
        for _ in range(4):
            await asyncio.sleep(0)
        there = len(running.server.server_state.connections)
        for client in clients:
            client.close()
        return there

    there = running.call(busy())
    running.end()

    assert there == CLIENTS


def test_a_closed_acceptor_takes_nobody_in(idle):
    async def test(listener):
        acceptor = Acceptor(listener, idle)
        await acceptor.close()
        with connected(listener, 1)[0]:
            for _ in range(5):
                await asyncio.sleep(0.01)

    on_uvloop(test)

    assert idle.made == 0


class Exhausted:
    """A listening socket of a process that has no file left, for a while."""

    def __init__(self, listener, failures, number):
        self._listener = listener
        self._failures = failures
        self._number = number

    def fileno(self):
        return self._listener.fileno()

    def accept(self):
        if self._failures:
            self._failures -= 1
            raise OSError(self._number, "no more")
        return self._listener.accept()


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ECONNABORTED])
def test_what_keeps_it_from_taking_somebody_in_passes(idle, number):
    async def test(listener):
        acceptor = Acceptor(Exhausted(listener, 1, number), idle)
        with connected(listener, 1)[0]:
            async with asyncio.timeout(10):
                while not idle.made:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        await acceptor.close()

    on_uvloop(test)

    assert idle.made == 1


def test_it_can_be_closed_while_it_pauses(idle):
    async def test(listener):
        acceptor = Acceptor(Exhausted(listener, 1, errno.EMFILE), idle)
        with connected(listener, 1)[0]:
            await asyncio.sleep(0.02)
            await acceptor.close()
            await asyncio.sleep(0.2)

    on_uvloop(test)

    assert idle.made == 0
