"""No fault: what it matches is left alone, whatever later rules say."""

from msgspec import Struct

from fauxreel.faults.kind import Kind, Slot, always, yes
from fauxreel.faults.plan import Plan
from fauxreel.faults.rule import Draw


class Pass(Struct, frozen=True):
    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return plan


KIND = Kind(
    "pass",
    Slot.NOTHING,
    yes,
    always(Pass()),
    "leaves the request alone, so that no later rule does anything to it",
    "operation=list pass",
)
