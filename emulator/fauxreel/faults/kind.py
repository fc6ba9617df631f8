"""How a fault or an outcome stands in the grammar: its key, its value, and what goes with it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from fauxreel.faults.plan import Amount
from fauxreel.faults.rule import Fault, Outcome, Pattern
from fauxreel.values import Parse, ValueProblem


class Slot(StrEnum):
    """What a fault or an outcome decides; two of the same slot contradict each other."""

    NOTHING = "nothing"
    ANSWER = "what is answered"
    TYPE = "the content type"
    BYTES = "the bytes"
    DELAY = "when the answer is sent"
    PACE = "how fast the answer is sent"
    END = "how the answer ends"
    FATE = "how the job ends"
    TIME = "how long the job takes"
    LIFETIME = "how long the files live"
    FILE = "which file is served"


class Option(Struct, frozen=True):
    """A further key that goes with a fault or an outcome."""

    value: Parse
    help: str


class Kind(Struct, frozen=True):
    """A fault or an outcome by its key.

    Args:
        make: Makes it from its value and its options, by name; raises `ValueProblem` with words
            for a combination that makes no sense.
        example: A rule in text that has it.
        when: A condition that it makes of the same, if it is one, too.
    """

    name: str
    slot: Slot
    value: Parse
    make: Callable[..., Fault | Outcome]
    help: str
    example: str
    options: Mapping[str, Option] = field(default_factory=dict[str, Option])
    when: Callable[..., Pattern] | None = None


def _read_amount(raw: object) -> Amount:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueProblem
    try:
        word = str(raw)
        share = word.endswith("%")
        number = float(word.removesuffix("%"))
    except ValueError:
        raise ValueProblem from None
    if share and 0 <= number <= 100:
        return Amount(share=number / 100)
    if share or not number.is_integer() or not 0 <= number <= 2**40:
        raise ValueProblem
    return Amount(count=int(number))


amount = Parse(_read_amount, "a number of bytes, or a share of the body such as 50%")


def optional(parse: Parse, word: str) -> Parse:
    """The same values, or a word (also `true`) that stands for None."""

    def read(raw: object) -> Any:
        if raw is True or str(raw).lower() in (word, "true"):
            return None
        return parse(raw)

    return Parse(read, f"{word}, or {parse.valid}")


def _read_yes(raw: object) -> bool:
    if raw is True or str(raw).lower() in ("true", "yes", "on", "1"):
        return True
    raise ValueProblem


yes = Parse(_read_yes, "true")


def always(made: Fault | Outcome) -> Callable[[bool], Fault | Outcome]:
    """What a key makes that says nothing but that it is there."""

    def make(value: bool) -> Fault | Outcome:
        del value
        return made

    return make
