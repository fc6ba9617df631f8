"""What all dialects share: create, retrieve, list, delete, remix, content.

A dialect reads a request, calls one of these, and writes down what comes back.
"""

from dataclasses import dataclass

from fauxreel.domain.commands import Create, Remix
from fauxreel.domain.errors import (
    MediaUnavailable,
    SourceNotCompleted,
    VideoExpired,
    VideoNotFound,
    VideoNotReady,
)
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import (
    Draft,
    Lifetime,
    Outcome,
    Status,
    Variant,
    Video,
    View,
    view,
)
from fauxreel.media.errors import MediaError
from fauxreel.media.library import Asset, Library
from fauxreel.media.stamp import Stamp
from fauxreel.space import Space
from fauxreel.store import Record

_UNFINISHED = (Status.QUEUED, Status.PROCESSING)
_COMPLETES = Outcome()


@dataclass(frozen=True, slots=True)
class Seen:
    """A job and what it looks like now."""

    video: Video
    view: View


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the project, the dialect, and how long its results live."""

    project: str
    surface: str
    lifetime: Lifetime


class VideoService:
    """The operations on the jobs of one space."""

    def __init__(self, space: Space, library: Library) -> None:
        self.space = space
        self._library = library

    async def create(self, origin: Origin, command: Create) -> Seen:
        """Stores a new job.

        Raises:
            StoreFull: The store holds as many jobs as it may.
        """
        return await self._add(origin, command, source_id=None)

    async def remix(self, origin: Origin, command: Remix) -> Seen:
        """Stores a new job after a completed one.

        Raises:
            VideoNotFound: There is no such source.
            SourceNotCompleted: The source is not completed (evidence: documented, openai).
            StoreFull: The store holds as many jobs as it may.
        """
        source = self._seen(await self._record(origin.project, command.source_id))
        if source.view.status is not Status.COMPLETED:
            raise SourceNotCompleted(command.source_id, source.view.status)
        video = source.video
        inherited = Create(command.prompt, video.model, video.seconds, video.size, None)
        return await self._add(origin, inherited, source_id=video.id)

    async def retrieve(self, project: str, video_id: str) -> Seen:
        """The job after one more poll by a client.

        Raises:
            VideoNotFound: There is no such job in the project.
        """
        space = self.space
        now = space.clock.now()
        record = await space.store.observe(project, video_id, now)
        if record is None:
            raise VideoNotFound(video_id)
        seen = Seen(record.video, view(record.video, now, record.polls))
        if seen.view.status in _UNFINISHED:
            space.clock.polled()
        return seen

    async def peek(self, project: str, video_id: str) -> Seen:
        """The job as it is, without counting a poll.

        Raises:
            VideoNotFound: There is no such job in the project.
        """
        return self._seen(await self._record(project, video_id))

    async def page(self, project: str, request: PageRequest) -> Page[Seen]:
        """A page of the project's jobs; counts no polls."""
        found = await self.space.store.page(project, request)
        return Page([self._seen(record) for record in found.items], found.has_more)

    async def delete(self, project: str, video_id: str) -> None:
        """Forgets a job, finished or not (evidence: inferred).

        Raises:
            VideoNotFound: There is no such job in the project.
        """
        if not await self.space.store.remove(project, video_id):
            raise VideoNotFound(video_id)

    async def content(self, project: str, video_id: str, variant: Variant) -> Asset:
        """A file of a completed job.

        Raises:
            VideoNotFound: There is no such job in the project.
            VideoNotReady: It is not completed, or failed.
            VideoExpired: It is too old.
            MediaUnavailable: The file could not be made.
        """
        seen = await self.peek(project, video_id)
        video = seen.video
        if seen.view.status is not Status.COMPLETED:
            raise VideoNotReady(video_id, seen.view.status)
        if seen.view.expired:
            raise VideoExpired(video_id, video.lifetime.seconds // 3600)
        stamp = Stamp(video.id, video.prompt, self.space.seed)
        try:
            return await self._library.asset(video.size, video.seconds, variant, stamp)
        except MediaError as error:
            raise MediaUnavailable(str(error)) from error

    async def _add(self, origin: Origin, command: Create, *, source_id: str | None) -> Seen:
        space = self.space
        now = space.clock.now()
        draft = Draft(
            project=origin.project,
            surface=origin.surface,
            model=command.model,
            prompt=command.prompt,
            seconds=command.seconds,
            size=command.size,
            created=now,
            timeline=space.timeline,
            outcome=_COMPLETES,
            lifetime=origin.lifetime,
            poll_after_ms=space.poll_after_ms,
            source_id=source_id,
            reference=command.reference,
        )
        video = await space.store.add(draft, space.make_id(now))
        return Seen(video, view(video, now))

    async def _record(self, project: str, video_id: str) -> Record:
        record = await self.space.store.get(project, video_id)
        if record is None:
            raise VideoNotFound(video_id)
        return record

    def _seen(self, record: Record) -> Seen:
        return Seen(record.video, view(record.video, self.space.clock.now(), record.polls))
