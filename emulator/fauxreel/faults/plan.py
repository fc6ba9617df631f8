"""What is to be done with one answer, as a value: faults fill it in, `wire` carries it out."""

from enum import StrEnum

from msgspec import Struct, field


class Amount(Struct, frozen=True):
    """A part of a body: so many bytes, or a share (0 to 1) of what there is."""

    count: int | None = None
    share: float = 0.0

    def of(self, length: int) -> int:
        """How many of `length` bytes that is; at most all."""
        return min(length, round(self.share * length) if self.count is None else self.count)


class ErrorSpec(Struct, frozen=True):
    """An error to answer with; what is None is as the preset has it.

    Args:
        preset: A name of `PRESETS`; None for a plain status.
        retry_after: Seconds that `Retry-After` tells the client to wait.
    """

    preset: str | None
    status: int | None = None
    message: str | None = None
    type: str | None = None
    code: str | None = None
    param: str | None = None
    retry_after: float | None = None


class Break(StrEnum):
    """How a connection ends other than by a whole answer."""

    CLOSE = "close"  # an orderly end (FIN)
    RESET = "reset"  # a RST
    STALL = "stall"  # nothing more for a while, and then the rest
    BAD_CHUNK = "bad chunk"  # a chunk whose length is no number, then a close


class End(Struct, frozen=True):
    """Where an answer breaks off.

    Args:
        at: How much of the body is sent before; None for nothing at all, not even a status.
        seconds: How long a stall lasts; None for ever.
    """

    how: Break
    at: Amount | None = None
    seconds: float | None = None


class Pace(Struct, frozen=True):
    """How slowly a body is sent: so many bytes a second, or all of it within so many seconds."""

    bytes_per_second: float | None = None
    seconds: float = 0.0


class Plan(Struct, frozen=True):
    """Everything that is done to one answer; the default leaves it as it is.

    Args:
        delay: Real seconds between the answer and its being sent.
        error: Answered instead.
        accepted: Whether the request is carried out although its answer is replaced or lost.
        headers: Added, or put in the place of those of the same name (lower case).
        body: Replaces the body; with `status` and `content_type` a whole answer.
        flips: How much of the body is made wrong.
    """

    delay: float = 0.0
    error: ErrorSpec | None = None
    accepted: bool = False
    status: int | None = None
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    flips: Amount | None = None
    pace: Pace | None = None
    end: End | None = None
    names: tuple[str, ...] = field(default=())

    @property
    def replaces(self) -> bool:
        """Whether nothing of the real answer is ever seen."""
        lost = self.end is not None and self.end.at is None and self.end.how is not Break.STALL
        return self.error is not None or self.body is not None or lost
