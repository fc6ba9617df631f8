"""OpenAI's operations on videos."""

from dataclasses import replace

from fauxreel.domain.commands import Create, Remix
from fauxreel.domain.size import LONGEST_SECONDS
from fauxreel.domain.video import Lifetime, Since, Status
from fauxreel.service import Origin, Seen, VideoService
from fauxreel.wire.bodies import Limits, Upload, read_fields
from fauxreel.wire.downloads import download
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.links import Links
from fauxreel.wire.openai_parse import (
    Rules,
    parse_create,
    parse_edit,
    parse_extension,
    parse_list,
    parse_remix,
    parse_variant,
)
from fauxreel.wire.openai_render import (
    json_answer,
    render_deleted,
    render_documented,
    render_list,
    render_video,
)
from fauxreel.wire.references import VIDEO_ONLY, References, decoded, shape

SURFACE = "openai"

# expires_at = completed_at + 3600 (evidence: verbatim, openai, 5 samples).
LIFETIME = Lifetime(3600, Since.COMPLETION)

_UNFINISHED = (Status.QUEUED, Status.PROCESSING)


class VideoOperations:
    """Create, list, retrieve, delete, content, remix, edits, extensions."""

    def __init__(
        self,
        service: VideoService,
        references: References,
        links: Links,
        limits: Limits,
        rules: Rules,
    ) -> None:
        self._service = service
        self._references = references
        self._links = links
        self._limits = limits
        self._rules = rules
        self._lenient = service.space.lenient

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method."""
        return {
            "/videos/{video_id}": {"GET": self._retrieve, "DELETE": self._delete},
            "/videos": {"POST": self._create, "GET": self._list},
            "/videos/{video_id}/content": {"GET": self._content},
            "/videos/{video_id}/remix": {"POST": self._remix},
            "/videos/edits": {"POST": self._edit},
            "/videos/extensions": {"POST": self._extend},
        }

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command, referred = parse_create(fields, self._rules)
        if referred is not None:
            command = await self._references.checked(exchange.project, command, referred)
        return self._answer(exchange, await self._service.create(_origin(exchange), command))

    async def _retrieve(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        if exchange.method == "HEAD":
            return self._answer(exchange, await self._service.peek(exchange.project, video_id))
        seen = await self._service.retrieve(exchange.project, video_id)
        answer = self._answer(exchange, seen)
        if seen.view.status in _UNFINISHED and seen.video.poll_after_ms is not None:
            answer.headers.append((b"openai-poll-after-ms", b"%d" % seen.video.poll_after_ms))
        return answer

    async def _list(self, exchange: Exchange) -> Answer:
        page = await self._service.page(exchange.project, parse_list(exchange.query()))
        return json_answer(
            render_list(page, lambda seen: self._render(exchange, seen), lambda seen: seen.video.id)
        )

    async def _delete(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        await self._service.delete(exchange.project, video_id)
        return json_answer(render_deleted(video_id, "video.deleted"))

    async def _content(self, exchange: Exchange) -> Answer:
        variant = parse_variant(exchange.query())
        video_id = exchange.path_param("video_id")
        return download(exchange, await self._service.content(exchange.project, video_id, variant))

    async def _remix(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command = parse_remix(exchange.path_param("video_id"), fields)
        return self._answer(exchange, await self._service.remix(_origin(exchange), command))

    async def _edit(self, exchange: Exchange) -> Answer:
        command = parse_edit(await read_fields(exchange, self._limits), self._rules)
        if isinstance(command, Remix):
            seen = await self._service.remix(_origin(exchange), command)
        else:
            seen = await self._service.create(_origin(exchange), await self._uploaded(*command))
        return self._answer(exchange, seen)

    async def _extend(self, exchange: Exchange) -> Answer:
        command = parse_extension(await read_fields(exchange, self._limits), self._rules)
        if isinstance(command, tuple):
            upload, added = command
            whole = await self._uploaded(upload, added)
            stitched = replace(whole, seconds=min(whole.seconds + added.seconds, LONGEST_SECONDS))
            seen = await self._service.create(_origin(exchange), stitched)
        else:
            seen = await self._service.extend(_origin(exchange), command)
        return self._answer(exchange, seen)

    async def _uploaded(self, upload: Upload, command: Create) -> Create:
        """A job of the size and length of the uploaded video."""
        if self._lenient:
            return command
        reference = await decoded("video", upload, VIDEO_ONLY, None)
        size, seconds = shape("video", upload)
        return replace(command, size=size, seconds=seconds, reference=reference)

    def _answer(self, exchange: Exchange, seen: Seen) -> Answer:
        return json_answer(self._render(exchange, seen))

    def _render(self, exchange: Exchange, seen: Seen) -> str:
        if self._rules.free:
            return render_documented(seen, self._links.content_url(exchange, seen.video.id))
        return render_video(seen)


def _origin(exchange: Exchange) -> Origin:
    return Origin(exchange.project, SURFACE, LIFETIME)
