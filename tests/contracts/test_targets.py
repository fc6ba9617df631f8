"""Targets: what is guessed, what is refused, and where a key may go."""

import pytest

from fauxreel_contracts.dialect import Dialect, base_of, guess
from fauxreel_contracts.profile import CAPABILITIES, ProfileError, named, names, parse
from fauxreel_contracts.registry import CLAUSES
from fauxreel_contracts.target import (
    Options,
    TargetError,
    is_loopback,
    read_file,
    resolve,
    targets_named,
)

LOCAL = "http://127.0.0.1:4010/v1"


@pytest.mark.parametrize(
    ("url", "dialect", "base"),
    [
        ("https://a.test/v1", Dialect.OPENAI, "https://a.test/v1"),
        ("https://a.test/v1/videos/", Dialect.OPENAI, "https://a.test/v1"),
        ("https://a.test", Dialect.OPENAI, "https://a.test"),
        ("https://a.test/openai/v1/", Dialect.AZURE, "https://a.test/openai/v1"),
        (
            "https://a.test/openai/v1/video/generations/jobs",
            Dialect.AZURE_JOBS,
            "https://a.test/openai/v1",
        ),
        ("http://a.test/litellm/v1", Dialect.LITELLM, "http://a.test/litellm/v1"),
    ],
)
def test_the_path_tells_the_dialect(url, dialect, base):
    assert (guess(url), base_of(url)) == (dialect, base)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8", True),
        ("http://fauxreel.localhost", True),
        ("http://localhost.evil.test", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_loopback_is_this_machine_alone(url, local):
    assert is_loopback(url) is local


def test_a_target_elsewhere_may_cost_nothing_and_gets_no_key_unless_told():
    target = resolve("it", Options(url="https://a.test/v1"), {"OPENAI_API_KEY": "sk-1"})

    assert (target.max_spend, target.secret, target.poll_seconds) == (0.0, None, 2.0)


def test_a_target_on_this_machine_may_cost_and_gets_some_key():
    target = resolve("it", Options(url=LOCAL), {})

    assert target.secret is not None
    assert (target.max_spend, target.secret.variable) == (None, "ANY_KEY")


def test_a_key_comes_from_its_variable():
    options = Options(url="https://a.test/openai/v1", key_variable="MINE")
    target = resolve("it", options, {"MINE": "abc"})

    assert target.secret is not None
    assert (target.secret.value, target.secret.header) == ("abc", ("api-key", "{}"))
    assert "abc" not in repr(target)


@pytest.mark.parametrize(
    ("options", "environ", "message"),
    [
        (
            {"url": "http://a.test/v1", "key_variable": "MINE"},
            {"MINE": "sk-secret"},
            "it: a key is not sent over plain http, but to this machine.",
        ),
        (
            {"url": "https://a.test/v1", "key_variable": "MINE"},
            {},
            "it: the environment variable MINE is not set.",
        ),
        (
            {"url": "https://a.test/v1", "key_variable": "MINE"},
            {"MINE": "sk-\n1"},
            "it: MINE holds characters that no header may have.",
        ),
        (
            {"url": "https://me:sk-secret@a.test/v1"},
            {},
            "A base URL must not hold a key. Name its variable: --key-variable NAME.",
        ),
        (
            {"url": "a.test/v1"},
            {},
            "'a.test/v1' is no base URL. One looks like http://127.0.0.1:4010/v1.",
        ),
        (
            {"url": "https://a.test/v1?key=1"},
            {},
            "'https://a.test/v1?key=1' is no base URL: nothing may follow its path.",
        ),
        (
            {"url": "https://a.test/v1", "dialect": "azure", "profile": "qvac"},
            {},
            "it: profile qvac speaks openai, not azure.",
        ),
        (
            {"url": "https://a.test/v1", "profile": "sora"},
            {},
            f"No profile 'sora'. There are {', '.join(names())}, or give the path of a .toml file.",
        ),
    ],
)
def test_a_target_that_cannot_be_used_says_why(options, environ, message):
    with pytest.raises(TargetError) as refused:
        resolve("it", Options.model_validate(options), environ)

    assert str(refused.value) == message


def test_a_profile_tells_the_dialect_where_the_path_does_not():
    target = resolve("it", Options(url=LOCAL, profile="litellm-proxy"), {})

    assert target.dialect is Dialect.LITELLM


def test_targets_are_read_from_a_file_and_the_command_line_beats_it(tmp_path):
    path = tmp_path / "contracts.toml"
    path.write_text(f'[targets.mine]\nurl = "{LOCAL}"\nmax_spend = 1.0\nmodel = "m"\n')

    (target,) = targets_named(["mine"], {"max_spend": 2.0}, path, {})

    assert (target.name, target.base_url, target.max_spend, target.model) == (
        "mine",
        LOCAL,
        2.0,
        "m",
    )


def test_a_name_that_no_file_has_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(TargetError) as refused:
        targets_named(["mine"], {}, None, {})

    assert str(refused.value) == "'mine' is neither a URL nor a target of the file (none)."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[targets.a]\nurl = 1\n", "targets.a: url: Input should be a valid string."),
        (
            "[targets.a]\nkey = 'sk-1'\nurl = 'x'\n",
            "targets.a: key: Extra inputs are not permitted.",
        ),
        ("[a]\n", "targets stand in tables such as [targets.mine]."),
        ("x", "Expected '=' after a key in a key/value pair (at end of document)"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, text, message):
    path = tmp_path / "t.toml"
    path.write_text(text)

    with pytest.raises(TargetError) as refused:
        read_file(path)

    assert str(refused.value) == f"{path}: {message}"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TargetError, match="No such file"):
        read_file(tmp_path / "none.toml")


