"""`contracts diff A B`: the same calls to two targets, and how their answers differ.

One side is asked after the other, and what it made is deleted before the other's turn: both may
be faces of one server. Calls that could cost more than a target may spend go to neither.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fauxreel_contracts.clause import FREE, Cost
from fauxreel_contracts.curl import curl
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.diff_calls import STEPS, Step
from fauxreel_contracts.diff_side import Side, asked
from fauxreel_contracts.likeness import Difference, Kind, Seen, differences
from fauxreel_contracts.pace import Clock
from fauxreel_contracts.target import Target

# A difference that so many calls show is told once, in front.
_MANY = 4
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Compared:
    """One call, as both targets answered it.

    Args:
        request: How to send it to the first one, as a line of curl without the key.
    """

    name: str
    request: str
    found: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two targets differ.

    Args:
        left_out: The calls that were not compared, each with the reason.
    """

    a: Side
    b: Side
    calls: tuple[Compared, ...]
    left_out: Mapping[str, str]

    @property
    def interrupted(self) -> bool:
        return self.a.interrupted or self.b.interrupted

    @property
    def alike(self) -> bool:
        return not any(call.found for call in self.calls)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the options of targets."""
    parser.add_argument("targets", nargs=2, metavar="TARGET", help="a name in the file, or a URL")
    parser.add_argument("--free", action="store_true", help="send nothing that could generate")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the differences as JSON")


def run(arguments: argparse.Namespace, targets: Sequence[Target]) -> int:
    """Compares two targets; 0 if they are alike, 1 if they differ, 130 after Ctrl-C."""
    a, b = targets
    for line in opening(targets, free_only=arguments.free):
        sys.stderr.write(f"{line}\n")
    comparison = compare(a, b, free_only=arguments.free)
    sys.stdout.write(as_text(comparison) + "\n")
    if arguments.json is not None:
        arguments.json.write_text(as_json(comparison), encoding="utf-8")
    if comparison.interrupted:
        return _INTERRUPTED
    return 0 if comparison.alike else 1


def opening(targets: Sequence[Target], *, free_only: bool) -> list[str]:
    """What is said before the start: what each target may cost at worst."""
    left_out = _left_out(STEPS, targets, free_only=free_only)
    costs = [step.cost for step in STEPS if step.name not in left_out]
    videos = sum(cost.videos for cost in costs)
    return [
        f"{target.name}: at worst {videos} videos, ${sum(_dollars(c, target) for c in costs):.2f}"
        for target in targets
    ]


def compare(
    a: Target,
    b: Target,
    *,
    steps: Sequence[Step] = STEPS,
    free_only: bool = False,
    clock: Clock | None = None,
) -> Comparison:
    """Sends the same calls to both targets.

    Raises:
        TargetError: One of them does not answer at all.
    """
    left_out = _left_out(steps, (a, b), free_only=free_only)
    chosen = [step for step in steps if step.name not in left_out]
    ours = asked(a, chosen, clock)
    theirs = Side(b, interrupted=True) if ours.interrupted else asked(b, chosen, clock)
    calls: list[Compared] = []
    for name in _names(ours, theirs):
        if reason := _uncomparable(name, ours, theirs):
            left_out[name] = reason
        else:
            calls.append(Compared(name, _request(name, ours, theirs), _found(name, ours, theirs)))
    return Comparison(ours, theirs, tuple(calls), left_out)


def _left_out(
    steps: Sequence[Step], targets: Sequence[Target], *, free_only: bool
) -> dict[str, str]:
    """The calls that go to neither, each with the reason."""
    reasons: dict[str, str] = {}
    jobs = any(target.dialect is Dialect.AZURE_JOBS for target in targets)
    spent = [0.0 for _ in targets]
    for step in steps:
        costs = [_dollars(step.cost, target) for target in targets]
        if jobs and not step.everywhere:
            reasons[step.name] = "Azure's jobs have no such call"
        elif free_only and step.cost != FREE:
            reasons[step.name] = "could generate a video, and the run is a free one"
        elif reason := _too_dear(costs, spent, targets):
            reasons[step.name] = reason
        else:
            spent = [total + cost for total, cost in zip(spent, costs, strict=True)]
    return reasons


def _dollars(cost: Cost, target: Target) -> float:
    return cost.seconds * cost.factor * target.price_per_second


def _too_dear(costs: Sequence[float], spent: Sequence[float], targets: Sequence[Target]) -> str:
    for cost, total, target in zip(costs, spent, targets, strict=True):
        limit = target.max_spend
        if limit is not None and cost and total + cost > limit + 1e-9:
            return f"could cost ${cost:.2f} more than --max-spend {limit:g} at {target.name}"
    return ""


def _names(a: Side, b: Side) -> list[str]:
    """All calls of both sides, in their order."""
    every = [each for side in (a, b) for each in (side.answers, side.silent, side.unasked)]
    return list(dict.fromkeys(name for names in every for name in names))


def _uncomparable(name: str, a: Side, b: Side) -> str:
    """Why a call cannot be compared; empty if it can."""
    for letter, side in (("A", a), ("B", b)):
        if name in side.unasked:
            return f"{letter}: {side.unasked[name]}"
        if name not in side.answers and name not in side.silent:
            return f"not seen at {letter}"
    return ""


def _request(name: str, a: Side, b: Side) -> str:
    side = a if name in a.answers else b
    if name not in side.answers:
        return ""
    target = side.target
    return curl(side.answers[name].call, target.base_url, target.secret)


def _found(name: str, a: Side, b: Side) -> tuple[Difference, ...]:
    if name in a.answers and name in b.answers:
        ours, theirs = (Seen(x.answers[name], x.names, x.crowded) for x in (a, b))
        return tuple(differences(ours, theirs))
    told = [side.silent.get(name) or f"{side.answers[name].status}" for side in (a, b)]
    return (Difference(Kind.ANSWER, "", *told),)


# What is told of it


def as_text(comparison: Comparison) -> str:
    """The differences for people: what many calls show first, then call by call."""
    a, b = comparison.a, comparison.b
    common = _common(comparison)
    parts = [f"A {_side_line(a)}\nB {_side_line(b)}"]
    for difference, names in common.items():
        parts.append(f"in {len(names)} calls, such as: {names[0]}\n{_line(difference)}")
    for call in comparison.calls:
        lines = [_line(each) for each in call.found if each not in common]
        if lines:
            parts.append("\n".join([call.name, f"  {call.request}", *lines]))
    return _hidden("\n\n".join([*parts, _summary(comparison)]), comparison)


def _hidden(text: str, comparison: Comparison) -> str:
    """The text without the keys, which a server may have shown."""
    for side in (comparison.a, comparison.b):
        text = side.target.secret.hidden(text) if side.target.secret else text
    return text


def _side_line(side: Side) -> str:
    return f"{side.target.base_url} ({side.target.dialect})"


def _line(found: Difference) -> str:
    place = f"{found.kind} {found.where}".strip()
    return f"  {place}\n    A: {found.a}\n    B: {found.b}"


def _common(comparison: Comparison) -> dict[Difference, list[str]]:
    """The differences that many calls show, with the names of these."""
    shown: dict[Difference, list[str]] = {}
    for call in comparison.calls:
        for found in dict.fromkeys(call.found):
            shown.setdefault(found, []).append(call.name)
    return {found: names for found, names in shown.items() if len(names) >= _MANY}


def _summary(comparison: Comparison) -> str:
    differing = sum(bool(call.found) for call in comparison.calls)
    lines = [f"{len(comparison.calls)} calls compared: {differing} differ"]
    if comparison.interrupted:
        lines.append("  interrupted")
    for reason, names in _reasons(comparison.left_out).items():
        lines.append(f"  left out, {reason}: {'; '.join(names)}")
    for letter, side in (("A", comparison.a), ("B", comparison.b)):
        dollars = side.seconds * side.target.price_per_second
        lines.append(f"  {letter} made {side.videos} videos, ${dollars:.2f}")
        lines += [f"  {letter} left behind: {line}" for line in side.left_behind]
    return "\n".join(lines)


def _reasons(left_out: Mapping[str, str]) -> dict[str, list[str]]:
    """The calls by the reason."""
    found: dict[str, list[str]] = {}
    for name, reason in left_out.items():
        found.setdefault(reason, []).append(name)
    return found


def as_json(comparison: Comparison) -> str:
    """The differences for programs."""
    sides = {
        letter: {
            "url": side.target.base_url,
            "dialect": side.target.dialect,
            "videos": side.videos,
            "left_behind": list(side.left_behind),
        }
        for letter, side in (("a", comparison.a), ("b", comparison.b))
    }
    calls = [
        {
            "name": call.name,
            "request": call.request,
            "differences": [asdict(found) for found in call.found],
        }
        for call in comparison.calls
    ]
    whole = {**sides, "alike": comparison.alike, "calls": calls, "left_out": comparison.left_out}
    return _hidden(json.dumps(whole, indent=2, ensure_ascii=False), comparison) + "\n"
