"""One namespace: its clock, its jobs, and what new jobs are given.

Two spaces never meet, so tests that each have one can run at the same time.
"""

from collections.abc import Callable

from fauxreel.clock import Clock, make_clock
from fauxreel.diagnostics import Diagnostics
from fauxreel.domain.commands import Create
from fauxreel.domain.models import Models
from fauxreel.domain.video import Draft, Lifetime, Outcome
from fauxreel.ids import RequestIds, random_seed, video_id
from fauxreel.ledger import Ledger
from fauxreel.settings import Settings
from fauxreel.store import Store
from fauxreel.store.memory import MemoryStore

_COMPLETES = Outcome()


class Space:
    """Where jobs live.

    Args:
        clock: A clock of the caller's; without one the settings say which is made, and a reset
            makes a new one.
        store: A store of the caller's; without one, memory.
        seed: Makes ids and files repeatable; without one, as the settings say.
    """

    def __init__(
        self,
        settings: Settings,
        models: Models,
        *,
        clock: Clock | None = None,
        store: Store | None = None,
        seed: int | None = None,
    ) -> None:
        self._make_clock: Callable[[], Clock] = (
            (lambda: make_clock(settings.clock, settings.speed)) if clock is None else lambda: clock
        )
        self.clock = self._make_clock()
        self.store: Store = MemoryStore(settings.max_videos) if store is None else store
        seed = settings.seed if seed is None else seed
        self.seed = random_seed() if seed is None else seed
        self.models = models
        self.timeline = settings.job_timeline()
        self.poll_after_ms = settings.poll_interval_ms()
        self.lenient = settings.lenient
        self.most_file_bytes = settings.max_files_mb * 2**20
        self.file_bytes = 0
        self.seeded = 0
        self._request_ids: dict[str, RequestIds] = {}
        self.ledger = Ledger()
        self.diagnostics = Diagnostics()

    def request_ids(self, surface: str) -> RequestIds:
        """The source of a surface's request ids, which a reset begins again."""
        return self._request_ids.setdefault(surface, RequestIds(self.seed, surface))

    def make_id(self, created: float) -> Callable[[int], str]:
        """How a job created at that moment gets its id from its sequence."""
        return lambda sequence: video_id(self.seed, sequence, created)

    def draft(self, project: str, surface: str, lifetime: Lifetime, command: Create) -> Draft:
        """The facts of a job that is created now and lives as new jobs do here."""
        return Draft(
            project=project,
            surface=surface,
            model=command.model,
            prompt=command.prompt,
            seconds=command.seconds,
            size=command.size,
            created=self.clock.now(),
            timeline=self.timeline,
            outcome=_COMPLETES,
            lifetime=lifetime,
            poll_after_ms=self.poll_after_ms,
            characters=command.characters,
            variants=command.variants,
            extensions=command.extensions,
            reference=command.reference,
        )

    async def reset(self) -> None:
        """Back to the state after the start: no jobs, the first sequence, a fresh clock."""
        await self.store.clear()
        self.file_bytes = 0
        self.seeded = 0
        for ids in self._request_ids.values():
            ids.restart()
        self.ledger.clear()
        self.diagnostics.clear()
        self.clock = self._make_clock()
