"""Moments in runs, compared with one sorted list."""

import math
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fauxreel.store import moments as module
from fauxreel.store.moments import Moments

ONES = st.integers(0, 40).map(float)


@pytest.fixture(autouse=True, scope="module")
def _short_runs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LONGEST_RUN", 4)
        yield


@given(st.lists(ONES, max_size=60), st.data())
def test_moments_in_runs_are_those_of_one_sorted_list(numbers, data):
    moments, expected = Moments(), []
    for sequence, number in enumerate(numbers):
        moments.add((number, sequence))
        expected.append((number, sequence))
    for gone in data.draw(st.lists(st.sampled_from(expected), unique=True)) if expected else ():
        moments.remove(gone)
        expected.remove(gone)
    expected.sort()
    after, until = data.draw(ONES), data.draw(ONES)

    assert list(moments.between(-1, math.inf)) == expected
    assert moments.reached(until) == bisect_right(expected, (until, math.inf))
    assert list(moments.between(after, until)) == [
        one for one in expected if after < one[0] <= until
    ]


def test_many_moments_that_come_before_others_are_added_in_no_time():
    moments = Moments()
    for sequence in range(20_000):
        moments.add((float(20_000 - sequence), sequence))

    assert (moments.reached(20_000), moments.reached(10)) == (20_000, 10)
