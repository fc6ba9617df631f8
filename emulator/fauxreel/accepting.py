"""Taking in all clients that wait, at once.

libuv, below uvloop, takes in one client a turn of its loop. A turn of a busy server is as long as
all its clients' requests together, so the last ones of 2,000 clients would wait for minutes.
"""

import asyncio
import errno
import socket
from collections.abc import Callable

# As many as wait at most; others have their turn in between.
_AT_ONCE = 512
# What is missing comes back when somebody leaves.
_OUT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PAUSE_SECONDS = 0.1


class Acceptor:
    """Takes in the clients of a listening socket, until it is closed.

    Args:
        make_protocol: Makes the protocol of a client.
    """

    def __init__(
        self, listener: socket.socket, make_protocol: Callable[[], asyncio.Protocol]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._make_protocol = make_protocol
        self._coming: set[asyncio.Task[None]] = set()
        self._resuming: asyncio.TimerHandle | None = None
        self._resume()

    async def close(self) -> None:
        """Takes nobody in any more, and waits until all that were are connected.

        The socket stays open.
        """
        self._loop.remove_reader(self._listener)
        if self._resuming is not None:
            self._resuming.cancel()
        if self._coming:
            await asyncio.wait(self._coming)

    def _resume(self) -> None:
        self._resuming = None
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                client, _address = self._listener.accept()
            except OSError as error:
                if error.errno in _OUT_OF:
                    self._loop.remove_reader(self._listener)
                    self._resuming = self._loop.call_later(_PAUSE_SECONDS, self._resume)
                return
            client.setblocking(False)
            task = self._loop.create_task(self._connect(client))
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)

    async def _connect(self, client: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._make_protocol, client)
        except OSError:  # it left already
            client.close()
