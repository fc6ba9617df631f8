"""A chunked body with a chunk whose length is no number."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Option, Slot, amount, yes
from fauxreel.faults.plan import Amount, Break, End, Plan
from fauxreel.faults.rule import Draw


class MalformedChunk(Struct, frozen=True):
    at: Amount

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, end=End(Break.BAD_CHUNK, self.at))


_HALF = Amount(share=0.5)


def _make(value: bool, *, at: Amount = _HALF) -> MalformedChunk:
    del value
    return MalformedChunk(at)


KIND = Kind(
    "malformed_chunk",
    Slot.END,
    yes,
    _make,
    "sends the body in chunks, of which the last has no valid length",
    "operation=content malformed_chunk",
    {"at": Option(amount, "after how much of the body; without it, after half")},
)
