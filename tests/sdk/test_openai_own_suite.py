"""The tests that openai-python ships for its own `client.videos`, against `fauxreel serve`.

They come with the source distribution only, and run in an environment of their own.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

VERSION = "3.51.0"
# What the suite's own conftest and plugins import.
NEEDED = (
    f"openai[aiohttp]=={VERSION}",
    *("pytest", "pytest-asyncio", "pytest-xdist", "dirty-equals", "inline-snapshot"),
    *("httpx2", "nest_asyncio", "respx", "rich", "time-machine"),
)


def run(*command, **options):
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, **options
    )
    return done.returncode, done.stdout + done.stderr


def pip(python, *arguments):
    code, said = run(python, "-m", "pip", "-q", "--disable-pip-version-check", *arguments)
    assert code == 0, said


@pytest.fixture
def sources(tmp_path):
    """The unpacked source distribution."""
    wanted = ("--no-deps", "--no-binary", ":all:", f"openai=={VERSION}", "-d", str(tmp_path))
    pip(sys.executable, "download", *wanted)
    with tarfile.open(tmp_path / f"openai-{VERSION}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / f"openai-{VERSION}"


@pytest.fixture
def python(tmp_path):
    """The interpreter of an environment with what the suite needs."""
    code, said = run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    assert code == 0, said
    folder = "Scripts" if sys.platform == "win32" else "bin"
    interpreter = str(Path(tmp_path, "venv", folder, "python"))
    pip(interpreter, "install", *NEEDED)
    return interpreter


@pytest.fixture
def root_url():
    command = (sys.executable, "-m", "fauxreel", "serve", "--port", "0", "--lenient")
    with subprocess.Popen(
        (*command, "--log-level", "error"), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().removeprefix("ready ").strip()
        server.terminate()


@pytest.mark.slow
def test_the_suite_of_the_sdk_passes_entirely_at_the_root_and_at_v1(sources, python, root_url):
    suite = ("-p", "no:cacheprovider", "-n", "2", "tests/api_resources/test_videos.py")
    for base_url in (root_url, f"{root_url}/v1"):
        environ = {**os.environ, "TEST_API_BASE_URL": base_url}
        code, said = run(python, "-m", "pytest", *suite, cwd=sources, env=environ)
        assert (code, "188 passed, 4 skipped in " in said) == (0, True), said
