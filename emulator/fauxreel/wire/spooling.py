"""Reading large bodies to disk while they arrive, without a wait for the disk on the event loop.

The next bytes are received once those before are written, so a fast client costs no memory.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from fauxreel.background import Workers
from fauxreel.domain.errors import BodyTooLarge
from fauxreel.spool import Spool, Spooled
from fauxreel.whole import taken
from fauxreel.wire.http import refuse_claim

P = ParamSpec("P")
T = TypeVar("T")

_DISKS = Workers(4)
# A form of no usual kind is read whole for once: few of them at a time.
_READERS = Workers(2)


async def read_spooled(scope: Scope, receive: Receive, limit: int, memory: int) -> bytes | Spooled:
    """The whole body; on disk when it has more than `memory` bytes.

    Raises:
        BodyTooLarge: It has, or claims to have, more than `limit` bytes.
        ClientDisconnect: The client left before it was complete.
    """
    whole = taken(receive, min(limit, memory))
    if whole is not None:
        return whole
    refuse_claim(scope, limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) <= min(limit, memory):
            return body
    spool = Spool(memory)
    while message["type"] == "http.request":
        spool.add(message.get("body", b""))
        if len(spool) > limit:
            raise BodyTooLarge(limit, len(spool))
        if spool.full:
            await _DISKS.run(spool.write)
        if not message.get("more_body"):
            return spool.whole() if spool.fits else await _DISKS.run(spool.whole)
        message = await receive()
    raise ClientDisconnect


async def off_the_loop(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function makes of a large form; few of them are read at a time."""
    return await _READERS.run(function, *args, **kwargs)
