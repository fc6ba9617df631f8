"""A million jobs in several states: seeded, listed from the end and the middle, and filtered."""

import json
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.heartbeat import Heartbeat
from benchmarks.operations import http
from benchmarks.targets import Failed, ask, seed

_PAGES = 300
_LIMIT = 100
# The rarest ones are the oldest, as far as can be from where a list begins.
_FEW = 100
_PARTS = {"failed": 0.0, "queued": 0.1, "processing": 0.3, "completed": 0.6}


@dataclass(frozen=True, slots=True)
class Population:
    """How many jobs there are to be.

    Args:
        longest_wait_ms: The longest that one client may wait while others seed, list and filter.
    """

    jobs: int
    longest_wait_ms: float

    def by_state(self) -> dict[str, int]:
        """How many of them in each state, in the order in which they are made."""
        counts = {status: round(self.jobs * part) for status, part in _PARTS.items()}
        counts["failed"] = _FEW
        counts["completed"] -= sum(counts.values()) - self.jobs
        return counts


def look_through(port: int, population: Population) -> list[str]:
    """Seeds, lists and filters; says how long each took, and how long another client waited.

    Raises:
        Failed: An answer is an error, or not what it should be, or comes too late.
    """
    lines: list[str] = []
    for stage in (_seeded, _listed, _filtered):
        with Heartbeat(port) as heartbeat:
            lines += stage(port, population)
        waited = heartbeat.longest_seconds * 1000
        lines.append(
            f"meanwhile, the longest of {heartbeat.answers:,} other answers took {waited:.0f} ms"
        )
        if waited > population.longest_wait_ms:
            raise Failed("\n".join([*lines, "That is too long."]))
    return lines


def _seeded(port: int, population: Population) -> list[str]:
    started = time.perf_counter()
    for status, count in population.by_state().items():
        seed(port, count, status=status, prompt="A red kite over a lake")
    seconds = time.perf_counter() - started
    return [f"{population.jobs:,} jobs seeded in {seconds:.1f} s"]


def _listed(port: int, population: Population) -> list[str]:
    lines: list[str] = []
    places = {"the newest": "", "the middle": _middle(port, population)}
    for name, first in places.items():
        cursor = first
        seen: list[str] = []
        times: list[float] = []
        for _ in range(_PAGES):
            after = f"&after={cursor}" if cursor else ""
            page, seconds = _asked(port, f"/v1/videos?limit={_LIMIT}{after}")
            times.append(seconds)
            seen += [one["id"] for one in page["data"]]
            cursor = page["last_id"]
        if len(set(seen)) != _PAGES * _LIMIT:
            raise Failed(f"{_PAGES} pages from {name} had {len(set(seen))} jobs.")
        lines.append(
            f"{_PAGES} pages of {_LIMIT} from {name}: "
            f"median {median(times) * 1000:.1f} ms, longest {max(times) * 1000:.1f} ms"
        )
    return lines


def _middle(port: int, population: Population) -> str:
    """The id of a job amid all others, found as somebody would who skips by the control API."""
    found, _ = _asked(port, "/_fauxreel/videos?status=processing&limit=1")
    if found["counts"] != population.by_state():
        raise Failed(f"The jobs are counted as {found['counts']}.")
    return str(found["videos"][0]["id"])


def _filtered(port: int, population: Population) -> list[str]:
    lines: list[str] = []
    for status, count in population.by_state().items():
        for order in ("desc", "asc"):
            path = f"/_fauxreel/videos?status={status}&limit={_LIMIT}&order={order}"
            page, seconds = _asked(port, path)
            states = [one["status"] for one in page["videos"]]
            if states != [status] * min(_LIMIT, count) or page["has_more"] != (count > _LIMIT):
                raise Failed(f"{path} has {len(states)} jobs, more: {page['has_more']}.")
            where = "newest" if order == "desc" else "oldest"
            lines.append(
                f"the {where} {len(states)} of {count:,} {status} jobs: {seconds * 1000:,.0f} ms"
            )
    return lines


def _asked(port: int, path: str) -> tuple[Any, float]:
    started = time.perf_counter()
    answer = ask(port, http("GET", path))
    seconds = time.perf_counter() - started
    if answer.status != 200:
        raise Failed(f"{path} answered {answer.status}: {answer.body[:200]!r}")
    return json.loads(answer.body), seconds
