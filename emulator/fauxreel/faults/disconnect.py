"""A connection that is closed in good order before any answer."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot, always, yes
from fauxreel.faults.plan import Break, End, Plan
from fauxreel.faults.rule import Draw


class Disconnect(Struct, frozen=True):
    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, end=End(Break.CLOSE))


KIND = Kind(
    "disconnect",
    Slot.END,
    yes,
    always(Disconnect()),
    "closes the connection before any answer",
    "operation=create disconnect times=1 accepted=true",
)
