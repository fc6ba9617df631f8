"""What requests were read as up to their bodies, so that what comes again is read once.

Clients send the same bytes again and again but for a few: the boundary of a form, and the ids by
which calls are traced. These are cut out, so that what is left comes again, too.
`docs/explanation/performance.md` says what that buys.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from starlette.types import Scope

from fauxreel.memory import Memory

# Where a scope holds what its request has in common with others up to the body, if all of it is
# there: whatever is found out from that alone holds for all of them.
SAME = "fauxreel.same"
# Where it holds those of its headers that others have otherwise, by name.
OWN = "fauxreel.own"
# Where it holds its headers as the server read them.
READ = "fauxreel.read"

_MOST = 4096
_LONGEST = 4096

_NONE: Mapping[str, Any] = MappingProxyType({})

# What neither says who asks nor for what.
CUT = (
    b"baggage", b"b3", b"idempotency-key", b"request-id", b"sentry-trace", b"traceparent",
    b"tracestate", b"x-amzn-trace-id", b"x-b3-parentspanid", b"x-b3-spanid", b"x-b3-traceid",
    b"x-cloud-trace-context", b"x-correlation-id", b"x-datadog-parent-id", b"x-datadog-trace-id",
    b"x-request-id",
)  # fmt: skip
# In lower case.
_VARYING = re.compile(
    rb"(\r\n(?:content-type: multipart/form-data; boundary=|(?:%b): ))([!-~]+)" % b"|".join(CUT)
)
# Stands where something was cut out; no head that can be read has it.
_GAP = b"\0"


class Head(Struct, frozen=True):
    """What a request was read as.

    Args:
        scope: Without what belongs to its connection.
        length: That of its body.
        gaps: Of the headers that others have otherwise: which ones they are, their names, and
            what their values begin with.
        own: What the scope of this very request has in place of that.
    """

    scope: Scope
    length: int
    gaps: tuple[tuple[int, bytes, bytes], ...] = ()
    own: Mapping[str, Any] = _NONE


class Heads:
    """What the requests to one server were read as."""

    def __init__(self) -> None:
        self._whole: Memory[bytes, Head] = Memory(_MOST)
        self._cut: Memory[bytes, Head] = Memory(_MOST)
        # The hashes of heads of which something was cut out: some clients vary nothing.
        self._once: Memory[int, bool] = Memory(_MOST)

    def find(self, head: bytes) -> Head | None:
        """What an earlier request was read as that was the same up to its body, or all but."""
        found = self._whole.get(head)
        if found is None and len(head) <= _LONGEST:
            found = self._filled(head)
            if found is not None and self._once.get(hash(head)):
                self._whole.keep(head, found)
            elif found is not None:
                self._once.keep(hash(head), True)
        return found

    def _filled(self, head: bytes) -> Head | None:
        left, values = _cut(head)
        known = self._cut.get(left) if values else None
        if known is None or len(known.gaps) != len(values):
            return None
        headers: list[tuple[bytes, bytes]] = known.scope["headers"].copy()
        own: dict[bytes, bytes] = {}
        for (at, name, begin), value in zip(known.gaps, values, strict=True):
            own[name] = begin + value
            headers[at] = name, own[name]
        filled = {"headers": headers, READ: headers, OWN: own}
        return Head(known.scope, known.length, own=filled)

    def keep(self, head: bytes, scope: Scope, length: int) -> None:
        """Keeps what a request was read as, and says so in its scope."""
        if len(head) > _LONGEST:
            return
        left, values = _cut(head)
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        gaps = _gaps(left, values, headers)
        if gaps is None:
            return
        scope[SAME], scope[READ] = left, headers
        kept = Head({**scope}, length, gaps)
        if not gaps:
            self._whole.keep(head, kept)
            return
        scope[OWN] = {name: headers[at][1] for at, name, _ in gaps}
        self._cut.keep(left, kept)


def _cut(head: bytes) -> tuple[bytes, list[bytes]]:
    """What is left of a head without what varies, and that."""
    left: list[bytes] = []
    values: list[bytes] = []
    at, pieces = 0, _VARYING.split(head.lower())
    for number in range(2, len(pieces), 3):
        start = at + len(pieces[number - 2]) + len(pieces[number - 1])
        left.append(head[at:start])
        at = start + len(pieces[number])
        values.append(head[start:at])
    return _GAP.join([*left, head[at:]]), values


def _gaps(
    left: bytes, values: list[bytes], headers: list[tuple[bytes, bytes]]
) -> tuple[tuple[int, bytes, bytes], ...] | None:
    """Which headers were cut; None where they were not read as they stand there."""
    gaps: list[tuple[int, bytes, bytes]] = []
    for before, value in zip(left.split(_GAP), values, strict=False):
        name, _, begin = before.rpartition(b"\r\n")[2].partition(b":")
        places = [at for at, (other, _) in enumerate(headers) if other == name.lower()]
        begin = begin.removeprefix(b" ")
        if len(places) != 1 or headers[places[0]][1] != begin + value:
            return None
        gaps.append((places[0], name.lower(), begin))
    return tuple(gaps)
