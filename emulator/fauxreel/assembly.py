"""One namespace put together: its space, and all dialects and the control API over it.

With the middleware in `app` this is the only place that knows all parts.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import ASGIApp

from fauxreel.control.readiness import Readiness
from fauxreel.dispatch import Dispatch, Made, Part
from fauxreel.domain.models import Models
from fauxreel.media.library import Library
from fauxreel.service import VideoService
from fauxreel.settings import Settings
from fauxreel.space import Space
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys
from fauxreel.wire.http import Route
from fauxreel.wire.openai import PREFIXES, OpenAI
from fauxreel.wire.openai_parse import Rules
from fauxreel.wire.references import References

# What not every run asks for is imported when it is asked for, for the start's sake.
if TYPE_CHECKING:
    from fauxreel.wire.azure_jobs import AzureJobs
    from fauxreel.wire.azure_v1 import AzureAccess, AzureV1
    from fauxreel.wire.litellm import LiteLLM

_AZURE = ("openai",)
_LITELLM = "/litellm"


class Namespace(Struct, frozen=True):
    """Jobs, a clock and all that belongs to them, and what serves them."""

    space: Space
    dispatch: Dispatch


def assemble(
    settings: Settings,
    space: Space,
    library: Library,
    documents: Sequence[Route],
    readiness: Readiness,
    everywhere: Callable[[], Sequence[Space]] | None = None,
) -> Namespace:
    """All surfaces over one space.

    Args:
        documents: Routes that are the same in all namespaces.
        everywhere: All spaces of the emulator, for the namespace that counts for them.
    """
    surfaces = _Surfaces(settings, space, VideoService(space, library))

    def control() -> Made:
        from fauxreel.control.routes import ROOT, Control

        keys = _keys(settings, space, "openai")
        made = Control(space, settings, keys, readiness, everywhere)
        return Made(made.routes(), {ROOT: made.not_found()})

    parts = (
        *surfaces.parts(),
        Part(control, ("_fauxreel",)),
        Part(lambda: Made(documents)),
    )
    # Of the settings, these decide which paths there are.
    alike = settings.root, settings.azure_specified_routes, settings.litellm_documented_routes
    return Namespace(space, Dispatch(parts, surfaces.not_found, alike))


class _Surfaces:
    """All dialects over one service, each made when it is first asked for."""

    def __init__(self, settings: Settings, space: Space, service: VideoService) -> None:
        self._settings = settings
        self._space = space
        self._service = service
        self._limits = Limits(
            settings.max_body_bytes, settings.max_text_bytes, settings.max_memory_body_bytes
        )
        self._rules = _rules(settings, space.models)
        self._references = References(
            service.files, fetch_remote=settings.fetch_image_urls, lenient=settings.lenient
        )
        self._litellm_is_root = settings.root == "litellm"

    def parts(self) -> tuple[Part, ...]:
        """A further dialect is one more line."""
        settings = self._settings
        documented = ("videos",) if settings.litellm_documented_routes else ()
        return (
            Part(lambda: Made(self._openai.routes())),
            Part(lambda: Made(self._azure_v1.routes(), self._azure_v1.fallbacks()), _AZURE),
            Part(lambda: Made(self._azure_jobs.routes(), self._azure_jobs.fallbacks()), _AZURE),
            Part(
                lambda: Made(self._litellm.routes(), self._litellm.fallbacks()),
                () if self._litellm_is_root else ("litellm", *documented),
            ),
        )

    def not_found(self) -> ASGIApp:
        """What answers where no dialect does."""
        return self._litellm.not_found() if self._litellm_is_root else self._openai.not_found()

    @cached_property
    def _openai(self) -> OpenAI:
        return OpenAI(
            self._service,
            self._keys("openai"),
            self._limits,
            self._rules,
            self._references,
            prefixes=() if self._litellm_is_root else PREFIXES,
        )

    @cached_property
    def _azure_access(self) -> "AzureAccess":
        from fauxreel.wire.azure_v1 import AzureAccess

        return AzureAccess(self._keys("azure"), self._space)

    @cached_property
    def _azure_v1(self) -> "AzureV1":
        from fauxreel.wire.azure_v1 import AzureV1

        return AzureV1(
            self._service,
            self._azure_access,
            self._limits,
            replace(self._rules, characters=False, free=False),
            self._references,
            deployments=self._settings.azure_deployments,
            specified=self._settings.azure_specified_routes,
        )

    @cached_property
    def _azure_jobs(self) -> "AzureJobs":
        from fauxreel.wire.azure_jobs import AzureJobs

        deployments = self._settings.azure_deployments
        return AzureJobs(self._service, self._azure_access, self._limits, deployments=deployments)

    @cached_property
    def _litellm(self) -> "LiteLLM":
        from fauxreel.wire.litellm import LiteLLM

        return LiteLLM(
            self._service,
            self._keys("litellm"),
            self._limits,
            self._references,
            {"openai": self._openai, "azure": self._azure_v1},
            roots=(_LITELLM, "") if self._litellm_is_root else (_LITELLM,),
            documented_roots=_documented_roots(self._settings),
        )

    def _keys(self, surface: str) -> Keys:
        return _keys(self._settings, self._space, surface)


def _documented_roots(settings: Settings) -> tuple[str, ...]:
    if not settings.litellm_documented_routes:
        return ()
    return (_LITELLM, f"{_LITELLM}/v1", "", *(["/v1"] if settings.root == "litellm" else []))


def _keys(settings: Settings, space: Space, surface: str) -> Keys:
    population = f"{surface}:" if settings.separate_surfaces else ""
    return Keys(settings.keys, space.salt, population)


def _rules(settings: Settings, models: Models) -> Rules:
    return Rules(
        models,
        user=settings.accept_user,
        reference_files=settings.input_reference in ("any", "file"),
        reference_objects=settings.input_reference in ("any", "object"),
        video_uploads=settings.accept_video_uploads or settings.lenient,
        free=settings.documented("/v1"),
    )
