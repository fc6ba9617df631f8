"""Latency: the request is carried out at once, and its answer is sent later, in real time."""

import math
import re
from statistics import NormalDist

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot
from fauxreel.faults.plan import Plan
from fauxreel.faults.rule import Draw
from fauxreel.values import Parse, ValueProblem, number

_LONGEST = 3600
_CALL = re.compile(r"(uniform|lognormal)\(([\d.]+),\s*([\d.]+)\)")
_SECONDS = number(0, _LONGEST)
# Beyond it the draws are beyond all numbers, too.
_SIGMA = number(0, 10)


class Fixed(Struct, frozen=True):
    """Always the same, in seconds."""

    seconds: float

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, delay=self.seconds)


class Uniform(Struct, frozen=True):
    """Anything between two bounds, in seconds."""

    least: float
    most: float

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        share = draw.fraction("latency")
        return replace(plan, delay=self.least + (self.most - self.least) * share)


class LogNormal(Struct, frozen=True):
    """Mostly near the median, in seconds, and sometimes far beyond it, as networks are.

    Args:
        sigma: The standard deviation of the logarithm.
    """

    median: float
    sigma: float

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        # Never 0 or 1, of which the normal distribution knows no place.
        share = (draw.fraction("latency") + 2**-50) / (1 + 2**-49)
        drawn = self.median * math.exp(self.sigma * NormalDist().inv_cdf(share))
        return replace(plan, delay=min(drawn, _LONGEST))


def _read(raw: object) -> Fixed | Uniform | LogNormal:
    called = _CALL.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if called is None:
        return Fixed(_as_seconds(raw))
    one = _as_seconds(called[2])
    if called[1] == "lognormal":
        return LogNormal(one, _as_number(_SIGMA, called[3]))
    other = _as_seconds(called[3])
    if one > other:
        raise ValueProblem("The least is more than the most")
    return Uniform(one, other)


def _as_seconds(raw: object) -> float:
    return _as_number(_SECONDS, raw)


def _as_number(parse: Parse, raw: object) -> float:
    value = parse(raw)
    assert isinstance(value, float)
    return value


def _make(value: Fixed | Uniform | LogNormal) -> Fixed | Uniform | LogNormal:
    return value


KIND = Kind(
    "latency",
    Slot.DELAY,
    Parse(
        _read,
        f"seconds {_SECONDS.valid.removeprefix('a number ')}, uniform(LEAST,MOST) "
        "or lognormal(MEDIAN,SIGMA) with a sigma from 0 to 10",
    ),
    _make,
    "sends the answer so many real seconds later",
    "operation=retrieve latency=uniform(0.2,1.5)",
)
