"""Load as users bring it: 2,000 clients that poll 100,000 jobs, and 1,000,000 jobs to look through.

    make load
    make load LOAD_ARGS="--seconds 30 --jobs 200000"

Fails at the first error, and when somebody has to wait too long for an answer.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import NoWrk, load, write_requests
from benchmarks.operations import http
from benchmarks.population import Population, look_through
from benchmarks.processes import Server, running
from benchmarks.targets import Failed, fauxreel_with_long_jobs, seed

# Each client has a connection, and so have the server and its files.
_FILES = 8192
LAST = Path(__file__).parent / ".results" / "load.json"
_PROMPT = "A red kite over a lake"


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is asked of the emulator.

    Args:
        jobs: Those that the clients poll.
        many_jobs: Those that are listed and filtered.
        longest_wait_ms: As for `Population`.
    """

    clients: int
    jobs: int
    seconds: float
    many_jobs: int
    longest_wait_ms: float


def poll(server: Server, crowd: Crowd, folder: Path) -> str:
    """All clients poll all jobs, as fast as they are answered.

    Raises:
        Failed: One of them got an error, or none.
    """
    started = time.perf_counter()
    half = crowd.jobs // 2
    ids = seed(server.port, half, status="processing", prompt=_PROMPT)
    ids += seed(server.port, crowd.jobs - half, status="completed", prompt=_PROMPT)
    seeding = time.perf_counter() - started
    requests = folder / "polls"
    write_requests(requests, (http("GET", f"/v1/videos/{one}") for one in ids))
    found = load(server.port, requests, crowd.seconds, connections=crowd.clients, threads=2)
    if found.errors or not found.requests:
        raise Failed(f"{found.requests} polls, errors: {found.errors}")
    return (
        f"{crowd.clients:,} clients polled {crowd.jobs:,} jobs (seeded in {seeding:.1f} s) "
        f"for {crowd.seconds:g} s: {found.requests:,} answers, {found.rate:,.0f} a second, "
        f"no error; p50 {found.p50_ms:.0f} ms, p99 {found.p99_ms:.0f} ms"
    )


def many(server: Server, crowd: Crowd) -> list[str]:
    """A million jobs are seeded, listed and filtered, while another client goes on asking.

    Raises:
        Failed: Something is missing from the lists, or a client waited too long.
    """
    said = look_through(server.port, Population(crowd.many_jobs, crowd.longest_wait_ms))
    memory = server.memory_mib()
    return [*said, *([f"memory of the process at the end: {memory:,.0f} MiB"] if memory else [])]


def _with_waiting_jobs(port: int) -> Sequence[str]:
    return [*fauxreel_with_long_jobs(port), "--queue-seconds", "86400"]


def _raise_limits() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _arguments(given: Sequence[str] | None) -> Crowd:
    parser = argparse.ArgumentParser(prog="make load LOAD_ARGS=…", description=__doc__)
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=100_000, help="that the clients poll")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--many-jobs", type=int, default=1_000_000, help="to list and filter")
    parser.add_argument("--longest-wait-ms", type=float, default=5000)
    found = parser.parse_args(given)
    return Crowd(found.clients, found.jobs, found.seconds, found.many_jobs, found.longest_wait_ms)


def main(given: Sequence[str] | None = None) -> int:
    """Puts the load on; gives the status to exit with."""
    crowd = _arguments(given)
    _raise_limits()
    try:
        with TemporaryDirectory() as folder, running(fauxreel_with_long_jobs) as server:
            said = [poll(server, crowd, Path(folder))]
            print(*said, flush=True)
        with running(_with_waiting_jobs) as server:
            more = many(server, crowd)
            print(*more, sep="\n")
    except (NoWrk, Failed) as error:
        print(error, file=sys.stderr)
        return 1
    LAST.parent.mkdir(exist_ok=True)
    LAST.write_text(json.dumps(said + more, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
