"""Pixel sizes, `WIDTHxHEIGHT`, and the bounds of what a video can be here."""

import re

SMALLEST_SIDE = 16
LARGEST_SIDE = 4096
LONGEST_SECONDS = 120

SIZE_RULE = f"WIDTHxHEIGHT with {SMALLEST_SIDE} to {LARGEST_SIDE} pixels a side"

_SIZE = re.compile(r"([1-9]\d{1,3})x([1-9]\d{1,3})", re.ASCII)


def parse_size(size: str) -> tuple[int, int] | None:
    """Width and height in pixels, or None for what no video can have."""
    match = _SIZE.fullmatch(size)
    if match is None:
        return None
    width, height = int(match[1]), int(match[2])
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (width, height)):
        return None
    return width, height
