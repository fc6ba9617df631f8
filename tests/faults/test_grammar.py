"""What the keys of a rule mean, and errors that say the place and what is valid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.faults.conditions import CONDITIONS, COUNTS
from fauxreel.faults.grammar import (
    FAULTS,
    KEYS,
    KINDS,
    OUTCOMES,
    RuleError,
    Source,
    rule_of,
    rules_of,
    rules_of_text,
)
from fauxreel.faults.patterns import Anything, Asks, Both, HasHeader, OfModel, OnSurface, Prompted
from fauxreel.faults.rule import Draw, Subject
from rule_texts import DRAW, HERE, problem, read

laws = settings(deadline=None)


def test_conditions_are_all_to_be_met():
    rule = read("surface=openai operation=create,list model=sora-* prompt=cat header=x-a:b pass")

    parts, left = [], rule.pattern
    while isinstance(left, Both):
        parts, left = [left.other, *parts], left.one
    assert [left, *parts] == [
        OnSurface(frozenset({"openai"})),
        Asks(frozenset({"create", "list"})),
        OfModel("sora-*"),
        Prompted(parts[2].expression),
        HasHeader("x-a", parts[3].expression),
    ]


def test_a_rule_without_conditions_matches_everything():
    assert read("pass").pattern == Anything()


def test_an_outcome_is_for_requests_that_make_a_job():
    rule = read("stuck=99")

    made = {op for op in ("create", "remix", "list") if rule.pattern.matches(Subject(operation=op))}
    assert made == {"create", "remix"}


@pytest.mark.parametrize("form", ["header=x-run", "header.X-Run", "header.x-run=."])
def test_a_header_without_an_expression_must_be_there_and_not_empty(form):
    pattern = read(f"{form} pass").pattern

    given_as = [{"x-run": "a"}, {"x-run": ""}, {}]
    assert [pattern.matches(Subject(headers=headers)) for headers in given_as] == [
        True,
        False,
        False,
    ]


def test_several_faults_shape_one_plan():
    plan = read("latency=2 error=503 drip=3 stall=4 corrupt=5 content_type=a/b accepted").plan(DRAW)

    assert (plan.delay, plan.pace.seconds, plan.end.seconds, plan.flips.count) == (2, 3, 4, 5)
    assert (plan.error.status, plan.content_type, plan.accepted) == (503, "a/b", True)
    assert plan.names == ("latency", "error", "drip", "stall", "corrupt", "content_type")


@laws
@given(st.floats(0, 3600), st.floats(0, 3600))
def test_a_uniform_latency_is_within_its_bounds(one, other):
    least, most = sorted((round(one, 3), round(other, 3)))
    rule = read(f"latency=uniform({least:.3f},{most:.3f})")

    assert least - 1e-9 <= rule.plan(DRAW).delay <= most + 1e-9


@laws
@given(st.integers(1, 1000))
def test_a_lognormal_latency_is_never_more_than_an_hour(number):
    delay = read("latency=lognormal(3600,10)").plan(Draw(1, "r", number)).delay

    assert 0 < delay <= 3600


def test_an_unknown_key_is_named_with_the_nearest_one_and_all_others():
    assert problem("error=503; oparation=list error=503") == (
        f"rules[1].oparation is not a key. Did you mean operation? Valid keys: {', '.join(KEYS)}."
    )


def test_a_key_that_resembles_none_is_named_with_all_others():
    assert problem("zzzzz=1") == f"rules.zzzzz is not a key. Valid keys: {', '.join(KEYS)}."


def test_a_rule_without_a_fault_is_told_all_of_them():
    assert problem("operation=create") == (
        f"rules: says when but not what. Faults: {', '.join(FAULTS)}. "
        f"Outcomes: {', '.join(OUTCOMES)}."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nth=0 pass", "rules.nth -> '0' is not valid. Valid: a number from 1, or several."),
        ("times=x pass", "rules.times -> 'x' is not valid. Valid: a whole number from 1 to 1000000000."),
        ("probability=2 pass", "rules.probability -> '2' is not valid. Valid: a number from 0 to 1."),
        ("after=-1 pass", "rules.after -> '-1' is not valid. Valid: a number of 0 or more."),
        ("accepted=maybe pass", "rules.accepted -> 'maybe' is not valid. Valid: true or false."),
        ("truncate=101%", "rules.truncate -> '101%' is not valid. Valid: a number of bytes, or a share of the body such as 50%."),
        ("disconnect=no", "rules.disconnect -> 'no' is not valid. Valid: true."),
        ("stall=never", "rules.stall -> 'never' is not valid. Valid: forever, or a number from 0 to 86400."),
        ("html=204", "rules.html -> '204' is not valid. Valid: 200, or a whole number from 400 to 599."),
        ("redirect=ftp://x", "rules.redirect -> 'ftp://x' is not valid. Valid: same, or an address that begins with http://, https:// or /."),
        ('redirect="/a b"', "rules.redirect -> '/a b' is not valid. Valid: same, or an address that begins with http://, https:// or /."),
        ("redirect=/ status=300", "rules.status -> '300' is not valid. Valid: 301, 302, 303, 307, 308."),
        ("content_type=mp4", "rules.content_type -> 'mp4' is not valid. Valid: a content type such as text/plain."),
        ("missing=1 since=ever", "rules.since -> 'ever' is not valid. Valid: creation, completion."),
        ("surface=aws pass", "rules.surface -> 'aws' is not valid. There is no 'aws'. Valid: one or several of openai, azure, azure-jobs, litellm."),
        ("prompt=( pass", "rules.prompt -> '(' is not valid. It cannot be read: missing ): (. Valid: a regular expression of at most 500 characters."),
        ('header=":x" pass', "rules.header -> ':x' is not valid. '' is not the name of a header. Valid: NAME, NAME:EXPRESSION, or a table of them."),
        ("latency=uniform(2,1)", "rules.latency -> 'uniform(2,1)' is not valid. The least is more than the most. Valid: seconds from 0 to 3600, uniform(LEAST,MOST) or lognormal(MEDIAN,SIGMA) with a sigma from 0 to 10."),
        ("error=503 status=500", "rules.error: the status is 503 and 500: leave one out."),
        ("error=503 error=500", "rules: error is given twice."),
        ("header=a header.b=c pass", "rules: header is given as a value and as a table."),
        ("header.b=c header.b=d pass", "rules: header.b is given twice."),
        ("error=503 headers=x", "rules.headers -> 'x' is not valid. Valid: a table of names and texts, in text `headers.NAME=VALUE`."),
        ("error=503 headers.content-length=3", "rules.headers -> {'content-length': '3'} is not valid. content-length is changed by content_type, truncate, malformed_chunk alone. Valid: a table of names and texts, in text `headers.NAME=VALUE`."),
        ('error=503 headers.a="b\nc"', "rules.headers -> {'a': 'b\\nc'} is not valid. a must be of one line of ASCII. Valid: a table of names and texts, in text `headers.NAME=VALUE`."),
        ("latency=1 retry_after=2", "rules.retry_after: goes with error, and none is there."),
        ("latency=1 at=2", "rules.at: goes with reset, stall, malformed_chunk, fail, and none is there."),
        ("error=503 empty", "rules: error and empty both say what is answered: leave one out."),
        ("reset disconnect", "rules: reset and disconnect both say how the answer ends: leave one out."),
        ("error=503 stuck=9", "rules: error and stuck are a fault and an outcome: make two rules of them, with a semicolon in between."),
        ("stuck=9 accepted", "rules.accepted: goes with a fault, and this rule has an outcome."),
    ],
)  # fmt: skip
def test_an_error_names_the_place_the_value_and_what_is_valid(text, said):
    assert problem(text) == said


def test_an_error_that_is_none_is_told_all_presets():
    message = problem("error=slow")

    assert message.startswith(
        "rules.error -> 'slow' is not valid. Valid: a status from 400 to 599, or one of bad_key, "
    )


@pytest.mark.parametrize("table", ["error=503", 7, None, ["error"]])
def test_a_table_that_is_none_is_named(table):
    with pytest.raises(RuleError) as caught:
        rules_of([table], HERE)

    assert str(caught.value) == f"rules -> {table!r}: a rule is a table of keys and values."


@pytest.mark.parametrize(
    "table", [{"surface": 5}, {"surface": []}, {"header": 5}, {"header": {5.5: 5}}, {"nth": None}]
)
def test_a_condition_of_another_type_is_refused(table):
    (name,) = table
    with pytest.raises(RuleError, match=rf"^rules\.{name} -> .* is not valid\. .*Valid: "):
        rule_of({**table, "pass": True}, HERE, "rules")


def test_a_value_that_is_no_text_is_refused():
    with pytest.raises(RuleError, match="^rules: holds a value that is no text.$"):
        rule_of({"error": 503, "message": "half \ud800"}, HERE, "rules")


def test_a_number_of_many_digits_is_refused():
    with pytest.raises(RuleError, match="^rules.truncate -> a number of many digits is not valid"):
        rule_of({"truncate": 10**5000}, HERE, "rules")


def test_a_text_has_a_longest_length():
    assert len(rules_of_text("pass".ljust(4000), HERE)) == 1
    assert problem("x" * 4001) == "rules: the text has 4001 characters; at most 4000 are read."


def test_there_are_at_most_64_rules():
    assert len(rules_of_text("pass;" * 64, HERE)) == 64
    assert problem("pass;" * 65) == "rules: there are 65 rules, at most 64."


@pytest.mark.parametrize(
    "expression", ["(a+)+$", "(a|a)*b", "(?:a?){30}x", "a*a*a*b", "(.*)(.*)(.*)(.*)b", "cat.*dog"]
)
def test_no_expression_takes_longer_than_the_text_is_long(expression):
    rule = rule_of({"prompt": expression, "pass": True}, HERE, "rules")

    # With an engine that goes back, each of these but the last takes ages on this text.
    assert not rule.pattern.matches(Subject(prompt="a" * 9_999 + "!"))


@pytest.mark.parametrize("expression", ["(" * 3000, "[", "a**", "x" * 501, "", r"(a)\1", "(?=a)"])
def test_an_expression_that_is_none_is_refused(expression):
    with pytest.raises(RuleError, match=r"^rules\.prompt -> "):
        rule_of({"prompt": expression, "pass": True}, HERE, "rules")


def test_all_keys_have_a_help():
    options = [option for kind in KINDS.values() for option in kind.options.values()]

    assert all(
        one.help for one in (*CONDITIONS.values(), *COUNTS.values(), *KINDS.values(), *options)
    )


def test_an_outcome_of_a_request_that_makes_no_job_is_refused():
    with pytest.raises(RuleError) as refused:
        rules_of_text("operation=retrieve,list stuck=99", Source("rules"))

    assert str(refused.value) == (
        "rules.operation: none of them makes a job, and this rule has an outcome. "
        "Those that do: create, edit, extend, remix."
    )
