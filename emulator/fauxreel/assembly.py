"""One namespace put together: its space, and all dialects and the control API over it.

With the middleware in `app` this is the only place that knows all parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from starlette.types import ASGIApp

from fauxreel.control.readiness import Readiness
from fauxreel.control.routes import ROOT, Control
from fauxreel.dispatch import Dispatch
from fauxreel.domain.models import Models
from fauxreel.media.library import Library
from fauxreel.service import VideoService
from fauxreel.settings import Settings
from fauxreel.space import Space
from fauxreel.wire.azure_jobs import AzureJobs
from fauxreel.wire.azure_v1 import AzureAccess, AzureV1
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys
from fauxreel.wire.http import Route
from fauxreel.wire.litellm import PREFIX, LiteLLM
from fauxreel.wire.openai import PREFIXES, OpenAI
from fauxreel.wire.openai_parse import Rules
from fauxreel.wire.references import References


@dataclass(frozen=True, slots=True)
class Namespace:
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
    keys = _keys(settings, space, "openai")
    control = Control(space, settings, keys, readiness, everywhere)
    dialects = _Dialects(settings, space, VideoService(space, library))
    dispatch = Dispatch(
        [*dialects.routes(), *control.routes(), *documents],
        default=dialects.not_found(),
        below={ROOT: control.not_found(), **dialects.fallbacks()},
    )
    return Namespace(space, dispatch)


class _Dialects:
    """All dialects over one service; a further one is one more line in each method."""

    def __init__(self, settings: Settings, space: Space, service: VideoService) -> None:
        limits = Limits(
            settings.max_body_bytes, settings.max_text_bytes, settings.max_memory_body_bytes
        )
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
        access = AzureAccess(_keys(settings, space, "azure"), space)
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
            roots=(PREFIX, "") if self._litellm_is_root else (PREFIX,),
            documented_roots=_documented_roots(settings),
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


def _documented_roots(settings: Settings) -> tuple[str, ...]:
    if not settings.litellm_documented_routes:
        return ()
    return (PREFIX, f"{PREFIX}/v1", "", *(["/v1"] if settings.root == "litellm" else []))


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
