"""Rounds of load: in each, every server does every operation once, in turning order.

A round has servers of its own, so that what one round left behind does not slow down the next.
"""

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import load, write_requests
from benchmarks.operations import OPERATIONS, Fit, Jobs, Operation
from benchmarks.processes import DidNotStart, Server, running
from benchmarks.ratios import rotated
from benchmarks.targets import Target, ask

# By operation and target: what was measured in each round, None where nothing could be.
Cells = dict[str, dict[str, dict[str, Any]]]
_WARM_UP_REQUESTS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Args:
        pinned: Whether servers run on the first core and wrk on the second one.
    """

    rounds: int
    seconds: float
    connections: int
    operations: Sequence[Operation] = OPERATIONS
    pinned: bool = False


@dataclass(slots=True)
class _Running:
    target: Target
    server: Server
    jobs: Jobs
    standing: bool


def measure(
    plan: Plan, targets: Sequence[Target], standing: Target, clip_bytes: int, folder: Path
) -> Cells:
    """Measures all operations of all targets.

    Args:
        standing: A target that only answers questions, and is started once for all rounds.
    """
    cells: Cells = {}
    with ExitStack() as whole:
        always = _started([standing], plan, clip_bytes, whole, standing=True)
        for turn in range(plan.rounds):
            print(f"round {turn + 1} of {plan.rounds}", file=sys.stderr)
            with ExitStack() as stack:
                fresh = _started(targets, plan, clip_bytes, stack, standing=False)
                for operation in plan.operations:
                    for one in rotated([*fresh, *always], turn):
                        if not (one.standing and operation.name not in ("retrieve", "list")):
                            _measure(cells, operation, one, plan, turn, folder)
    return cells


def _started(
    targets: Iterable[Target], plan: Plan, clip_bytes: int, stack: ExitStack, *, standing: bool
) -> list[_Running]:
    found: list[_Running] = []
    for target in targets:
        if target.missing:
            continue
        try:
            server = stack.enter_context(running(_pinned(target.serve, plan, core=0)))
        except DidNotStart as error:
            print(error, file=sys.stderr)
            continue
        found.append(_Running(target, server, target.prepare(server, clip_bytes), standing))
    return found


def _measure(
    cells: Cells, operation: Operation, one: _Running, plan: Plan, turn: int, folder: Path
) -> None:
    row = cells.setdefault(operation.name, {})
    cell = row.setdefault(one.target.name, {"note": "", "rounds": [None] * plan.rounds})
    fit, requests = _tried(operation, one)
    cell["note"] = fit.note or cell["note"]
    if not fit.measurable:
        return
    path = folder / "requests"
    write_requests(path, requests)
    before = ("taskset", "-c", "1") if plan.pinned else ()
    used = one.server.processor_seconds()
    measured = load(
        one.server.port, path, plan.seconds, connections=plan.connections, before=before
    )
    if not one.server.alive:
        cell["note"] = "died under the load"
    elif measured.errors:
        cell["note"] = ", ".join(f"{count} x {name}" for name, count in measured.errors.items())
    else:
        now = one.server.processor_seconds()
        each = None if used is None or now is None else (now - used) / measured.requests * 1e6
        cell["rounds"][turn] = {**asdict(measured), "processor_us": each}


def _tried(operation: Operation, one: _Running) -> tuple[Fit, Sequence[bytes]]:
    """What the answers are worth; the requests warm the server up."""
    requests = operation.requests(one.jobs)
    if not one.server.alive:
        return Fit(measurable=False, note="died"), requests
    try:
        answers = [
            ask(one.server.port, requests[number % len(requests)])
            for number in range(_WARM_UP_REQUESTS)
        ]
    except OSError as error:
        return Fit(measurable=False, note=f"no answer: {type(error).__name__}"), requests
    return operation.fits(answers[-1], one.jobs), requests


def _pinned(serve: Any, plan: Plan, core: int) -> Any:
    before = ["taskset", "-c", str(core)] if plan.pinned else []
    return lambda port: [*before, *serve(port)]
