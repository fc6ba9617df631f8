"""Money: what a run may cost at worst is settled before it starts, and never exceeded."""

import pytest

from altered import QUICK, Passage, altered, clause
from fauxreel import Emulator
from fauxreel_contracts.budget import Allowance, OverAllowance, plan
from fauxreel_contracts.clause import Cost, Severity, Shared
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.registry import CLAUSES, find
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Options, resolve


def ids(clauses):
    return [each.id for each in clauses]


def test_a_shared_video_is_paid_once():
    two = [clause("a", shares=(Shared.FIRST,)), clause("b", shares=(Shared.FIRST,))]

    planned = plan(two, max_spend=None, price=0.1)

    assert (planned.videos, planned.seconds, planned.dollars) == (1, 4, pytest.approx(0.4))


def test_a_common_probe_is_paid_once():
    two = [clause(name, cost=Cost(1, 10), probe="p") for name in "ab"]

    assert plan(two, max_spend=None, price=0.1).seconds == 10


def test_larger_models_cost_more():
    large = [clause("a", cost=Cost(1, 4, factor=5))]

    assert plan(large, max_spend=None, price=0.1).dollars == pytest.approx(2.0)


def test_what_does_not_fit_is_left_out_the_least_important_first():
    may, must = clause("may", cost=Cost(1, 4)), clause("must", Severity.MUST, cost=Cost(1, 4))
    free = clause("free")

    planned = plan([may, must, free], max_spend=0.4, price=0.1)

    assert ids(planned.chosen) == ["must", "free"]
    assert [(each.id, why) for each, why in planned.left_out] == [
        ("may", "could cost $0.40 more than --max-spend 0.4")
    ]


def test_a_free_run_leaves_out_whatever_could_generate():
    three = [clause("a", cost=Cost(1, 4)), clause("b", shares=(Shared.FIRST,)), clause("c")]

    planned = plan(three, max_spend=None, price=0.0, free_only=True)

    assert ids(planned.chosen) == ["c"]
    assert planned.videos == 0


def test_a_server_that_costs_nothing_is_never_too_expensive():
    assert ids(plan([clause("a", cost=Cost(1, 4))], max_spend=0, price=0).chosen) == ["a"]


@pytest.mark.parametrize("dialect", list(Dialect))
def test_all_musts_together_cost_four_short_videos_at_most(dialect):
    musts = [c for c in CLAUSES if c.severity is Severity.MUST and dialect in c.dialects]

    planned = plan(musts, max_spend=None, price=0.1)

    assert 0 < planned.videos <= 4
    assert planned.seconds <= 16


def test_no_clause_may_generate_more_than_it_declares():
    allowance = Allowance()
    allowance.give(clause("greedy", cost=Cost(1, 4)))
    allowance.take()

    with pytest.raises(OverAllowance, match="greedy declares too few videos in its cost"):
        allowance.take()


@pytest.mark.slow
def test_every_clause_stays_within_what_it_declares():
    with Emulator(clock="auto") as emulator:
        for each in CLAUSES:
            if Dialect.OPENAI in each.dialects:
                report = run(resolve("it", Options(url=emulator.base_url), {}), [each])
                assert report.videos <= report.worst_videos, each.id


def test_a_free_run_makes_no_video():
    with Emulator(**QUICK) as emulator:
        target = resolve("it", Options(url=emulator.base_url), {})
        report = run(target, CLAUSES, free_only=True)

        assert [call.method for call in emulator.requests if call.method == "POST"] == []
    assert report.videos == report.worst_videos == 0
    assert report.count(Verdict.HOLDS) > 15


def test_a_run_stays_within_its_budget():
    with Emulator(**QUICK) as emulator:
        target = resolve("it", Options(url=emulator.base_url, max_spend=0.8), {})
        report = run(target, CLAUSES)

    assert report.dollars <= report.worst_dollars <= 0.8
    assert report.videos == 2


def accepting(passage: Passage) -> None:
    if passage.creates and passage.status == 400:
        passage.answer({"id": "video_accident", "seconds": "10"}, 200)
    elif passage.deletes and passage.last == "video_accident":
        passage.answer({"deleted": True}, 200)


def test_an_accidental_video_is_booked_deleted_and_reported():
    with altered(accepting) as emulator:
        target = resolve("it", Options(url=emulator.base_url), {})
        report = run(target, [find("create.seconds.enum"), find("create.seconds.enum.words")])

        assert [call.method for call in emulator.requests] == ["POST", "DELETE"]
    assert (report.videos, report.video_seconds) == (1, 10.0)
    assert report.accidents == ("video_accident, by POST /videos",)
    assert report.left_behind == []


def test_an_accidental_video_that_stays_is_listed():
    with altered(lambda p: None if p.deletes else accepting(p)) as emulator:
        target = resolve("it", Options(url=emulator.base_url), {})
        report = run(target, [find("create.seconds.enum")])

    assert report.left_behind == ["video_accident (should have been refused)"]


def test_a_video_that_is_still_being_made_is_deleted_at_its_end():
    def refusing_once(passage):
        if passage.deletes and not refused:
            refused.append(passage.path)
            passage.path += "/not-yet"

    refused: list[str] = []
    with altered(before=refusing_once) as emulator:
        session = Session(resolve("it", Options(url=emulator.base_url), {}))
        session.begin(clause("makes", cost=Cost(1, 4)))
        session.create()
        left = session.close()

        assert [call.method for call in emulator.requests][-1] == "DELETE"
        assert (len(refused), left, list(emulator.videos)) == (1, [], [])


def test_ctrl_c_deletes_what_was_made_and_keeps_what_was_found():
    def interrupt(session):
        session.completed()
        raise KeyboardInterrupt

    with Emulator(**QUICK) as emulator:
        target = resolve("it", Options(url=emulator.base_url), {})
        shares = (Shared.FIRST,)
        report = run(target, [clause("a"), clause("b", check=interrupt, shares=shares)])

        assert [call.method for call in emulator.requests][-1] == "DELETE"
    assert report.interrupted
    assert report.fails()
    assert [result.clause.id for result in report.results] == ["a"]
    assert report.left_behind == []
