"""What a misspelt word was meant to be."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the known words; None if none is near."""
    from difflib import get_close_matches  # not at the start, which most often misspells nothing

    return next(iter(get_close_matches(word, list(known), n=1)), None)
