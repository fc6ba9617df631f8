"""One namespace of a SQLite file: its jobs, its rules, its time."""

from collections.abc import Sequence

from fauxreel.store.keep import KeptRule, Line
from fauxreel.store.sqlite import SqliteStore
from fauxreel.store.writer import Statement, Writer

_KEEP_TIME = "INSERT OR REPLACE INTO times VALUES (?, ?, ?, ?)"
_NOTE_RULE = "UPDATE rules SET matched = ?, fired = ? WHERE space = ? AND id = ?"


class Kept:
    """One namespace of the file: its jobs, its rules, its time.

    Args:
        run: How many processes had the file before.
    """

    def __init__(self, writer: Writer, space: str, capacity: int, run: int) -> None:
        self._writer = writer
        self._space = space
        self.run = run
        self.store = SqliteStore(capacity, writer, space)
        self.rules: Sequence[KeptRule] = ()
        self.last_rule = 0
        self.time: Line | None = None
        self.floor = 0.0
        self.file_bytes = 0

    def keep_rules(self, rules: Sequence[KeptRule], last: int) -> None:
        self._writer.write(
            [
                ("DELETE FROM rules WHERE space = ?", (self._space,)),
                *(
                    (
                        "INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (self._space, at, one.id, one.text, one.added, one.matched, one.fired),
                    )
                    for at, one in enumerate(rules)
                ),
                ("INSERT OR REPLACE INTO lasts VALUES (?, 'rules', ?)", (self._space, last)),
            ]
        )

    def note_rule(self, rule: KeptRule) -> None:
        self._writer.note([(_NOTE_RULE, (rule.matched, rule.fired, self._space, rule.id))])

    def keep_time(self, line: Line) -> None:
        self._writer.write([self._time(line)])

    def note_time(self, line: Line) -> None:
        self._writer.note([self._time(line)])

    def _time(self, line: Line) -> Statement:
        return _KEEP_TIME, (self._space, line.moment, line.real, line.speed)
