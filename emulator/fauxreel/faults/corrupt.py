"""A body in which some bytes are wrong, at places that are evenly spread."""

from dataclasses import dataclass, replace

from fauxreel.faults.kind import Kind, Slot, amount
from fauxreel.faults.plan import Amount, Plan
from fauxreel.faults.rule import Draw


@dataclass(frozen=True, slots=True)
class Corrupt:
    flips: Amount

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, flips=self.flips)


KIND = Kind(
    "corrupt",
    Slot.BYTES,
    amount,
    Corrupt,
    "makes so many bytes of the body wrong; its length stays",
    "operation=content corrupt=1%",
)
