"""The names that programs outside this repository rely on."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import fauxreel
import fauxreel.testing
from fauxreel.handle import Handle
from fauxreel.settings import DEFAULTS, SPECS, Settings, flag, variable

ROOT = Path(__file__).parents[1]


def test_the_public_names_are_these():
    assert fauxreel.__all__ == ["Emulator", "ManualClock", "Settings", "__version__", "create_app"]


def test_the_names_for_test_frameworks_are_these():
    assert fauxreel.testing.__all__ == [
        "CannotListen",
        "Handle",
        "Session",
        "SettingError",
        "guarding",
    ]
    assert issubclass(fauxreel.testing.Handle, Handle)


def test_a_handle_has_these_names():
    assert [name for name in dir(Handle) if not name.startswith("_")] == sorted(
        [
            *("root_url", "base_url", "azure_base_url", "litellm_base_url", "environment"),
            *("client", "azure_client", "async_client", "async_azure_client", "close_clients"),
            *("litellm", "proxy_config", "project"),
            *("space", "serves", "on_loop", "call"),
            *("clock", "rules", "next_answer", "next_job", "fail_next", "seed", "reset"),
            *("videos", "requests", "diagnostics", "usage", "snapshot", "look"),
            *("assert_created_once", "assert_polled_politely", "assert_downloaded"),
            *("assert_all_fired", "assert_no_diagnostics", "assert_resilient"),
        ]
    )


@pytest.mark.parametrize("name", [name for name in fauxreel.__all__ if name != "__version__"])
def test_each_public_name_is_there_and_says_what_it_is(name):
    public = getattr(fauxreel, name)

    assert public.__name__ == name
    assert public.__doc__.strip()
    assert not public.__doc__.startswith(f"{name}(")


def test_all_public_names_can_be_imported_at_once():
    names: dict[str, object] = {}
    exec("from fauxreel import *", names)

    assert set(fauxreel.__all__) <= names.keys()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="^module 'fauxreel' has no attribute 'Emulate'$"):
        _ = fauxreel.Emulate


def test_the_version_is_the_changelogs():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", changelog, re.MULTILINE)
    released = [version for version, _ in headings if version != "Unreleased"]

    assert re.fullmatch(r"\d+\.\d+\.\d+(?:\.dev\d+|(?:a|b|rc)\d+)?", fauxreel.__version__)
    assert headings
    assert all(date for version, date in headings if version != "Unreleased")
    # Before the first release, what is to come stands under Unreleased.
    assert released[:1] in ([fauxreel.__version__], [])


@pytest.mark.parametrize("package", ["emulator/fauxreel", "contracts/fauxreel_contracts"])
def test_both_packages_say_that_they_are_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_each_setting_has_a_flag_a_variable_help_and_valid_values():
    assert list(SPECS) == list(DEFAULTS) == [field.name for field in fields(Settings)]
    for name, spec in SPECS.items():
        assert re.fullmatch(r"--[a-z]+(-[a-z]+)*", flag(name))
        assert re.fullmatch(r"FAUXREEL_[A-Z]+(_[A-Z]+)*", variable(name))
        assert spec.help
        assert not spec.help.endswith(".")
        assert spec.valid


def test_each_default_is_a_valid_value():
    for name, default in DEFAULTS.items():
        if default not in (None, ()):
            assert SPECS[name].parse(default) == default
