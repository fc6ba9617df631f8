"""An emulator in a process of its own, whose memory can be watched."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

KEY = {"Authorization": "Bearer sk-1"}
_START = """
import sys
if {loop!r} == "asyncio":
    sys.modules["uvloop"] = None  # as where it cannot be installed
from fauxreel.cli import main
sys.exit(main())
"""


class Alone:
    """An emulator by its process and port."""

    def __init__(self, process: int, port: int) -> None:
        self._status = Path(f"/proc/{process}/status")
        self.port = port

    def memory(self, name: str = "VmRSS") -> int:
        """Bytes in memory: now, or with `VmHWM` the most so far."""
        lines = dict(line.split(":", 1) for line in self._status.read_text().splitlines())
        return int(lines[name].split()[0]) * 1024

    def connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """The JSON of an answer."""
        headers = {**KEY, "Content-Type": "application/json"}
        with closing(self.connected()) as connection:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            return json.loads(connection.getresponse().read())

    def poller(self, path: str) -> Iterator[float]:
        """The seconds of one poll after the other, on one connection."""
        with closing(self.connected()) as connection:
            while True:
                started = perf_counter()
                connection.request("GET", path, headers=KEY)
                connection.getresponse().read()
                yield perf_counter() - started


@contextmanager
def alone(*arguments: str, loop: str = "uvloop") -> Iterator[Alone]:
    """Serves with these arguments until the context ends."""
    command = ["serve", "--port", "0", "--log-level", "error", *arguments]
    with subprocess.Popen(
        [sys.executable, "-c", _START.format(loop=loop), *command],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rpartition(":")[2])
            yield Alone(process.pid, port)
        finally:
            process.terminate()
