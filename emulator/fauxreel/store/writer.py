"""The one thread that writes: what is queued while it writes goes into its next transaction.

A change is applied to memory once it is committed, and only then; in the order of the commits,
on the thread that owns the memory. So memory and file agree at every moment, and nobody sees
what a killed process could take back.
"""

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from fauxreel.domain.errors import StoreUnwritable
from fauxreel.store.database import problem

logger = logging.getLogger("fauxreel")

Statement = tuple[str, tuple[object, ...]]


def _nothing() -> None: ...


class _Change:
    """Statements that are carried out together, and what is to happen afterwards.

    Args:
        applied: Called once they are committed.
        settled: Called in any case, afterwards.
        loop: Whose thread calls both; None for the thread that waits for `done`.
    """

    __slots__ = ("applied", "done", "error", "future", "loop", "settled", "statements", "wanted")

    def __init__(
        self,
        statements: Sequence[Statement],
        applied: Callable[[], object] = _nothing,
        settled: Callable[[], None] = _nothing,
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        wanted: bool = True,
    ) -> None:
        self.statements = statements
        self.applied = applied
        self.settled = settled
        self.loop = loop
        self.wanted = wanted
        self.done = threading.Event() if loop is None and wanted else None
        self.future = None if loop is None else loop.create_future()
        self.error: Exception | None = None

    def settle(self) -> None:
        """Lets memory follow, and tells who waits."""
        try:
            if self.error is None:
                self.applied()
        except Exception as error:  # noqa: BLE001 - a defect is for the one who waits, not for all
            self.error = error
        self.settled()
        if self.future is None or self.future.done():
            return
        if self.error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Writes to one database in a thread of its own.

    Args:
        name: How its file is called in messages.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._thread: threading.Thread | None = None
        self._ready = threading.Condition()
        self._queue: list[_Change] = []
        self._committed: deque[_Change] = deque()
        self._closed = False

    async def written(
        self,
        statements: Sequence[Statement],
        applied: Callable[[], object] = _nothing,
        settled: Callable[[], None] = _nothing,
    ) -> None:
        """Carries out statements, and returns once they are committed and applied to memory.

        Where no event loop runs, it waits without one.

        Args:
            applied: Lets memory follow; called even if nobody waits any more.
            settled: Called in any case, afterwards.

        Raises:
            StoreUnwritable: They were not; memory is as it was.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.write(statements, applied, settled)
            return
        change = _Change(statements, applied, settled, loop=loop)
        self._put(change)
        assert change.future is not None
        await change.future

    def write(
        self,
        statements: Sequence[Statement],
        applied: Callable[[], object] = _nothing,
        settled: Callable[[], None] = _nothing,
    ) -> None:
        """The same, while the thread that calls it stands still: for what is rare, and must not
        be interleaved with anything."""
        change = _Change(statements, applied, settled)
        self._put(change)
        assert change.done is not None
        change.done.wait()
        self.settle()
        if change.error is not None:
            raise change.error

    def note(self, statements: Sequence[Statement]) -> None:
        """Carries out statements soon; what goes wrong is only logged."""
        self._put(_Change(statements, wanted=False))

    def settle(self) -> None:
        """Lets memory follow all that is committed, in order."""
        while self._committed:
            self._committed.popleft().settle()

    def close(self) -> None:
        """Writes what is queued, tidies the file up, and lets go of it."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        if self._thread is not None:
            self._thread.join()
        self._connection.close()
        self.settle()

    def reopen(self, connection: sqlite3.Connection) -> None:
        """Goes on with another connection, after it was closed."""
        self._connection = connection
        self._thread = None
        self._closed = False

    def _put(self, change: _Change) -> None:
        with self._ready:
            if not self._closed:
                self._queue.append(change)
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, name="fauxreel store", daemon=True
                    )
                    self._thread.start()
                self._ready.notify()
                return
        change.error = StoreUnwritable(f"{self._name}: is closed, as the emulator was ended.")
        self._tell([change])

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closed:
                    self._ready.wait()
                batch, self._queue = self._queue, []
            if not batch:
                return
            self._write_all(batch)
            self._tell(batch)

    def _write_all(self, batch: Sequence[_Change]) -> None:
        """Writes changes in one transaction, or, if that fails, each in its own: what has no
        room takes nothing with it that has."""
        try:
            self._transaction(statement for change in batch for statement in change.statements)
        except Exception as error:  # noqa: BLE001 - this thread must not end, whatever it is given
            if len(batch) == 1:
                self._fail(batch[0], error)
                return
            for change in batch:
                self._write_all([change])

    def _transaction(self, statements: Iterable[Statement]) -> None:
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                connection.execute(statement, values)
            connection.execute("COMMIT")
        except BaseException:
            # Some errors end the transaction by themselves.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _fail(self, change: _Change, error: Exception) -> None:
        change.error = unwritable = StoreUnwritable(f"{self._name}: {problem(error)}.")
        if not change.wanted:
            logger.error("%s", unwritable.detail)

    def _tell(self, batch: Sequence[_Change]) -> None:
        self._committed.extend(change for change in batch if change.wanted)
        for loop in {change.loop for change in batch if change.loop is not None}:
            try:
                loop.call_soon_threadsafe(self.settle)
            except RuntimeError:
                continue  # the loop is closed: whoever closes the writer settles
        for change in batch:
            if change.done is not None:
                change.done.set()
