"""Rules as text and as tables are the same rules, and garbage is an error in bounded time."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.faults.grammar import (
    KEYS,
    KINDS,
    OUTCOMES,
    RuleError,
    Source,
    rule_of,
    rules_of_text,
    tables_of,
    text_of,
)
from rule_texts import DRAW, HERE, problem, read

laws = settings(deadline=None)


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("", []),
        (" ;; ; ", []),
        ("a", [{"a": True}]),
        ("a=", [{"a": ""}]),
        ("a=1 b=x", [{"a": "1", "b": "x"}]),
        ("  a =  1\t\nb= x ;c", [{"a": "1", "b": "x"}, {"c": True}]),
        ("a=1;b=2;", [{"a": "1"}, {"b": "2"}]),
        ('a="x y; z" b=1', [{"a": "x y; z", "b": "1"}]),
        ("a='x \"y\" z'", [{"a": 'x "y" z'}]),
        (r'a="\"\\" b="\d+\."', [{"a": '"\\', "b": r"\d+\."}]),
        (r"a=\d+ b=x=y", [{"a": r"\d+", "b": "x=y"}]),
        ("h.X-A=1 h.b=2 c", [{"h": {"X-A": "1", "b": "2"}, "c": True}]),
        ("message=größe", [{"message": "größe"}]),
    ],
)
def test_text_stands_for_tables(text, tables):
    assert tables_of(text, HERE) == tables


@pytest.mark.parametrize(
    "text", ["=1", 'a="x', "a='x", 'a="x"y', "a=1 =2", "ä=1", "a, b", "(a)", '"a"', "a=1 &b"]
)
def test_text_that_is_none_is_named_with_its_place(text):
    assert problem(text) == (
        f"rules: {text.removeprefix('a=1 ')!r} cannot be read. Rules are key=value pairs, quotes "
        "stand around a whole value, and a semicolon stands between two rules."
    )


TABLES = [
    {"operation": "create", "error": "rate_limit", "times": 2},
    {"operation": ["create", "remix"], "surface": ("openai",), "error": 503, "nth": [1, 3]},
    {"error": "418", "message": 'say "no"; \\ never\nagain', "headers": {"x-a": "b c", "x-d": ""}},
    {"header": {"x-run": "^a b$", "accept": True}, "latency": 1.5, "probability": 0.25},
    {"prompt": "cat|dog", "model": "sora-*", "disconnect": True, "accepted": True},
    {"video": "video_1", "truncate": "50%", "after": 1, "until": 10.5, "ttl": 20},
    {"fail": "mine", "message": "it's broken", "at": 40, "accepted": False},
    {"stall": "forever", "at": 1000, "every": 3, "first": 9},
    {"missing": 3, "since": "completion"},
    {"redirect": "/x?y=1;2", "status": 307},
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: text_of(table)[:40])
def test_a_table_and_its_text_are_the_same_rule(table):
    rule = rule_of(table, HERE, "rules")

    assert read(text_of(table)) == rule
    assert read(rule.text) == rule


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
names = st.text(string.ascii_letters + string.digits + "-_.", min_size=1, max_size=10)
tables = st.fixed_dictionaries(
    {"error": st.sampled_from(["rate_limit", "quota", 503, "404"])},
    optional={
        "message": texts.filter(str.strip),
        "code": texts.filter(str.strip),
        "model": texts.filter(str.strip),
        "operation": st.sampled_from(["create", ["list", "create"], "create,content"]),
        "nth": st.one_of(st.integers(1, 99), st.lists(st.integers(1, 99), min_size=1)),
        "probability": st.floats(0, 1),
        "until": st.floats(0.001, 1e9),
        "accepted": st.booleans(),
        "retry_after": st.integers(0, 86_400),
        "header": st.dictionaries(names, st.sampled_from(["a", "^b c$", '"', r"\d\\", True])),
    },
)


@laws
@given(tables)
def test_any_table_and_its_text_are_the_same_rule(table):
    assert read(text_of(table)) == rule_of(table, HERE, "rules")


@laws
@given(st.one_of(st.text(max_size=300), st.text(" ;=\"'\\.at[(x", max_size=300)))
def test_garbage_is_a_rule_error_or_no_error(text):
    try:
        rules_of_text(text, HERE)
    except RuleError as error:
        assert str(error).startswith("rules")  # noqa: PT017 - most garbage is no rule


keys = st.sampled_from(KEYS)
values = st.one_of(
    st.sampled_from(["1", "0", "-1", "a", "50%", "same", "1e999", "nan", '"']), texts
)


@laws
@given(st.lists(st.tuples(keys, values), min_size=1, max_size=5))
def test_keys_with_any_values_are_rules_or_rule_errors(pairs):
    table = dict(pairs)
    try:
        rule = rule_of(table, Source("rules"), "rules")
    except RuleError as error:
        assert str(error).startswith("rules")  # noqa: PT017
    else:
        rule.plan(DRAW)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)


@laws
@given(st.dictionaries(keys, json_values, max_size=4))
def test_tables_of_any_json_are_rules_or_rule_errors(table):
    try:
        rule_of(table, Source("rules"), "rules").plan(DRAW)
    except RuleError as error:
        assert str(error).encode("utf-8").startswith(b"rules")  # noqa: PT017


@pytest.mark.parametrize(
    "text",
    [
        "a=" + " " * 3990,
        '"' * 4000,
        "a='" * 1300,
        "a " * 2000,
        ";" * 4000,
        '\\"' * 2000,
        "a=\\" * 1333,
    ],
    ids=["spaces", "quotes", "open", "words", "ends", "escapes", "backslashes"],
)
def test_the_longest_text_is_read_in_linear_time(text):
    # Exponential or cubic time would not end within the test run.
    try:
        assert tables_of(text, HERE) is not None
    except RuleError as error:
        assert str(error).startswith("rules: ")  # noqa: PT017


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_example_of_each_kind_is_a_rule_of_it(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.mp4").write_bytes(b"no mp4")
    rule = read(kind.example)

    assert kind.name in rule.names
    assert bool(rule.outcomes) is (kind.name in OUTCOMES)
