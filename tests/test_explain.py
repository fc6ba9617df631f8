"""`fauxreel explain`, `fauxreel scenarios`, and flags of lists that are given several times."""

import pytest

from fauxreel.cli import main
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.faults.conditions import CONDITIONS, COUNTS
from fauxreel.faults.grammar import KINDS, OPTIONS
from fauxreel.faults.outcomes import FAILURES
from fauxreel.faults.presets import PRESETS
from fauxreel.scenarios import SCENARIOS
from fauxreel.settings import SPECS

NAMES = (DIAGNOSTICS, KINDS, OPTIONS, CONDITIONS, COUNTS, PRESETS, FAILURES, SCENARIOS, SPECS)


def said(capsys, *arguments):
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", sorted({name for names in NAMES for name in names}))
def test_explain_says_what_every_name_means(capsys, name):
    title, *lines = said(capsys, "explain", name).splitlines()
    assert title.startswith(f"{name}: ")
    assert lines


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "fail",
            """\
fail: an outcome, a key of rules
lets the job fail
valid:   a text that is not empty
example: fail=moderation_blocked at=40
message: another message; needed for a code of your own. Valid: a text that is not empty
at:      the progress at which it fails, 0 to 99. Valid: a whole number from 0 to 99
""",
        ),
        (
            "billing_hard_limit_reached",
            """\
billing_hard_limit_reached: a way in which a job fails
code:     billing_hard_limit_reached
message:  Billing hard limit has been reached.
at:       0
evidence: inferred, openai (test fixtures of clients; never seen on a job)
example:  fail=billing_hard_limit_reached
""",
        ),
        (
            "stuck",
            """\
stuck: an outcome, a key of rules
lets the job stand still for ever
valid:   queued, or a progress from 0 to 99
example: stuck=99

stuck: a scenario
every job comes to 99 and stays there
rules:   stuck=99
example: fauxreel serve --scenario stuck
""",
        ),
        (
            "rate_limited",
            """\
rate-limited: a scenario
two requests a minute may make a job, and a third is answered 429 with Retry-After
settings: requests_per_minute = 2
example:  fauxreel serve --scenario rate-limited
""",
        ),
        (
            "rate-limit",
            """\
rate_limit: an error that a rule can ask for
429, too many requests a minute
example: error=rate_limit
""",
        ),
        (
            "ttl",
            """\
ttl: a key of rules that says when
for how many emulated seconds the rule lives
valid: a number of 0 or more
""",
        ),
    ],
)
def test_explain_tells_of_rules_and_scenarios(capsys, name, text):
    assert said(capsys, "explain", name) == text


def test_explain_of_a_misspelt_name_suggests_the_nearest(capsys):
    assert main(["explain", "moderation_bloked"]) == 2
    assert capsys.readouterr().err == (
        "fauxreel: 'moderation_bloked' has no explanation. Did you mean moderation_blocked?\n"
    )


def test_explain_of_something_else_lists_all_names(capsys):
    assert main(["explain", "123"]) == 2
    known = capsys.readouterr().err
    assert known.startswith("fauxreel: '123' has no explanation. Known: accept-user, ")
    assert all(f" {name}" in known for name in (*KINDS, *SCENARIOS, *DIAGNOSTICS, *PRESETS))


def test_scenarios_lists_each_by_its_name_first(capsys):
    lines = said(capsys, "scenarios").splitlines()
    assert [line.split("  ", 1)[0] for line in lines] == list(SCENARIOS)
    assert [line.split("  ", 1)[1].strip() for line in lines] == [
        one.help for one in SCENARIOS.values()
    ]


def test_scenarios_lists_those_of_a_file_too(capsys, tmp_path):
    file = tmp_path / "fauxreel.toml"
    file.write_text(
        '[scenarios.mine]\nsettings = {queue_seconds = 5, phrases = false, timeline = "steps"}\n'
        'rules = [{stuck = 99, model = "sora-*"}, "error=500"]\n'
        "[scenarios.empty]\n"
    )
    *_, mine, empty = said(capsys, "scenarios", "--config", str(file)).splitlines()
    assert mine.split(maxsplit=1) == [
        "mine",
        (
            'queue_seconds = 5.0; phrases = false; timeline = "steps"; '
            "stuck=99 model=sora-*; error=500"
        ),
    ]
    assert empty.split() == ["empty", "nothing"]


@pytest.mark.parametrize("command", ["scenarios", "serve"])
def test_a_scenario_that_cannot_be_read_is_one_line_and_status_2(capsys, tmp_path, command):
    file = tmp_path / "fauxreel.toml"
    file.write_text('[scenarios.mine]\nrules = ["stuck=100"]\n')
    assert main([command, "--config", str(file)]) == 2
    assert capsys.readouterr() == (
        "",
        (
            "fauxreel: scenarios.mine.rules.stuck -> '100' is not valid. "
            "Valid: queued, or a progress from 0 to 99.\n"
        ),
    )


def test_serve_with_an_unknown_scenario_is_one_line_and_status_2(capsys):
    assert main(["serve", "--scenario", "flaky", "--scenario", "outtage"]) == 2
    assert capsys.readouterr().err == (
        "fauxreel: scenario -> 'outtage' is not a scenario. Did you mean outage? "
        f"Valid: {', '.join(SCENARIOS)}.\n"
    )


def shown(text):
    """The values that `fauxreel settings` shows."""
    rows = [line.split(" = ", 1) for line in text.splitlines() if not line.startswith(" ")]
    return {name: value.rpartition("   [")[0] for name, value in rows}


def test_flags_of_lists_may_be_given_several_times(capsys):
    scenarios = ("--scenario", "flaky,stuck", "--scenario=outage")
    rules = ("--rules", "stuck=99; error=500", "--rules", "latency=1")
    hosts = ("--allowed-hosts", "a.example", "--allowed-hosts", "b.example")
    found = shown(
        said(capsys, "settings", *scenarios, *rules, *hosts, "--keys", "a", "--keys", "b")
    )
    assert found["scenario"] == "flaky, stuck, outage"
    assert found["rules"] == "stuck=99; error=500;latency=1"
    assert found["allowed_hosts"] == "a.example, b.example"
    assert found["keys"] == "(set)"


def test_settings_shows_rules_and_scenarios_of_a_file(capsys, tmp_path):
    file = tmp_path / "fauxreel.toml"
    file.write_text('rules = [{operation = "list", error = 500}, "stuck"]\n[scenarios.mine]\n')
    found = shown(said(capsys, "settings", "--config", str(file)))
    assert found["rules"] == "operation=list error=500, stuck"
    assert found["scenarios"] == "mine"
