"""LiteLLM in an environment of its own, and its proxy in front of an emulator."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from fauxreel import Emulator


@pytest.fixture(scope="session")
def addresses() -> Iterator[dict[str, str]]:
    """The address in the documentation, and where an emulator is instead of there."""
    with Emulator(queue_seconds=0.1, processing_seconds=0.1) as emulator:
        yield {"http://127.0.0.1:4010": emulator.root_url}


StartProxy = Callable[[str, Mapping[str, str]], str]


@pytest.fixture(scope="session")
def start_proxy(litellm_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartProxy]:  # fmt: skip
    """Starts a proxy with a configuration and variables, once for the same ones; its address."""
    started: dict[str, str] = {}
    with ExitStack() as proxies:

        def start(config: str, variables: Mapping[str, str]) -> str:
            if config not in started:
                folder = tmp_path_factory.mktemp("proxy")
                (folder / "config.yaml").write_text(config)
                with socket.create_server(("127.0.0.1", 0)) as free:
                    port = str(free.getsockname()[1])
                with (folder / "log").open("w") as log:
                    process = subprocess.Popen(
                        (litellm_programs / "litellm", "--config", "config.yaml", "--host", "127.0.0.1", "--port", port),
                        cwd=folder,
                        env={**os.environ, **variables},
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )  # fmt: skip
                proxies.callback(_end, process)
                started[config] = f"http://127.0.0.1:{port}"
                _await(process, f"{started[config]}/health/liveliness", folder / "log")
            return started[config]

        yield start


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Returns when the proxy answers; it takes about ten seconds."""
    end = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.2)  # another program's start: it has nothing to wait on but its port


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
