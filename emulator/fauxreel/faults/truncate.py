"""A body that ends too early, below its Content-Length."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot, amount
from fauxreel.faults.plan import Amount, Break, End, Plan
from fauxreel.faults.rule import Draw


class Truncate(Struct, frozen=True):
    at: Amount

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, end=End(Break.CLOSE, self.at))


KIND = Kind(
    "truncate",
    Slot.END,
    amount,
    Truncate,
    "closes the connection after so much of the body, below the promised Content-Length",
    "operation=content truncate=50% times=1",
)
