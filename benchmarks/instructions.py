"""How many instructions of Python a request takes: the same number on every machine.

What is written in C is not counted, nor are the kernel and the network: this finds work that was
added by accident, and rounds of load (`make bench`) find the rest.
"""

import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from benchmarks.in_process import Wire, made_jobs, run
from benchmarks.operations import OPERATIONS

# Before the count: imports, caches, and the adaptive interpreter.
_WARM_UP = 30
_COUNTED = 20


def instructions() -> dict[str, int]:
    """Instructions a request by operation, with everything on."""
    return run(_all, seed=1, processing_seconds=86_400.0)


async def _all(wire: Wire) -> dict[str, int]:
    jobs = await made_jobs(wire)
    found: dict[str, int] = {}
    for operation in OPERATIONS:
        requests = operation.requests(jobs)
        await _sent(wire, requests, _WARM_UP)
        with _Counter() as counter:
            await _sent(wire, requests, _COUNTED)
        found[operation.name] = round(counter.count / _COUNTED)
    return found


async def _sent(wire: Wire, requests: Sequence[bytes], count: int) -> None:
    for number in range(count):
        answer = await wire.ask(requests[number % len(requests)])
        if not answer.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(f"not answered: {answer[:200]!r}")


class _Counter:
    """Counts the instructions of this thread, of the frames that are entered from now on."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "_Counter":
        sys.settrace(self._entered)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        del event, argument
        # What stands for the client is not the emulator's.
        if frame.f_globals["__name__"] == "benchmarks.in_process":
            return None
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return self._counted

    def _counted(self, frame: FrameType, event: str, argument: Any) -> Any:
        del frame, argument
        if event == "opcode":
            self.count += 1
        return self._counted
