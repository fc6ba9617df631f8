"""Jobs by hand: listing, seeding, forcing an end."""

import asyncio
from collections.abc import Sequence

from msgspec.structs import asdict

from fauxreel.control.endpoint import Call, Operation, Operations, Problem
from fauxreel.control.guard import Refused
from fauxreel.control.parameters import one_of, text, whole
from fauxreel.domain.paging import DEFAULT_ORDER, Order, Page, PageRequest
from fauxreel.domain.video import Forced, Status, Video, View, view
from fauxreel.space import Space
from fauxreel.store import Record, Store
from fauxreel.wire.credentials import Keys

_MOST_LISTED = 1000
# Between so many jobs that are looked through, others have their turn.
_LOOKED_THROUGH_AT_ONCE = 500

_PAGE = {
    "limit": whole("the most jobs of the page", 0, _MOST_LISTED),
    "order": one_of("desc, the newest first, or asc", Order),
    "after": text("the id of the job that the page goes on after", least=0),
    "status": one_of("only the jobs that are in this state", Status),
}

_FULL = Problem(
    429,
    "store_full",
    "there is no room for all of them (`--max-videos`); those that fit are stored",
)
_NO_SUCH_VIDEO = Problem(404, "no_such_video", "there is no such job")
_ENDED = Problem(409, "already_ended", "it is completed or failed, and stays so")


class JobControl:
    """The operations on jobs of one namespace."""

    def __init__(self, space: Space, keys: Keys) -> None:
        self._space = space
        self._keys = keys

    def paths(self) -> dict[str, Operations]:
        """The operations by path and method."""
        return {
            "/videos": {
                "GET": Operation(self._list, "jobs of all projects", "Videos", query=_PAGE),
                "POST": Operation(
                    self._seed, "put jobs into a state", "Ids", "Seed", problems=(_FULL,)
                ),
            },
            "/videos/{video_id}/force": {
                "POST": Operation(
                    self._force,
                    "end an unfinished job",
                    "Video",
                    "Force",
                    problems=(_NO_SUCH_VIDEO, _ENDED),
                )
            },
        }

    async def _list(self, call: Call) -> object:
        now = self._space.clock.now()
        query = call.query
        wanted = PageRequest(
            query.get("limit", _MOST_LISTED),
            query.get("after") or None,
            Order(query.get("order", DEFAULT_ORDER)),
        )
        store = self._space.store
        if "status" in query:
            page = await _in_state(store, wanted, Status(query["status"]), now)
        else:
            page = await store.page(None, wanted)
        return {
            "counts": await store.counts(now),
            "has_more": page.has_more,
            "videos": [
                described(record.video, view(record.video, now, record.polls))
                for record in page.items
            ],
        }

    async def _seed(self, call: Call) -> object:
        from fauxreel.control.bodies import Seed, read
        from fauxreel.control.seeding import seed_videos

        seed = read(Seed, call.body)
        project = self._keys.first if seed.api_key is None else self._keys.project(seed.api_key)
        videos = await seed_videos(self._space, project, seed)
        return {"ids": [video.id for video in videos]}

    async def _force(self, call: Call) -> object:
        from fauxreel.control.bodies import Force, read
        from fauxreel.control.seeding import job_error

        force = read(Force, call.body)
        space, video_id = self._space, str(call.params["video_id"])
        record = await space.store.get(None, video_id)
        if record is None:
            raise Refused(404, "no_such_video", f"There is no video {video_id!r}.")
        now = space.clock.now()
        before = view(record.video, now, record.polls)
        if before.status in (Status.COMPLETED, Status.FAILED):
            raise Refused(
                409, "already_ended", f"Video {video_id!r} is {before.status} and stays so."
            )
        error = None if force.status == "completed" else job_error(force.error)
        cancelled = force.status == "cancelled"
        video = await space.store.force(video_id, Forced(now, error, before.progress, cancelled))
        if video is None:  # it was deleted while its end was written
            raise Refused(404, "no_such_video", f"There is no video {video_id!r}.")
        return described(video, view(video, now, record.polls))


async def _in_state(store: Store, wanted: PageRequest, status: Status, now: float) -> Page[Record]:
    """A page of the jobs in one state; a million others between them hold nobody up."""
    # Once as many are found as there are, nobody need look further.
    most = min((await store.counts(now))[status], wanted.limit + 1)
    found: list[Record] = []
    cursor, has_more = wanted.after, True
    while has_more and len(found) < most:
        page = await store.page(None, PageRequest(_LOOKED_THROUGH_AT_ONCE, cursor, wanted.order))
        found += _those_in(page.items, status, now)
        cursor, has_more = page.items[-1].video.id if page.items else None, page.has_more
        await asyncio.sleep(0)
    return Page(found[: wanted.limit], has_more=len(found) > wanted.limit)


def _those_in(records: Sequence[Record], status: Status, now: float) -> list[Record]:
    return [one for one in records if view(one.video, now, one.polls).status is status]


def described(video: Video, seen: View) -> dict[str, object]:
    """A job as the control API writes it."""
    return {
        "id": video.id,
        "sequence": video.sequence,
        "project": video.project,
        "surface": video.surface,
        "status": seen.status,
        "progress": seen.progress,
        "expired": seen.expired,
        "created": video.created,
        "completed_at": seen.completed_at,
        "expires_at": seen.expires_at,
        "error": None if seen.error is None else asdict(seen.error),
        "model": video.model,
        "prompt": video.prompt,
        "seconds": video.seconds,
        "size": video.size,
        "source_id": video.source_id,
        "reference": None if video.reference is None else asdict(video.reference),
    }
