"""A body that trickles: all of it within so many seconds, or so many bytes a second."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot
from fauxreel.faults.plan import Pace, Plan
from fauxreel.faults.rule import Draw
from fauxreel.values import number


class Drip(Struct, frozen=True):
    pace: Pace

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, pace=self.pace)


def _make(value: float) -> Drip:
    return Drip(Pace(seconds=value))


KIND = Kind(
    "drip",
    Slot.PACE,
    number(0, 86_400),
    _make,
    "sends the body in twenty pieces over so many real seconds",
    "operation=content drip=10",
)
