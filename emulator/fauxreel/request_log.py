"""The access log: one line a request on a stream, collected and written in batches.

A line costs a fraction of what `logging` would; what is collected is written at the latest when
the loop has been idle for a moment, and at the end.
"""

import asyncio
import json
from collections.abc import Callable
from time import gmtime, strftime

from fauxreel.clock import real_now

_DELAY_SECONDS = 0.05
_MOST_LINES = 512


class RequestLog:
    """Writes lines such as `09:12:03 POST /v1/videos 200 1.4ms`; times are UTC.

    Args:
        write: Takes text, such as the `write` of standard error.
        as_json: Whether each line is a JSON object instead.
    """

    def __init__(self, write: Callable[[str], object], *, as_json: bool = False) -> None:
        self._write = write
        self._as_json = as_json
        self._lines: list[str] = []
        self._second = 0
        self._clock = ""

    def add(self, method: str, path: str, status: int, elapsed_ns: int) -> None:
        """Notes one answered request; `status` 0 means that it was not answered."""
        second = int(real_now())
        if second != self._second:
            self._second = second
            self._clock = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(second))
        milliseconds = elapsed_ns / 1_000_000
        if self._as_json:
            line = json.dumps(
                {
                    "time": self._clock,
                    "method": method,
                    "path": path,
                    "status": status,
                    "milliseconds": round(milliseconds, 2),
                }
            )
        else:
            # A path may hold any decoded character: none may start a line of its own.
            shown = path if path.isprintable() else ascii(path)[1:-1]
            line = f"{self._clock[11:19]} {method} {shown} {status or '-'} {milliseconds:.1f}ms"
        if not self._lines:
            asyncio.get_running_loop().call_later(_DELAY_SECONDS, self.flush)
        self._lines.append(line)
        if len(self._lines) >= _MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Writes what was collected."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._write("\n".join(lines) + "\n")
