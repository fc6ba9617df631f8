"""LiteLLM itself, in an environment of its own: its package, and its proxy, before an emulator."""

import base64
import http.client
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from fauxreel import Emulator

MASTER_KEY = "sk-1234"
# No network, no telemetry, and the documentation's key in spite of its weakness.
OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_TELEMETRY": "False",
    "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
}
CONFIG = f"""\
model_list:
  - model_name: sora-2
    litellm_params: {{model: openai/sora-2, api_base: "ROOT/v1", api_key: sk-upstream}}
  - model_name: azure-sora-2
    litellm_params: {{model: azure/sora-2, api_base: "ROOT", api_key: sk-upstream}}
router_settings: {{num_retries: 0}}
general_settings: {{master_key: {MASTER_KEY}}}
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and variables that keep what runs in it to itself."""

    programs: Path
    variables: dict[str, str]

    def run(self, script, *arguments):
        """What a driver prints."""
        driver = Path(__file__).parent / "drivers" / script
        done = subprocess.run(
            (self.programs / "python", driver, *arguments),
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{script} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def litellm(litellm_programs, tmp_path_factory):
    """An environment with litellm and what its proxy needs."""
    # A home and a PATH of its own: no settings of the machine, and no measuring of coverage.
    home = tmp_path_factory.mktemp("home")
    variables = {
        "PATH": f"{litellm_programs}{os.pathsep}{os.defpath}",
        "HOME": str(home),
        **OFFLINE,
    }
    return Environment(litellm_programs, variables)


@pytest.fixture(scope="session")
def upstream():
    """What the proxy has behind it; jobs end at once or when a test says so."""
    with Emulator(queue_seconds=1.5, processing_seconds=0.5) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def proxy(litellm, upstream, tmp_path_factory):
    """The address of a real proxy with two providers, both of them the emulator."""
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "config.yaml").write_text(CONFIG.replace("ROOT", upstream.root_url))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (litellm.programs / "litellm", "--config", "config.yaml", "--host", "127.0.0.1")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            (*command, "--port", str(port)),
            cwd=folder,
            env=litellm.variables,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, f"http://127.0.0.1:{port}/health/liveliness", folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _await(process, url, log):
    """Returns when the proxy answers; it takes about ten seconds."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"the proxy ended with {process.returncode}:\n{log.read_text()}")
    pytest.fail(f"the proxy did not answer within 90 s:\n{log.read_text()}")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@pytest.fixture(scope="session")
def ask(proxy, upstream):
    """Asks the real proxy, or the emulator as one: `ask("proxy" | "emulator", method, path)`."""
    places = {"proxy": f"{proxy}/v1", "emulator": f"{upstream.root_url}/litellm/v1"}

    def ask(where, method, path, body=None, *, key=f"Bearer {MASTER_KEY}", **headers):
        host, _, root = places[where].removeprefix("http://").partition("/")
        connection = http.client.HTTPConnection(host, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body, named = json.dumps(body), {"content-type": "application/json", **named}
        if key is not None:
            named["Authorization"] = key
        connection.request(method, f"/{root}{path}", body, named)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        reply = Reply(answer.status, found, answer.read())
        connection.close()
        return reply

    return ask


@dataclass(frozen=True)
class Finished:
    """A completed video."""

    wrapped: str
    raw: str


@pytest.fixture(scope="session")
def unwrap():
    return lambda wrapped: base64.b64decode(wrapped.removeprefix("video_")).decode()


@pytest.fixture(scope="session")
def wrap():
    """The id of a video of the openai deployment."""

    def wrap(raw):
        text = f"litellm:custom_llm_provider:openai;model_id:sora-2;video_id:{raw}"
        return "video_" + base64.b64encode(text.encode()).decode()

    return wrap


@pytest.fixture(scope="session")
def finished(ask, upstream, unwrap):
    """Makes a completed video through one of the two."""

    def finished(where, group="sora-2"):
        wanted = {"model": group, "prompt": "a cat"}
        wrapped = ask(where, "POST", "/videos", wanted).json["id"]
        raw = unwrap(wrapped).partition("video_id:")[2].partition(";")[0]
        path = f"{upstream.root_url}/_fauxreel/videos/{raw}/force"
        headers = {"content-type": "application/json"}
        force = urllib.request.Request(path, b'{"status":"completed"}', headers)
        with urllib.request.urlopen(force, timeout=10) as answer:
            assert answer.status == 200
        return Finished(wrapped, raw)

    return finished


@pytest.fixture(scope="session")
def form():
    """A multipart body and its type; bytes are an image."""

    def part(name, value):
        if isinstance(value, bytes):
            file = f'name="{name}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
            return b"--b\r\nContent-Disposition: form-data; " + file.encode() + value
        text = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        return text.encode()

    def form(**parts):
        body = b"\r\n".join(part(name, value) for name, value in parts.items())
        return {"body": body + b"\r\n--b--\r\n", "content_type": "multipart/form-data; boundary=b"}

    return form
