"""The routes of the control API: all operations by path, and its document."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from starlette.types import ASGIApp

from fauxreel.clock import ClockStandsStill
from fauxreel.control.endpoint import Call, ControlEndpoint, Operation, Operations, Problem
from fauxreel.control.guard import Guard, Refused
from fauxreel.control.jobs import JobControl
from fauxreel.control.probes import ProbeControl
from fauxreel.control.readiness import Readiness
from fauxreel.control.watching import WatchControl
from fauxreel.settings import SPECS, Settings
from fauxreel.space import Space
from fauxreel.wire.credentials import Keys
from fauxreel.wire.http import Route

ROOT = "/_fauxreel"
_MOST_DUE = 1000

_STANDS_STILL = Problem(
    409, "clock_stands_still", "the clock is `manual` and moves only when it is advanced"
)


class Control:
    """The control API of one namespace.

    Args:
        everywhere: All spaces of the emulator, for the namespace that speaks of them.
    """

    def __init__(
        self,
        space: Space,
        settings: Settings,
        keys: Keys,
        readiness: Readiness,
        everywhere: Callable[[], Sequence[Space]] | None = None,
    ) -> None:
        self._space = space
        self._probes = ProbeControl(space, readiness, everywhere)
        self._guard = Guard(settings.allowed_hosts, settings.control_token)
        self._jobs = JobControl(space, keys)
        self._watching = WatchControl(space, settings.max_requests)

    def routes(self) -> list[Route]:
        """One route a path, with its operations by method."""
        return [
            Route(ROOT + path, ControlEndpoint(guard, operations))
            for guard, paths in ((None, self._probes.open_paths()), (self._guard, self._guarded()))
            for path, operations in paths.items()
        ]

    def not_found(self) -> ASGIApp:
        """What answers below the root where there is no route."""
        return ControlEndpoint(self._guard, {})

    def _guarded(self) -> dict[str, Operations]:
        return {
            "/openapi.json": {"GET": Operation(self._document, "this document", "Document")},
            "/settings": {
                "GET": Operation(self._read_settings, "all settings in force", "Settings"),
                "PATCH": Operation(
                    self._change_settings, "change live settings", "Settings", "ChangeSettings"
                ),
            },
            "/clock": {"GET": Operation(self._read_clock, "the emulated time", "Clock")},
            "/clock/freeze": {"POST": Operation(self._freeze, "stop time", "Clock")},
            "/clock/resume": {
                "POST": Operation(
                    self._resume, "let time run on", "Clock", problems=(_STANDS_STILL,)
                )
            },
            "/clock/advance": {
                "POST": Operation(self._advance, "move time on", "Advanced", "Advance")
            },
            "/reset": {"POST": Operation(self._reset, "back to the start", "Done")},
            **self._probes.paths(),
            **self._watching.paths(),
            **self._jobs.paths(),
        }

    async def _document(self, call: Call) -> object:
        from fauxreel.control.document import document

        return document(call.root_path, ROOT, self._probes.open_paths(), self._guarded())

    async def _read_settings(self, call: Call) -> object:
        del call
        settings = self._space.settings
        return {
            name: "(set)"
            if spec.secret and getattr(settings, name)
            else _plain(getattr(settings, name))
            for name, spec in SPECS.items()
        }

    async def _change_settings(self, call: Call) -> object:
        from fauxreel.control.bodies import BadBody
        from fauxreel.settings import SettingError

        changes: object = call.body
        if not isinstance(changes, dict):
            raise BadBody("The body is a table of settings by name; null takes a change back.")
        try:
            self._space.change(cast("dict[str, object]", changes))
        except SettingError as error:
            raise BadBody(str(error)) from None
        return await self._read_settings(call)

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
        """Moves time on, and tells in order what happened to jobs on the way."""
        from fauxreel.control.bodies import Advance, read

        seconds = read(Advance, call.body).seconds
        clock = self._space.clock
        before = clock.now()
        clock.advance(seconds)
        after = clock.now()
        due = await self._space.store.due_between(before, after)
        return {
            "kind": clock.kind,
            "now": after,
            "frozen": clock.frozen,
            "has_more": len(due) > _MOST_DUE,
            "due": [
                {"time": one.moment, "sequence": one.sequence, "transition": one.transition}
                for one in due[:_MOST_DUE]
            ],
        }

    async def _reset(self, call: Call) -> object:
        del call
        await self._space.reset()
        return {"status": "ok"}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
