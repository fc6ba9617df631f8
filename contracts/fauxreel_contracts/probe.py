"""`contracts probe URL`: measures what an unknown server can do, and writes it as a profile.

What costs more than may be spent is not measured, nor what no client can see; for those
capabilities the profile says nothing, and those of the dialect's original are taken.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

from fauxreel_contracts.budget import Plan, plan
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Severity, Topic
from fauxreel_contracts.evidence import inferred
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.jobs import Unavailable
from fauxreel_contracts.look_at_jobs import BOTH, Flags, failure
from fauxreel_contracts.measures import MEASURES, Measure
from fauxreel_contracts.pace import Clock
from fauxreel_contracts.profile import CAPABILITIES, Flag, parse
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Target
from fauxreel_contracts.wire import NoAnswer

_INTERRUPTED = 130
_FAILURE_FLAGS = ("failed_retrieve_is_http_error", "error_object", "failed_content_status")


@dataclass(slots=True)
class Found:
    """What a probe found.

    Args:
        capabilities: Those that were measured.
        untold: The others, each with the reason.
        trouble: Why no video could be made, though it was tried.
        when: Year and month, as the server's own clock says; empty if it does not.
    """

    target: Target
    plan: Plan
    capabilities: dict[str, Flag] = field(default_factory=dict[str, Flag])
    untold: dict[str, str] = field(default_factory=dict[str, str])
    trouble: str = ""
    when: str = ""
    interrupted: bool = False
    videos: int = 0
    left_behind: Sequence[str] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the options of targets."""
    parser.add_argument("targets", nargs=1, metavar="TARGET", help="a name in the file, or a URL")
    parser.add_argument("--free", action="store_true", help="send nothing that could generate")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write the profile there, not to the terminal"
    )
    parser.add_argument(
        "--failing-prompt",
        metavar="TEXT",
        help="a prompt with which jobs fail there, to see how failures look",
    )


def run(arguments: argparse.Namespace, targets: Sequence[Target]) -> int:
    """Probes a target and writes its profile; 1 if the target makes no videos."""
    (target,) = targets
    sys.stderr.write(f"{_opening(target, arguments)}\n")
    found = probe(target, free_only=arguments.free, failing_prompt=arguments.failing_prompt)
    text = as_toml(found)
    parse(text, "probed")
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        arguments.output.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{arguments.output}: {len(found.capabilities)} capabilities measured\n")
    for line in _told(found):
        sys.stderr.write(f"{line}\n")
    return _INTERRUPTED if found.interrupted else int(bool(found.trouble))


def _opening(target: Target, arguments: argparse.Namespace) -> str:
    """What is said before the start: what it may cost at worst."""
    measures = _measures(target, arguments.failing_prompt)
    chosen = _planned(target, measures, free_only=arguments.free)
    return f"{target.name}: at worst {chosen.videos} videos, ${chosen.dollars:.2f}"


def _told(found: Found) -> list[str]:
    """What is said at the end, beside the profile."""
    left = [f"left behind: {line}" for line in found.left_behind]
    if found.trouble:
        hint = "Give its --model, or a --profile FILE with the [fields] that it wants."
        return [f"no video could be made: {found.trouble}", hint, *left]
    return [f"made {found.videos} videos", *left]


def probe(
    target: Target,
    *,
    free_only: bool = False,
    failing_prompt: str | None = None,
    clock: Clock | None = None,
) -> Found:
    """Measures what the target can do.

    Args:
        failing_prompt: One with which jobs fail there.

    Raises:
        TargetError: It does not answer at all, or takes no plain request for a video.
    """
    measures = {each.flags[0]: each for each in _measures(target, failing_prompt)}
    chosen = _planned(target, list(measures.values()), free_only=free_only)
    found = Found(target, chosen)
    for clause, reason in chosen.left_out:
        found.untold.update(dict.fromkeys(measures[clause.id].flags, reason))
    session = Session(_unprejudiced(target), clock)
    try:
        if date := session.reach().header("date"):
            found.when = month_of(date)
        for clause in chosen.chosen:
            session.begin(clause)
            _take(session, measures[clause.id], found)
    except KeyboardInterrupt:
        found.interrupted = True
    finally:
        found.left_behind = session.close()
        found.videos = session.jobs.ledger.videos
    reason = "interrupted" if found.interrupted else "nothing that was sent shows it"
    unnamed = set(CAPABILITIES) - found.capabilities.keys() - found.untold.keys()
    found.untold.update(dict.fromkeys(sorted(unnamed), reason))
    return found


