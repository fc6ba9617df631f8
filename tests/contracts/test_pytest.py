"""The clauses as tests of pytest, in a pytest of its own."""

import os
import re
import subprocess
import sys

import pytest

from altered import QUICK, altered
from fauxreel import Emulator

pytestmark = pytest.mark.slow


def pytest_run(*arguments, cwd, **variables):
    # The options of this repository's own run are none of its.
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    plain = ("-m", "pytest", "--pyargs", "fauxreel_contracts", "-p", "no:cacheprovider", "-rsxf")
    return subprocess.run(
        [sys.executable, *plain, *arguments],
        cwd=cwd,
        env=environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def quick_run(*arguments, cwd):
    """The same without the plugins of others, which take a second to load."""
    plugin = ("-p", "fauxreel_contracts.pytest_plugin")
    return pytest_run(*plugin, *arguments, cwd=cwd, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def test_each_clause_is_a_test_and_everything_made_is_deleted(tmp_path):
    with Emulator(**QUICK) as emulator:
        done = pytest_run(
            "--fauxreel-target", emulator.base_url, "--fauxreel-severity", "must", cwd=tmp_path
        )

        assert list(emulator.videos) == []
    assert done.returncode == 0, done.stdout
    assert "must: 0 not held" in done.stdout
    assert re.search(r"at worst [234] videos of (8|12|16) seconds, \$", done.stdout)


def test_what_differs_fails_and_what_is_left_out_is_skipped(tmp_path):
    def refusing(passage):
        if passage.lists:
            passage.answer({"detail": "Not Found"}, 404)

    with altered(refusing) as emulator:
        done = quick_run(
            "--fauxreel-target",
            emulator.base_url,
            "--fauxreel-clause",
            "list.answer.shape",
            "--fauxreel-clause",
            "create.form",
            "--fauxreel-free",
            cwd=tmp_path,
        )

    assert done.returncode == 1
    assert "✗ list.answer.shape [must, verbatim]" in done.stdout
    assert "could generate a video, and the run is a free one" in done.stdout
    assert "1 failed, 1 skipped" in done.stdout


def test_what_is_known_to_differ_is_an_expected_failure(tmp_path):
    (tmp_path / "odd.toml").write_text(
        'dialect = "openai"\nsource = "a test"\n[deviations]\n"list.*" = "there is none"\n'
    )

    def refusing(passage):
        if passage.lists:
            passage.answer({}, 404)

    with altered(refusing) as emulator:
        done = quick_run(
            "--fauxreel-target",
            emulator.base_url,
            "--fauxreel-clause",
            "list.answer.shape",
            "--fauxreel-profile",
            "odd.toml",
            "--fauxreel-max-spend",
            "0",
            cwd=tmp_path,
        )

    assert done.returncode == 0
    assert "1 xfailed" in done.stdout
    assert "differs as known: there is none" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fauxreel-target", "nobody"],
        ["--fauxreel-target", "http://127.0.0.1:1/v1", "--fauxreel-topic", "nope"],
        ["--fauxreel-target", "http://127.0.0.1:1/v1", "--fauxreel-clause", "nope"],
    ],
)
def test_a_mistake_is_a_usage_error(arguments, tmp_path):
    done = quick_run(*arguments, cwd=tmp_path)

    assert done.returncode != 0
    assert "no" in done.stdout + done.stderr


def test_without_a_target_nothing_runs(tmp_path):
    done = quick_run(cwd=tmp_path)

    assert "1 skipped" in done.stdout
