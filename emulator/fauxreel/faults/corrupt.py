"""A body in which some bytes are wrong, at places that are evenly spread."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot, amount
from fauxreel.faults.plan import Amount, Plan
from fauxreel.faults.rule import Draw


class Corrupt(Struct, frozen=True):
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
