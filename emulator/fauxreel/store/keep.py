"""What of a namespace is kept beside its jobs: rules that were added, and its time.

All of it is plain values here; `lasting` turns clocks and rules into them and back.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Line(Struct, frozen=True):
    """Emulated time as a line over real time.

    Args:
        moment: The emulated time at `real`, in seconds since 1970.
        speed: Emulated seconds a real second; 0 for time that stands still.
    """

    moment: float
    real: float
    speed: float

    def at(self, real: float) -> float:
        """The emulated time at a real one; a machine whose clock went back stops it."""
        return self.moment + max(0.0, real - self.real) * self.speed


class KeptRule(Struct, frozen=True):
    """A rule that was added by hand, and what it has used up."""

    id: str
    text: str
    added: float
    matched: int
    fired: int


class Keep(Protocol):
    """Where these are kept, and what was kept by an earlier process."""

    @property
    def run(self) -> int:
        """How many processes had this before."""
        ...

    @property
    def rules(self) -> Sequence[KeptRule]: ...

    @property
    def last_rule(self) -> int:
        """The number of the last rule that was ever added."""
        ...

    @property
    def time(self) -> Line | None: ...

    @property
    def file_bytes(self) -> int:
        """How many bytes the kept files have."""
        ...

    @property
    def floor(self) -> float:
        """The latest moment that a kept job knows of."""
        ...

    def keep_rules(self, rules: Sequence[KeptRule], last: int) -> None:
        """Keeps these in place of those kept before; returns when that is safe.

        Raises:
            StoreUnwritable: It cannot be written.
        """
        ...

    def note_rule(self, rule: KeptRule) -> None:
        """Keeps what a rule has used up, soon."""
        ...

    def keep_time(self, line: Line) -> None:
        """Keeps the time; returns when that is safe.

        Raises:
            StoreUnwritable: It cannot be written.
        """
        ...

    def note_time(self, line: Line) -> None:
        """Keeps the time, soon."""
        ...
