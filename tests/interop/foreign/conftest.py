"""Servers that are not ours, and runs of the contract kit against them.

`--write-reports` keeps what the runs find in docs/reports.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from fauxreel_contracts.profile import Profile, named

ROOT = Path(__file__).parents[3]
ENGINES = Path(__file__).parent / "engines"
KEPT = ROOT / "docs" / "reports"
# What its HTTP layer imports; the engine's own packages are not needed.
FASTVIDEO = "fastvideo==0.2.1"
FOR_FASTVIDEO = (
    *("aiofiles", "fastapi>=0.129", "httpx", "orjson", "python-multipart"),
    *("pyyaml", "uvicorn>=0.41"),
)
# A run takes 20 s on a machine with nothing else to do.
RUN_SECONDS = 85
INSTALL_SECONDS = 180
START_SECONDS = 30
VARIABLE, KEY = "FOREIGN_KEY", "sk-1234"


@dataclass(frozen=True)
class Kind:
    """How a server is told to the kit.

    Args:
        target: Its entry in contracts.toml, but for the URL.
        options: What is run, if it is not everything.
    """

    target: dict[str, Any]
    options: tuple[str, ...] = ()


# What a server that remembers nothing makes is not worth waiting for.
ALWAYS_ALIKE = {"profile": "openai", "job_seconds": 2, "price_per_second": 0}
STATES = tuple(
    argument
    for topic in ("lifecycle", "retrieve", "delete", "create.id")
    for argument in ("--clause", f"{topic}.*")
)
LITELLM = {"profile": "litellm-proxy", "dialect": "litellm", "price_per_second": 0}
KINDS = {
    "litellm-proxy": Kind({**LITELLM, "key_variable": VARIABLE}),
    "qvac": Kind({"profile": "qvac"}),
    "fastvideo": Kind({"profile": "fastvideo"}),
    "steady": Kind(ALWAYS_ALIKE, STATES),
    "steady-completed": Kind(ALWAYS_ALIKE, STATES),
}


@dataclass(frozen=True)
class Measured:
    """What a run found."""

    name: str
    url: str
    status: int
    target: dict[str, Any]
    profile: Profile

    def verdicts(self) -> dict[str, str]:
        return verdicts(self.target)

    def results(self, verdict: str) -> list[dict[str, Any]]:
        return [result for result in self.target["results"] if result["verdict"] == verdict]


def verdicts(target):
    return {result["id"]: result["verdict"] for result in target["results"]}


def pytest_addoption(parser):
    parser.addoption("--write-reports", action="store_true", help="keep reports in docs/reports")


@pytest.fixture(scope="session")
def measure(request, tmp_path_factory):
    """Runs the kit against a server, once a session: `measure("qvac")`."""
    keep = request.config.getoption("--write-reports", default=False)
    done: dict[str, Measured] = {}

    def measure(name):
        if name not in done:
            url = request.getfixturevalue(name.replace("-", "_"))
            folder = tmp_path_factory.mktemp(name)
            done[name] = measured(name, url, folder)
            if keep:
                for path in (folder / f"{name}.json", folder / f"{name}.md"):
                    shutil.copy(path, KEPT)
        return done[name]

    return measure


def measured(name, url, folder):
    kind = KINDS[name]
    told = {"url": url, "job_seconds": 30, **kind.target}
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in told.items())
    (folder / "contracts.toml").write_text(f"[targets.{name}]\n{''.join(lines)}")
    files = ("--json", f"{name}.json", "--markdown", f"{name}.md")
    run = subprocess.run(
        (
            sys.executable,
            "-m",
            "fauxreel_contracts.cli",
            "run",
            name,
            "--quiet",
            *files,
            *kind.options,
        ),
        cwd=folder,
        env={**os.environ, VARIABLE: KEY},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    (target,) = json.loads((folder / f"{name}.json").read_text())["targets"]
    return Measured(name, url, run.returncode, target, named(target["profile"]))


@pytest.fixture(scope="session")
def found(request, measure):
    """What a run against the server of this name found."""
    return measure(request.param)


@pytest.fixture(scope="session")
def kept_verdicts():
    """What a report that is kept says of each clause."""

    def kept_verdicts(name):
        (target,) = json.loads((KEPT / f"{name}.json").read_text())["targets"]
        return verdicts(target)

    return kept_verdicts


# The servers, each a base URL


@pytest.fixture(scope="session")
def litellm_proxy(proxy):
    return f"{proxy}/v1"


@pytest.fixture(scope="session")
def steady_folder(tmp_path_factory):
    return npm_installed("steady", tmp_path_factory)


@pytest.fixture(scope="session")
def steady(steady_folder):
    """Its only job is queued."""
    with steady_with((ROOT / "openapi.yaml").read_text(), steady_folder, "queued.yaml") as url:
        yield url


@pytest.fixture(scope="session")
def steady_completed(steady_folder):
    """Its only job is completed from the beginning."""
    queued = (ROOT / "openapi.yaml").read_text()
    completed = queued.replace(" status: queued\n", " status: completed\n")
    completed = completed.replace(" progress: 0\n", " progress: 100\n")
    assert completed != queued
    with steady_with(completed, steady_folder, "completed.yaml") as url:
        yield url


@contextmanager
def steady_with(document, folder, name):
    (folder / name).write_text(document)
    # Its own start script would not pass a signal on.
    (program,) = folder.glob("node_modules/@stdy/cli-*/bin/steady*")
    port = free_port()
    command = (program, "--host", "127.0.0.1", "--port", str(port), "--no-color", name)
    with serving(command, port, folder, os.environ):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="session")
def qvac(tmp_path_factory):
    folder = npm_installed("qvac", tmp_path_factory)
    # It looks for a program of this name when it starts, and so does the engine.
    (folder / "bin").mkdir()
    (folder / "bin" / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    variables = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    port = free_port()
    program = ("node", "node_modules/@qvac/cli/dist/index.js", "serve", "--openai", "--no-default")
    with serving((*program, "--port", str(port)), port, folder, variables):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="session")
def fastvideo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fastvideo-server")
    installed(sys.executable, "-m", "venv", "venv", folder=folder)
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    installed(*pip, *FOR_FASTVIDEO, folder=folder)
    installed(*pip, "--no-deps", FASTVIDEO, folder=folder)
    port = free_port()
    command = (python, ENGINES / "fastvideo_server.py", str(port), "outputs")
    with serving((*command, imageio_ffmpeg.get_ffmpeg_exe()), port, folder, os.environ):
        yield f"http://127.0.0.1:{port}/v1"


def npm_installed(name, tmp_path_factory):
    """A folder with what an engine's package.json asks for."""
    folder = tmp_path_factory.mktemp(f"{name}-server") / name
    shutil.copytree(ENGINES / name, folder)
    installed("npm", "install", "--silent", "--ignore-scripts", folder=folder)
    return folder


def installed(*command, folder):
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}:\n{done.stdout}\n{done.stderr}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def serving(command, port, folder, variables):
    """Runs a server until it is no longer needed."""
    path = folder / "server.log"
    with path.open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        until_it_answers(process, port, path)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def until_it_answers(process, port, log):
    end = time.monotonic() + START_SECONDS
    while not answers(port):
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < end:
                continue
            pytest.fail(f"the server did not answer within {START_SECONDS} s:\n{log.read_text()}")
        pytest.fail(f"the server ended with {process.returncode}:\n{log.read_text()}")


def answers(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            return False
        return True
