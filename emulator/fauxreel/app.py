"""The composition root: the only place that knows all parts, and the ASGI middleware.

`create_app` makes an emulator as an ASGI application. Nothing is made at import, so two of
them in one process never meet.
"""

from collections.abc import Awaitable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.types import Receive, Scope, Send

from fauxreel.catalogue import load_models
from fauxreel.clock import Clock, real_ns
from fauxreel.control.routes import ROOT, Control
from fauxreel.dispatch import Dispatch
from fauxreel.domain.models import Models
from fauxreel.media.library import Library
from fauxreel.request_log import RequestLog
from fauxreel.service import VideoService
from fauxreel.settings import Settings
from fauxreel.space import Space
from fauxreel.store import Store
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys
from fauxreel.wire.openai import OpenAI
from fauxreel.wire.openai_parse import Rules
from fauxreel.wire.references import References

_MEGABYTE = 2**20


class App:
    """An emulator as an ASGI application.

    Args:
        space: Its jobs and their clock, for tests that look or reach inside.
        log: Gets a line for each request; None for no access log.
    """

    def __init__(
        self, settings: Settings, space: Space, dispatch: Dispatch, log: RequestLog | None
    ) -> None:
        self.settings = settings
        self.space = space
        self.dispatch = dispatch
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._log is None:
            await self.dispatch(scope, receive, send)
        else:
            await _logged(self.dispatch, self._log, scope, receive, send)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    cache_dir: Path | None = None,
    log: RequestLog | None = None,
) -> App:
    """An emulator.

    Args:
        settings: Its settings; the defaults without them.
        clock: The time its jobs live by; without one, as the settings say.
        store: Where its jobs are kept; without one, in memory.
        cache_dir: Where made clips are kept between runs; `settings.media_cache` wins over it.
        log: Gets a line for each request.

    Raises:
        SettingError: The file of models is wrong.
    """
    settings = settings or Settings()
    space = Space(settings, load_models(settings.models), clock=clock, store=store)
    library = Library(
        settings.media_cache or cache_dir,
        memory_bytes=settings.media_memory_mb * _MEGABYTE,
        disk_bytes=settings.media_cache_mb * _MEGABYTE,
    )
    service = VideoService(space, library)
    keys = Keys(settings.keys, space.seed)
    limits = Limits(settings.max_body_bytes, settings.max_text_bytes)
    references = References(
        service.files, fetch_remote=settings.fetch_image_urls, lenient=settings.lenient
    )
    openai = OpenAI(service, keys, limits, _openai_rules(settings, space.models), references)
    control = Control(space, settings, keys)
    dispatch = Dispatch(
        [*openai.routes(), *control.routes()],
        default=openai.not_found(),
        below={ROOT: control.not_found()},
    )
    return App(settings, space, dispatch, log)


def _openai_rules(settings: Settings, models: Models) -> Rules:
    return Rules(
        models,
        user=settings.accept_user,
        reference_files=settings.input_reference in ("any", "file"),
        reference_objects=settings.input_reference in ("any", "object"),
        video_uploads=settings.accept_video_uploads or settings.lenient,
        free=settings.documented("/v1"),
    )


async def _logged(
    dispatch: Dispatch, log: RequestLog, scope: Scope, receive: Receive, send: Send
) -> None:
    started = real_ns()
    status = 0

    def noting(message: MutableMapping[str, Any]) -> Awaitable[None]:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        return send(message)

    try:
        await dispatch(scope, receive, noting)
    finally:
        log.add(scope["method"], scope["path"], status, real_ns() - started)