def _measures(target: Target, failing_prompt: str | None) -> list[Measure]:
    measures = list(MEASURES)
    if failing_prompt:
        take = partial(failure, prompt=failing_prompt)
        # Before the last one, which deletes what the others look at.
        measures.insert(-1, Measure(flags=_FAILURE_FLAGS, take=take, shares=BOTH, cost=ONE_VIDEO))
    return [each for each in measures if target.dialect in each.dialects]


def _planned(target: Target, measures: Sequence[Measure], *, free_only: bool) -> Plan:
    return plan(
        [_as_clause(measure) for measure in measures],
        max_spend=target.max_spend,
        price=target.price_per_second,
        free_only=free_only,
    )


def _as_clause(measure: Measure) -> Clause:
    """The measure as a clause, to be planned and paid for as one."""
    return Clause(
        id=measure.flags[0],
        title=", ".join(measure.flags),
        topic=Topic.CREATE,
        evidence=inferred("the target", "asked for"),
        severity=Severity.MUST,
        check=lambda _: None,
        shares=measure.shares,
        cost=measure.cost,
    )


def _unprejudiced(target: Target) -> Target:
    """The target without what its profile claims; what it makes is to be deleted if it can be."""
    profile = target.profile.model_copy(update={"capabilities": {"delete": True}})
    return replace(target, profile=profile)


def month_of(date: str) -> str:
    """Year and month of an HTTP date; empty if it is none."""
    try:
        return parsedate_to_datetime(date).strftime("%Y-%m")
    except ValueError:
        return ""


def _take(session: Session, measure: Measure, found: Found) -> None:
    """Takes a measure; what it cannot tell is noted with the reason."""
    flags: Flags = {}
    reason = "nothing that came shows it"
    try:
        flags = measure.take(session)
    except (Inconclusive, Unavailable, NoAnswer) as error:
        reason = str(error)
        found.trouble = reason if "create_status" in measure.flags else found.trouble
    found.capabilities.update(flags)
    found.untold.update({name: reason for name in measure.flags if name not in flags})


def as_toml(found: Found) -> str:
    """The profile, as `--profile FILE` reads it."""
    target = found.target
    source = ", ".join(filter(None, ["measured", target.base_url, found.when]))
    lines = [
        "# Measured by `fauxreel contracts probe`. What a profile does not mention is taken to be",
        "# as in the dialect's original.",
        f"dialect = {_value(target.dialect)}",
        f"source = {_value(source)}",
        f"model = {_value(target.model)}",
        f"price_per_second = {target.price_per_second}",
    ]
    lines += _table("fields", target.profile.fields)
    lines += _table("capabilities", {n: found.capabilities[n] for n in _sorted(found.capabilities)})
    if found.untold:
        lines += ["", "# Not measured:"]
        lines += [f"# {name}: {_one_line(found.untold[name])}" for name in _sorted(found.untold)]
    return "\n".join([*lines, ""])


def _sorted(names: Mapping[str, object]) -> list[str]:
    """In the order in which capabilities are listed everywhere."""
    return [name for name in CAPABILITIES if name in names]


def _table(name: str, values: Mapping[str, object]) -> list[str]:
    if not values:
        return []
    return ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in values.items())]


def _value(value: object) -> str:
    """A value as TOML writes it, which is as JSON does for these types."""
    return json.dumps(value, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
