"""Conditions as values that combine: the laws of logic, and what each of them matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.faults.expression import LONGEST_SEARCHED
from fauxreel.faults.patterns import (
    Anything,
    Asks,
    Combines,
    HasHeader,
    Moment,
    OfModel,
    OfVideo,
    OnSurface,
    Prompted,
    Younger,
)
from fauxreel.faults.rule import Subject

laws = settings(deadline=None)
OPERATIONS = ["create", "retrieve", "content"]
WORDS = ["cat", "dog", "a cat and a dog", ""]

subjects = st.builds(
    Subject,
    surface=st.sampled_from(["openai", "azure"]),
    operation=st.sampled_from(OPERATIONS),
    model=st.sampled_from([None, "sora-2", "sora-2-pro"]),
    prompt=st.sampled_from([None, *WORDS]),
    headers=st.dictionaries(st.sampled_from(["x-run", "accept"]), st.sampled_from(WORDS)),
    video_id=st.sampled_from([None, "video_1", "video_2"]),
    age=st.sampled_from([None, 0.0, 2.0, 5.0]),
    ended=st.sampled_from([None, 0.0, 5.0]),
)
conditions = st.one_of(
    st.just(Anything()),
    st.builds(OnSurface, st.frozensets(st.sampled_from(["openai", "azure"]))),
    st.builds(Asks, st.frozensets(st.sampled_from(OPERATIONS))),
    st.builds(OfModel, st.sampled_from(["sora-2", "sora-*", "*"])),
    st.builds(Prompted, st.sampled_from([("cat"), ("^$")])),
    st.builds(HasHeader, st.sampled_from(["x-run", "accept"]), st.just("dog")),
    st.builds(OfVideo, st.sampled_from(["video_1", "video_2"])),
    st.builds(Younger, st.sampled_from([1.0, 3.0]), st.sampled_from(Moment)),
)
patterns = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    ),
    max_leaves=8,
)


@laws
@given(patterns, patterns, subjects)
def test_de_morgan_holds(one, other, subject):
    assert (~(one & other)).matches(subject) == (~one | ~other).matches(subject)
    assert (~(one | other)).matches(subject) == (~one & ~other).matches(subject)


@laws
@given(patterns, patterns, patterns, subjects)
def test_and_and_or_are_those_of_logic(one, other, third, subject):
    a, b, c = (pattern.matches(subject) for pattern in (one, other, third))

    assert (one & other).matches(subject) == (a and b)
    assert (one | other).matches(subject) == (a or b)
    assert (one & (other | third)).matches(subject) == ((a and b) or (a and c))
    assert ((one & other) & third).matches(subject) == (one & (other & third)).matches(subject)


@laws
@given(patterns, subjects)
def test_not_is_its_own_opposite(pattern, subject):
    assert (~~pattern).matches(subject) == pattern.matches(subject)
    assert (pattern | ~pattern).matches(subject)
    assert not (pattern & ~pattern).matches(subject)


@laws
@given(patterns, subjects)
def test_equal_patterns_match_the_same(pattern, subject):
    twin = pattern & Anything()

    assert twin == pattern & Anything()
    assert hash(twin) == hash(pattern & Anything())
    assert twin.matches(subject) == pattern.matches(subject)


SUBJECT = Subject(
    surface="azure",
    operation="content",
    model="sora-2-2025-12-08",
    prompt="A cat, and a dog",
    headers={"x-run": "nightly 7"},
    video_id="video_1",
    age=4.0,
    ended=1.0,
)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (Anything(), True),
        (OnSurface(frozenset({"azure", "openai"})), True),
        (OnSurface(frozenset({"openai"})), False),
        (Asks(frozenset({"content"})), True),
        (Asks(frozenset({"create"})), False),
        (OfModel("sora-2-*"), True),
        (OfModel("sora-2"), False),
        (OfModel("SORA-*"), False),
        (Prompted("cat.*dog"), True),
        (Prompted("^cat"), False),
        (HasHeader("x-run", (r"\d$")), True),
        (HasHeader("x-run", ("weekly")), False),
        (HasHeader("x-other", ("")), False),
        (OfVideo("video_1"), True),
        (OfVideo("video_2"), False),
        (Younger(4.0, Moment.CREATION), False),
        (Younger(4.1, Moment.CREATION), True),
        (Younger(1.5, Moment.COMPLETION), True),
        (Younger(1.0, Moment.COMPLETION), False),
    ],
)
def test_each_condition_asks_for_one_thing(pattern, matches):
    assert pattern.matches(SUBJECT) is matches


@pytest.mark.parametrize(
    "pattern",
    [
        OfModel("*"),
        Prompted(""),
        HasHeader("x-run", ("")),
        OfVideo("video_1"),
        Younger(9.0, Moment.CREATION),
        Younger(9.0, Moment.COMPLETION),
    ],
)
def test_what_a_request_does_not_have_matches_nothing(pattern):
    assert pattern.matches(Subject()) is False


def test_a_long_prompt_is_searched_in_its_beginning_alone():
    text = "x" * (LONGEST_SEARCHED - 3) + "cat" + "dog"

    assert Prompted("cat").matches(Subject(prompt=text))
    assert not Prompted("dog").matches(Subject(prompt=text))


def test_a_condition_must_say_what_it_matches():
    with pytest.raises(NotImplementedError):
        Combines().matches(SUBJECT)
