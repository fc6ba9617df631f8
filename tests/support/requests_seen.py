"""Requests as the journal has them, made of what a test says of them."""

from typing import Any

from fauxreel.domain.operations import Operation
from fauxreel.journal import Request


def request_with(
    method: str, path: str, operation: Operation | None, started_ns: int, **known: Any
) -> Request:
    """A request at the surface `openai` of which this much more is known."""
    request = Request(method, path, b"", "openai", operation, started_ns)
    for name, value in known.items():
        setattr(request, name, value)
    return request
