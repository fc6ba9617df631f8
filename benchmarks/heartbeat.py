"""A client that goes on asking while others keep a server busy: how long it has to wait at most."""

import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from types import TracebackType

_BETWEEN_SECONDS = 0.01


class Heartbeat:
    """Asks a server's health over and over, in a thread, for as long as the `with` lasts."""

    def __init__(self, port: int) -> None:
        self.answers = 0
        self.longest_seconds = 0.0
        self._port = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            while not self._over.wait(_BETWEEN_SECONDS):
                started = time.perf_counter()
                connection.request("GET", "/_fauxreel/health")
                connection.getresponse().read()
                self.longest_seconds = max(self.longest_seconds, time.perf_counter() - started)
                self.answers += 1
