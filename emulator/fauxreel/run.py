"""`fauxreel exec`: a command with an emulator of its own, which its environment points at."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from fauxreel.child import run_child
from fauxreel.client_variables import client_variables
from fauxreel.embed import Emulator
from fauxreel.outlet import Outlet
from fauxreel.request_log import RequestLog
from fauxreel.serve import logging_to, sum_up
from fauxreel.settings import Resolved, Settings

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what is listened on, as found


class Ran(Struct, frozen=True):
    """How it went: the command's status, and whether no client was at fault where that counts."""

    status: int
    well: bool


def run(
    command: Sequence[str], resolved: Resolved, environ: Mapping[str, str], cache_dir: Path | None
) -> Ran:
    """Runs the command beside an emulator; standard output is the command's alone.

    The port is a free one, and requests are not logged, unless the settings say otherwise.

    Raises:
        SettingError: The file of models, or of the certificate or its key, is wrong.
        CannotListen: The port is taken, or the address is not this machine's.
        CannotRun: There is no such command, or it is no program.
    """
    settings = _own(resolved)
    as_json = settings.log_format == "json"
    outlet = Outlet(sys.stderr.write)
    log = RequestLog(outlet.write, as_json=as_json) if _logs_requests(resolved) else None
    try:
        with logging_to(outlet, settings.log_level, as_json=as_json):
            emulator = Emulator(settings, cache_dir=cache_dir, log=log, given=resolved.sources)
            with emulator:
                root = _reachable(emulator.root_url)
                added = client_variables(root, emulator.api_key, environ)
                status = run_child(command, {**environ, **added})
            if log is not None:
                log.flush()
            found = sum_up(emulator.app)
    finally:
        outlet.close()
    return Ran(status, not (settings.strict_clients and found.has_errors()))


def _own(resolved: Resolved) -> Settings:
    """The settings; without a port that somebody named, with a free one."""
    return resolved.settings if "port" in resolved.sources else replace(resolved.settings, port=0)


def _logs_requests(resolved: Resolved) -> bool:
    return "log_level" in resolved.sources and resolved.settings.log_level != "error"


def _reachable(url: str) -> str:
    """A URL that clients on this machine can use, where all addresses are listened on."""
    parts = urlsplit(url)
    host = _ANY_ADDRESS.get(parts.hostname or "")
    return url if host is None else parts._replace(netloc=f"{host}:{parts.port}").geturl()
