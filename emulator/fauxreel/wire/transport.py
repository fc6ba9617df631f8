"""Sending an answer as a rule wants it: late, slowly, wrong, in part, or not at all.

What HTTP does not allow goes through the `Connection` of the scope; where a server offers none,
the nearest thing that it allows is done, and the journal says so.
"""

import asyncio
from urllib.parse import quote

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from fauxreel.connection import EXTENSION, Connection
from fauxreel.eager import in_task
from fauxreel.faults.plan import Break, End, Pace, Plan
from fauxreel.faults.redirect import SAME
from fauxreel.headers import Common
from fauxreel.wire.http import BODILESS, Answer, first_header, send_answer
from fauxreel.wire.record import note_begun, note_sent

_PIECES = 20
# How often a line of limited bandwidth takes a piece, in seconds.
_TICK_SECONDS = 0.05
_PIECE_BYTES = 64 * 1024
_OF_FILES = frozenset({b"accept-ranges", b"etag", b"content-range", b"content-disposition"})


class Delivery(Struct, frozen=True):
    """How an answer went.

    Args:
        answer: What the client got; None when it did not get all of it.
        degraded: Whether a fault could only be imitated.
    """

    answer: Answer | None
    degraded: bool = False


_LOST = Delivery(None)


def reshaped(answer: Answer, plan: Plan, scope: Scope) -> Answer:
    """The answer with what the plan changes of it."""
    if plan.body is not None:
        answer = answer.altered(
            status=plan.status or answer.status,
            parts=(plan.body,),
            headers=[pair for pair in answer.headers if pair[0] not in _OF_FILES],
        )
    if plan.content_type is not None:
        answer = answer.altered(content_type=plan.content_type.encode("ascii"))
    if plan.flips is not None:
        wrong = _flipped(answer.whole(), plan.flips.of(answer.length))
        answer = answer.altered(parts=(wrong,))
    if plan.headers and plan.error is None:  # those of an error came with it
        given = [(name.encode(), _address(value, scope).encode()) for name, value in plan.headers]
        answer = answer.altered(headers=[*answer.headers, *given])
    return answer


def _address(value: str, scope: Scope) -> str:
    """The value of a header; of a redirect to the same place, the address of the request."""
    if value != SAME:
        return value
    host = (first_header(scope, b"host") or b"127.0.0.1").decode("latin-1")
    path = quote(scope.get("root_path", "") + scope["path"])
    query = scope["query_string"].decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{path}{'?' if query else ''}{query}"


