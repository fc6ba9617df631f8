"""The goals, and what a run reached of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.ratios import Spread, paired, spread

OURS, YARDSTICK = "fauxreel", "starlette"

# What a run measured, as it stands in its JSON file.
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal.

    Args:
        unit: Of the number; empty for a ratio.
        reached: What a run has of it; None when that was not measured.
        most: Whether the number may be at most, not at least, what was aimed at.
    """

    name: str
    aim: float
    unit: str
    reached: Callable[[Result], Spread | None]
    most: bool = False

    def met(self, value: float) -> bool:
        return value <= self.aim if self.most else value >= self.aim


def rates(result: Result, operation: str, target: str) -> list[float | None]:
    """Answers a second in each round; None for those that were not measured."""
    cell = result["operations"].get(operation, {}).get(target)
    if cell is None:
        return [None] * result["plan"]["rounds"]
    return [None if one is None else one["rate"] for one in cell["rounds"]]


def starts(result: Result, target: str, name: str) -> list[float | None]:
    """What was measured at each start."""
    found = result["starts"].get(target, {}).get(name)
    return list(found) if found else [None] * max(map(_count, result["starts"].values()), default=0)


def _count(measured: dict[str, list[float | None]]) -> int:
    return max(map(len, measured.values()))


def large(result: Result) -> str:
    """The name of the target with many jobs."""
    return f"{OURS}, {result['plan']['many_jobs']:,} jobs"


def _to(operation: str, target: str) -> Callable[[Result], Spread | None]:
    return lambda result: paired(rates(result, operation, OURS), rates(result, operation, target))


def _list_to_retrieve(result: Result) -> Spread | None:
    return paired(rates(result, "list", OURS), rates(result, "retrieve", OURS))


def _large_to_small(result: Result) -> Spread | None:
    return paired(rates(result, "list", large(result)), rates(result, "list", OURS))


def _first_answer(result: Result) -> Spread | None:
    name = "first_answer_ms"
    return paired(starts(result, OURS, name), starts(result, YARDSTICK, name))


def _started(name: str) -> Callable[[Result], Spread | None]:
    return lambda result: spread(one for one in starts(result, OURS, name) if one is not None)


def _bytes_a_job(result: Result) -> Spread | None:
    measured = result["bytes_a_job"].values()
    return spread([max(measured)] if measured else [])


GOALS = (
    Goal("retrieve, to an empty Starlette app", 1.3, "", _to("retrieve", YARDSTICK)),
    Goal("list of 20, to retrieve", 0.7, "", _list_to_retrieve),
    # The same, but for the noise.
    Goal("list with many jobs, to 1,000 jobs", 0.95, "", _large_to_small),
    Goal("create by JSON, to aimock", 1.2, "", _to("create, JSON", "aimock")),
    Goal("create by multipart, to aimock", 1.1, "", _to("create, multipart", "aimock")),
    Goal("create with a 256 KiB image, to aimock", 4, "", _to("create, 256 KiB image", "aimock")),
    Goal("content, to Starlette's FileResponse", 6, "", _to("content", YARDSTICK)),
    Goal(
        "content by Range, to Starlette's FileResponse",
        6,
        "",
        _to("content, half by Range", YARDSTICK),
    ),
    Goal("start to first answer, to an empty Starlette app", 1.3, "", _first_answer, most=True),
    Goal("exit after SIGTERM", 50, "ms", _started("exit_ms"), most=True),
    Goal("memory when idle", 50, "MiB", _started("idle_mib"), most=True),
    Goal("memory a job, where it is most", 1536, "bytes", _bytes_a_job, most=True),
)
