"""The one thread that writes: the order of what it does, and what becomes of what goes wrong."""

import asyncio
import sqlite3
from asyncio import Runner
from collections.abc import Iterator

import pytest

from fauxreel.domain.errors import StoreUnwritable
from fauxreel.store.writer import Statement, Writer


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE words (word TEXT NOT NULL)")
    return connection


@pytest.fixture
def writer(connection: sqlite3.Connection) -> Iterator[Writer]:
    writer = Writer(connection, "it")
    yield writer
    writer.close()


def word(text: str | None) -> list[Statement]:
    return [("INSERT INTO words VALUES (?)", (text,))]


def words(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT word FROM words ORDER BY rowid")]


def test_what_stands_still_comes_after_what_was_queued_before(
    runner: Runner, writer: Writer, connection: sqlite3.Connection
) -> None:
    applied: list[str] = []

    async def both() -> None:
        first = asyncio.ensure_future(writer.written(word("a"), lambda: applied.append("a")))
        await asyncio.sleep(0)
        writer.write(word("b"), lambda: applied.append("b"))
        assert applied == ["a", "b"]
        await first

    runner.run(both())
    assert words(connection) == applied == ["a", "b"]


def test_a_change_is_applied_even_if_nobody_waits_any_more(
    runner: Runner, writer: Writer, connection: sqlite3.Connection
) -> None:
    applied: list[str] = []

    async def leaving() -> None:
        left = asyncio.ensure_future(writer.written(word("a"), lambda: applied.append("a")))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])

    runner.run(leaving())
    writer.write(word("b"), lambda: applied.append("b"))
    assert words(connection) == applied == ["a", "b"]


def test_a_defect_is_told_to_the_one_who_waits_and_to_nobody_else(
    runner: Runner, writer: Writer
) -> None:
    settled: list[str] = []

    async def both() -> list[object]:
        return await asyncio.gather(
            writer.written(word("a"), lambda: 1 // 0, lambda: settled.append("a")),
            writer.written(word("b"), settled=lambda: settled.append("b")),
            return_exceptions=True,
        )

    defect, fine = runner.run(both())
    assert (type(defect), fine, settled) == (ZeroDivisionError, None, ["a", "b"])


@pytest.mark.parametrize("statement", [word(None), [("NONSENSE", ())], [("SELECT ?", (object(),))]])
def test_whatever_it_is_given_the_thread_goes_on(
    writer: Writer, connection: sqlite3.Connection, statement: list[Statement]
) -> None:
    with pytest.raises(StoreUnwritable):
        writer.write([*word("a"), *statement])
    writer.write(word("b"))
    assert words(connection) == ["b"]


def test_a_note_that_cannot_be_written_is_logged(
    writer: Writer, connection: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    writer.note(word(None))
    writer.note(word("a"))
    writer.write([])
    assert words(connection) == ["a"]
    assert [line.message for line in caplog.records] == [
        "it: cannot be used (NOT NULL constraint failed: words.word): name another file."
    ]


def test_what_is_queued_at_the_end_is_written(tmp_path) -> None:
    path = tmp_path / "words.db"
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE words (word TEXT NOT NULL)")
    writer = Writer(connection, "it")
    for text in "abc":
        writer.note(word(text))
    writer.close()
    again = sqlite3.connect(path)
    assert words(again) == ["a", "b", "c"]
    again.close()
