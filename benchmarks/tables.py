"""A run's results as tables in Markdown, for the terminal and the documentation alike."""

from collections.abc import Iterable, Sequence

from benchmarks.goals import GOALS, OURS, YARDSTICK, Goal, Result, rates, starts
from benchmarks.ratios import Spread, paired, spread

_NAMES = {OURS: "Fauxreel", YARDSTICK: "empty Starlette app"}
_CONTENT = "content"


def goals(result: Result) -> str:
    """What was aimed at, and what was reached."""
    rows = [_goal(goal, goal.reached(result)) for goal in GOALS]
    return _table(("goal", "aim", "reached (lowest to highest)", ""), rows)


def _goal(goal: Goal, found: Spread | None) -> tuple[str, ...]:
    aim = f"{'at most' if goal.most else 'at least'} {_number(goal.aim, goal.unit)}"
    if found is None:
        return goal.name, aim, "not measured", ""
    low, high = (_number(one, "") for one in (found.low, found.high))
    verdict = "reached" if goal.met(found.median) else "not reached"
    return goal.name, aim, f"{_number(found.median, goal.unit)} ({low} to {high})", verdict


def operations(result: Result) -> str:
    """Each operation of each server; the ratio says how much more ours answers."""
    rows = [
        _operation(result, operation, target)
        for operation, row in result["operations"].items()
        for target in sorted(row, key=_place)
    ]
    head = (
        "operation",
        "server",
        "answers/s",
        "ours to it",
        "processor µs",
        "p50 ms",
        "p99 ms",
        "",
    )
    return _table(head, rows)


def _operation(result: Result, operation: str, target: str) -> tuple[str, ...]:
    cell = result["operations"][operation][target]
    measured = [one for one in cell["rounds"] if one is not None]
    name = _NAMES.get(target, target.replace(OURS, _NAMES[OURS]))
    if not measured:
        return operation, name, "-", "-", "-", "-", "-", cell["note"]
    rate, p50, p99 = (_median(one[key] for one in measured) for key in ("rate", "p50_ms", "p99_ms"))
    ratio = paired(rates(result, operation, OURS), rates(result, operation, target))
    shown = "" if target == OURS or ratio is None else _number(ratio.median, "")
    note = cell["note"]
    if operation.startswith(_CONTENT):
        note = f"{_median(one['megabytes'] for one in measured):,.0f} MB/s"
    used = [one["processor_us"] for one in measured if one.get("processor_us") is not None]
    each = f"{_median(used):,.0f}" if used else "-"
    return operation, name, f"{rate:,.0f}", shown, each, f"{p50:.2f}", f"{p99:.2f}", note


def _place(target: str) -> tuple[bool, bool, str]:
    return not target.startswith(OURS), target != YARDSTICK, target


def processes(result: Result) -> str:
    """The start, the memory and the end of each server."""
    rows = [
        (
            _NAMES.get(target, target),
            *(
                _shown(starts(result, target, name))
                for name in ("first_answer_ms", "idle_mib", "exit_ms")
            ),
        )
        for target in sorted(result["starts"], key=_place)
    ]
    head = ("server", "first answer, ms", "memory when idle, MiB", "exit after SIGTERM, ms")
    return _table(head, rows)


def _shown(numbers: Iterable[float | None]) -> str:
    found = spread(one for one in numbers if one is not None)
    if found is None:
        return "-"
    return f"{_number(found.median, '')} ({_number(found.low, '')} to {_number(found.high, '')})"


def memory(result: Result) -> str:
    """Bytes a job, by how many jobs there are."""
    rows = [(f"{int(jobs):,}", f"{count:,.0f}") for jobs, count in result["bytes_a_job"].items()]
    return _table(("jobs", "bytes a job"), rows)


def fixtures(result: Result) -> str:
    """Milliseconds that a fixture adds to a test."""
    rows = [(name, _number(one["median"], "")) for name, one in result["fixtures"].items()]
    return _table(("fixture", "ms a test"), rows)


def load(result: Result) -> str:
    """What was said of the load of many clients and many jobs."""
    return "\n".join(f"- {line}" for line in result.get("load", ()))


def conditions(result: Result) -> str:
    """What was measured on and how, in one paragraph of sentences."""
    machine, plan, versions = result["machine"], result["plan"], result["versions"]
    pinned = "servers on the first core, wrk on the second" if plan["pinned"] else "nothing pinned"
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    load = machine["load_before"][0]
    return (
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}, {machine['python']}; "
        f"load {load} before the first round.\n"
        f"{plan['rounds']} rounds of {plan['seconds']:g} s a cell, {plan['connections']} "
        f"connections, {pinned}.\n"
        f"Versions: {listed}."
    )


def everything(result: Result) -> str:
    """All tables of a run."""
    parts = [conditions(result), goals(result)]
    for name, table in (
        ("operations", operations),
        ("starts", processes),
        ("bytes_a_job", memory),
        ("fixtures", fixtures),
    ):
        if result[name]:
            parts.append(table(result))
    return "\n\n".join(parts)


def _median(numbers: Iterable[float]) -> float:
    found = spread(numbers)
    return found.median if found else 0.0


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
