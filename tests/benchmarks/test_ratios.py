"""Medians and paired ratios."""

import pytest
from benchmarks.ratios import Spread, paired, rotated, spread


def test_a_spread_is_the_median_with_the_lowest_and_the_highest():
    assert spread([3, 1, 2]) == Spread(2, 1, 3)


def test_nothing_has_no_spread():
    assert spread([]) is None


def test_ratios_are_taken_within_a_round():
    assert paired([2, 30], [1, 10]) == Spread(2.5, 2, 3)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ([None, 6], [2, 3], Spread(2, 2, 2)),
        ([4, 6], [2, None], Spread(2, 2, 2)),
        ([4], [0], None),
        ([None], [None], None),
    ],
)
def test_a_round_without_both_does_not_count(mine, theirs, expected):
    assert paired(mine, theirs) == expected


def test_each_stands_in_each_place_once():
    assert [rotated("abc", turn) for turn in range(-1, 3)] == [
        list("cab"),
        list("abc"),
        list("bca"),
        list("cab"),
    ]
    assert rotated([], 3) == []
