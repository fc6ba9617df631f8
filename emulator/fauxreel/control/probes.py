"""What whoever runs the emulator asks: does it live, is it ready, and what does it count?"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fauxreel import __version__
from fauxreel.control.endpoint import Call, Operation, Operations, Problem
from fauxreel.control.guard import Refused
from fauxreel.control.readiness import NOT_READY, Readiness
from fauxreel.space import Space

if TYPE_CHECKING:
    from fauxreel.control.exposition import Exposition

_PROBLEMS = tuple(Problem(503, code, when) for code, when in NOT_READY.items())
_FORMATS = ("text/plain", "application/openmetrics-text")


class ProbeControl:
    """The probes of one namespace.

    Args:
        everywhere: The spaces of the whole emulator, where it is that which is counted; None
            where it is this space alone.
    """

    def __init__(
        self,
        space: Space,
        readiness: Readiness,
        everywhere: Callable[[], Sequence[Space]] | None,
    ) -> None:
        self._space = space
        self._readiness = readiness
        self._everywhere = everywhere
        self._exposition: Exposition | None = None

    def open_paths(self) -> dict[str, Operations]:
        """Probes come from wherever they come; what they learn is the version, or a reason."""
        return {
            "/health": {"GET": Operation(self._health, "whether it answers", "Health")},
            "/ready": {
                "GET": Operation(self._ready, "whether it is ready", "Health", problems=_PROBLEMS)
            },
        }

    def paths(self) -> dict[str, Operations]:
        """The operations by path and method."""
        return {
            "/metrics": {
                "GET": Operation(
                    self._metrics, "counts for Prometheus", "Metrics", content_types=_FORMATS
                )
            }
        }

    async def _health(self, call: Call) -> object:
        del call
        return {"status": "ok", "version": __version__}

    async def _ready(self, call: Call) -> object:
        missing = await self._readiness.missing(self._space)
        if missing is not None:
            raise Refused(503, missing.code, missing.reason)
        return await self._health(call)

    async def _metrics(self, call: Call) -> object:
        if self._exposition is None:
            from fauxreel.control.exposition import Exposition

            self._exposition = Exposition(whole=self._everywhere is not None)
        spaces = [self._space] if self._everywhere is None else self._everywhere()
        return await self._exposition.answer(spaces, call.accept)
