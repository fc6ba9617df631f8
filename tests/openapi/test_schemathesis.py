"""Schemathesis against the running server: all phases, two projects, and no exception but those
that `schemathesis.toml` and `hooks.py` give a reason for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVE = (
    "serve --port 0 --keys sk-one,sk-two --queue-seconds 0 --processing-seconds 0 --log-level error"
)
RUN = "run {url}/openapi.json --url {url}/v1 --no-color"
PHASES = ("Examples", "Coverage", "Fuzzing", "Stateful")
MOST_SECONDS = 300

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    process = subprocess.Popen(
        [sys.executable, "-m", "fauxreel", *SERVE.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def fuzz(root_url, folder):
    """A run; its report as text."""
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *RUN.format(url=root_url).split()],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=MOST_SECONDS,
    )


def test_schemathesis_finds_nothing(server, tmp_path):
    root_url = server.stdout.readline().removeprefix("ready ").strip()
    done = fuzz(root_url, tmp_path)
    server.terminate()
    _, told = server.communicate()
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    for phase in PHASES:
        assert re.search(rf"✅\s+{phase}", done.stdout), f"{phase} did not run"
    assert re.search(r"Operations:\s+(\d+) selected / \1 total", done.stdout)
    assert told == ""
