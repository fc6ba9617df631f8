"""One load generator for all servers: wrk, with requests that are made beforehand."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("wrk.lua")
_BEYOND_SECONDS = 30
_ERRORS = ("connect", "read", "write", "status", "timeout")


class NoWrk(Exception):
    def __init__(self) -> None:
        super().__init__("missing: wrk (Debian's package: wrk)")


class WrkFailed(Exception):
    def __init__(self, said: str) -> None:
        super().__init__(f"wrk printed no result: {said!r}")


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk measured.

    Args:
        rate: Answers a second.
        errors: How often each kind of error happened, where it did.
    """

    rate: float
    p50_ms: float
    p99_ms: float
    megabytes: float
    requests: int
    errors: dict[str, int]


def write_requests(path: Path, requests: Iterable[bytes]) -> None:
    """Writes requests as `wrk.lua` reads them."""
    with path.open("wb") as file:
        for request in requests:
            file.write(b"%d\n%b" % (len(request), request))


def load(
    port: int,
    requests: Path,
    seconds: float,
    *,
    connections: int = 8,
    threads: int = 1,
    before: Sequence[str] = (),
) -> Load:
    """Puts a server under load for whole seconds, of which wrk knows no parts.

    Args:
        before: What stands before the command, such as `taskset -c 1`.

    Raises:
        NoWrk: It is not installed.
        WrkFailed: It printed no result.
    """
    if shutil.which("wrk") is None:
        raise NoWrk
    command = (
        *(*before, "wrk", "-s", str(_SCRIPT), "--timeout", "10s"),
        *("-c", str(connections), "-t", str(threads), "-d", f"{max(1, round(seconds))}s"),
        *(f"http://127.0.0.1:{port}", "--", str(requests)),
    )
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + _BEYOND_SECONDS, check=False
    )
    return read_result(done.stdout + done.stderr)


def read_result(said: str) -> Load:
    """What `wrk.lua` printed.

    Raises:
        WrkFailed: It is not there.
    """
    _, _, rest = said.partition("\nRESULT ")
    if not rest:
        raise WrkFailed(said)
    found = json.loads(rest.partition("\n")[0])
    seconds = found["microseconds"] / 1e6
    return Load(
        rate=found["requests"] / seconds,
        p50_ms=found["p50"] / 1000,
        p99_ms=found["p99"] / 1000,
        megabytes=found["bytes"] / seconds / 1e6,
        requests=found["requests"],
        errors={name: found[name] for name in _ERRORS if found[name]},
    )
