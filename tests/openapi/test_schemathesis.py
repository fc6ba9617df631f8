"""Schemathesis against running servers, a surface each: all phases, two projects, and no exception
but those that `schemathesis.toml` and `hooks.py` give a reason for."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each surface has its own videos: the schemas are those of what it has made itself.
SERVE = (
    "serve --port 0 --keys sk-one,sk-two --queue-seconds 0 --processing-seconds 0 --log-level error"
    " --separate-surfaces --azure-specified-routes"
)
RUN = "run {url}/openapi.json --url {url} --no-color --include-path-regex {below}"
SURFACES = ("^/v1/", "^/openai/v1/", "^/litellm/v1/")
PHASES = ("Examples", "Coverage", "Fuzzing", "Stateful")
MOST_SECONDS = 300

pytestmark = pytest.mark.slow


@pytest.fixture
def servers():
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "fauxreel", *SERVE.split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in SURFACES
    ]
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def fuzz(root_url, below, folder):
    """A run; its report as text."""
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *RUN.format(url=root_url, below=below).split()],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=MOST_SECONDS,
    )


def test_schemathesis_finds_nothing(servers, tmp_path):
    urls = [server.stdout.readline().removeprefix("ready ").strip() for server in servers]
    folders = [tmp_path / str(number) for number, _ in enumerate(SURFACES)]
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(fuzz, urls, SURFACES, folders))
    selected = 0
    for server, done in zip(servers, runs, strict=True):
        server.terminate()
        _, told = server.communicate()
        print(done.stdout)
        assert done.returncode == 0, done.stdout + done.stderr
        for phase in PHASES:
            assert re.search(rf"✅\s+{phase}", done.stdout), f"{phase} did not run"
        operations = re.search(r"Operations:\s+(\d+) selected / (\d+) total", done.stdout)
        selected += int(operations[1])
        assert told == ""
    assert selected == int(operations[2])
