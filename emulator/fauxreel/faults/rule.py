"""Rules: which requests they match, how often they fire, and what then happens.

Choosing is pure and can be repeated: whether a rule fires depends on the rule, on how many
requests it matched before, on the emulated time and on the seed, and on nothing else. A draw is a
hash of seed, rule and the number of the match.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from fauxreel.domain.video import Draft
from fauxreel.faults.plan import Plan


class Subject(Struct, frozen=True):
    """A request as rules see it.

    Args:
        operation: What it asks for, such as `create` or `content`.
        headers: By lower-case name.
        video_id: The raw id of the job it names, if it names one.
        age: Emulated seconds since the job was created; None when there is no such job.
        ended: The same since it ended; None before.
    """

    surface: str = ""
    operation: str = ""
    method: str = ""
    path: str = ""
    model: str | None = None
    prompt: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    video_id: str | None = None
    age: float | None = None
    ended: float | None = None


class Pattern(Protocol):
    """A condition on a request."""

    def matches(self, subject: Subject) -> bool:
        """Whether the request fulfils it."""
        ...


class Draw(Struct, frozen=True):
    """The draws of one match: the same again for the same seed, rule and number."""

    seed: int
    rule: str
    nth: int

    def fraction(self, purpose: str) -> float:
        """A number from 0 to below 1, another one for each purpose."""
        text = f"{self.seed} {self.rule} {self.nth} {purpose}"
        return int(hashlib.blake2b(text.encode(), digest_size=6).hexdigest(), 16) / 2**48


class Fault(Protocol):
    """Something that goes wrong with one answer."""

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        """The plan with this fault in it."""
        ...


class Outcome(Protocol):
    """How a job goes."""

    def shape(self, draft: Draft) -> Draft:
        """The new job with this fate."""
        ...


class Rule(Struct, frozen=True):
    """A condition, how often it counts, and the faults or outcomes that follow.

    Args:
        text: The rule as it was written, for people.
        nth: Which matches count, from 1; None for all.
        first: Only the first so many matches count.
        every: Only each so-many-th match counts.
        probability: How likely a match counts, 0 to 1.
        after: From so many emulated seconds after the rule was added.
        until: Up to so many.
        times: How often the rule fires at most.
        ttl: For how many emulated seconds the rule lives.
        accepted: Whether a request is carried out although its answer is replaced or lost.
    """

    text: str
    pattern: Pattern
    faults: tuple[Fault, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    names: tuple[str, ...] = ()
    nth: frozenset[int] | None = None
    first: int | None = None
    every: int | None = None
    probability: float | None = None
    after: float = 0.0
    until: float = math.inf
    times: int | None = None
    ttl: float = math.inf
    accepted: bool = False
    looks_up: bool = False

    def plan(self, draw: Draw) -> Plan:
        """What its faults do to the answer."""
        plan = Plan(accepted=self.accepted, names=self.names)
        for fault in self.faults:
            plan = fault.shape(plan, draw)
        return plan

    def shape(self, draft: Draft) -> Draft:
        """The new job with the fate that its outcomes give it."""
        for outcome in self.outcomes:
            draft = outcome.shape(draft)
        return draft


def fires(rule: Rule, count: int, fired: int, elapsed: float, draw: Draw) -> bool:
    """Whether a rule fires at a request that it matches.

    Args:
        count: The number of this match, from 1.
        fired: How often the rule has fired.
        elapsed: Emulated seconds since the rule was added.
    """
    return (
        (rule.times is None or fired < rule.times)
        and rule.after <= elapsed < min(rule.until, rule.ttl)
        and (rule.nth is None or count in rule.nth)
        and (rule.first is None or count <= rule.first)
        and (rule.every is None or count % rule.every == 0)
        and (rule.probability is None or draw.fraction("fires") < rule.probability)
    )


def dead(rule: Rule, fired: int, elapsed: float) -> bool:
    """Whether a rule can never fire again; as for `fires`."""
    spent = rule.times is not None and fired >= rule.times
    return spent or elapsed >= min(rule.until, rule.ttl)
