"""A clause: one sentence of the contract that a server keeps or breaks, and how to find out.

A clause is a value; the modules in `clauses/` end with a tuple of them, and `registry.py` lists
the modules. Its check gets a session and raises a `Violation` if the server breaks it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Evidence

if TYPE_CHECKING:
    from fauxreel_contracts.session import Session

Check: TypeAlias = "Callable[[Session], None]"


class Severity(StrEnum):
    """What a broken clause means."""

    MUST = "must"  # an official SDK breaks without it
    SHOULD = "should"  # real clients were seen to rely on it
    MAY = "may"  # the real service did so; nobody was seen to rely on it


class Topic(StrEnum):
    """What a clause is about; each has a module in `clauses/`, or a few."""

    LIFECYCLE = "lifecycle"
    CREATE = "create"
    REFERENCES = "references"
    LIST = "list"
    RETRIEVE = "retrieve"
    DELETE = "delete"
    CONTENT = "content"
    REMIX = "remix"
    EDITS = "edits"
    EXTENSIONS = "extensions"
    CHARACTERS = "characters"
    AUTHENTICATION = "authentication"
    VALIDATION = "validation"
    HEADERS = "headers"


class Shared(StrEnum):
    """Videos that all clauses of a run share, each made once, when it is first asked for."""

    FIRST = "first"  # made by a form, as the SDKs do; followed to its end
    SECOND = "second"  # made by JSON; followed to its end; the one that is deleted


@dataclass(frozen=True, slots=True)
class Cost:
    """What a clause generates at worst: if the server accepts what it should refuse.

    Args:
        videos: How many requests of its own could each make a video.
        seconds: The length of all of them together.
        factor: How many times the usual price of a second they cost, as with larger models.
    """

    videos: int = 0
    seconds: int = 0
    factor: float = 1.0


FREE = Cost()
ONE_VIDEO = Cost(videos=1, seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One sentence of the contract.

    Args:
        id: Stable, lower-case, `topic.subject.fact`, such as `create.seconds.enum`.
        title: The sentence.
        evidence: How well it is known.
        severity: What it means if a server breaks it.
        check: Finds out; raises a `Violation`, or `Inconclusive` if this run cannot tell.
        dialects: The APIs whose contract it belongs to.
        evidence_by_dialect: Where it is known otherwise in another dialect.
        needs: Capabilities of the server's profile, as `delete`, or `variants=real`.
        shares: The shared videos it looks at.
        cost: What it generates beyond those, at worst.
        probe: Clauses with the same one send the same request, once, and share its cost.
        why: What breaks without it, in one sentence.
    """

    id: str
    title: str
    topic: Topic
    evidence: Evidence
    severity: Severity
    check: Check
    dialects: tuple[Dialect, ...] = (Dialect.OPENAI,)
    evidence_by_dialect: Mapping[Dialect, Evidence] = field(default_factory=dict[Dialect, Evidence])
    needs: tuple[str, ...] = ()
    shares: tuple[Shared, ...] = ()
    cost: Cost = FREE
    probe: str = ""
    why: str = ""

    @property
    def free(self) -> bool:
        """Whether nothing that it sends could generate anything."""
        return not self.cost.videos and not self.shares

    def evidence_in(self, dialect: Dialect) -> Evidence:
        return self.evidence_by_dialect.get(dialect, self.evidence)
