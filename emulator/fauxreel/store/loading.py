"""From the rows of a SQLite file to its namespaces in memory."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from fauxreel.domain.video import Forced
from fauxreel.ledger import Account
from fauxreel.store import Record
from fauxreel.store.keep import KeptRule, Line
from fauxreel.store.kept import Kept
from fauxreel.store.rows import character, record, stored_file

SpaceOf = Callable[[str], Kept]


def load(connection: sqlite3.Connection, space_of: SpaceOf) -> None:
    """Fills namespaces with what the file holds.

    Raises:
        sqlite3.Error, ValueError, TypeError, KeyError, ArithmeticError: It is damaged.
    """

    def rows(columns: str) -> sqlite3.Cursor:
        return connection.execute(f"SELECT {columns}")

    _load_jobs(rows("space, facts, polls FROM videos ORDER BY space, sequence"), space_of)
    for space, sequence, facts in rows("* FROM characters ORDER BY space, sequence"):
        space_of(space).store.shelves[0].take(sequence, character(facts))
    for space, sequence, facts, data in rows("* FROM files ORDER BY space, sequence"):
        kept = space_of(space)
        kept.store.shelves[1].take(sequence, stored_file(facts, data))
        kept.file_bytes += len(data)
    _load_sequences(
        rows("space, kind, sequence FROM lasts"),
        rows("space, kind, id, project, sequence FROM gone ORDER BY number"),
        space_of,
    )
    for space, name, jobs, seconds, dollars in rows("* FROM accounts"):
        surface, model, key = json.loads(name)
        account = Account(surface, model, key, jobs, seconds, Decimal(dollars))
        space_of(space).store.ledger.book(account, account.jobs)
    for space, *rule in rows(
        "space, id, text, added, matched, fired FROM rules ORDER BY space, place"
    ):
        kept = space_of(space)
        kept.rules = (*kept.rules, KeptRule(*rule))
    for space, moment, real, speed in rows("* FROM times"):
        space_of(space).time = Line(moment, real, speed)


def _load_jobs(rows: sqlite3.Cursor, space_of: SpaceOf) -> None:
    for space, facts, polls in rows:
        kept, found = space_of(space), record(facts, polls)
        kept.store.take(found)
        kept.floor = max(kept.floor, *_moments(found))


def _moments(found: Record) -> list[float]:
    """The moments that were over when they were written down."""
    forced: Forced | None = found.video.forced
    ends = (None if forced is None else forced.at, found.polls.started, found.polls.ended)
    return [found.video.created, *(moment for moment in ends if moment is not None)]


def _load_sequences(lasts: sqlite3.Cursor, gone: sqlite3.Cursor, space_of: SpaceOf) -> None:
    places: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for space, kind, *place in gone:
        item_id, project, sequence = place
        places[space, kind].append((item_id, project, sequence))
    for space, kind, last in lasts:
        kept = space_of(space)
        characters, files = kept.store.shelves
        resume = {
            "videos": kept.store.resume,
            "characters": characters.resume,
            "files": files.resume,
        }
        if kind == "rules":
            kept.last_rule = last
        else:
            resume[kind](last, places[space, kind])
