"""Scenarios with settings, with each other, and of the user's own."""

import pytest

from fauxreel import Emulator
from fauxreel.scenarios import SCENARIOS, applied, known
from fauxreel.settings import SettingError, Settings, resolve
from surfaces import OPENAI, running

OWN = """
scenario = ["mine", "flaky"]

[scenarios.mine]
help = "a long queue, and no lists"
settings = {queue_seconds = 30, phrases = false}
rules = ["operation=list error=overloaded", {fail = "server_error", prompt = "dog"}]

[scenarios.flaky]
rules = "stuck=5"
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "fauxreel.toml"
    path.write_text(OWN)
    return resolve(config=path)


def test_what_the_user_gave_wins_over_a_scenario_even_if_it_is_the_default():
    settings = resolve({"scenario": "slow", "queue_seconds": "0.5"})
    found = applied(settings.settings, settings.sources).settings
    assert (found.queue_seconds, found.processing_seconds) == (0.5, 240)


def test_settings_made_in_python_count_as_given_where_they_are_not_the_default():
    found = applied(Settings(scenario=("slow",), queue_seconds=3)).settings
    assert (found.queue_seconds, found.processing_seconds) == (3, 240)


def test_the_users_rules_are_asked_before_those_of_scenarios():
    found = applied(Settings(scenario=("stuck", "moderated"), rules=("fail=server_error",)))
    assert [rule.text for rule in found.rules] == [
        "fail=server_error",
        "stuck=99",
        "prompt=input fail=moderation_blocked_input",
        "fail=moderation_blocked",
    ]


def test_of_two_scenarios_with_the_same_setting_the_first_one_has_its_way():
    table = (("quick", {"settings": {"queue_seconds": 0}}),)
    both = [
        applied(Settings(scenario=names, scenarios=table)).settings.queue_seconds
        for names in (("quick", "slow"), ("slow", "quick"))
    ]
    assert both == [0, 60]


def test_a_scenario_that_is_named_twice_counts_once():
    assert len(applied(Settings(scenario=("flaky", "flaky"))).rules) == 4


def test_scenarios_of_the_file_add_to_the_shipped_ones_and_replace_them(own):
    scenarios = known(own.settings)
    found = applied(own.settings, own.sources)
    assert list(scenarios) == [*SCENARIOS, "mine"]
    assert scenarios["mine"].help == "a long queue, and no lists"
    assert (found.settings.queue_seconds, found.settings.phrases) == (30, False)
    assert [rule.text for rule in found.rules] == [
        "operation=list error=overloaded",
        "fail=server_error prompt=dog",
        "stuck=5",
    ]


def test_a_scenario_of_the_users_is_in_force(own):
    with running(settings=own.settings, clock=None) as run:
        ask = run()
        listed = ask("GET", "/v1/videos").status
        path = OPENAI.made(ask, "complete")
        assert (listed, ask("GET", path).json["status"]) == (503, "queued")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"scenario": "flakey"},
            (f"scenario -> 'flakey' is not a scenario. Did you mean flaky? "
            f"Valid: {', '.join(SCENARIOS)}."),
        ),
        (
            {"scenario": "xyz", "scenarios": {"my": {}}},
            f"scenario -> 'xyz' is not a scenario. Valid: {', '.join(SCENARIOS)}, my.",
        ),
        ({"scenarios": {"my": 3}}, "scenarios.my -> 3: a table is wanted."),
        (
            {"scenarios": {"my": {"rule": "stuck"}}},
            "scenarios.my.rule is not a key. Valid keys: help, settings, rules.",
        ),
        ({"scenarios": {"my": {"help": 3}}}, "scenarios.my.help -> 3: a text is wanted."),
        ({"scenarios": {"my": {"settings": 3}}}, "scenarios.my.settings -> 3: a table is wanted."),
        (
            {"scenarios": {"my": {"settings": {"queue_seconds": "x"}}}},
            ("scenarios.my.settings.queue_seconds: 'x' is not valid. "
            "Valid: a number of 0 or more."),
        ),
        (
            {"scenarios": {"my": {"settings": {"queue_second": 1}}}},
            "scenarios.my.settings.queue_second is not a setting. Did you mean queue_seconds?",
        ),
        ({"scenarios": {"my": {"rules": 3}}}, "scenarios.my.rules -> 3: a list or a text is wanted."),
        (
            {"scenarios": {"my": {"rules": ["stuck=99", {"stuck": 100}]}}},
            ("scenarios.my.rules[1].stuck -> 100 is not valid. "
            "Valid: queued, or a progress from 0 to 99."),
        ),
        (
            {"scenario": "realistic,slow"},
            ("scenario 'slow' has no effect with the timeline 'realistic' (scenario 'realistic'): "
            "leave one of the two out."),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_scenarios_is_said_in_a_line_with_its_place(settings, message):
    with pytest.raises(SettingError) as refused:
        Emulator(**settings)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", "0.0.0.0"),
        ("keys", ["sk-1"]),
        ("control_token", "secret"),
        ("allowed_hosts", ["example.com"]),
        ("files_dir", "/"),
        ("fetch_image_urls", True),
        ("scenario", ["flaky"]),
        ("rules", ["stuck=99"]),
    ],
)
def test_a_scenario_may_change_live_settings_only(name, value):
    with pytest.raises(SettingError, match="Those that can: queue_seconds, ") as refused:
        Emulator(scenarios={"my": {"settings": {name: value}}})
    place = f"scenarios.my.settings.{name} cannot be changed by a scenario. "
    assert str(refused.value).startswith(place)
