"""Answers that look right at first: the status is a success, and the body is none."""

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.plan import Plan
from fauxreel.faults.rule import Draw


class Replaced(Struct, frozen=True):
    """A whole answer in the place of the real one."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(
            plan,
            status=self.status,
            content_type=plan.content_type or self.content_type,
            body=self.body,
            headers=(*plan.headers, *self.headers),
        )
