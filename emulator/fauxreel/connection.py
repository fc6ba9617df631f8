"""The seam for faults of the transport: what an answer can do to its connection.

Servers that offer it put a `Connection` into the extensions of the ASGI scope; Fauxreel's own
does, with either of uvicorn's protocols.
"""

import asyncio
import socket
import struct
import sys
from typing import Protocol

from starlette.types import Send

EXTENSION = "fauxreel.connection"

_LINGER_ZERO = struct.pack("ii", 1, 0)
_MOST_TURNS = 2000
_TURN_SECONDS = 0.005


class Transport(Protocol):
    """What is needed of an asyncio transport."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def is_closing(self) -> bool: ...
    def get_write_buffer_size(self) -> int: ...
    def get_extra_info(self, name: str) -> socket.socket | None: ...


class WriteAnswer(Protocol):
    """Writes a whole answer at once, and says whether it did.

    It does not where `send` is another than the server's own, which would not see the answer.
    The lines are the headers, each with its end.
    """

    def __call__(self, send: Send, status: int, lines: bytes, body: bytes) -> bool: ...


def _writes_none(send: Send, status: int, lines: bytes, body: bytes) -> bool:
    del send, status, lines, body
    return False


class Connection:
    """One connection of a client.

    Args:
        write_answer: Answers the request that is being answered in one piece, where the protocol
            can.
        copies: Whether the protocol copies what it sends.
    """

    def __init__(
        self,
        transport: Transport,
        write_answer: WriteAnswer = _writes_none,
        *,
        copies: bool = False,
    ) -> None:
        self._transport = transport
        self.write_answer = write_answer
        self._copies = copies

    @property
    def copies(self) -> bool:
        """Whether bytes that a slow client has not taken yet are held as a copy."""
        return self._copies or not _keeps_views(self._transport)

    def write(self, data: bytes) -> None:
        """Sends bytes as they are, past all of HTTP."""
        self._transport.write(data)

    def close(self) -> None:
        """Ends the connection in good order, after what was written."""
        self._transport.close()

    async def reset(self) -> None:
        """Ends the connection with a RST, once the client has what was written.

        A client that takes nothing for ten seconds does not hold it up for longer.
        """
        for _ in range(_MOST_TURNS):
            if self._transport.is_closing() or not self._unsent():
                break
            await asyncio.sleep(_TURN_SECONDS)
        # `abort` alone sends a FIN where everything was sent (evidence: measured).
        client = self._socket()
        if client is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self._transport.abort()

    def _unsent(self) -> int:
        """How many bytes wait in this process, or else in the kernel: a RST would drop them."""
        client = self._socket()
        return self._transport.get_write_buffer_size() or (0 if client is None else _queued(client))

    def _socket(self) -> socket.socket | None:
        """What the kernel knows; None once the client has left by itself."""
        client = self._transport.get_extra_info("socket")
        return client if client is not None and client.fileno() >= 0 else None


def _keeps_views(transport: Transport) -> bool:
    """Whether it sends from the very bytes that it is given; asyncio's own, and TLS, copy them."""
    kind = type(transport)
    return kind.__module__ == "uvloop.loop" and kind.__name__ == "TCPTransport"


def _queued(client: socket.socket) -> int:
    """How many bytes the kernel has sent nobody, where it tells."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    answer = fcntl.ioctl(client.fileno(), termios.TIOCOUTQ, b"\0" * 4)
    return int(struct.unpack("i", answer)[0])
