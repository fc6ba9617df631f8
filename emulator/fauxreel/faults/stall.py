"""An answer that stops coming, before its first byte or in the midst of its body."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Option, Slot, amount, optional
from fauxreel.faults.plan import Amount, Break, End, Plan
from fauxreel.faults.rule import Draw
from fauxreel.values import number


class Stall(Struct, frozen=True):
    """For so many real seconds; None for as long as the client waits."""

    seconds: float | None
    at: Amount | None = None

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, end=End(Break.STALL, self.at, self.seconds))


KIND = Kind(
    "stall",
    Slot.END,
    optional(number(0, 86_400), "forever"),
    Stall,
    "sends nothing for so many real seconds, and then the rest",
    "operation=content stall=forever at=1000",
    {"at": Option(amount, "after how much of the body; without it, before the answer")},
)
