"""Runs that go off the usual road: jobs that fail, servers that vanish, runs that cannot tell."""

from dataclasses import replace
from io import StringIO

import pytest

from altered import QUICK, altered, clause
from fauxreel import Emulator
from fauxreel_contracts import expect
from fauxreel_contracts.clause import Cost, Shared
from fauxreel_contracts.evidence import Grade, inferred, source
from fauxreel_contracts.expect import Violation
from fauxreel_contracts.explain import explain
from fauxreel_contracts.pace import SystemClock
from fauxreel_contracts.page import html
from fauxreel_contracts.progress import Display
from fauxreel_contracts.registry import find
from fauxreel_contracts.result import Result, Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Options, resolve
from fauxreel_contracts.wire import Answer, call


def target_of(emulator, path="/v1", **options):
    return resolve("it", Options(url=emulator.root_url + path, **options), {})


def verdict_of(emulator, clause_id, path="/v1"):
    (result,) = run(target_of(emulator, path), [find(clause_id)]).results
    return result.verdict, result.note


def test_a_shared_video_that_fails_blocks_what_needs_a_completed_one():
    with Emulator(**QUICK) as emulator:
        emulator.next_job(fails="moderation_blocked")
        found = verdict_of(emulator, "content.video")

    assert found == (Verdict.BLOCKED, "the first shared video ended as 'failed'")


def test_what_looks_at_a_deleted_video_is_blocked():
    with Emulator(**QUICK) as emulator:
        report = run(target_of(emulator), [find("delete.answer"), find("content.video.own")])

    assert [(result.verdict, result.note) for result in report.results] == [
        (Verdict.HOLDS, ""),
        (Verdict.BLOCKED, "the second shared video was deleted already"),
    ]


@pytest.mark.parametrize(
    ("clause_id", "note"),
    [
        ("lifecycle.states.running", "the job was done after two polls"),
        ("content.not-ready", "the video was completed before its content was asked for"),
    ],
)
def test_a_server_that_is_too_quick_cannot_be_judged(clause_id, note):
    with Emulator(queue_seconds=0, processing_seconds=0) as emulator:
        assert verdict_of(emulator, clause_id) == (Verdict.UNTOLD, note)


def test_a_list_that_does_not_end_soon_cannot_be_judged():
    with Emulator(**QUICK) as emulator:
        emulator.seed(count=60)
        found = verdict_of(emulator, "list.paging.ends")

    assert found == (Verdict.UNTOLD, "the list goes on after 50 pages")


def test_a_list_without_an_empty_page_cannot_be_judged():
    with altered(before=lambda passage: passage.query.pop("limit", None)) as emulator:
        emulator.seed()

        assert verdict_of(emulator, "list.answer.empty")[0] is Verdict.UNTOLD


def test_a_video_is_found_on_a_later_page():
    def behind_another(passage):
        if passage.lists and passage.query.get("after") != "video_other":
            passage.answer({"data": [{"id": "video_other"}], "has_more": True})

    def first_page(passage):
        if passage.query.get("after") == "video_other":
            pages.append(passage.query.pop("after"))

    def after(passage):
        if not pages:
            behind_another(passage)

    pages: list[str] = []
    with altered(after, before=first_page) as emulator:
        assert verdict_of(emulator, "list.contains")[0] is Verdict.HOLDS
    assert pages == ["video_other"]


@pytest.mark.parametrize(
    ("clause_id", "path"),
    [("authentication.key", "/v1"), ("authentication.azure.bearer", "/openai/v1")],
)
def test_a_target_without_a_key_says_nothing_of_keys(clause_id, path):
    with Emulator(**QUICK) as emulator:
        target = replace(target_of(emulator, path), secret=None)
        (result,) = run(target, [find(clause_id)]).results

    assert (result.verdict, result.note) == (Verdict.UNTOLD, "the target has no key")


def test_the_files_of_a_job_that_is_none_differ():
    def text(passage):
        if passage.path.endswith("/content/video"):
            passage.reply = b"{}"

    with altered(text) as emulator:
        found = verdict_of(emulator, "content.job.video", "/openai/v1/video/generations")

    assert found == (Verdict.DIFFERS, "")


def test_ctrl_c_while_cleaning_up_still_lists_what_is_left():
    class Impatient(Session):
        def close(self):
            raise KeyboardInterrupt

    with Emulator(**QUICK) as emulator:
        target = target_of(emulator)
        shares = (Shared.FIRST,)
        look = clause("look", check=lambda session: session.completed(), shares=shares)
        report = run(target, [look], session=Impatient(target))

    assert report.interrupted
    assert len(report.left_behind) == 1


def test_a_server_that_goes_away_leaves_videos_behind():
    with Emulator(**QUICK) as emulator:
        session = Session(target_of(emulator))
        session.completed()

    assert session.close() == [f"{session.life().id} (asked for)"]


def test_a_server_that_answers_no_poll_leaves_a_video_behind():
    with Emulator(**{**QUICK, "processing_seconds": 60}) as emulator:
        session = Session(target_of(emulator))
        session.begin(clause("makes", cost=Cost(videos=1, seconds=4)))
        video = session.create().fields()
        emulator.next_answer("conflict", operation="delete")
        emulator.next_answer(disconnect=True, operation="retrieve")
        left = session.close()

    assert left == [f"{video['id']} (asked for)"]


def test_a_body_that_is_no_json_object_is_a_violation():
    def answer(body):
        return Answer(call("GET", "/videos"), 200, (), body)

    for body, got in ((b"<html>", "'<html>'"), (b"[1]", "[1]")):
        with pytest.raises(Violation) as violation:
            expect.body(answer(body))
        assert violation.value.got == got
    assert answer(b"<html>").fields() == answer(b"[1]").fields() == {}


def test_a_long_value_is_shown_in_short():
    assert expect.shown("x" * 400) == f"'{'x' * 299}…"


class Terminal(StringIO):
    def isatty(self):
        return True


def results():
    held = clause("create.held")
    return [Result(held, held.evidence, Verdict.HOLDS)]


def test_progress_is_a_bar_in_a_terminal_and_marks_elsewhere():
    shown = {}
    for stream in (Terminal(), StringIO()):
        display = Display("it", 1, quiet=False, stream=stream)
        with display:
            display.show(results()[0])
        shown[type(stream)] = stream.getvalue()

    assert "create.held" in shown[Terminal]
    assert shown[StringIO] == "✓\n"


def test_no_progress_is_shown_quietly():
    stream = StringIO()
    with Display("it", 1, quiet=True, stream=stream) as display:
        display.show(results()[0])

    assert stream.getvalue() == ""


def test_a_clause_that_only_one_target_has_leaves_a_gap_in_the_page():
    with Emulator(**QUICK) as emulator:
        one = run(target_of(emulator), [find("list.answer.shape")])
        other = run(target_of(emulator), [find("authentication.missing")])

    assert html([one, other]).count("<td></td>") == 2


def test_a_clause_without_a_reason_is_explained_without_one():
    lines = explain(clause("create.plain")).splitlines()

    assert lines[:2] == ["create.plain: A test.", ""]


def test_what_was_read_in_code_is_a_grade_of_its_own():
    assert source("litellm", "a file").grade is Grade.SOURCE
    assert inferred("openai", "a reason").as_of == ""


def test_the_clock_of_the_machine_goes_forward():
    clock = SystemClock()
    before = clock.now()
    clock.wait(0.001)

    assert clock.now() > before