def _flipped(body: bytes, count: int) -> bytes:
    """The body with so many wrong bytes, evenly spread."""
    wrong = bytearray(body)
    for number in range(count):
        wrong[number * len(wrong) // count] ^= 0xFF
    return bytes(wrong)


async def deliver(
    answer: Answer, common: Common, plan: Plan, scope: Scope, receive: Receive, send: Send
) -> Delivery:
    """Sends the answer, or what the plan leaves of it."""
    line = _Line(answer, common, scope, receive, send)
    if plan.delay and await line.gone(plan.delay):
        return _LOST
    bodiless = scope["method"] == "HEAD" or answer.status in BODILESS
    pace = None if bodiless else plan.pace
    end = plan.end
    # What has no body does not break off in the midst of it.
    if end is None or (bodiless and end.at is not None):
        return await line.whole(pace)
    if end.how is Break.STALL:
        return await line.stalled(end, pace)
    connection: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    if connection is None:
        if end.how is Break.CLOSE and _takes_all(end, answer):
            return await line.whole(pace)
        nearest = _nearest(answer, end)
        await send_answer(nearest, common, scope, send)
        return Delivery(nearest, degraded=True)
    return await line.broken(end, pace, connection)


class _Line(Struct, frozen=True):
    """An answer on its way to a client."""

    answer: Answer
    common: Common
    scope: Scope
    receive: Receive
    send: Send

    async def whole(self, pace: Pace | None) -> Delivery:
        if pace is None:
            await send_answer(self.answer, self.common, self.scope, self.send)
            return Delivery(self.answer)
        await self.start()
        if not await self.some(0, self.answer.length, pace):
            return _LOST
        return await self.finish()

    async def stalled(self, end: End, pace: Pace | None) -> Delivery:
        if end.at is None:
            return _LOST if await self.gone(end.seconds) else await self.whole(pace)
        length = self.answer.length
        at = end.at.of(length)
        await self.start()
        if not await self.some(0, at, pace) or await self.gone(end.seconds):
            return _LOST
        return await self.finish() if await self.some(at, length, pace) else _LOST

    async def broken(self, end: End, pace: Pace | None, connection: Connection) -> Delivery:
        if end.at is not None:
            chunked = end.how is Break.BAD_CHUNK
            await self.start(chunked=chunked)
            if not await self.some(0, end.at.of(self.answer.length), pace):
                return _LOST
            if chunked:
                connection.write(b"not-a-length\r\n")
        if end.how is Break.RESET:
            await connection.reset()
        else:
            connection.close()
        # Until the server knows that the connection is gone, so that it has nothing to complain of.
        await self.gone(None)
        whole = end.how is Break.CLOSE and _takes_all(end, self.answer)
        return Delivery(self.answer) if whole else _LOST

    async def start(self, *, chunked: bool = False) -> None:
        length = (
            (b"transfer-encoding", b"chunked")
            if chunked
            else (b"content-length", b"%d" % self.answer.length)
        )
        headers = [
            (b"content-type", self.answer.content_type),
            length,
            *self.answer.headers,
            *self.common,
        ]
        status = self.answer.status
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        note_begun(self.scope, self.answer)

    async def some(self, start: int, stop: int, pace: Pace | None) -> bool:
        """Sends a part of the body, as slowly as it is to be; whether the client is still there."""
        size, wait = (_PIECE_BYTES, 0.0) if pace is None else _pieces(pace, self.answer.length)
        for at in range(start, stop, size):
            if wait and await self.gone(wait):
                return False
            piece = self.answer.between(at, min(at + size, stop))
            await self.send({"type": "http.response.body", "body": piece, "more_body": True})
            note_sent(self.scope, len(piece))
        return True

    async def finish(self) -> Delivery:
        await self.send({"type": "http.response.body", "body": b""})
        return Delivery(self.answer)

    async def gone(self, seconds: float | None) -> bool:
        """Waits so many real seconds (None: for ever); whether the client has gone meanwhile."""
        await in_task()
        try:
            async with asyncio.timeout(seconds):
                await _departed(self.receive)
        except TimeoutError:
            return False
        return True


def _pieces(pace: Pace, length: int) -> tuple[int, float]:
    """How many bytes go out at a time, and the seconds before each time."""
    if pace.bytes_per_second is None:
        return max(1, -(-length // _PIECES)), pace.seconds / _PIECES
    size = max(1, round(pace.bytes_per_second * _TICK_SECONDS))
    return size, size / pace.bytes_per_second


async def _departed(receive: Receive) -> None:
    """Waits until the client has gone."""
    ends = 0
    while ends < _MOST_ENDS:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        ends += not message.get("more_body")
    # A caller that says the same again and again will never say that it leaves.
    await asyncio.get_running_loop().create_future()


# A body that nobody read ends once; what was read before is not told again.
_MOST_ENDS = 2


def _takes_all(end: End, answer: Answer) -> bool:
    """Whether an answer ends only after its last byte."""
    return end.at is not None and end.at.of(answer.length) == answer.length


def _nearest(answer: Answer, end: End) -> Answer:
    """What comes nearest to a broken connection where none can be broken."""
    if end.at is None:
        return Answer(502, (b"The connection ended before an answer.",), b"text/plain")
    return answer.altered(parts=(answer.between(0, end.at.of(answer.length)),))
