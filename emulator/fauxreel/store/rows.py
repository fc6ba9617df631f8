"""Jobs and uploads as rows of the database, and back.

Facts are JSON, so that a new one needs no migration: where it is missing it has its default.
Numbers that JSON has no words for (a job that never starts) are written as Python writes them.
"""

import json
import sqlite3
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.timeline import Curve, InPolls, InSeconds, Timeline
from fauxreel.domain.video import (
    NO_POLLS,
    Forced,
    JobError,
    Lifetime,
    Outcome,
    Polls,
    Reference,
    Since,
    Video,
)
from fauxreel.spool import Spooled
from fauxreel.store import Record

# Large uploads are read by the thread that writes.
sqlite3.register_adapter(Spooled, lambda spooled: spooled[:])


def facts_of(thing: object) -> str:
    """A job, a character or a count of polls as text; also of a file, without its bytes."""
    return json.dumps(thing, default=_plain, separators=(",", ":"))


def polls_of(polls: Polls) -> str | None:
    return None if polls == NO_POLLS else facts_of(polls)


def record(facts: str, polls: str | None) -> Record:
    """The job of a row."""
    given: dict[str, Any] = json.loads(facts)
    lifetime = given["lifetime"]
    given["timeline"] = _timeline(given["timeline"])
    given["outcome"] = Outcome(**_with_error(given["outcome"]))
    given["lifetime"] = Lifetime(lifetime["seconds"], Since(lifetime["since"]))
    given["characters"] = tuple(given["characters"])
    given["reference"] = _reference(given["reference"])
    if given["forced"] is not None:
        given["forced"] = Forced(**_with_error(given["forced"]))
    return Record(Video(**given), NO_POLLS if polls is None else Polls(**json.loads(polls)))


def character(facts: str) -> Character:
    """The character of a row."""
    given: dict[str, Any] = json.loads(facts)
    given["reference"] = _reference(given["reference"])
    return Character(**given)


def stored_file(facts: str, data: bytes) -> StoredFile:
    """The file of a row."""
    return StoredFile(**json.loads(facts), data=data)


def _plain(value: object) -> dict[str, Any]:
    if not isinstance(value, Struct):
        raise TypeError(value)
    found = {
        name: fact for name, fact in asdict(value).items() if not isinstance(fact, bytes | Spooled)
    }
    if isinstance(value, InPolls):
        found["in"] = "polls"
    return found


def _timeline(given: dict[str, Any]) -> Timeline:
    timed_in = given.pop("in", "seconds")
    given["curve"] = Curve(given["curve"])
    return InPolls(**given) if timed_in == "polls" else InSeconds(**given)


def _with_error(given: dict[str, Any]) -> dict[str, Any]:
    error = given["error"]
    return {**given, "error": None if error is None else JobError(**error)}


def _reference(given: dict[str, Any] | None) -> Reference | None:
    return None if given is None else Reference(**given)
