"""Whether new jobs would go well now: the server stays, files can be made, and jobs be stored."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from msgspec import Struct

from fauxreel.background import Workers
from fauxreel.media.checks import media_problem
from fauxreel.space import Space

NOT_READY = {
    "ending": "it was told to end",
    "media_unusable": "files cannot be made, for want of ffmpeg for example",
    "store_unusable": "jobs cannot be stored",
}


class Missing(Struct, frozen=True):
    """What keeps an emulator from being ready: a code of `NOT_READY`, and a sentence."""

    code: str
    reason: str


@runtime_checkable
class Troubled(Protocol):
    """A store that something outside of it can break, such as a disk."""

    async def problem(self) -> str | None:
        """Why jobs cannot be stored now, as a sentence; None when they can."""
        ...


class Readiness:
    """The state of one emulator.

    Args:
        media_problem: Why files cannot be made, or None; may block.
    """

    def __init__(self, media_problem: Callable[[], str | None] = media_problem) -> None:
        self._ending = False
        self._media_problem = media_problem
        # Not the threads that make files: a busy emulator is a ready one.
        self._workers = Workers(1)

    def begin(self) -> None:
        """The server starts, perhaps not for the first time."""
        self._ending = False

    def end(self) -> None:
        """The server was told to end."""
        self._ending = True

    async def missing(self, space: Space) -> Missing | None:
        """What is missing for jobs of this space; None when nothing is."""
        if self._ending:
            return Missing("ending", "The emulator is ending.")
        reason = await self._workers.run(self._media_problem)
        if reason is not None:
            return Missing("media_unusable", reason)
        reason = await _store_problem(space)
        return None if reason is None else Missing("store_unusable", reason)


async def _store_problem(space: Space) -> str | None:
    store = space.store
    try:
        await store.counts(space.clock.now())
        return await store.problem() if isinstance(store, Troubled) else None
    except Exception as error:  # noqa: BLE001 - whatever it is, it is why nothing is stored
        return f"The store fails: {type(error).__name__}: {error}"
