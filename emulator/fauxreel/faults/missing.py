"""404 for the first seconds of a job: what is not yet in every place of a distributed store.

After completion the content was missing for 1 to 5 seconds (evidence: reported, azure).
"""

from fauxreel.faults.error import Error
from fauxreel.faults.kind import Kind, Option, Slot
from fauxreel.faults.patterns import Moment, Younger
from fauxreel.faults.plan import ErrorSpec
from fauxreel.values import choice, number


def _make(value: float, *, since: Moment = Moment.CREATION) -> Error:
    del value, since  # they say when
    return Error(ErrorSpec("not_found"))


def _when(value: float, *, since: Moment = Moment.CREATION) -> Younger:
    return Younger(value, since)


KIND = Kind(
    "missing",
    Slot.ANSWER,
    number(0, 86_400),
    _make,
    "answers 404 for the first emulated seconds of a job",
    "operation=content missing=3 since=completion",
    {"since": Option(choice(Moment), "what the seconds count from; creation without it")},
    _when,
)
