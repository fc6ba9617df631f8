"""The composition root: the only place that knows all parts, and the ASGI middleware.

`create_app` makes an emulator as an ASGI application. Nothing is made at import, so two of
them in one process never meet.
"""

import logging
from collections.abc import Awaitable, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.catalogue import load_models
from fauxreel.clock import Clock, real_ns
from fauxreel.control.routes import ROOT, Control
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.dispatch import Dispatch
from fauxreel.domain.models import Models
from fauxreel.media.library import Library
from fauxreel.request_log import RequestLog
from fauxreel.service import VideoService
from fauxreel.settings import Settings
from fauxreel.space import Space
from fauxreel.store import Store
from fauxreel.wire import openapi
from fauxreel.wire.azure_jobs import AzureJobs
from fauxreel.wire.azure_v1 import AzureAccess, AzureV1
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys
from fauxreel.wire.defects import ERROR, defect
from fauxreel.wire.litellm import LiteLLM
from fauxreel.wire.openai import PREFIXES, OpenAI
from fauxreel.wire.openai_parse import Rules
from fauxreel.wire.references import References

logger = logging.getLogger("fauxreel")

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
        if ERROR in scope:
            self._watch(scope)

    def _watch(self, scope: Scope) -> None:
        """Names the defect of a client whose request was refused, in the log once a kind."""
        code = defect(scope)
        if code is None:
            return
        place = f"{scope['method']} {scope['path']}"
        if self.space.diagnostics.note(code, place):
            found = DIAGNOSTICS[code]
            logger.warning(
                "%r: client defect %s (%s): %s %s",
                place,
                code,
                found.severity.value,
                found.seen,
                found.remedy,
            )


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
    control = Control(space, settings, _keys(settings, space, "openai"))
    dialects = _Dialects(settings, space, service)
    dispatch = Dispatch(
        [*dialects.routes(), *control.routes(), *openapi.routes()],
        default=dialects.not_found(),
        below={ROOT: control.not_found(), **dialects.fallbacks()},
    )
    return App(settings, space, dispatch, log)


class _Dialects:
    """All dialects over one service; a further one is one more line in each method."""

    def __init__(self, settings: Settings, space: Space, service: VideoService) -> None:
        limits = Limits(settings.max_body_bytes, settings.max_text_bytes)
        rules = _rules(settings, space.models)
        references = References(
            service.files, fetch_remote=settings.fetch_image_urls, lenient=settings.lenient
        )
        self._litellm_is_root = settings.root == "litellm"
        self.openai = OpenAI(
            service,
            _keys(settings, space, "openai"),
            limits,
            rules,
            references,
            prefixes=() if self._litellm_is_root else PREFIXES,
        )
        access = AzureAccess(_keys(settings, space, "azure"), space.seed)
        self.azure_v1 = AzureV1(
            service,
            access,
            limits,
            replace(rules, characters=False, free=False),
            references,
            deployments=settings.azure_deployments,
            specified=settings.azure_specified_routes,
        )
        self.azure_jobs = AzureJobs(service, access, limits, deployments=settings.azure_deployments)
        self.litellm = LiteLLM(
            service,
            _keys(settings, space, "litellm"),
            limits,
            references,
            {"openai": self.openai, "azure": self.azure_v1},
            roots=("/litellm", "") if self._litellm_is_root else ("/litellm",),
            documented_roots=("/litellm", "") if settings.litellm_documented_routes else (),
        )

    def routes(self) -> list[Route]:
        """The routes of all; where two have the same path, the later one has it."""
        return [
            *self.openai.routes(),
            *self.azure_v1.routes(),
            *self.azure_jobs.routes(),
            *self.litellm.routes(),
        ]

    def fallbacks(self) -> dict[str, ASGIApp]:
        """What answers below each dialect's root where there is no route."""
        return {
            **self.azure_v1.fallbacks(),
            **self.azure_jobs.fallbacks(),
            **self.litellm.fallbacks(),
        }

    def not_found(self) -> ASGIApp:
        """What answers everywhere else."""
        return self.litellm.not_found() if self._litellm_is_root else self.openai.not_found()


def _keys(settings: Settings, space: Space, surface: str) -> Keys:
    population = f"{surface}:" if settings.separate_surfaces else ""
    return Keys(settings.keys, space.seed, population)


def _rules(settings: Settings, models: Models) -> Rules:
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
