"""How much memory a job takes: the growth of a process that makes jobs as clients do.

    python -m benchmarks.job_memory 1000 100000

Each job has a prompt of its own. What is made once (journal, caches) is there before the count.
"""

import gc
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.in_process import Wire, run
from benchmarks.operations import http

_BEFORE = 3000
_PROMPT = "Wide shot of a red kite over a lake at golden hour, number {}, while a baker walks by"


def bytes_a_job(jobs: int) -> float:
    """Bytes a job when there are so many, in a process of its own."""
    command = (sys.executable, "-m", "benchmarks.job_memory", str(jobs))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


async def _grow(wire: Wire, jobs: int) -> float:
    await _create(wire, 0, _BEFORE)
    before = _resident()
    await _create(wire, _BEFORE, _BEFORE + jobs)
    return (_resident() - before) / jobs


async def _create(wire: Wire, first: int, end: int) -> None:
    for number in range(first, end):
        body = json.dumps({"prompt": _PROMPT.format(number), "model": "sora-2"}).encode()
        await wire.ask(http("POST", "/v1/videos", body, Content_Type="application/json"))


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    for count in map(int, sys.argv[1:]):
        grown = run(partial(_grow, jobs=count), processing_seconds=86_400.0)
        print(f"{count} jobs: bytes a job {grown:.0f}")


if __name__ == "__main__":
    main()
