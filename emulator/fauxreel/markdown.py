"""The parts that the generated pages are made of: tables, sentences, messages, evidence."""

import re
import string
from collections.abc import Iterable, Mapping

from fauxreel.domain.errors import RequestError
from fauxreel.domain.evidence import Evidence, Grade

GENERATED = (
    "This page is generated; "
    "`python -m fauxreel.reference_pages docs/reference` writes it from the code."
)

EVIDENCE_COLUMNS = ("grade", "place", "as of", "source")

GRADES: Mapping[Grade, str] = {
    Grade.VERBATIM: "real output of the live service, published",
    Grade.DOCUMENTED: "official documentation or SDK",
    Grade.SPECIFIED: "official specification",
    Grade.MEASURED: "run against a real client",
    Grade.SOURCE: "read in somebody's code",
    Grade.REPORTED: "second-hand, in prose",
    Grade.INFERRED: "chosen here, because nothing is known",
}


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def evidence(known: Evidence) -> tuple[str, ...]:
    """How well something is known, in the order of `EVIDENCE_COLUMNS`."""
    return (f"`{known.grade}`", known.place, known.as_of, known.source)


def spoken(kind: type[RequestError]) -> str:
    """The name of an error as words: `video not found`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def or_null(text: str | None) -> str:
    """The text as code, or null."""
    return "null" if text is None else f"`{text}`"


def message(template: str) -> str:
    """The template of a message as code; where it has backticks, two of them mark it."""
    text = readable(template).replace("\n", "\\n")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def readable(template: str) -> str:
    """The template of a message with its fields marked and its doubled braces single."""
    return "".join(
        text + ("" if name is None else f"«{name}»")
        for text, name, _, _ in string.Formatter().parse(template)
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table with titles."""
    titles = tuple(head)
    lines = (titles, ("---",) * len(titles), *rows)
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
