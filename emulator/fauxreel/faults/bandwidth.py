"""A slow line: so many bytes a second, whatever the length."""

from fauxreel.faults.drip import Drip
from fauxreel.faults.kind import Kind, Slot
from fauxreel.faults.plan import Pace
from fauxreel.values import number


def _make(value: float) -> Drip:
    return Drip(Pace(bytes_per_second=value))


KIND = Kind(
    "bandwidth",
    Slot.PACE,
    number(1, 2**40),
    _make,
    "sends the body with so many bytes a second",
    "operation=content bandwidth=65536",
)
