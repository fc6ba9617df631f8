"""When a rule fires, as laws."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.faults.patterns import Anything
from fauxreel.faults.plan import Amount, Plan
from fauxreel.faults.rule import Draw, Rule, fires

laws = settings(deadline=None)
counts = st.integers(1, 200)


def fired_at(most, **settings):
    """The numbers of the matches at which a rule fires, one match a second."""
    rule, fired = Rule("a rule", Anything(), **settings), []
    for number in range(1, most + 1):
        if fires(rule, number, len(fired), float(number), Draw(7, rule.text, number)):
            fired.append(number)
    return fired


def test_a_rule_without_counts_fires_always():
    assert fired_at(20) == list(range(1, 21))


@laws
@given(counts, st.integers(1, 300), st.floats(0, 1))
def test_a_rule_never_fires_more_often_than_its_times(times, most, probability):
    assert len(fired_at(most, times=times)) == min(times, most)
    assert len(fired_at(most, times=times, probability=probability)) <= times


@laws
@given(st.frozensets(counts), counts)
def test_nth_picks_exactly_these(nth, most):
    assert fired_at(most, nth=nth) == sorted(number for number in nth if number <= most)


@laws
@given(counts, counts)
def test_first_picks_the_beginning(first, most):
    assert fired_at(most, first=first) == list(range(1, min(first, most) + 1))


@laws
@given(counts, counts)
def test_every_picks_each_so_many_th(every, most):
    assert fired_at(most, every=every) == list(range(every, most + 1, every))


@laws
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_window_begins_with_after_and_ends_before_until_and_ttl(after, until, ttl):
    expected = list(range(max(1, after), min(until, ttl, 101)))

    assert fired_at(100, after=float(after), until=float(until), ttl=float(ttl)) == expected


@laws
@given(st.integers(0, 2**63 - 1), st.text(max_size=20), counts)
def test_a_draw_is_the_same_for_the_same_seed_rule_and_number(seed, rule, number):
    one, other = Draw(seed, rule, number), Draw(seed, rule, number)

    assert 0 <= one.fraction("fires") < 1
    assert one.fraction("fires") == other.fraction("fires")


def test_draws_differ_by_seed_rule_number_and_purpose():
    draws = [Draw(1, "a", 1), Draw(2, "a", 1), Draw(1, "b", 1), Draw(1, "a", 2)]

    assert len({draw.fraction(purpose) for draw in draws for purpose in ("x", "y")}) == 8


@pytest.mark.parametrize("probability", [0.0, 0.04, 0.5, 0.9, 1.0])
def test_in_the_long_run_a_rule_fires_as_often_as_its_probability(probability):
    share = len(fired_at(20_000, probability=probability)) / 20_000

    # Four standard deviations; for these draws it is the same in every run.
    assert abs(share - probability) <= 4 * math.sqrt(probability * (1 - probability) / 20_000)


def test_the_same_rule_with_another_seed_fires_elsewhere():
    rule = Rule("a rule", Anything(), probability=0.5)
    patterns = {
        tuple(fires(rule, n, 0, 0.0, Draw(seed, rule.text, n)) for n in range(1, 50))
        for seed in range(5)
    }

    assert len(patterns) == 5


@laws
@given(st.integers(0, 10**9), st.floats(0, 1))
def test_an_amount_is_never_more_than_there_is(length, share):
    assert 0 <= Amount(share=share).of(length) <= length
    assert Amount(count=5).of(length) == min(5, length)


def test_a_plan_of_nothing_replaces_nothing():
    assert Plan().replaces is False
