"""`fauxreel serve`: one emulator in the foreground, with its ready line and its logs."""

import asyncio
import gc
import json
import logging
import sys
from pathlib import Path

from fauxreel.app import create_app
from fauxreel.request_log import RequestLog
from fauxreel.server import EventServer, listen, url_of
from fauxreel.settings import Settings
from fauxreel.space import Space


def serve(settings: Settings, cache_dir: Path | None) -> bool:
    """Serves until SIGTERM or Ctrl-C.

    Returns:
        Whether all is well: with `strict_clients`, whether no client showed an error.

    Standard output gets the ready line and nothing else; everything else goes to standard error.

    Raises:
        SettingError: The file of models is wrong.
        CannotListen: The port is taken, or the address is not this machine's.
    """
    as_json = settings.log_format == "json"
    _configure_logging(settings.log_level, as_json=as_json)
    wanted = settings.log_level != "error"
    log = RequestLog(sys.stderr.write, as_json=as_json) if wanted else None
    app = create_app(settings, cache_dir=cache_dir, log=log)
    sockets = listen(settings.host, settings.port)
    server = EventServer(app, lambda: _say_ready(url_of(sockets[0]), as_json=as_json))
    # What was made so far stays: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets))
    if log is not None:
        log.flush()
    for space in app.spaces():
        _sum_up(space)
    found_errors = any(space.diagnostics.has_errors() for space in app.spaces())
    return not (settings.strict_clients and found_errors)


def _sum_up(space: Space) -> None:
    """What a namespace's jobs would have cost, and what its clients did wrong."""
    ours = logging.getLogger("fauxreel")
    saved = space.ledger.total()
    if saved:
        ours.info("$0.00 spent instead of $%.2f", saved)
    for found in space.diagnostics.findings():
        ours.warning(
            "client defect %s (%s): %s times, first in %r; `fauxreel explain %s` says more",
            found.code,
            found.severity.value,
            found.count,
            found.places[0],
            found.code,
        )


def _say_ready(url: str, *, as_json: bool) -> None:
    line = json.dumps({"event": "ready", "url": url}) if as_json else f"ready {url}"
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _no_advice(record: logging.LogRecord) -> bool:
    """Leaves out uvicorn's advice to install a websocket library, which nothing here needs."""
    return "WebSocket library" not in record.msg


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {"level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            fields["where"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def _configure_logging(level: str, *, as_json: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _JsonFormatter() if as_json else logging.Formatter("%(levelname)s: %(message)s")
    )
    ours = logging.getLogger("fauxreel")
    ours.setLevel(level.upper())
    # uvicorn's own news is ours to tell; its warnings (a request that is not HTTP) are not.
    theirs = logging.getLogger("uvicorn.error")
    theirs.setLevel(logging.ERROR if level == "error" else logging.WARNING)
    theirs.addFilter(_no_advice)
    for logger in (ours, theirs):
        logger.handlers = [handler]
        logger.propagate = False
