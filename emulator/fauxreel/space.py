"""One namespace: its clock, its jobs, and what new jobs are given.

Two spaces never meet, so tests that each have one can run at the same time.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from fauxreel.clock import Clock, ClockKind, make_clock, real_now
from fauxreel.diagnostics import Diagnostics
from fauxreel.domain.commands import Create
from fauxreel.domain.models import Models
from fauxreel.domain.video import Draft, Lifetime, Outcome, view
from fauxreel.faults.book import Entry, RuleBook
from fauxreel.faults.rule import Rule
from fauxreel.idle_polls import IdlePolls
from fauxreel.ids import RequestIds, hashed_key, random_seed, video_id
from fauxreel.journal import Journal
from fauxreel.lasting import LastingClock, caught_up, kept_rule, restore_rules
from fauxreel.ledger import Ledger
from fauxreel.limits import Limits, quotas_of
from fauxreel.memory import Memory
from fauxreel.scenarios import Applied, applied
from fauxreel.settings import SPECS, SettingError, Settings, parsed
from fauxreel.store import Store
from fauxreel.store.keep import Keep, Line
from fauxreel.store.memory import MemoryStore
from fauxreel.tally import Tally
from fauxreel.watch import Watch

if TYPE_CHECKING:
    from fauxreel.faults.grammar import Source

_COMPLETES = Outcome()
_MOST_KEY_NAMES = 1000


class Space:
    """Where jobs live.

    Args:
        clock: A clock of the caller's; without one the settings say which is made, and a reset
            makes a new one.
        store: A store of the caller's; without one, memory.
        seed: Makes ids and files repeatable; without one, as the settings say.
        salt: Salts the hashes by which keys appear; without one, the seed.
        given: The settings that somebody gave, which no scenario changes.
        keep: Keeps time and rules for a later process, and has those of an earlier one.

    Raises:
        SettingError: A scenario or a rule is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        models: Models,
        *,
        clock: Clock | None = None,
        store: Store | None = None,
        seed: int | None = None,
        salt: int | None = None,
        given: Collection[str] | None = None,
        keep: Keep | None = None,
    ) -> None:
        self._started = settings
        self._keep = keep
        self._given = set(settings.changed() if given is None else given)
        self._changes: dict[str, object] = {}
        self._own_clock = clock
        now = applied(settings, self._given)
        self.settings = now.settings
        self.clock = self._first_clock()
        self.store: Store = MemoryStore(settings.max_videos) if store is None else store
        seed = settings.seed if seed is None else seed
        self.seed = random_seed() if seed is None else seed
        self.salt = self.seed if salt is None else salt
        self.models = models
        self.lenient = settings.lenient
        self.most_file_bytes = settings.max_files_mb * 2**20
        self.file_bytes = 0 if keep is None else keep.file_bytes
        self.seeded = 0
        self._run = 0 if keep is None else keep.run
        self._request_ids: dict[str, RequestIds] = {}
        self._key_names: Memory[str | bytes, str] = Memory(_MOST_KEY_NAMES)
        self.tally = Tally()
        self.diagnostics = Diagnostics(self.tally.diagnosed)
        self.journal = Journal(settings.max_requests, self._now)
        self.rules = RuleBook(self.seed, self._now, self._read_rules)
        self.limits = Limits(self._limit_time, self._unfinished)
        self.idle = IdlePolls()
        self.watch = Watch(self.diagnostics, fetches=settings.fetch_image_urls)
        self._take(now)
        if keep is not None:
            restore_rules(self.rules, keep, partial(self._read_rules, trusted=True))
            self.rules.keep = self._keep_rules
            self.rules.used = lambda entry: keep.note_rule(kept_rule(entry))

    @property
    def ledger(self) -> Ledger:
        """What its jobs would have cost."""
        return self.store.ledger

    def settle(self) -> None:
        """Keeps where time stands, at the end of the process."""
        if isinstance(self.clock, LastingClock):
            self.clock.settle()
        elif self._keep is not None:
            self._keep.note_time(Line(self.clock.now(), real_now(), 0.0))

    def change(self, changes: Mapping[str, object]) -> None:
        """Takes other live settings from now on; jobs keep the facts they were created with.

        Args:
            changes: Values by name; None takes an earlier change back.

        Raises:
            SettingError: One is unknown, not live, wrong, or clashes; nothing is changed.
        """
        wanted = dict(self._changes)
        for name, raw in changes.items():
            if name in SPECS and not SPECS[name].live:
                live = ", ".join(one for one, spec in SPECS.items() if spec.live)
                raise SettingError(f"{name} cannot be changed while it runs. Live: {live}.")
            wanted[name] = parsed(name, raw, name) if raw is not None or name not in SPECS else None
        wanted = {name: value for name, value in wanted.items() if value is not None}
        settings = replace(self._started, **cast("dict[str, Any]", wanted))
        before, now = self.settings, applied(settings, self._given | set(wanted))
        self._changes = wanted
        self._take(now)
        if before.limit_clock != now.settings.limit_clock:
            self.limits.clear()  # minutes of one time are none of the other
        if (before.clock, before.speed) != (now.settings.clock, now.settings.speed):
            moment, clock = self.clock.now(), self._make_clock()
            # Emulated time never goes back.
            clock.advance(max(0.0, moment - clock.now()))
            self.clock = clock

    def _take(self, now: Applied) -> None:
        settings = self.settings = now.settings
        self.timeline = settings.job_timeline()
        self.poll_after_ms = settings.poll_interval_ms()
        self.rules.phrases = settings.phrases
        self.rules.set(now.rules)
        dollars = None if settings.budget is None else Decimal(str(settings.budget))
        self.idle.most = settings.max_idle_polls
        self.limits.quotas = quotas_of(
            settings.requests_per_minute, settings.concurrent_jobs, dollars
        )

    def _make_clock(self) -> Clock:
        if self._own_clock is not None:
            return self._own_clock
        return self._lasting(make_clock(self.settings.clock, self.settings.speed))

    def _first_clock(self) -> Clock:
        """A clock that goes on where that of an earlier process stood."""
        if self._keep is None:
            return self._make_clock()
        own = self._own_clock
        clock = make_clock(self.settings.clock, self.settings.speed) if own is None else own
        caught_up(clock, self._keep)
        return self._lasting(clock) if own is None else own

    def _lasting(self, clock: Clock) -> Clock:
        if self._keep is None:
            return clock
        speeds = {ClockKind.SYSTEM: 1.0, ClockKind.SCALED: self.settings.speed}
        return LastingClock(clock, speeds.get(clock.kind, 0.0), self._keep)

    def _keep_rules(self, entries: Sequence[Entry], last: int) -> None:
        if self._keep is not None:
            self._keep.keep_rules([kept_rule(entry) for entry in entries], last)

    def _now(self) -> float:
        return self.clock.now()

    def _limit_time(self) -> float:
        return real_now() if self.settings.limit_clock == "real" else self.clock.now()

    async def _unfinished(self, video_id: str) -> bool:
        record = await self.store.get(None, video_id)
        if record is None:
            return False
        return view(record.video, self.clock.now(), record.polls).unfinished

    def _read_rules(self, text: str, place: str, *, trusted: bool = False) -> list[Rule]:
        """The rules that a request, the control API or the store brings along.

        Raises:
            RuleError: They cannot be read.
        """
        from fauxreel.faults.grammar import rules_of_text

        return rules_of_text(text, self.source(place, trusted=trusted))

    def source(self, place: str, *, trusted: bool = False) -> "Source":
        """What rules may do.

        Args:
            place: Where they stand, for messages.
            trusted: Whether they come from the program that runs the emulator.
        """
        from fauxreel.faults.grammar import Source

        folder = self.settings.files_dir
        return Source(place, None if folder is None else str(folder), paths=trusted)

    def add_rules(self, given: object, place: str, *, trusted: bool = False) -> list[Entry]:
        """Adds rules, all or none of them.

        Args:
            given: Text, a table, or a list of both.
            trusted: As for `source`.

        Raises:
            RuleError: One cannot be read.
            StoreFull: There is no room for another one.
        """
        from fauxreel.faults.grammar import RuleError, rules_of
        from fauxreel.faults.text import tables_from

        source = self.source(place, trusted=trusted)
        tables = tables_from(given, source)
        if not tables:
            raise RuleError(f"{place}: there is no rule in it.")
        return self.rules.add(rules_of(tables, source))

    def key_name(self, key: str) -> str:
        """How an API key appears anywhere outside its request."""
        return self.carried_name(key, lambda: key)

    def carried_name(self, carrier: str | bytes, key: Callable[[], str]) -> str:
        """The same for the key in a header, which is read only once; empty if there is none.

        Args:
            key: Reads it.
        """
        name = self._key_names.get(carrier)
        if name is None:
            text = key()
            name = self._key_names.keep(carrier, hashed_key(self.salt, text) if text else "")
        return name

    def request_ids(self, surface: str) -> RequestIds:
        """The source of a surface's request ids, which a reset begins again."""
        return self._request_ids.setdefault(surface, RequestIds(self.seed, surface, self._run))

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
        """Back to the state after the start: its settings and rules, no jobs, the first sequence,
        a fresh clock."""
        self.watch.conclude()  # said in the log, as nobody can ask for it afterwards
        await self.store.clear()
        self.file_bytes = 0
        self.seeded = 0
        for ids in self._request_ids.values():
            ids.restart()
        self.watch.clear()
        self.diagnostics.clear()
        self.journal.clear()
        self.limits.clear()
        self.idle.clear()
        self._changes = {}
        now = applied(self._started, self._given)
        self.settings = now.settings
        self.clock = self._make_clock()
        self._take(now)
        self.rules.restart(now.rules)
