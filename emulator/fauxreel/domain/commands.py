"""What a client asks for, once a dialect has read and checked it."""

from dataclasses import dataclass

from fauxreel.domain.video import Reference


@dataclass(frozen=True, slots=True)
class Create:
    """A new video.

    Args:
        seconds: Length in seconds.
        size: `WIDTHxHEIGHT` in pixels.
    """

    prompt: str
    model: str
    seconds: int
    size: str
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Remix:
    """A new video after a completed one, of the same model, length and size."""

    source_id: str
    prompt: str
