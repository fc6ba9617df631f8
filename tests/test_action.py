"""The GitHub Action: its steps run as a runner would run them, and what they leave for others."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fauxreel.client_variables import client_variables

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


def variables(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture
def run_action(tmp_path):
    """Runs the shell steps with these inputs; the last step's result, and its two files."""
    files = {name: tmp_path / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
    for file in files.values():
        file.touch()

    def run_action(**inputs):
        defaults = {name: one["default"] for name, one in ACTION["inputs"].items()}
        values = {f"inputs.{name}": one for name, one in (defaults | inputs).items()}
        values["steps.python.outputs.python-path"] = sys.executable
        # What the step installs is to be found, and not this checkout.
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        runner = {"GITHUB_ACTION_PATH": ROOT, "RUNNER_TEMP": tmp_path, **files}
        for step in (one for one in ACTION["runs"]["steps"] if "run" in one):
            own = {
                name: EXPRESSION.sub(lambda found: values[found[1]], text)
                for name, text in step["env"].items()
            }
            done = subprocess.run(
                ("bash", "-eo", "pipefail", "-c", step["run"]),
                env={**ours, **{name: str(value) for name, value in runner.items()}, **own},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        return done, variables(files["GITHUB_ENV"]), variables(files["GITHUB_OUTPUT"])

    yield run_action
    if "pid" in (left := variables(files["GITHUB_OUTPUT"])):
        os.kill(int(left["pid"]), signal.SIGTERM)


def test_each_input_has_a_default_and_each_output_a_step_that_sets_it():
    script = (ROOT / ".ci" / "action-start.sh").read_text()

    assert all(set(one) == {"description", "default"} for one in ACTION["inputs"].values())
    assert {one["value"] for one in ACTION["outputs"].values()} == {
        f"${{{{ steps.start.outputs.{name} }}}}" for name in ACTION["outputs"]
    }
    assert set(re.findall(r'echo "(\w+)=\$', script)) == set(ACTION["outputs"])


def test_each_step_but_the_python_is_a_script_of_ours():
    steps = {one["id"]: one.get("run", one.get("uses")) for one in ACTION["runs"]["steps"]}

    assert steps == {
        "python": "actions/setup-python@v5",
        "start": 'bash "$GITHUB_ACTION_PATH/.ci/action-start.sh"',
    }


def test_version_and_source_exclude_each_other(run_action):
    done, exported, outputs = run_action(version="0.1.0", source=".")

    assert (done.returncode, done.stdout, exported, outputs) == (1, "", {}, {})
    assert done.stderr == "fauxreel: give version or source, not both\n"


@pytest.mark.slow
def test_the_steps_that_follow_find_an_emulator(run_action):
    done, exported, outputs = run_action(port="0", args="--queue-seconds 0\n  --seed 7\n")
    url = outputs.get("url", "")
    asked = subprocess.run(
        ("curl", "-fsS", f"{exported.get('FAUXREEL_URL')}/_fauxreel/settings"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    assert done.stdout.endswith(f" answers at {url}\n")
    assert exported == client_variables(url, "sk-fauxreel", os.environ)
    settings = yaml.safe_load(asked.stdout)
    assert (settings["queue_seconds"], settings["seed"]) == (0, 7)
    assert Path(outputs["log"]).is_file()


@pytest.mark.slow
def test_an_emulator_that_cannot_start_fails_the_step_with_its_own_words(run_action):
    done, exported, outputs = run_action(args="--poort 1")

    assert (done.returncode, exported, outputs) == (1, {}, {})
    assert (
        done.stderr.splitlines()[-1] == "fauxreel: --poort is not a setting. Did you mean --port?"
    )
