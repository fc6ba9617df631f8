"""Whatever is done to a store in memory and to one in a file, they answer the same, and the one
in the file goes on doing so after it was closed and opened again."""

import asyncio
import math
import tempfile
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.errors import StoreFull
from fauxreel.domain.paging import Order, PageRequest
from fauxreel.domain.timeline import InPolls, InSeconds
from fauxreel.domain.video import (
    Draft,
    Forced,
    JobError,
    Lifetime,
    Outcome,
    Polls,
    Reference,
    Since,
)
from fauxreel.ledger import Booking
from fauxreel.store import Store
from fauxreel.store.archive import Archive
from fauxreel.store.memory import MemoryStore

ERROR = JobError("server_error", "It broke.")
DRAFT = Draft(
    project="one",
    surface="openai",
    model="sora-2",
    prompt="a cat",
    seconds=4,
    size="720x1280",
    created=1000.0,
    timeline=InSeconds(1.0, 2.0),
    outcome=Outcome(),
    lifetime=Lifetime(3600, Since.COMPLETION),
    poll_after_ms=None,
)
REFERENCE = Reference("image/png", 720, 1280, 99, "ab12")

projects = st.sampled_from(("one", "two"))
numbers = st.integers(1, 9)
drafts = st.builds(
    partial(replace, DRAFT),
    project=projects,
    # Half of a surrogate pair, too: JSON bodies may hold one.
    prompt=st.text(max_size=5) | st.just("\ud83c"),
    model=st.sampled_from(("sora-2", "\ud83c")),
    timeline=st.sampled_from(
        (InSeconds(1.0, 2.0), InSeconds(math.inf, 2.0), InPolls(1, 2), InPolls(0, 0, stuck_at=45))
    ),
    outcome=st.sampled_from((Outcome(), Outcome(ERROR, 40), Outcome(file="clip.mp4"))),
    poll_after_ms=st.none() | st.just(100),
    characters=st.sampled_from(((), ("char_1", "char_2"))),
    reference=st.none() | st.just(REFERENCE),
    forced=st.none() | st.just(Forced(1001.5, ERROR, 12, cancelled=True)),
    source_id=st.none() | st.just("video_1"),
)
bookings = st.none() | st.builds(
    Booking,
    st.just("openai"),
    st.sampled_from(("sora-2", "\ud83c")),
    st.just("key_1"),
    st.integers(1, 12),
    st.decimals(0, 9, places=3),
)
moments = st.sampled_from((1000.0, 1001.0, 1002.5, 1009.0))
requests = st.builds(
    PageRequest,
    st.integers(0, 4),
    st.none() | st.builds("video_{}".format, numbers),
    st.sampled_from(Order),
)


def named(sequence: int) -> str:
    return f"video_{sequence}"


class Stores(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.memory: Store = MemoryStore(8)
        self.open()

    def open(self) -> None:
        self.archive = Archive(Path(self.folder.name) / "store.db", 8)
        self.sqlite: Store = self.archive.space("a").store

    def teardown(self) -> None:
        self.archive.close()
        self.runner.close()
        self.folder.cleanup()

    def same(self, do: Any) -> Any:
        answers = []
        for store in (self.memory, self.sqlite):
            try:
                answers.append(self.runner.run(do(store)))
            except StoreFull as error:
                answers.append((type(error), str(error)))
        assert answers[0] == answers[1]
        return answers[0]

    @rule(draft=drafts, polls=st.sampled_from((Polls(), Polls(2, 1000.5))), booking=bookings)
    def add(self, draft: Draft, polls: Polls, booking: Booking | None) -> None:
        self.same(lambda store: store.add(draft, named, polls, booking))

    @rule(several=st.lists(drafts, min_size=2, max_size=4))
    def add_at_once(self, several: list[Draft]) -> None:
        async def adding(store: Store) -> Any:
            adds = (store.add(draft, named) for draft in several)
            found = await asyncio.gather(*adds, return_exceptions=True)
            return [str(one) if isinstance(one, Exception) else one for one in found]

        self.same(adding)

    @rule(project=projects, number=numbers, now=moments)
    def observe(self, project: str, number: int, now: float) -> None:
        self.same(lambda store: store.observe(project, named(number), now))

    @rule(project=projects, number=numbers, now=moments)
    def observe_at_once(self, project: str, number: int, now: float) -> None:
        async def observing(store: Store) -> Any:
            return await asyncio.gather(
                *(store.observe(project, named(number), now) for _ in range(3))
            )

        self.same(observing)

    @rule(number=numbers, at=moments, error=st.none() | st.just(ERROR))
    def force(self, number: int, at: float, error: JobError | None) -> None:
        self.same(lambda store: store.force(named(number), Forced(at, error, 30)))

    @rule(project=projects, number=numbers)
    def remove(self, project: str, number: int) -> None:
        self.same(lambda store: store.remove(project, named(number)))

    @rule(project=projects, name=st.text(max_size=4) | st.just("\ud83c"))
    def add_character(self, project: str, name: str) -> None:
        def made(sequence: int) -> tuple[str, Character]:
            item_id = f"char_{sequence}"
            return item_id, Character(item_id, project, name, 1000.0, REFERENCE)

        self.same(lambda store: store.characters.add(project, made))

    @rule(project=projects, data=st.binary(max_size=40))
    def add_file(self, project: str, data: bytes) -> None:
        def made(sequence: int) -> tuple[str, StoredFile]:
            item_id = f"video_{sequence}"  # so that the cursors of pages may name one
            return item_id, StoredFile(item_id, project, "a.png", "vision", data, 1000.0)

        self.same(lambda store: store.files.add(project, made))

    @rule(project=projects, number=numbers)
    def remove_file(self, project: str, number: int) -> None:
        self.same(lambda store: store.files.remove(project, named(number)))

    @rule(project=projects, request=requests)
    def page(self, project: str, request: PageRequest) -> None:
        self.same(lambda store: store.page(project, request))
        self.same(lambda store: store.files.page(project, request))

    @rule()
    def clear(self) -> None:
        self.same(lambda store: store.clear())

    @rule()
    def restart(self) -> None:
        self.archive.close()
        self.open()

    @invariant()
    def all_is_the_same(self) -> None:
        everything = PageRequest(limit=100)
        self.same(lambda store: store.page(None, everything))
        self.same(lambda store: store.characters.page("one", everything))
        self.same(lambda store: store.files.page("two", everything))
        self.same(lambda store: store.due_between(0.0, math.inf))
        self.same(lambda store: store.counts(1001.2))
        assert self.memory.ledger.accounts() == self.sqlite.ledger.accounts()
        assert self.memory.ledger.total == self.sqlite.ledger.total + Decimal(0)


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
