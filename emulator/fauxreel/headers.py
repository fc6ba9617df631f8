"""Headers of answers, and how they stand on the wire."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

Headers = list[tuple[bytes, bytes]]

# Neither these nor ends of lines may stand in a header.
_CONTROLS = bytes(set(range(32)) - {9} | {127})


def encoded(headers: Headers) -> bytes | None:
    """Headers as they stand on the wire; None if there is a character that no header may have."""
    lines = b"".join([b"%b: %b\r\n" % pair for pair in headers])
    if len(lines.translate(None, _CONTROLS)) != len(lines) - 2 * len(headers):
        return None
    return lines


class Shape:
    """Headers of many answers, of which some always have the same value.

    Args:
        pairs: Their names and values; None is a value that each answer has of its own.
    """

    def __init__(self, *pairs: tuple[bytes, bytes | None]) -> None:
        self._pairs = pairs
        fixed = [(name, b"%b" if value is None else _literal(value)) for name, value in pairs]
        self._lines = b"".join([b"%b: %b\r\n" % pair for pair in fixed])

    def filled(self, *values: bytes) -> "Filled":
        """The headers of one answer, which nobody but the emulator chose."""
        return Filled(self, values)

    def pairs(self, values: Iterable[bytes]) -> Headers:
        """Them with the values of one answer."""
        own = iter(values)
        return [(name, next(own) if value is None else value) for name, value in self._pairs]

    def lines(self, values: tuple[bytes, ...]) -> bytes:
        """The same as they stand on the wire."""
        return self._lines % values


class Filled(Struct, frozen=True):
    """The headers of one answer in a shape."""

    _shape: Shape
    _values: tuple[bytes, ...]

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(self._shape.pairs(self._values))

    def lines(self) -> bytes:
        """Them as they stand on the wire."""
        return self._shape.lines(self._values)


def _literal(value: bytes) -> bytes:
    return value.replace(b"%", b"%%")


# Those that all answers of a surface have.
Common = Headers | Filled
