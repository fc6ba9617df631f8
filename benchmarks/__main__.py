"""`make bench`: measures everything side by side, prints tables, and writes them as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import tables
from benchmarks.fixtures import ROUNDS as FIXTURE_ROUNDS
from benchmarks.fixtures import costs
from benchmarks.goals import Result
from benchmarks.job_memory import bytes_a_job
from benchmarks.load import NoWrk
from benchmarks.machine import machine, versions
from benchmarks.operations import OPERATIONS
from benchmarks.processes import running
from benchmarks.rounds import Plan, measure
from benchmarks.starts import measure_starts
from benchmarks.targets import Target, fetch_clip, populous, targets

RESULT = Path(__file__).parent / ".results" / "latest.json"
_PARTS = ("operations", "starts", "memory", "fixtures")


@dataclass(frozen=True, slots=True)
class Mode:
    """How thorough a run is.

    Args:
        many_jobs: How many jobs the emulator has that is compared with one of a thousand.
        counts: How many jobs there are when the memory of one is measured.
    """

    rounds: int
    seconds: float
    starts: int
    many_jobs: int
    counts: tuple[int, ...]


QUICK = Mode(rounds=2, seconds=1, starts=5, many_jobs=100_000, counts=(1_000, 20_000))
FULL = Mode(rounds=5, seconds=3, starts=15, many_jobs=1_000_000, counts=(1_000, 100_000, 1_000_000))


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench BENCH_ARGS=…", description=__doc__)
    names = ", ".join(operation.name for operation in OPERATIONS)
    parser.add_argument("--quick", action="store_true", help="a minute or two, less exact")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument(
        "--only", nargs="+", metavar="WORD", help=f"operations with one of these words: {names}"
    )
    parser.add_argument("--targets", nargs="+", metavar="NAME", help="and ours; default: all")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="of load for each operation of each server")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--pin", action="store_true", help="servers on one core, wrk on another")
    parser.add_argument("--out", type=Path, default=RESULT, help="the JSON file")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Measures what the arguments say; gives the status to exit with."""
    arguments = _arguments(given)
    try:
        result = _measured(arguments, QUICK if arguments.quick else FULL)
    except NoWrk as error:
        print(error, file=sys.stderr)
        return 1
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n")
    print(tables.everything(result))
    print(f"as JSON: {os.path.relpath(arguments.out)}", file=sys.stderr)
    return 0


def _measured(arguments: argparse.Namespace, mode: Mode) -> Result:
    only = arguments.only or [""]
    plan = Plan(
        rounds=arguments.rounds or mode.rounds,
        seconds=arguments.seconds or mode.seconds,
        connections=arguments.connections,
        operations=[one for one in OPERATIONS if any(word in one.name for word in only)],
        pinned=arguments.pin,
    )
    result: Result = {
        "machine": machine(),
        "versions": versions(),
        "plan": {
            "mode": "quick" if arguments.quick else "full",
            "rounds": plan.rounds,
            "seconds": plan.seconds,
            "connections": plan.connections,
            "pinned": plan.pinned,
            "many_jobs": mode.many_jobs,
        },
        "operations": {},
        "starts": {},
        "bytes_a_job": {},
        "fixtures": {},
    }
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        chosen = _chosen(folder / "clip.mp4", arguments.targets)
        with running(chosen[0].serve) as server:
            clip_bytes = fetch_clip(server, folder / "clip.mp4")
        if "starts" in arguments.parts:
            result["starts"] = measure_starts(chosen, mode.starts)
        if "operations" in arguments.parts:
            many = populous(mode.many_jobs)
            result["operations"] = measure(plan, chosen, many, clip_bytes, folder)
    if "memory" in arguments.parts:
        result["bytes_a_job"] = {str(count): bytes_a_job(count) for count in mode.counts}
    if "fixtures" in arguments.parts:
        result["fixtures"] = costs(1 if arguments.quick else FIXTURE_ROUNDS)
    return result


def _chosen(clip: Path, names: Sequence[str] | None) -> list[Target]:
    """Ours and the others that are asked for and there."""
    ours, *others = targets(clip)
    found = [one for one in others if names is None or one.name in names]
    for one in found:
        if one.missing:
            print(f"{one.name}: {one.missing}", file=sys.stderr)
    return [ours, *found]


if __name__ == "__main__":
    sys.exit(main())
