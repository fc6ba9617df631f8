"""Start to first answer, idle memory, and exit after SIGTERM, in turning order."""

import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.processes import DidNotStart, start
from benchmarks.ratios import rotated
from benchmarks.targets import Target

Starts = dict[str, dict[str, list[float | None]]]


def measure_starts(targets: Sequence[Target], rounds: int) -> Starts:
    """By target: `first_answer_ms`, `idle_mib` and `exit_ms` of each round."""
    names = ("first_answer_ms", "idle_mib", "exit_ms")
    there = [target for target in targets if not target.missing]
    found: Starts = {target.name: {name: [] for name in names} for target in there}
    # The first start of each reads its files from the disk and compiles them: it does not count.
    for turn in range(-1, rounds):
        print(f"start {turn + 1} of {rounds}", file=sys.stderr)
        for target in rotated(there, turn):
            measured = _measured(target)
            for name in names if turn >= 0 else ():
                found[target.name][name].append(measured.get(name))
    return found


def _measured(target: Target) -> dict[str, Any]:
    try:
        server = start(target.start)
    except DidNotStart as error:
        print(error, file=sys.stderr)
        return {}
    idle = server.memory_mib()
    return {
        "first_answer_ms": server.first_answer_seconds * 1000,
        "idle_mib": idle,
        "exit_ms": server.end() * 1000,
    }
