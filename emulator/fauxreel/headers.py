"""Headers of answers, and how they stand on the wire."""

Headers = list[tuple[bytes, bytes]]

# Neither these nor ends of lines may stand in a header.
_CONTROLS = bytes(set(range(32)) - {9} | {127})


def encoded(headers: Headers) -> bytes | None:
    """Headers as they stand on the wire; None if there is a character that no header may have."""
    lines = b"".join([b"%b: %b\r\n" % pair for pair in headers])
    if len(lines.translate(None, _CONTROLS)) != len(lines) - 2 * len(headers):
        return None
    return lines


class Begun(Headers):
    """Headers of which the first ones are the same in many answers, and were encoded once.

    Args:
        first: Those that are the same.
        lines: The same as they stand on the wire.
        own: Those of this answer alone.
    """

    __slots__ = ("lines", "own")

    def __init__(self, first: Headers, lines: bytes, own: Headers) -> None:
        super().__init__(first)
        self.lines = lines
        self.own = own
        self += own
