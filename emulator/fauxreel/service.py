"""What all dialects share: create, retrieve, list, delete, remix, content.

A dialect reads a request, calls one of these, and writes down what comes back.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.domain.commands import Create, Extend, Remix
from fauxreel.domain.errors import (
    CannotExtend,
    MediaUnavailable,
    SourceNotCompleted,
    VideoExpired,
    VideoNotFound,
    VideoNotReady,
)
from fauxreel.domain.models import DEFAULT_MODEL
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.size import LONGEST_SECONDS
from fauxreel.domain.video import (
    NO_POLLS,
    Draft,
    Forced,
    Lifetime,
    Since,
    Status,
    Variant,
    Video,
    view,
)
from fauxreel.ids import video_id
from fauxreel.ledger import Booking
from fauxreel.limits import UNLIMITED
from fauxreel.looks import Looks, Seen
from fauxreel.media.errors import MediaError
from fauxreel.media.library import Asset, Library
from fauxreel.media.stamp import Stamp
from fauxreel.space import Space
from fauxreel.store import Record
from fauxreel.turns import Turns
from fauxreel.uploads import Characters, Files, is_example

MOST_EXTENSIONS = 6
# Examples outlive any run of a test suite: ten years.
_EXAMPLES_LIVE = Lifetime(10 * 366 * 86_400, Since.COMPLETION)


class Caller(Protocol):
    """Who asks for a job."""

    def decide(self, draft: Draft) -> Draft:
        """The new job as it is to be."""
        ...

    def accepted(self, video: Video) -> None:
        """Is told of the job that was made."""
        ...


# How a dialect makes ids: from the seed, the sequence, and the moment of creation.
MakeVideoId = Callable[[int, int, float], str]


class Origin(Struct, frozen=True):
    """Where requests come from: the project, the dialect, and what that gives to new jobs.

    Args:
        lifetime: How long its results live.
        payer: The hashed key that would have been charged.
        make_id: How its ids are made.
    """

    project: str
    surface: str
    lifetime: Lifetime
    payer: str
    make_id: MakeVideoId = video_id

    def draft(self, space: Space, command: Create) -> Draft:
        """The facts of a new job from here."""
        return space.draft(self.project, self.surface, self.lifetime, command)


class VideoService:
    """The operations on the jobs of one space."""

    def __init__(self, space: Space, library: Library) -> None:
        self._looks = Looks()
        self.space = space
        self.characters = Characters(space)
        self.files = Files(space)
        self._library = library
        self._examples = Turns()

    async def create(
        self, origin: Origin, caller: Caller, command: Create, *, generated: int | None = None
    ) -> Seen:
        """Stores a new job.

        Args:
            caller: Says how the job is to go, and is told of it.
            generated: How many of its seconds are new, of one that extends an upload.

        Raises:
            CharacterNotFound: It shows a character that does not exist.
            StoreFull: The store holds as many jobs as it may.
        """
        for character_id in command.characters:
            await self.characters.get(origin.project, character_id)
        return await self._add(origin, caller, origin.draft(self.space, command), generated)

    async def remix(self, origin: Origin, caller: Caller, command: Remix) -> Seen:
        """Stores a new job after a completed one; an edit is the same (evidence: inferred).

        Raises:
            VideoNotFound: There is no such source.
            SourceNotCompleted: The source is not completed (evidence: documented, openai).
            VideoExpired: The source's content is gone (evidence: reported, azure).
            StoreFull: The store holds as many jobs as it may.
        """
        source = await self._source(origin, command.source_id)
        seconds = command.seconds or source.seconds
        inherited = Create(command.prompt, source.model, seconds, source.size, command.reference)
        draft = origin.draft(self.space, inherited)
        draft = replace(draft, source_id=source.id, extensions=source.extensions)
        return await self._add(origin, caller, draft)

    async def extend(self, origin: Origin, caller: Caller, command: Extend) -> Seen:
        """Stores a new job that is a completed one and what comes after it, stitched.

        At most six extensions and 120 seconds in all (evidence: documented, openai).

        Raises:
            VideoNotFound, SourceNotCompleted, VideoExpired, StoreFull: As for a remix.
            CannotExtend: The result would be too long, or was extended too often.
        """
        source = await self._source(origin, command.source_id)
        total = source.seconds + command.seconds
        if source.extensions >= MOST_EXTENSIONS or total > LONGEST_SECONDS:
            raise CannotExtend(MOST_EXTENSIONS, LONGEST_SECONDS)
        inherited = Create(command.prompt, source.model, total, source.size)
        draft = origin.draft(self.space, inherited)
        draft = replace(draft, source_id=source.id, extensions=source.extensions + 1)
        return await self._add(origin, caller, draft, command.seconds)

    async def retrieve(self, project: str, video_id: str) -> Seen:
        """The job after one more poll by a client.

        Raises:
            VideoNotFound: There is no such job in the project.
        """
        space = self.space
        now = space.clock.now()
        record = await space.store.observe(project, video_id, now)
        if record is None:
            record = await self._example(project, video_id)
            now = space.clock.now()  # the example is younger than the request
        seen = self._looks.at(record, now)
        if seen.view.unfinished:
            if space.settings.max_idle_polls:
                space.idle.count(seen.video, seen.polls, now, frozen=space.clock.frozen)
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
        return self._looks.page((project, request), found, self.space.clock.now())

    async def delete(self, project: str, video_id: str) -> None:
        """Forgets a job, finished or not (evidence: inferred).

        Raises:
            VideoNotFound: There is no such job in the project.
        """
        if not await self.space.store.remove(project, video_id):
            await self._example(project, video_id)
            await self.space.store.remove(project, video_id)

    async def content(
        self, project: str, video_id: str, variant: Variant, name: str | None = None
    ) -> Asset:
        """A file of a completed job.

        Args:
            name: The id that the file carries, of one of several videos of a job.

        Raises:
            VideoNotFound: There is no such job in the project.
            VideoNotReady: It is not completed, or failed.
            VideoExpired: It is too old.
            MediaUnavailable: The file could not be made.
        """
        video = await self._downloadable(project, video_id)
        own = video.outcome.file
        stamp = Stamp(name or video.id, video.prompt, self.space.seed)
        try:
            if own is not None and variant is Variant.VIDEO:
                return await self._library.own(own)
            return await self._library.asset(video.size, video.seconds, variant, stamp)
        except MediaError as error:
            raise MediaUnavailable(str(error)) from error

    async def poster(self, project: str, video_id: str, name: str) -> Asset:
        """The first frame of a completed job as a JPEG file, else as `content`."""
        video = await self._downloadable(project, video_id)
        try:
            return await self._library.poster(
                video.size, Stamp(name, video.prompt, self.space.seed)
            )
        except MediaError as error:
            raise MediaUnavailable(str(error)) from error

    async def _downloadable(self, project: str, video_id: str) -> Video:
        seen = await self.peek(project, video_id)
        if seen.view.status is not Status.COMPLETED:
            raise VideoNotReady(video_id, seen.view.status)
        if seen.view.expired:
            raise VideoExpired(video_id, seen.video.lifetime.hours)
        return seen.video

    async def _add(
        self, origin: Origin, caller: Caller, draft: Draft, generated: int | None = None
    ) -> Seen:
        """Stores the job and books its cost.

        Args:
            generated: How many of its seconds are new; all of them unless it extends another.
        """
        space = self.space
        seconds = (generated or draft.seconds) * draft.variants
        dollars = space.models.price(draft.model, draft.size, seconds)
        booking = Booking(origin.surface, draft.model, origin.payer, seconds, dollars)
        if space.limits.quotas is UNLIMITED:
            video = await self._store(origin, caller.decide(draft), booking)
        else:
            async with space.limits.turn():
                spent = space.ledger.total
                await space.limits.admit(origin.project, draft.model, spent, booking.dollars)
                video = await self._store(origin, caller.decide(draft), booking)
                space.limits.started(origin.project, video.id)
        caller.accepted(video)
        return Seen(video, view(video, draft.created))

    def _store(self, origin: Origin, draft: Draft, booking: Booking) -> Awaitable[Video]:
        seed = self.space.seed
        return self.space.store.add(
            draft, lambda sequence: origin.make_id(seed, sequence, draft.created), booking=booking
        )

    async def _source(self, origin: Origin, video_id: str) -> Video:
        source = self._seen(await self._record(origin.project, video_id))
        if source.view.status is not Status.COMPLETED:
            raise SourceNotCompleted(video_id, source.view.status)
        if source.view.expired:
            raise VideoExpired(video_id, source.video.lifetime.hours)
        return source.video

    async def _record(self, project: str, video_id: str) -> Record:
        record = await self.space.store.get(project, video_id)
        if record is None:
            record = await self._example(project, video_id)
        return record

    async def _example(self, project: str, video_id: str) -> Record:
        """With `--lenient`, the completed job that the ids of documentation and tests name."""
        space = self.space
        if not (space.lenient and is_example(video_id, "video")):
            raise VideoNotFound(video_id)
        async with self._examples.turn(video_id):
            # An id stands for one job: the example of another project makes way, and comes back.
            other = await space.store.get(None, video_id)
            if other is not None and other.video.project == project:
                return other  # somebody else asked for it at the same time
            if other is not None:
                await space.store.remove(other.video.project, video_id)
            return await self._new_example(project, video_id)

    async def _new_example(self, project: str, video_id: str) -> Record:
        space = self.space
        model = space.models[DEFAULT_MODEL]
        command = Create("x", model.name, model.default_seconds, model.default_size)
        draft = space.draft(project, "lenient", _EXAMPLES_LIVE, command)
        draft = replace(draft, forced=Forced(draft.created, None, 100))
        return Record(await space.store.add(draft, lambda _: video_id), NO_POLLS)

    def _seen(self, record: Record) -> Seen:
        return self._looks.at(record, self.space.clock.now())
