"""Clients that use an emulator for a while as real ones do, and the memory that it takes meanwhile."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from time import perf_counter

# The journal fills in seconds; everything else that has a cap holds 10,000 of its kind at most.
CAPS = ("--max-requests", "1000", "--max-videos", "1000")
QUICK = ("--queue-seconds", "0.005", "--processing-seconds", "0.02")

_QUIETLY = ("--port", "0", "--log-level", "error")
_BASES = ("/v1/videos", "/openai/v1/videos", "/videos")
_UNFINISHED = ("queued", "in_progress")
_POLL_SECONDS = 0.01
_JOBS_A_KEY = 50
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Served:
    """A `fauxreel serve` of its own."""

    pid: int
    address: str

    def resident_bytes(self) -> int:
        """What the process holds in memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024


@contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """Serves on a free port; ends it as a user would."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fauxreel", "serve", *_QUIETLY, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Served(process.pid, process.stdout.readline().split("//")[1].strip())
    finally:
        process.terminate()
        process.communicate(timeout=_TIMEOUT_SECONDS)


class Client(threading.Thread):
    """Makes, polls, lists, downloads and deletes one job after the other.

    After so many jobs it comes again as another one: with another key, over a new connection.

    Args:
        over: Set when it is to end; set by itself when an answer is an error.
    """

    def __init__(self, number: int, address: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.requests: Counter[str] = Counter()
        self.jobs = 0
        self.errors: list[str] = []
        self._number = number
        self._connection = HTTPConnection(address, timeout=_TIMEOUT_SECONDS)
        self._over = over

    def run(self) -> None:
        try:
            for number in count():
                if self._over.is_set():
                    return
                if number % _JOBS_A_KEY == 0:
                    self._connection.close()  # the next request opens another one
                self._one_job(number)
                self.jobs += 1
        except (OSError, HTTPException, ValueError, KeyError) as error:
            self.errors.append(f"{type(error).__name__}: {error}")
            self._over.set()
        finally:
            self._connection.close()

    def _one_job(self, number: int) -> None:
        base = _BASES[(number + self._number) % len(_BASES)]
        key = f"sk-{self._number}-{number // _JOBS_A_KEY}"
        wish = {"model": "sora-2", "prompt": f"boat {self._number}-{number}"}
        made = self._ask("create", key, "POST", base, wish)
        job = f"{base}/{json.loads(made)['id']}"
        while json.loads(self._ask("retrieve", key, "GET", job))["status"] in _UNFINISHED:
            self._over.wait(_POLL_SECONDS)
        self._ask("list", key, "GET", f"{base}?limit=20")
        variant = ("video", "thumbnail", "spritesheet")[number % 3]
        self._ask("content", key, "GET", f"{job}/content?variant={variant}")
        self._ask("delete", key, "DELETE", job)

    def _ask(self, operation: str, key: str, method: str, path: str, body: object = None) -> bytes:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, path, sent, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise ValueError(f"{method} {path}: {response.status} {answer[:300]!r}")
        self.requests[operation] += 1
        return answer


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak showed.

    Args:
        samples: Seconds since the start, and bytes then resident.
    """

    samples: list[tuple[float, int]]
    requests: Counter[str]
    jobs: int
    errors: list[str]

    @property
    def seconds(self) -> float:
        return self.samples[-1][0]

    @property
    def growth_bytes(self) -> float:
        """How much memory grew over the second half, by the line of least squares."""
        half = [sample for sample in self.samples if sample[0] >= self.seconds / 2]
        mean_x = sum(x for x, _ in half) / len(half)
        mean_y = sum(y for _, y in half) / len(half)
        spread = sum((x - mean_x) ** 2 for x, _ in half)
        slope = sum((x - mean_x) * (y - mean_y) for x, y in half) / spread
        return slope * (half[-1][0] - half[0][0])

    def told(self) -> str:
        """The figures, a line each."""
        total = sum(self.requests.values())
        memory = " ".join(
            f"{size / 2**20:.1f}" for _, size in self.samples[:: len(self.samples) // 10]
        )
        return (
            f"{self.seconds:.0f} s, {self.jobs} jobs, {total} requests ({total / self.seconds:.0f}/s): "
            f"{dict(self.requests)}\n"
            f"resident MiB: {memory}\n"
            f"growth over the second half: {self.growth_bytes / 1024:.0f} KiB\n"
        )  # fmt: skip


def soak(served: Served, seconds: float, *, connections: int, samples: int = 100) -> Soaked:
    """Lets so many clients work for so long."""
    over = threading.Event()
    clients = [Client(number, served.address, over) for number in range(connections)]
    for client in clients:
        client.start()
    started = perf_counter()
    taken: list[tuple[float, int]] = []
    for number in range(1, samples + 1):
        over.wait(max(0.0, started + number * seconds / samples - perf_counter()))
        taken.append((perf_counter() - started, served.resident_bytes()))
        if over.is_set():
            break
    over.set()
    for client in clients:
        client.join()
    return Soaked(
        taken,
        sum((client.requests for client in clients), Counter()),
        sum(client.jobs for client in clients),
        [error for client in clients for error in client.errors],
    )
