"""The operations on videos that OpenAI and Azure share; a `Manner` says what they do not."""

from typing import Protocol

from msgspec.structs import replace

from fauxreel.domain.commands import Create, Remix
from fauxreel.domain.errors import CannotExtend, RequestError
from fauxreel.domain.models import DEFAULT_SECONDS
from fauxreel.domain.paging import Page
from fauxreel.domain.size import LONGEST_SECONDS
from fauxreel.domain.video import Lifetime
from fauxreel.looks import Seen
from fauxreel.memory import Memory
from fauxreel.service import MOST_EXTENSIONS, MakeVideoId, Origin, VideoService
from fauxreel.wire.bodies import Fields, Limits, read_fields
from fauxreel.wire.consult import Caller
from fauxreel.wire.downloads import download
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.known import KNOWN, Known
from fauxreel.wire.multipart import Upload
from fauxreel.wire.openai_parse import (
    Rules,
    parse_edit,
    parse_extension,
    parse_list,
    parse_remix,
    parse_variant,
)
from fauxreel.wire.openai_render import render_deleted
from fauxreel.wire.record import note_state
from fauxreel.wire.references import VIDEO_ONLY, References, Referred, decoded, shape

_MOST_LISTS = 64


class Manner(Protocol):
    """What one dialect does in its own way."""

    def origin(self, exchange: Exchange) -> Origin:
        """What the dialect gives to new jobs."""
        ...

    def parse_create(self, fields: Fields) -> tuple[Create, Referred | None]:
        """The new job, and what it refers to."""
        ...

    def render(self, exchange: Exchange, seen: Seen) -> str:
        """A job as JSON."""
        ...

    def render_page(self, exchange: Exchange, page: Page[Seen]) -> str:
        """A page of jobs as JSON."""
        ...

    def answer(self, body: str) -> Answer:
        """A JSON answer."""
        ...

    def render_error(self, error: RequestError) -> Answer:
        """An error in the dialect's words."""
        ...

    def newborn(self) -> tuple[Lifetime, MakeVideoId]:
        """How long results live, and how ids are made."""
        ...

    @property
    def rules(self) -> Rules:
        """What its requests may hold."""
        ...


class VideoOperations:
    """Create, list, retrieve, delete, content, remix, edits, extensions."""

    def __init__(
        self,
        service: VideoService,
        references: References,
        limits: Limits,
        rules: Rules,
        manner: Manner,
    ) -> None:
        self._service = service
        self._references = references
        self._limits = limits
        self._rules = rules
        self._manner = manner
        # Answers to those who list again and again, while the jobs look the same.
        self._lists: Memory[Known, tuple[Page[Seen], Answer]] = Memory(_MOST_LISTS)

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method that both services had."""
        return {
            "/videos/{video_id}": {"GET": self._retrieve, "DELETE": self._delete},
            "/videos": {"POST": self._create, "GET": self._list},
            "/videos/{video_id}/content": {"GET": self._content},
            "/videos/{video_id}/remix": {"POST": self._remix},
        }

    def later_paths(self) -> dict[str, Methods]:
        """Those that came in March 2026; on Azure they were specified and never seen."""
        return {
            "/videos/edits": {"POST": self._edit},
            "/videos/extensions": {"POST": self._extend},
        }

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command, referred = self._manner.parse_create(fields)
        if referred is not None:
            command = await self._references.checked(exchange.project, command, referred)
        seen = await self._service.create(self._origin(exchange), self._caller(exchange), command)
        return self._answer(exchange, seen)

    async def _retrieve(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        if exchange.method == "HEAD":
            return self._answer(exchange, await self._service.peek(exchange.project, video_id))
        seen = await self._service.retrieve(exchange.project, video_id)
        note_state(exchange.scope, seen.view.status)
        known: Known | None = exchange.scope.get(KNOWN)
        if known is None:
            return self._polled(exchange, seen)
        if known.answer is None or known.seen is not seen:
            known.answer, known.seen = self._polled(exchange, seen), seen
        return known.answer

    def _polled(self, exchange: Exchange, seen: Seen) -> Answer:
        answer = self._answer(exchange, seen)
        if seen.view.unfinished and seen.video.poll_after_ms is not None:
            answer.headers.append((b"openai-poll-after-ms", b"%d" % seen.video.poll_after_ms))
        return answer

    async def _list(self, exchange: Exchange) -> Answer:
        page = await self._service.page(exchange.project, parse_list(exchange.query()))
        known: Known | None = exchange.scope.get(KNOWN)
        if known is None:
            return self._listed(exchange, page)
        shown = self._lists.get(known)
        if shown is None or shown[0] is not page:
            shown = self._lists.keep(known, (page, self._listed(exchange, page)))
        return shown[1]

    def _listed(self, exchange: Exchange, page: Page[Seen]) -> Answer:
        return self._manner.answer(self._manner.render_page(exchange, page))

    async def _delete(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        await self._service.delete(exchange.project, video_id)
        return self._manner.answer(render_deleted(video_id, "video.deleted"))

    async def _content(self, exchange: Exchange) -> Answer:
        variant = parse_variant(exchange.query())
        video_id = exchange.path_param("video_id")
        return download(exchange, await self._service.content(exchange.project, video_id, variant))

    async def _remix(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command = parse_remix(exchange.path_param("video_id"), fields)
        seen = await self._service.remix(self._origin(exchange), self._caller(exchange), command)
        return self._answer(exchange, seen)

    async def _edit(self, exchange: Exchange) -> Answer:
        command = parse_edit(await read_fields(exchange, self._limits), self._rules)
        origin, caller = self._origin(exchange), self._caller(exchange)
        if isinstance(command, Remix):
            seen = await self._service.remix(origin, caller, command)
        else:
            seen = await self._service.create(origin, caller, await self._uploaded(*command))
        return self._answer(exchange, seen)

    async def _extend(self, exchange: Exchange) -> Answer:
        command = parse_extension(await read_fields(exchange, self._limits), self._rules)
        origin, caller = self._origin(exchange), self._caller(exchange)
        if isinstance(command, tuple):
            upload, added = command
            whole = await self._uploaded(upload, added)
            total = whole.seconds + added.seconds
            if total > LONGEST_SECONDS:
                raise CannotExtend(MOST_EXTENSIONS, LONGEST_SECONDS)
            stitched = replace(whole, seconds=total, extensions=1)
            seen = await self._service.create(origin, caller, stitched, generated=added.seconds)
        else:
            seen = await self._service.extend(origin, caller, command)
        return self._answer(exchange, seen)

    def _origin(self, exchange: Exchange) -> Origin:
        known: Known | None = exchange.scope.get(KNOWN)
        if known is None:
            return self._manner.origin(exchange)
        if known.origin is None:
            known.origin = self._manner.origin(exchange)
        return known.origin

    def _caller(self, exchange: Exchange) -> Caller:
        return Caller(self._service.space, exchange.scope)

    async def _uploaded(self, upload: Upload, command: Create) -> Create:
        """A job of the size and length of the uploaded video."""
        if self._service.space.lenient:
            return replace(command, seconds=DEFAULT_SECONDS)
        reference = await decoded("video", upload, VIDEO_ONLY, None)
        size, seconds = await shape("video", upload)
        return replace(command, size=size, seconds=seconds, reference=reference)

    def _answer(self, exchange: Exchange, seen: Seen) -> Answer:
        return self._manner.answer(self._manner.render(exchange, seen))