@pytest.mark.parametrize("name", names())
def test_each_profile_deviates_from_clauses_that_there_are(name):
    profile = named(name)

    assert profile.source
    assert [
        pattern
        for pattern in profile.deviations
        if not any(profile.deviation(each.id) for each in CLAUSES)
    ] == []


def test_each_need_is_a_capability():
    needs = {need.partition("=")[0] for clause in CLAUSES for need in clause.needs}

    assert needs <= set(CAPABILITIES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dialect = 'x'\nsource = ''", "Profile p: dialect: Input should be"),
        ("=", "Profile p: Invalid"),
        (
            "dialect = 'openai'\nsource = 'x'\n[capabilities]\nremixes = true",
            "Profile p: no capability 'remixes'. There are create_json, create_multipart,",
        ),
    ],
)
def test_a_profile_that_says_something_else_is_refused(text, message):
    with pytest.raises(ProfileError) as refused:
        parse(text, "p")

    assert str(refused.value).startswith(message)


def test_a_need_names_a_flag_or_one_of_its_values():
    text = "dialect = 'openai'\nsource = 'x'\n[capabilities]\nvariants = 'ignored'\nfields_missing = ['prompt']\nremix = false"
    profile = parse(text, "p")

    assert profile.lacks(("create_json", "create_status=200")) == ""
    assert profile.lacks(("create_json", "variants=real", "remix")) == "variants=real"
    assert profile.lacks(("remix",)) == "remix"
    assert profile.lacks(("fields_missing=prompt",)) == ""
    assert profile.lacks(("fields_missing=[]",)) == "fields_missing=[]"


def test_a_profile_may_be_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("dialect = 'openai'\nsource = 'x'\nmodel = 'wan'\n")

    target = resolve("it", Options(url=LOCAL, profile=str(path)), {})

    assert (target.profile.name, target.model) == ("mine", "wan")


def test_a_deviation_may_name_many_clauses():
    profile = parse("dialect = 'openai'\nsource = 'x'\n[deviations]\n'list.*' = 'no paging'", "p")

    assert (profile.deviation("list.after"), profile.deviation("delete.gone")) == ("no paging", "")
