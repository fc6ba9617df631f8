"""Emulated time, against a machine's clock that is a number in a list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.clock import (
    AUTO_STEP_SECONDS,
    EPOCH,
    AutoClock,
    Clock,
    ClockKind,
    ClockStandsStill,
    ManualClock,
    RunningClock,
    make_clock,
    real_now,
)


def test_a_running_clock_follows_the_machine() -> None:
    machine = [1000.0]
    clock = RunningClock(real=lambda: machine[0])
    assert (clock.kind, clock.frozen, clock.now()) == (ClockKind.SYSTEM, False, 1000.0)
    machine[0] = 1002.5
    assert clock.now() == 1002.5


def test_a_scaled_clock_runs_faster_from_the_machines_time_on() -> None:
    machine = [1000.0]
    clock = RunningClock(speed=10.0, real=lambda: machine[0])
    machine[0] = 1002.5
    assert (clock.kind, clock.now()) == (ClockKind.SCALED, 1025.0)


def test_a_running_clock_stands_while_the_machine_is_behind() -> None:
    machine = [1000.0]
    clock = RunningClock(real=lambda: machine[0])
    seen = []
    for machine[0] in (1010.0, 1003.0, 1009.0, 1011.0):
        seen.append(clock.now())
    assert seen == [1010.0, 1010.0, 1010.0, 1011.0]


def test_a_frozen_clock_stands_still_and_goes_on_from_there() -> None:
    machine = [1000.0]
    clock = RunningClock(speed=2.0, real=lambda: machine[0])
    machine[0] = 1001.0
    clock.freeze()
    machine[0] = 1100.0
    assert (clock.frozen, clock.now()) == (True, 1002.0)
    clock.resume()
    machine[0] = 1101.0
    assert (clock.frozen, clock.now()) == (False, 1004.0)


def test_freezing_twice_and_resuming_twice_change_nothing() -> None:
    machine = [1000.0]
    clock = RunningClock(real=lambda: machine[0])
    clock.freeze()
    machine[0] = 1050.0
    clock.freeze()
    clock.resume()
    machine[0] = 1060.0
    clock.resume()
    assert clock.now() == 1010.0


def test_a_running_clock_is_pushed_ahead_and_runs_on() -> None:
    machine = [1000.0]
    clock = RunningClock(speed=2.0, real=lambda: machine[0])
    machine[0] = 1001.0
    clock.advance(60.0)
    assert clock.now() == 1062.0
    machine[0] = 1002.0
    assert clock.now() == 1064.0


def test_a_frozen_clock_can_be_pushed_ahead_and_stays_frozen() -> None:
    machine = [1000.0]
    clock = RunningClock(real=lambda: machine[0])
    clock.freeze()
    clock.advance(60.0)
    machine[0] = 1100.0
    assert (clock.frozen, clock.now()) == (True, 1060.0)
    clock.resume()
    assert clock.now() == 1060.0


def test_polls_do_not_move_a_running_clock() -> None:
    clock = RunningClock(real=lambda: 1000.0)
    clock.polled()
    assert clock.now() == 1000.0


moves = st.tuples(
    st.sampled_from(("look", "advance", "freeze", "resume", "polled")),
    st.floats(-1e6, 1e6),
)


@settings(deadline=None)
@given(st.lists(moves), st.sampled_from((0.001, 1.0, 10.0, 1e6)))
def test_emulated_time_never_goes_back_whatever_the_machine_does(
    run: list[tuple[str, float]], speed: float
) -> None:
    machine = [EPOCH]
    clock = RunningClock(speed=speed, real=lambda: machine[0])
    last = clock.now()
    for act, step in run:
        machine[0] += step
        if act == "advance":
            clock.advance(abs(step))
        elif act != "look":
            getattr(clock, act)()
        assert clock.now() >= last
        last = clock.now()


def test_a_manual_clock_starts_with_2026_and_moves_only_by_hand() -> None:
    clock = ManualClock()
    clock.polled()
    clock.freeze()
    assert (clock.kind, clock.frozen, clock.now()) == (ClockKind.MANUAL, True, 1767225600.0)
    clock.advance(1.5)
    assert clock.now() == 1767225601.5


def test_a_manual_clock_cannot_be_let_run() -> None:
    clock = ManualClock()
    with pytest.raises(ClockStandsStill) as refusal:
        clock.resume()
    assert str(refusal.value) == "The clock is 'manual': it moves only when it is advanced."


def test_an_auto_clock_moves_with_each_poll_and_by_hand() -> None:
    clock = AutoClock()
    clock.polled()
    clock.polled()
    clock.advance(0.5)
    assert (clock.kind, clock.frozen) == (ClockKind.AUTO, False)
    assert clock.now() == EPOCH + 2 * AUTO_STEP_SECONDS + 0.5


def test_polls_do_not_move_a_frozen_auto_clock() -> None:
    clock = AutoClock(start=5.0)
    clock.freeze()
    clock.polled()
    assert (clock.frozen, clock.now()) == (True, 5.0)
    clock.resume()
    clock.polled()
    assert (clock.frozen, clock.now()) == (False, 5.0 + AUTO_STEP_SECONDS)


@pytest.mark.parametrize("kind", ClockKind)
def test_a_clock_of_each_kind_can_be_made(kind: ClockKind) -> None:
    assert make_clock(kind, speed=10.0).kind is kind


@pytest.mark.parametrize("kind", [ClockKind.MANUAL, ClockKind.AUTO])
def test_a_made_clock_that_is_moved_starts_with_2026(kind: ClockKind) -> None:
    assert make_clock(kind, speed=10.0).now() == EPOCH


@pytest.mark.parametrize("kind", [ClockKind.SYSTEM, ClockKind.SCALED])
def test_a_made_clock_that_runs_starts_with_the_machines_time(kind: ClockKind) -> None:
    before = real_now()
    clock: Clock = make_clock(kind, speed=1.5)
    assert before <= clock.now() <= before + 600
