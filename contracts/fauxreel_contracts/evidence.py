"""How well an expectation is known, in the same words as everywhere else in the project."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """The closed set of grades, best first."""

    VERBATIM = "verbatim"  # real output of the live service, published
    DOCUMENTED = "documented"  # official documentation or SDK
    SPECIFIED = "specified"  # official specification
    MEASURED = "measured"  # run locally against a real client or gateway
    SOURCE = "source"  # read in somebody's code
    REPORTED = "reported"  # prose, second-hand
    INFERRED = "inferred"  # a choice where nothing is known


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where and when a behaviour was seen.

    Args:
        place: `openai`, `azure`, or the name of a gateway.
        source: What to read, or the reason for the choice.
        as_of: Year, or year and month; empty when it is inferred.
    """

    grade: Grade
    place: str
    source: str
    as_of: str = ""


def verbatim(place: str, source: str, as_of: str = "2025-11") -> Evidence:
    return Evidence(Grade.VERBATIM, place, source, as_of)


def documented(place: str, source: str, as_of: str = "2026-09") -> Evidence:
    return Evidence(Grade.DOCUMENTED, place, source, as_of)


def specified(place: str, source: str, as_of: str = "2026-08") -> Evidence:
    return Evidence(Grade.SPECIFIED, place, source, as_of)


def measured(place: str, source: str, as_of: str = "2026-11") -> Evidence:
    return Evidence(Grade.MEASURED, place, source, as_of)


def source(place: str, source: str, as_of: str = "2026-11") -> Evidence:
    return Evidence(Grade.SOURCE, place, source, as_of)


def reported(place: str, source: str, as_of: str = "2026") -> Evidence:
    return Evidence(Grade.REPORTED, place, source, as_of)


def inferred(place: str, reason: str) -> Evidence:
    return Evidence(Grade.INFERRED, place, reason)
