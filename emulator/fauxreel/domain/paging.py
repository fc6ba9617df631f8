"""A page of a list: which jobs are asked for, and what a store answers."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Order(StrEnum):
    ASCENDING = "asc"
    DESCENDING = "desc"


# Newest first, 20 a page: by platform habit (evidence: inferred).
DEFAULT_LIMIT = 20
DEFAULT_ORDER = Order.DESCENDING


class PageRequest(Struct, frozen=True):
    """Which part of a list is asked for.

    Args:
        limit: At most so many jobs, 0 to 100 (evidence: specified, openai).
        after: The id to go on after; a deleted job's id keeps its place, an unknown one
            has nothing after it.
    """

    limit: int = DEFAULT_LIMIT
    after: str | None = None
    order: Order = DEFAULT_ORDER


class Page(Struct, Generic[T], frozen=True):
    items: Sequence[T]
    has_more: bool
