"""What a client asks for, once a dialect has read and checked it."""

from msgspec import Struct

from fauxreel.domain.video import Reference


class Create(Struct, frozen=True, gc=False):  # every create makes one
    """A new video.

    Args:
        seconds: Length in seconds.
        size: `WIDTHxHEIGHT` in pixels.
        characters: Ids of characters to show.
        variants: How many videos to make.
        extensions: How many extensions its length is made of already.
    """

    prompt: str
    model: str
    seconds: int
    size: str
    reference: Reference | None = None
    characters: tuple[str, ...] = ()
    variants: int = 1
    extensions: int = 0


class Remix(Struct, frozen=True, gc=False):
    """A new video after a completed one, of the same model, length and size; an edit likewise.

    Args:
        seconds: Another length in seconds, where a dialect lets a remix have one.
        reference: A reference, likewise.
    """

    source_id: str
    prompt: str
    seconds: int | None = None
    reference: Reference | None = None


class Extend(Struct, frozen=True, gc=False):
    """A new video that goes on after a completed one.

    Args:
        seconds: Length of what is added, in seconds.
    """

    source_id: str
    prompt: str
    seconds: int
