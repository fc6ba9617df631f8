"""The right body under a wrong type."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.kind import Kind, Slot
from fauxreel.faults.plan import Plan
from fauxreel.faults.rule import Draw
from fauxreel.values import Parse, ValueProblem


class ContentType(Struct, frozen=True):
    value: str

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, content_type=self.value)


def _read(raw: object) -> str:
    if not isinstance(raw, str) or "/" not in raw or not (raw.isascii() and raw.isprintable()):
        raise ValueProblem
    return raw.strip()


KIND = Kind(
    "content_type",
    Slot.TYPE,
    Parse(_read, "a content type such as text/plain"),
    ContentType,
    "answers with another Content-Type",
    "operation=content content_type=text/plain",
)
