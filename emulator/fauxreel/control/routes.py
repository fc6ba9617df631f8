"""The routes of the control API. Its errors are `{"error": {"code", "message"}}`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel import __version__
from fauxreel.clock import ClockStandsStill
from fauxreel.control.guard import Guard, Refused
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.domain.errors import BodyTooLarge, FauxreelError, StoreFull
from fauxreel.domain.video import Forced, Status, Video, View, view
from fauxreel.settings import SPECS, Settings
from fauxreel.space import Space
from fauxreel.wire.credentials import SHARED_PROJECT, Keys
from fauxreel.wire.http import Answer, Exchange, first_header, read_body, send_answer
from fauxreel.wire.openai_parse import parse_list

ROOT = "/_fauxreel"

_MOST_BODY_BYTES = 2**20
_MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the guard: its body (None when empty) and its parameters."""

    body: Any
    params: Mapping[str, Any]
    query: Mapping[str, str]


Operation = Callable[[Call], Awaitable[object]]
Operations = Mapping[str, Operation]


class Control:
    """The control API of one emulator."""

    def __init__(self, space: Space, settings: Settings, keys: Keys) -> None:
        self._space = space
        self._settings = settings
        self._keys = keys
        self._guard = Guard(settings.allowed_hosts, settings.control_token)

    def routes(self) -> list[Route]:
        """One route a path, with its operations by method."""
        guarded: dict[str, Operations] = {
            "/settings": {"GET": self._read_settings},
            "/clock": {"GET": self._read_clock},
            "/clock/freeze": {"POST": self._freeze},
            "/clock/resume": {"POST": self._resume},
            "/clock/advance": {"POST": self._advance},
            "/usage": {"GET": self._usage},
            "/diagnostics": {"GET": self._diagnostics},
            "/reset": {"POST": self._reset},
            "/videos": {"GET": self._videos, "POST": self._seed},
            "/videos/{video_id}/force": {"POST": self._force},
        }
        # Probes come from wherever they come; what they learn is the version.
        open_to_all: dict[str, Operations] = {
            "/health": {"GET": self._health},
            "/ready": {"GET": self._health},
        }
        return [
            Route(ROOT + path, ControlEndpoint(guard, operations))
            for guard, paths in ((None, open_to_all), (self._guard, guarded))
            for path, operations in paths.items()
        ]

    def not_found(self) -> ASGIApp:
        """What answers below the root where there is no route."""
        return ControlEndpoint(self._guard, {})

    async def _health(self, call: Call) -> object:
        del call
        return {"status": "ok", "version": __version__}

    async def _read_settings(self, call: Call) -> object:
        del call
        return {
            name: "(set)"
            if spec.secret and getattr(self._settings, name)
            else _plain(getattr(self._settings, name))
            for name, spec in SPECS.items()
        }

    async def _read_clock(self, call: Call) -> object:
        del call
        clock = self._space.clock
        return {"kind": clock.kind, "now": clock.now(), "frozen": clock.frozen}

    async def _freeze(self, call: Call) -> object:
        self._space.clock.freeze()
        return await self._read_clock(call)

    async def _resume(self, call: Call) -> object:
        try:
            self._space.clock.resume()
        except ClockStandsStill as error:
            raise Refused(409, "clock_stands_still", str(error)) from None
        return await self._read_clock(call)

    async def _advance(self, call: Call) -> object:
        from fauxreel.control.bodies import Advance, read

        self._space.clock.advance(read(Advance, call.body).seconds)
        return await self._read_clock(call)

    async def _reset(self, call: Call) -> object:
        del call
        await self._space.reset()
        return {"status": "ok"}

    async def _usage(self, call: Call) -> object:
        del call
        ledger = self._space.ledger
        accounts = [
            {**asdict(account), "dollars": float(account.dollars)} for account in ledger.accounts()
        ]
        return {"dollars": float(ledger.total()), "accounts": accounts}

    async def _diagnostics(self, call: Call) -> object:
        del call
        return {
            "diagnostics": [
                {**asdict(found), **asdict(DIAGNOSTICS[found.code])}
                for found in self._space.diagnostics.findings()
            ]
        }

    async def _videos(self, call: Call) -> object:
        now = self._space.clock.now()
        page = await self._space.store.page(
            None, parse_list(call.query, _MOST_LISTED, _MOST_LISTED)
        )
        return {
            "counts": await self._space.store.counts(now),
            "has_more": page.has_more,
            "videos": [
                _described(record.video, view(record.video, now, record.polls))
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
        assert video is not None  # it was there, and nothing was awaited that could remove it
        return _described(video, view(video, now, record.polls))


class ControlEndpoint:
    """A route of the control API: the guard, the method, the body, the errors."""

    def __init__(self, guard: Guard | None, operations: Operations) -> None:
        self._guard = guard
        self._operations = dict(operations)
        if "GET" in operations:
            self._operations["HEAD"] = operations["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = _answer(200, await self._run(scope, receive))
        except ClientDisconnect:
            return
        except Refused as error:
            answer = _error(error.status, error.code, str(error))
            if error.status == 405:
                answer.headers.append((b"allow", ", ".join(self._operations).encode("ascii")))
        except BodyTooLarge as error:
            answer = _error(413, "body_too_large", str(error))
        except StoreFull as error:
            answer = _error(429, "store_full", str(error))
        except FauxreelError as error:
            answer = _error(400, "bad_request", str(error))
        await send_answer(answer, [(b"cache-control", b"no-store")], scope, send)

    async def _run(self, scope: Scope, receive: Receive) -> object:
        if self._guard is not None:
            self._guard.check(scope)
        operation = self._operations.get(scope["method"])
        if not self._operations:
            raise Refused(404, "no_such_route", f"There is no {scope['path']}.")
        if operation is None:
            raise Refused(
                405, "method_not_allowed", f"{scope['path']} does not take {scope['method']}."
            )
        body = await read_body(scope, receive, _MOST_BODY_BYTES)
        query = Exchange(scope, receive, SHARED_PROJECT).query()
        return await operation(Call(_json(scope, body), scope["path_params"], query))


def refusal(status: int, code: str, message: str) -> ASGIApp:
    """Answers every request with this error."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        await send_answer(_error(status, code, message), [], scope, send)

    return refuse


def _json(scope: Scope, body: bytes) -> Any:
    if not body:
        return None
    content_type = (first_header(scope, b"content-type") or b"").partition(b";")[0].strip()
    if content_type.lower() != b"application/json":
        raise Refused(
            415,
            "json_only",
            f"Bodies are application/json here, not {content_type.decode('latin-1')!r}.",
        )
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not_json", f"The body is not JSON: {error}.") from None


def _described(video: Video, seen: View) -> dict[str, object]:
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


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def _answer(status: int, value: object) -> Answer:
    return Answer(status, (json.dumps(value, ensure_ascii=False).encode("utf-8"),))


def _error(status: int, code: str, message: str) -> Answer:
    return _answer(status, {"error": {"code": code, "message": message}})
