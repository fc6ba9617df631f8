"""Serving an ASGI application over sockets: listening, starting, and ending at once.

uvicorn's own server ends 200 ms after it is told to, because it looks at a flag ten times a
second and then sleeps; this one is told by an event.
"""

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from email.utils import formatdate
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.server import HANDLED_SIGNALS

from fauxreel.accepting import Acceptor
from fauxreel.clock import real_now
from fauxreel.protocols import protocol

# Both loopback addresses: clients that resolve `localhost` may try either one first.
_LOCALHOST = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_BACKLOG = 2048
# How long answers under way may take to be sent once the server is told to end.
_GRACE_SECONDS = 0.25


class CannotListen(Exception):
    """An address that cannot be listened on; the message is one line with the way out."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen on the host; `localhost` is 127.0.0.1 and, where there is one, ::1.

    Args:
        port: 0 for a free one, the same for both addresses.

    Raises:
        CannotListen: The port is taken, or the address is not this machine's.
    """
    if host == "localhost":
        return _listen_on_loopback(port)
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise CannotListen(
            f"{host!r} is not an address of this machine; --host names one."
        ) from None
    return [_bound(family, str(address[0]), port)]


def _listen_on_loopback(port: int) -> list[socket.socket]:
    first = _bound(*_LOCALHOST[0], port)
    port = first.getsockname()[1]
    try:
        return [first, _bound(*_LOCALHOST[1], port)]
    except CannotListen:
        # No IPv6 here, or somebody else has the port there: the first address serves.
        return [first]


def _bound(family: int, address: str, port: int) -> socket.socket:
    listener: socket.socket | None = None
    try:
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        if listener is not None:
            listener.close()
        way_out = "--port chooses another, --port 0 a free one"
        if error.errno == errno.EADDRNOTAVAIL:
            way_out = "--host names an address of this machine"
        raise CannotListen(
            f"cannot listen on {address} port {port}: {error.strerror}; {way_out}."
        ) from None
    return listener


def url_of(listener: socket.socket, certfile: Path | None = None) -> str:
    """`http://HOST:PORT` of a listening socket; `https` where there is a certificate."""
    scheme = "http" if certfile is None else "https"
    address, port = listener.getsockname()[:2]
    return f"{scheme}://[{address}]:{port}" if ":" in address else f"{scheme}://{address}:{port}"


class EventServer(Server):
    """uvicorn's server, ended by an event instead of by a flag that it looks at.

    Args:
        app: Its requests are begun without a task if it has `begins_at_once`.
        on_ready: Called once requests are answered and signals end the server.
        on_end: Called when the server is told to end; what is being answered may still finish.
        http: Which of uvicorn's protocols: `h11`, `httptools`, or `auto`.
        certfile: The certificate, to serve https.
        keyfile: Its key; None where the file of the certificate holds it.
    """

    def __init__(
        self,
        app: ASGIApp,
        on_ready: Callable[[], None] | None = None,
        *,
        on_end: Callable[[], None] | None = None,
        http: str = "auto",
        certfile: Path | None = None,
        keyfile: Path | None = None,
    ) -> None:
        super().__init__(
            Config(
                self._ended_quietly(app),
                http=protocol(http, at_once=getattr(app, "begins_at_once", False)),
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                ws="none",
                timeout_keep_alive=65,
                ssl_certfile=certfile,
                ssl_keyfile=keyfile,
            )
        )
        self._on_ready = on_ready
        self._on_end = on_end
        self._ending: asyncio.Event | None = None
        self._acceptors: list[Acceptor] = []

    def _ended_quietly(self, app: ASGIApp) -> ASGIApp:
        """The application; what the end of the server cuts short is no error of it."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            except asyncio.CancelledError:
                if not self.should_exit:
                    raise

        return served

    def end(self) -> None:
        """Tells the server to end; to be called on its event loop."""
        self.should_exit = True
        if self._on_end is not None:
            self._on_end()
        if self._ending is not None:
            self._ending.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to answer; on uvloop by our own taking in of clients, which needs no TLS."""
        if not type(asyncio.get_running_loop()).__module__.startswith("uvloop") or self.config.ssl:
            await super().startup(sockets)
            return
        await super().startup([])
        make: Any = self.config.http_protocol_class
        facts = {"config": self.config, "server_state": self.server_state}
        self._acceptors = [
            Acceptor(one, partial(make, **facts, app_state=self.lifespan.state))
            for one in sockets or ()
        ]

    async def main_loop(self) -> None:
        self._ending = asyncio.Event()
        if self._on_ready is not None:
            self._on_ready()
        while not self.should_exit:
            # The Date header, once a second.
            date = formatdate(real_now(), usegmt=True).encode("ascii")
            self.server_state.default_headers = [(b"date", date)]
            try:
                await asyncio.wait_for(self._ending.wait(), 1)
            except TimeoutError:
                continue

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """SIGTERM and Ctrl-C end the server, and count as an end that was asked for."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = {one: signal.getsignal(one) for one in HANDLED_SIGNALS}

        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            loop.call_soon_threadsafe(self.end)

        for one in HANDLED_SIGNALS:
            signal.signal(one, end)
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for acceptor in self._acceptors:
            await acceptor.close()
        for listener in sockets or []:
            listener.close()
        # Closes what is idle; what is being answered may finish within the grace.
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._answered()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # One turn of the loop, so that the transports are closed and not merely closing.
        await asyncio.sleep(0)
        # A request of which the rest never came ends by itself, now that its client is gone.
        await self._answered()
        for task in list(self.server_state.tasks):
            task.cancel()

    async def _answered(self) -> None:
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_GRACE_SECONDS)
