"""The Azure dialect for Sora 1: `/openai/v1/video/generations…`, jobs with several videos each.

A collection of its own: its jobs are in no list of videos.
"""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import Scope

from fauxreel.domain.errors import DeploymentNotFound, RequestError, VideoNotFound, VideoNotReady
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import Status, Variant
from fauxreel.headers import Filled
from fauxreel.ids import generation_id, task_id, task_of
from fauxreel.looks import Seen
from fauxreel.service import Origin, VideoService
from fauxreel.wire.azure_jobs_parse import MOST_VARIANTS, parse_job, parse_jobs, parse_quality
from fauxreel.wire.azure_jobs_render import (
    job_status,
    render_generation,
    render_job,
    render_job_error,
    render_jobs,
)
from fauxreel.wire.azure_render import azure_answer
from fauxreel.wire.azure_v1 import LIFETIME, PREFIX, AzureAccess, gateway_error
from fauxreel.wire.bodies import Limits, read_fields
from fauxreel.wire.consult import Caller
from fauxreel.wire.downloads import download
from fauxreel.wire.endpoint import Endpoint, Fallback
from fauxreel.wire.http import Answer, Exchange, Methods, Route
from fauxreel.wire.record import REQUEST, note_state
from fauxreel.wire.references import SUPPORTED, decoded

SURFACE = "azure-jobs"
ROOT = f"{PREFIX}/video/generations"

_PAGE = 100  # jobs looked at at a time when a list is filtered


class AzureJobs:
    """The dialect over the jobs of one service.

    Args:
        deployments: The names that exist; without any, every name does.
    """

    def __init__(
        self,
        service: VideoService,
        access: AzureAccess,
        limits: Limits,
        *,
        deployments: tuple[str, ...],
    ) -> None:
        self.name = SURFACE
        self.space = service.space
        self._service = service
        self._access = access
        self._limits = limits
        self._deployments = deployments

    def routes(self) -> list[Route]:
        """One route a path, with all its methods."""
        paths: dict[str, Methods] = {
            "/jobs": {"POST": self._create, "GET": self._list},
            "/jobs/{job_id}": {"GET": self._retrieve, "DELETE": self._delete},
            "/{generation_id}": {"GET": self._generation},
            "/{generation_id}/content/video": {"GET": self._video},
            "/{generation_id}/content/thumbnail": {"GET": self._thumbnail},
        }
        return [
            Route(ROOT + path, Endpoint(self, path, methods)) for path, methods in paths.items()
        ]

    def fallbacks(self) -> dict[str, Fallback]:
        """A wrong path below is answered by the gateway (evidence: verbatim, azure, 2025)."""
        gateway = Fallback(self, gateway_error)
        return {f"{PREFIX}/video": gateway, f"{PREFIX}/generations": gateway}

    # What an endpoint asks for -------------------------------------------------------------------

    def authenticate(self, scope: Scope) -> str:
        return _COLLECTION + self._access.authenticate(scope)

    def render_error(self, error: RequestError) -> Answer:
        return render_job_error(error)

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Filled:
        return self._access.common_headers(answer, project, elapsed_ns)

    # The operations ------------------------------------------------------------------------------

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits, repeatable=("files",))
        command, uploads = parse_job(fields)
        if self._deployments and command.model not in self._deployments:
            raise DeploymentNotFound(command.model)
        for upload in () if self._service.space.lenient else uploads:
            await decoded("files", upload, SUPPORTED, None)
        payer = self._access.payer(exchange.scope)
        caller = Caller(self.space, exchange.scope)
        origin = Origin(exchange.project, SURFACE, LIFETIME, payer, task_id)
        seen = await self._service.create(origin, caller, command)
        # 201 on the wire, 200 in the specification (evidence: verbatim, azure, 2025).
        return azure_answer(render_job(seen), 201)

    async def _list(self, exchange: Exchange) -> Answer:
        asked = parse_jobs(exchange.query())
        if not asked.statuses and asked.before is None:
            request = PageRequest(asked.limit, asked.after)
            return azure_answer(render_jobs(await self._service.page(exchange.project, request)))
        found: list[Seen] = []
        cursor, has_more = asked.after, True
        while has_more and len(found) <= asked.limit:
            page = await self._service.page(exchange.project, PageRequest(_PAGE, cursor))
            has_more = page.has_more
            await asyncio.sleep(0)  # others have their turn between the pages
            for seen in page.items:
                cursor = seen.video.id
                if cursor == asked.before:
                    has_more = False
                    break
                if not asked.statuses or job_status(seen) in asked.statuses:
                    found.append(seen)
        page = Page(found[: asked.limit], has_more=len(found) > asked.limit)
        return azure_answer(render_jobs(page))

    async def _retrieve(self, exchange: Exchange) -> Answer:
        job_id = _job_id(exchange)
        if exchange.method == "HEAD":
            return azure_answer(render_job(await self._service.peek(exchange.project, job_id)))
        seen = await self._service.retrieve(exchange.project, job_id)
        note_state(exchange.scope, seen.view.status)
        return azure_answer(render_job(seen))

    async def _delete(self, exchange: Exchange) -> Answer:
        await self._service.delete(exchange.project, _job_id(exchange))
        return Answer(204, ())

    async def _generation(self, exchange: Exchange) -> Answer:
        seen, number = await self._made(exchange)
        return azure_answer(render_generation(seen, number))

    async def _video(self, exchange: Exchange) -> Answer:
        parse_quality(exchange.query())
        seen, number = await self._made(exchange)
        asset = await self._service.content(
            exchange.project, seen.video.id, Variant.VIDEO, generation_id(seen.video.id, number)
        )
        answer = download(exchange, asset)
        made = datetime.fromtimestamp(seen.view.completed_at or 0, UTC)
        answer.headers.append((b"last-modified", format_datetime(made, usegmt=True).encode()))
        return answer

    async def _thumbnail(self, exchange: Exchange) -> Answer:
        seen, number = await self._made(exchange)
        asset = await self._service.poster(
            exchange.project, seen.video.id, generation_id(seen.video.id, number)
        )
        return download(exchange, asset)

    async def _made(self, exchange: Exchange) -> tuple[Seen, int]:
        """The job of a generation, and which of its videos it is."""
        wanted = exchange.path_param("generation_id")
        for number in range(MOST_VARIANTS):
            job_id = task_of(wanted, number)
            if job_id is None:
                break
            try:
                seen = await self._service.peek(exchange.project, job_id)
            except VideoNotFound:
                continue
            if number < seen.video.variants:
                if seen.view.status is not Status.COMPLETED:
                    raise VideoNotReady(wanted, seen.view.status)
                exchange.scope[REQUEST].video_id = job_id
                return seen, number
        raise VideoNotFound(wanted)


def _job_id(exchange: Exchange) -> str:
    """The id in the path; what cannot be one of a job is not even an example of `--lenient`."""
    job_id = exchange.path_param("job_id")
    if not job_id.startswith("task_"):
        raise VideoNotFound(job_id)
    return job_id


# Keeps the jobs of a project apart from its videos.
_COLLECTION = "jobs:"
