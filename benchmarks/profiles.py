"""Where the time of each operation goes: a table of functions for each, by cProfile.

    python -m benchmarks.profiles [FOLDER]

The functions that take most of the time by themselves come first.
"""

import cProfile
import io
import pstats
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.in_process import Wire, made_jobs, run
from benchmarks.operations import OPERATIONS

_WARM_UP = 100
_REQUESTS = 1000
_LINES = 40


async def _profiled(wire: Wire) -> dict[str, cProfile.Profile]:
    jobs = await made_jobs(wire)
    found: dict[str, cProfile.Profile] = {}
    for operation in OPERATIONS:
        requests = operation.requests(jobs)
        await _sent(wire, requests, _WARM_UP)
        profile = found[operation.name] = cProfile.Profile()
        profile.enable()
        await _sent(wire, requests, _REQUESTS)
        profile.disable()
    return found


async def _sent(wire: Wire, requests: Sequence[bytes], count: int) -> None:
    for number in range(count):
        await wire.ask(requests[number % len(requests)])


def _table(profile: cProfile.Profile) -> str:
    out = io.StringIO()
    pstats.Stats(profile, stream=out).strip_dirs().sort_stats("tottime").print_stats(_LINES)
    return out.getvalue().strip()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, profile in run(_profiled, processing_seconds=86_400.0).items():
        table = f"{name}, {_REQUESTS} requests\n{_table(profile)}\n"
        path = folder / f"{name.replace(', ', '-').replace(' ', '-').lower()}.txt"
        path.write_text(table)
        print("\n".join(table.splitlines()[:20]), end="\n\n")
    print(f"whole tables: {folder}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "benchmarks/.results/profiles"))
