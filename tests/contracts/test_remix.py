"""Remixes: the emulator keeps each clause, and each can be broken."""

from dataclasses import replace

import pytest

from altered import Altered, Passage, unchanged
from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    cases,
    derived,
    drop,
    id_of_the_first,
    left_out,
    of_derived,
    of_refusals,
    of_source,
    posts_to,
    put,
    refuses,
    results,
    target_of,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts.clauses.remix import CLAUSES
from fauxreel_contracts.registry import find
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.session import Session

REMIXES = posts_to("remix")


def loses_the_source():
    """The source has another prompt once it was remixed."""
    remixes = []

    def change(passage: Passage) -> None:
        if REMIXES(passage):
            remixes.append(passage.path)
        elif remixes and of_source(passage):
            put(prompt="bluer")(passage)

    return change


BREAKS = (
    of_refusals(CLAUSES)
    | derived("remix", "remix")
    | {
        "remix.json": [when(REMIXES, refuses), when(REMIXES, put(seconds=4))],
        "remix.id": [id_of_the_first(REMIXES)],
        "remix.source": [when(REMIXES, put(remixed_from_video_id=None))],
        "remix.inherits": [
            when(REMIXES, put(model="sora-2-pro")),
            when(REMIXES, put(seconds="8")),
            when(REMIXES, put(size="720x1280")),
        ],
        "remix.queued": [
            when(REMIXES, put(status="completed")),
            when(REMIXES, put(completed_at=1)),
        ],
        "remix.prompt": [when(REMIXES, put(prompt="A paper boat"))],
        "remix.order": [when(REMIXES, put(zoom=1))],
        "remix.source.kept": [when(of_derived, put(remixed_from_video_id="video_other"))],
        "remix.source.stays": [loses_the_source()],
    }
)
BREAKS["remix.content"].append(when(of_source, put(size="720x1280")))


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_the_emulator_keeps_every_clause(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base)

    assert unheld(found) == []
    assert left_out(found) == {"remix.absent"}


def test_a_server_that_claims_no_remixes_is_asked_for_none():
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, remix=False)
        remixed = [each.path for each in emulator.requests if each.path.endswith("remix")]

    assert unheld(found) == []
    assert left_out(found) == {clause.id for clause in CLAUSES} - {"remix.absent"}
    assert remixed == [f"/v1/videos/video_{'0' * 48}/remix"]


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    has = clause != "remix.absent"
    assert verdict_of(clause, change, remix=has) is Verdict.DIFFERS


def test_what_cannot_be_made_blocks_the_clauses_about_its_end():
    change = when(REMIXES, drop("id"))
    assert verdict_of("remix.completes", change) is Verdict.BLOCKED


def test_a_remix_that_fails_blocks_the_clause_about_its_content():
    change = when(of_derived, put(status="failed"))
    assert verdict_of("remix.content", change) is Verdict.BLOCKED


def test_content_that_is_no_mp4_differs():
    loads = []

    def change(passage: Passage) -> None:
        if passage.loads and passage.status == 200 and not loads:
            loads.append(passage.path)
            passage.reply = b"\x00\x00\x00\x01"

    assert verdict_of("remix.content", change) is Verdict.DIFFERS


def test_a_source_that_cannot_be_made_blocks_the_clause_about_unfinished_ones():
    change = when(lambda p: p.creates, lambda p: p.answer({}, 500))
    assert verdict_of("remix.unfinished", change) is Verdict.BLOCKED


def test_a_source_that_was_completed_too_soon_tells_nothing():
    settings = {"timeline": "quick", "queue_seconds": 0, "processing_seconds": 0}
    assert verdict_of("remix.unfinished", lambda _: None, OPENAI, settings) is Verdict.UNTOLD


class Waited:
    """A clock that only waiting moves."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        return self.seconds

    def wait(self, seconds):
        self.seconds += seconds


def test_a_remix_that_never_ends_blocks_the_clause_in_the_time_that_a_job_may_take():
    emulator = Emulator(**POLLS)
    never = when(of_derived, put(status="in_progress"))
    emulator.app = Altered(emulator.app, unchanged, never)
    clock = Waited()
    with emulator:
        target = replace(target_of(emulator), poll_seconds=0.5, job_seconds=2.0)
        clause = find("remix.completes")
        (result,) = run(target, [clause], session=Session(target, clock)).results

    assert (result.verdict, result.note) == (Verdict.BLOCKED, "it was not done after 2 seconds")
