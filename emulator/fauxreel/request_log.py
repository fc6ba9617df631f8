"""The access log: one line a request on a stream, collected and written in batches.

A line costs a fraction of what `logging` would; what is collected is written a moment later, and
at the end. Under load it is written less often: whoever writes it wants the interpreter to itself
at a time when each turn of the loop takes it back, and 80 times a second cost a tenth of the rate.
"""

import asyncio
import json
from collections.abc import Callable
from time import gmtime, strftime

from fauxreel.clock import real_now

_DELAY_SECONDS = 0.05
_DELAY_UNDER_LOAD_SECONDS = 0.25
# So many lines at a time are a load.
_MANY_LINES = 100
_MOST_LINES = 10_000


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
        self._delay = _DELAY_SECONDS
        self._second = 0
        self._date = self._clock = ""

    def add(self, method: str, path: str, status: int, elapsed_ns: int) -> None:
        """Notes one answered request; `status` 0 means that it was not answered."""
        now = real_now()
        if not self._second <= now < self._second + 1:
            self._second = int(now)
            self._date = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(now))
            self._clock = self._date[11:19]
        if self._as_json:
            line = json.dumps(
                {
                    "time": self._date,
                    "method": method,
                    "path": path,
                    "status": status,
                    "milliseconds": round(elapsed_ns / 1_000_000, 2),
                }
            )
        else:
            # A path may hold any decoded character: none may start a line of its own.
            shown = path if path.isprintable() else ascii(path)[1:-1]
            tenths = (elapsed_ns + 50_000) // 100_000
            took = f"{tenths // 10}.{tenths % 10}ms"
            line = f"{self._clock} {method} {shown} {status or '-'} {took}"
        if not self._lines:
            asyncio.get_running_loop().call_later(self._delay, self.flush)
        self._lines.append(line)
        if len(self._lines) >= _MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Writes what was collected."""
        if self._lines:
            lines, self._lines = self._lines, []
            is_load = len(lines) >= _MANY_LINES
            self._delay = _DELAY_UNDER_LOAD_SECONDS if is_load else _DELAY_SECONDS
            self._write("\n".join(lines) + "\n")
