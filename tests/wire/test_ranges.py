import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.wire.ranges import UNSATISFIABLE, Span, asked_span, cut, matches

# Machines stall; a slow example is no finding.
laws = settings(deadline=None)
ETAG = b'"abc"'


@pytest.mark.parametrize(
    ("value", "span"),
    [
        pytest.param(b"bytes=0-0", Span(0, 1), id="first-byte"),
        pytest.param(b"bytes=0-99", Span(0, 100), id="all-of-it"),
        pytest.param(b"bytes=0-", Span(0, 100), id="open-end"),
        pytest.param(b"bytes=40-49", Span(40, 50), id="middle"),
        pytest.param(b"bytes=99-", Span(99, 100), id="last-byte"),
        pytest.param(b"bytes=90-1000", Span(90, 100), id="end-beyond-the-end"),
        pytest.param(b"bytes=-1", Span(99, 100), id="suffix"),
        pytest.param(b"bytes=-100", Span(0, 100), id="suffix-of-all"),
        pytest.param(b"bytes=-101", Span(0, 100), id="suffix-of-more"),
        pytest.param(b"bytes= 1-2 ", Span(1, 3), id="blanks"),
        pytest.param(b"BYTES=1-2", Span(1, 3), id="upper-case"),
        pytest.param(b"bytes=000-007", Span(0, 8), id="leading-zeros"),
        pytest.param(b"bytes=0-999999999999999999", Span(0, 100), id="most-digits"),
    ],
)
def test_a_range_is_the_part_it_names(value: bytes, span: Span) -> None:
    assert asked_span({b"range": value}, 100, ETAG) == span


@pytest.mark.parametrize(
    ("value", "length"),
    [
        pytest.param(b"bytes=100-", 100, id="at-the-end"),
        pytest.param(b"bytes=100-200", 100, id="beyond-the-end"),
        pytest.param(b"bytes=999999999999999999-", 100, id="far-beyond-the-end"),
        pytest.param(b"bytes=-0", 100, id="suffix-of-nothing"),
        pytest.param(b"bytes=0-", 0, id="empty-file"),
        pytest.param(b"bytes=-5", 0, id="suffix-of-an-empty-file"),
    ],
)
def test_a_range_beyond_the_end_cannot_be_satisfied(value: bytes, length: int) -> None:
    assert asked_span({b"range": value}, length, ETAG) is UNSATISFIABLE


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"bytes=0-1,5-6", id="two-ranges"),
        pytest.param(b"bytes=0-0,-1", id="range-and-suffix"),
        pytest.param(b"bytes=5-4", id="backwards"),
        pytest.param(b"bytes=-", id="no-numbers"),
        pytest.param(b"bytes=", id="nothing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"bytes", id="no-equals-sign"),
        pytest.param(b"items=0-1", id="other-unit"),
        pytest.param(b"0-1", id="no-unit"),
        pytest.param(b"bytes=a-b", id="letters"),
        pytest.param(b"bytes=--1", id="two-minus-signs"),
        pytest.param(b"bytes=0x1-2", id="hexadecimal"),
        pytest.param(b"bytes=1.0-2", id="decimal"),
        pytest.param(b"bytes=\xd9\xa1-", id="digits-that-are-not-ascii"),
        pytest.param(b"bytes=0-" + b"9" * 19, id="19-digits"),
        pytest.param(b"bytes=" + b"9" * 5000 + b"-", id="5000-digits"),
        pytest.param(b"bytes=-" + b"9" * 5000, id="suffix-of-5000-digits"),
    ],
)
def test_a_range_that_nobody_can_read_is_ignored(value: bytes) -> None:
    assert asked_span({b"range": value}, 100, ETAG) is None


def test_without_a_range_the_whole_file_is_asked_for() -> None:
    assert asked_span({b"if-range": ETAG}, 100, ETAG) is None


@pytest.mark.parametrize(
    ("condition", "span"),
    [
        pytest.param(b'"abc"', Span(1, 3), id="same"),
        pytest.param(b'"abd"', None, id="other"),
        pytest.param(b'W/"abc"', None, id="weak"),
        pytest.param(b"abc", None, id="unquoted"),
        pytest.param(b"", None, id="empty"),
        pytest.param(b"Wed, 21 Oct 2026 07:28:00 GMT", None, id="date"),
    ],
)
def test_a_range_counts_only_while_the_file_is_the_same(
    condition: bytes, span: Span | None
) -> None:
    assert asked_span({b"range": b"bytes=1-2", b"if-range": condition}, 100, ETAG) == span


@laws
@given(st.binary(max_size=20) | st.from_regex(rb"bytes=\d{0,3}-\d{0,3}"), st.integers(0, 200))
def test_a_span_is_never_outside_the_file(value: bytes, length: int) -> None:
    span = asked_span({b"range": value}, length, ETAG)
    assert span is None or span is UNSATISFIABLE or 0 <= span.start < span.stop <= length


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (b'"abc"', True),
        (b'W/"abc"', True),
        (b'"x", "abc"', True),
        (b'"x","abc","y"', True),
        (b'"x", W/"abc"', True),
        (b"*", True),
        (b" * ", True),
        (b'"x"', False),
        (b"abc", False),
        (b'"ABC"', False),
        (b'"abcd"', False),
        (b"", False),
        (b",", False),
    ],
)
def test_a_condition_matches_the_tags_that_it_lists(condition: bytes, expected: bool) -> None:
    assert matches(condition, ETAG) is expected


@laws
@given(st.lists(st.binary(max_size=8), max_size=6), st.integers(0, 50), st.integers(0, 50))
def test_a_cut_is_that_slice_of_the_joined_parts(parts: list[bytes], one: int, other: int) -> None:
    span = Span(min(one, other), max(one, other))
    assert b"".join(cut(tuple(parts), span)) == b"".join(parts)[span.start : span.stop]


def test_a_cut_copies_nothing_and_leaves_out_what_it_does_not_touch() -> None:
    parts = (b"abc", b"def", b"ghi")
    views = cut(parts, Span(1, 5))
    assert [bytes(view) for view in views] == [b"bc", b"de"]
    assert [id(view.obj) for view in views] == [id(parts[0]), id(parts[1])]
