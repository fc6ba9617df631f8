"""How well a behaviour of the real service is known, kept beside the code that imitates it.

Nobody can record the originals again, so a behaviour without its evidence is an opinion.
"""

from enum import StrEnum

from msgspec import Struct


class Grade(StrEnum):
    """The closed set of grades, best first."""

    VERBATIM = "verbatim"  # real output of the live service, published
    DOCUMENTED = "documented"  # official documentation or SDK
    SPECIFIED = "specified"  # official specification
    MEASURED = "measured"  # run locally against a real client
    SOURCE = "source"  # read in somebody's code
    REPORTED = "reported"  # prose, second-hand
    INFERRED = "inferred"  # our choice where nothing is known


class Evidence(Struct, frozen=True):
    """Where and when a behaviour was seen, and how far that can be trusted.

    Args:
        place: `openai`, `azure`, or the name of a gateway.
        as_of: Year, or year and month, of the observation; empty when it is inferred.
        source: What to read: a thread, a sheet's section, or the reason for the choice.
    """

    grade: Grade
    place: str
    as_of: str
    source: str
