"""Clauses run against an emulator, or against one that errs in one way."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from altered import Altered, Change, Passage, unchanged
from fauxreel import Emulator
from fauxreel_contracts.clause import Clause
from fauxreel_contracts.registry import find
from fauxreel_contracts.result import Result, Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.target import Options, Target, resolve

OPENAI, AZURE = "/v1", "/openai/v1"
# Jobs advance by being retrieved, so that no machine is too slow to see one unfinished.
POLLS = {"timeline": "polls:1,2", "poll_after_ms": 1}


def target_of(emulator: Emulator, base: str = OPENAI, **update: Any) -> Target:
    """The emulator as a target, whose profile is changed so."""
    target = resolve("it", Options(url=emulator.root_url + base, poll_seconds=0.001), {})
    return replace(target, profile=target.profile.model_copy(update=update))


def results(
    emulator: Emulator, clauses: Iterable[Clause], base: str = OPENAI, **capabilities: Any
) -> list[Result]:
    """How the clauses went against a server of these capabilities; no profile that comes along
    with the kit for the originals has any of its own."""
    target = target_of(emulator, base, capabilities=capabilities)
    return run(target, list(clauses)).results


def unheld(found: Iterable[Result]) -> list[Any]:
    """What neither holds nor was left out, with what it takes to see why."""
    fine = (Verdict.HOLDS, Verdict.LEFT_OUT)
    return [(r.clause.id, r.verdict, r.note, r.difference) for r in found if r.verdict not in fine]


def left_out(found: Iterable[Result]) -> set[str]:
    return {result.clause.id for result in found if result.verdict is Verdict.LEFT_OUT}


def verdict_of(
    clause_id: str, change: Change, base: str = OPENAI, settings: Any = (), **capabilities: Any
) -> Verdict:
    """How a clause goes against an emulator whose answers are altered so."""
    emulator = Emulator(**{**POLLS, **dict(settings)})
    emulator.app = Altered(emulator.app, unchanged, change)
    with emulator:
        (result,) = results(emulator, [find(clause_id)], base, **capabilities)
        return result.verdict


# Ways to err: what fits, and what becomes of it


def when(fits: Callable[[Passage], Any], change: Change) -> Change:
    def made(passage: Passage) -> None:
        if fits(passage):
            change(passage)

    return made


def put(**values: Any) -> Change:
    """Sets keys of the JSON."""
    return lambda passage: passage.answer({**passage.json, **values})


def drop(name: str) -> Change:
    """Leaves a key of the JSON out."""
    return lambda passage: passage.answer({k: v for k, v in passage.json.items() if k != name})


def status(code: int) -> Change:
    return lambda passage: setattr(passage, "status", code)


def header(name: str, value: str | None) -> Change:
    """Sets a header; None leaves it out."""

    def change(passage: Passage) -> None:
        passage.reply_headers.pop(name, None)
        if value is not None:
            passage.reply_headers[name] = value

    return change


def refuses(passage: Passage) -> None:
    passage.answer({"error": {"message": "No.", "type": "x", "param": None, "code": None}}, 400)


def accepts(passage: Passage) -> None:
    """What was refused is answered as if it were made."""
    if is_refused(passage):
        passage.answer({"id": "made_up", "status": "queued", "seconds": "4"}, 200)


def other_words(passage: Passage) -> None:
    """Refusals say the same in other words."""
    if passage.status >= 400 and passage.reply.startswith(b'{"error"'):
        passage.answer({"error": {**passage.json["error"], "message": "Bad request."}})


def is_refused(passage: Passage) -> bool:
    """Whether a POST was refused."""
    return passage.method == "POST" and passage.status >= 400


def sends(*marks: bytes) -> Callable[[Passage], bool]:
    """Whether a POST was taken that holds all of these."""

    def fits(passage: Passage) -> bool:
        taken = passage.method == "POST" and passage.status == 200
        return taken and all(mark in passage.sent for mark in marks)

    return fits


def posts_to(last: str) -> Callable[[Passage], bool]:
    """Whether something was made at a path that ends so."""
    return lambda passage: sends()(passage) and passage.last == last


def gets(*lasts: str) -> Callable[[Passage], bool]:
    """Whether something was got from a path that ends with one of these."""
    return lambda p: p.method == "GET" and p.status == 200 and p.last.startswith(lasts)


def of_derived(passage: Passage) -> bool:
    """Whether a video is retrieved that was made of another."""
    return gets("video_")(passage) and passage.json["remixed_from_video_id"] is not None


def of_source(passage: Passage) -> bool:
    return gets("video_")(passage) and passage.json["remixed_from_video_id"] is None


def id_of_the_first(fits: Callable[[Passage], bool]) -> Change:
    """What fits gets the id of the first video."""
    ids: list[str] = []

    def change(passage: Passage) -> None:
        if passage.creates and passage.status == 200:
            ids.append(passage.json["id"])
        elif fits(passage):
            put(id=ids[0])(passage)

    return change


def one_content() -> Change:
    """Every content is the one that was loaded first."""
    first: list[bytes] = []

    def change(passage: Passage) -> None:
        if gets("content")(passage):
            first.append(passage.reply)
            passage.reply = first[0]

    return change


def derived(topic: str, last: str) -> dict[str, list[Change]]:
    """What breaks the clauses that remixes, edits and extensions have in common."""
    made = posts_to(last)
    changes = {
        "keys": [when(made, drop("error"))],
        "completes": [when(of_derived, put(status="failed"))],
        "content": [one_content()],
        "unfinished": [accepts],
        "absent": [when(is_refused, status(400))],
    }
    return {f"{topic}.{name}": each for name, each in changes.items()}


def cases(breaks: dict[str, list[Change]]) -> list[Any]:
    """Each clause with each of what breaks it, as parameters of a test."""
    return [
        pytest.param(clause, change, id=f"{clause}-{number}")
        for clause, changes in breaks.items()
        for number, change in enumerate(changes)
    ]


def of_refusals(clauses: Iterable[Clause]) -> dict[str, list[Change]]:
    """What breaks both clauses of each refusal: made all the same, and other words."""
    words = [each.id for each in clauses if each.id.endswith(".words")]
    changes: dict[str, list[Change]] = {}
    for each in words:
        changes[each] = [other_words]
        changes[each.removesuffix(".words")] = [
            accepts,
            when(is_refused, status(500)),
        ]
    return changes
