"""`fauxreel serve`: one emulator in the foreground, with its ready line and its logs."""

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from fauxreel.app import App, create_app
from fauxreel.diagnostics import Diagnostics
from fauxreel.outlet import Outlet
from fauxreel.request_log import RequestLog
from fauxreel.server import EventServer, listen, url_of
from fauxreel.settings import Resolved, Settings
from fauxreel.tls import verify_files

_GC_OBJECTS = 20_000


def serve(resolved: Resolved, cache_dir: Path | None) -> bool:
    """Serves until SIGTERM or Ctrl-C.

    Standard output gets the ready line and nothing else; everything else goes to standard error.

    Returns:
        Whether all is well: with `strict_clients`, whether no client showed an error.

    Raises:
        SettingError: The file of models, of the store, or of the certificate or its key, is wrong.
        CannotListen: The port is taken, or the address is not this machine's.
    """
    settings = resolved.settings
    as_json = settings.log_format == "json"
    outlet = Outlet(sys.stderr.write)
    log = None if settings.log_level == "error" else RequestLog(outlet.write, as_json=as_json)
    try:
        with logging_to(outlet, settings.log_level, as_json=as_json):
            app = _run(resolved, cache_dir, log)
            if log is not None:
                log.flush()
            found = sum_up(app)
    finally:
        outlet.close()
    return not (settings.strict_clients and found.has_errors())


def _run(resolved: Resolved, cache_dir: Path | None, log: RequestLog | None) -> App:
    settings = resolved.settings
    verify_files(settings)
    app = create_app(settings, cache_dir=cache_dir, log=log, given=resolved.sources)
    try:
        _serve(app, settings)
    finally:
        app.close()
    return app


def _serve(app: App, settings: Settings) -> None:
    as_json = settings.log_format == "json"
    sockets = listen(settings.host, settings.port)
    url = url_of(sockets[0], settings.certfile)
    server = EventServer(
        app,
        lambda: _say_ready(url, as_json=as_json),
        on_end=app.readiness.end,
        certfile=settings.certfile,
        keyfile=settings.keyfile,
    )
    # What was made so far stays: the collector need not look at it again.
    gc.freeze()
    gc.enable()
    # It looks less often for cycles, of which requests leave few.
    gc.set_threshold(_GC_OBJECTS, 20, 20)
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets))


def sum_up(app: App) -> Diagnostics:
    """Logs what the jobs would have cost, and what the clients did wrong, in all namespaces."""
    ours = logging.getLogger("fauxreel")
    saved = sum(space.ledger.total for space in app.spaces())
    if saved:
        ours.info("$0.00 spent instead of $%.2f", saved)
    diagnostics = Diagnostics()
    diagnostics.take(app.namespaces.gone)
    for space in app.spaces():
        space.watch.conclude()
        diagnostics.take(space.diagnostics)
    for found in diagnostics.findings():
        ours.log(
            found.severity.level,
            "client defect %s (%s): seen %s, first in %r; `fauxreel explain %s` says more",
            found.code,
            found.severity.value,
            "once" if found.count == 1 else f"{found.count} times",
            found.places[0],
            found.code,
        )
    return diagnostics


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


@contextmanager
def logging_to(outlet: Outlet, level: str, *, as_json: bool) -> Generator[None, None, None]:
    """Our log, and what uvicorn has to say, on the outlet; as before afterwards."""
    handler = logging.StreamHandler(outlet)
    handler.setFormatter(
        _JsonFormatter() if as_json else logging.Formatter("%(levelname)s: %(message)s")
    )
    ours = logging.getLogger("fauxreel")
    # uvicorn's own news is ours to tell; its warnings (a request that is not HTTP) are not.
    theirs = logging.getLogger("uvicorn.error")
    before = [(one, one.level, one.handlers, one.propagate) for one in (ours, theirs)]
    ours.setLevel(level.upper())
    theirs.setLevel(logging.ERROR if level == "error" else logging.WARNING)
    theirs.addFilter(_no_advice)
    for one in (ours, theirs):
        one.handlers, one.propagate = [handler], False
    try:
        yield
    finally:
        theirs.removeFilter(_no_advice)
        for one, old_level, handlers, propagate in before:
            one.setLevel(old_level)
            one.handlers, one.propagate = handlers, propagate
