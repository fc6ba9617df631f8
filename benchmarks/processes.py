"""Servers as processes: started on a free port, waited for, looked at, ended by SIGTERM."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

Command = Callable[[int], Sequence[str]]

KEY = {"Authorization": "Bearer sk-1"}
_START_SECONDS = 60
_END_SECONDS = 10
_BETWEEN_TRIES_SECONDS = 0.0005


class DidNotStart(Exception):
    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(f"{' '.join(command)} did not answer within {_START_SECONDS} s.")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Args:
        first_answer_seconds: From the start of its process to the end of its first answer.
    """

    process: "subprocess.Popen[bytes]"
    port: int
    first_answer_seconds: float

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def memory_mib(self) -> float | None:
        """The memory that is resident, that of its own processes too; None without a /proc."""
        found = [
            re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text())
            for folder in _family(self.process.pid)
        ]
        return sum(int(one[1]) for one in found if one) / 1024 if found else None

    def processor_seconds(self) -> float | None:
        """What it used of all processors, on all threads, its own processes too; None without a
        /proc."""
        # The name of the program, which may hold anything, ends with the last parenthesis.
        found = [
            (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
            for folder in _family(self.process.pid)
        ]
        ticks = sum(int(user) + int(system) for user, system in found)
        return ticks / os.sysconf("SC_CLK_TCK") if found else None

    def end(self) -> float:
        """Ends it by SIGTERM; the seconds that it took, which are cut off when it does not obey."""
        last_resort = threading.Timer(_END_SECONDS, self.process.kill)
        last_resort.start()
        started = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        # Without a time limit: with one, Python looks only from time to time.
        self.process.wait()
        seconds = time.perf_counter() - started
        last_resort.cancel()
        return seconds


@contextmanager
def running(command: Command, errors: int = subprocess.DEVNULL) -> Iterator[Server]:
    """A server for as long as it is needed.

    Args:
        errors: Where its standard error goes.
    """
    server = start(command, errors)
    try:
        yield server
    finally:
        if server.alive:
            server.end()


def start(command: Command, errors: int = subprocess.DEVNULL) -> Server:
    """Starts a server and waits for its first answer.

    Raises:
        DidNotStart: It ended, or did not answer in time.
    """
    port = _free_port()
    words = command(port)
    started = time.perf_counter()
    # Installed programs are compiled once, whatever the shell says of those being written.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=kept
    )
    while not _answers(port):
        if process.poll() is not None or time.perf_counter() - started > _START_SECONDS:
            process.kill()
            process.wait()
            raise DidNotStart(words)
        time.sleep(_BETWEEN_TRIES_SECONDS)
    return Server(process, port, time.perf_counter() - started)


def _family(process: int) -> Iterator[Path]:
    """What the kernel tells of a process, and of those that it started; nothing elsewhere."""
    folder = Path(f"/proc/{process}")
    if not folder.exists():
        return
    yield folder
    for started in folder.glob("task/*/children"):
        for child in started.read_text().split():
            yield from _family(int(child))


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    """Whether a list gets an answer, be it that there is none."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)) as connection:
        try:
            connection.request("GET", "/v1/videos", headers=KEY)
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
