"""A success with no body at all."""

from fauxreel.faults.kind import Kind, Slot, always, yes
from fauxreel.faults.replaced import Replaced

KIND = Kind(
    "empty",
    Slot.ANSWER,
    yes,
    always(Replaced(200, "application/json", b"")),
    "answers 200 with an empty body",
    "operation=retrieve empty nth=2",
)
