"""A connection that is reset (a real RST), before the answer or in the midst of its body."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Option, Slot, amount, yes
from fauxreel.faults.plan import Amount, Break, End, Plan
from fauxreel.faults.rule import Draw


class Reset(Struct, frozen=True):
    at: Amount | None = None

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, end=End(Break.RESET, self.at))


def _make(value: bool, *, at: Amount | None = None) -> Reset:
    del value
    return Reset(at)


KIND = Kind(
    "reset",
    Slot.END,
    yes,
    _make,
    "resets the connection",
    "operation=content reset at=50%",
    {"at": Option(amount, "after how much of the body; without it, before the answer")},
)
