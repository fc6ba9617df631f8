"""The emulator in this process, behind its HTTP protocol but without sockets.

A request goes in as bytes and an answer comes out as bytes, so that everything which a request
costs in Python is there, and nothing that depends on the machine's network.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from benchmarks.operations import Jobs, http
from fauxreel.app import App, create_app
from fauxreel.server import EventServer
from fauxreel.settings import Settings

T = TypeVar("T")

_CHUNK = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_POLLED = 20
_CLIP_SECONDS = 12


class Wire:
    """A client's connection to an emulator."""

    def __init__(self, app: App, server: EventServer) -> None:
        self.app = app
        self._transport = _Transport()
        config = server.config
        if not config.loaded:
            config.load()
        make_protocol: Any = config.http_protocol_class
        self._protocol = make_protocol(
            config=config, server_state=server.server_state, app_state={}
        )
        self._protocol.connection_made(self._transport)

    async def ask(self, request: bytes) -> bytes:
        """The answer to a request, head and body."""
        self._transport.clear()
        for at in range(0, len(request), _CHUNK):
            await self._transport.reading.wait()
            self._protocol.data_received(request[at : at + _CHUNK])
        await self._transport.answered.wait()
        # One turn of the loop, in which the protocol gets ready for the next request.
        await asyncio.sleep(0)
        return b"".join(self._transport.written)

    async def ask_json(self, request: bytes) -> Any:
        """The answer as JSON.

        Raises:
            RuntimeError: It is an error.
        """
        head, _, body = (await self.ask(request)).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{head!r} {body!r}")
        return json.loads(body)


class _Transport(asyncio.Transport):
    """Keeps what is written, and tells when that is a whole answer."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 4010)})
        self.answered = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.clear()

    def clear(self) -> None:
        self.written: list[bytes] = []
        self._missing: int | None = None
        self.answered.clear()

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))
        if self._missing is None:
            head, found, body = b"".join(self.written).partition(b"\r\n\r\n")
            if not found:
                return
            length = _LENGTH.search(head + b"\r\n")
            self._missing = int(length[1]) - len(body) if length else 0
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self.answered.set()

    def writelines(self, list_of_data: Any) -> None:
        for data in list_of_data:
            self.write(data)

    def pause_reading(self) -> None:
        self.reading.clear()

    def resume_reading(self) -> None:
        self.reading.set()

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None: ...

    def abort(self) -> None: ...


def run(use: Callable[[Wire], Awaitable[T]], **settings: Any) -> T:
    """What `use` makes of a connection to a new emulator."""
    app = create_app(Settings(**settings))
    server = EventServer(app)

    async def used() -> T:
        return await use(Wire(app, server))

    # What a client that is this hasty does wrong, it need not be told.
    log = logging.getLogger("fauxreel")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            return runner.run(used())
    finally:
        log.setLevel(before)


async def made_jobs(wire: Wire) -> Jobs:
    """Jobs to poll, and one that is finished."""
    (finished,) = await seeded(wire, 1, seconds=_CLIP_SECONDS)
    ids = await seeded(wire, _POLLED, status="processing", prompt="A red kite over a lake")
    clip = await wire.ask(http("GET", f"/v1/videos/{finished}/content"))
    return Jobs(ids, finished, len(clip.partition(b"\r\n\r\n")[2]))


async def seeded(wire: Wire, count: int, **facts: Any) -> list[str]:
    """The ids of jobs put into the emulator."""
    body = json.dumps({"count": count, **facts}).encode()
    request = http("POST", "/_fauxreel/videos", body, Content_Type="application/json")
    answer = await wire.ask_json(request)
    return list(answer["ids"])
