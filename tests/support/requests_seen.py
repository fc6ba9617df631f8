"""Requests as the journal has them, made of what a test says of them."""

from typing import Any

from fauxreel.domain.operations import Operation
from fauxreel.journal import Request, Told


def request_with(
    method: str, path: str, operation: Operation | None, started_ns: int, **known: Any
) -> Request:
    """A request at the surface `openai` of which, and of whose answer, this much more is known."""
    told = Told(**{name: known.pop(name) for name in Told.__struct_fields__ if name in known})
    return Request(method, path, b"", "openai", operation, started_ns, told=told, **known)
