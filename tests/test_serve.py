"""`fauxreel serve` as a process: its output, its addresses, and its end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

import pytest

from fauxreel import __version__

HEALTH = (200, {"status": "ok", "version": __version__})
# Typically some milliseconds; more would be a wait.
MOST_SECONDS = 2


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str
    seconds: float


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    said: str

    @property
    def port(self) -> int:
        return int(re.findall(r":(\d+)", self.said)[-1])

    def ask(
        self, method: str, path: str, body: Any = None, host: str = "127.0.0.1"
    ) -> tuple[int, Any]:
        headers = {"Authorization": "Bearer sk-any", "Content-Type": "application/json"}
        with closing(HTTPConnection(host, self.port, timeout=10)) as connection:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def end(self, number: int = signal.SIGTERM) -> Ended:
        started = perf_counter()
        self.process.send_signal(number)
        status = self.process.wait()
        seconds = perf_counter() - started
        print(f"ended in {seconds * 1000:.0f} ms")
        return Ended(status, *self.process.communicate(), seconds)


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts servers on free ports; waits for the ready line of each."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> Running:
        port = () if "--port" in arguments or "FAUXREEL_PORT" in environment else ("--port", "0")
        process = subprocess.Popen(
            [sys.executable, "-m", "fauxreel", "serve", *port, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        processes.append(process)
        return Running(process, process.stdout.readline())

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def failed(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "fauxreel", "serve", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stdout, done.stderr


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def test_output_is_one_ready_line(serve):
    server = serve()
    server.ask("GET", "/_fauxreel/health")
    ended = server.end()

    assert re.fullmatch(r"ready http://127\.0\.0\.1:\d+\n", server.said)
    assert ended.out == ""


def test_output_as_json_is_one_object(serve):
    server = serve("--log-format", "json")
    server.ask("GET", "/_fauxreel/health")
    ended = server.end()

    assert json.loads(server.said) == {"event": "ready", "url": f"http://127.0.0.1:{server.port}"}
    assert (server.said.count("\n"), ended.out) == (1, "")


@needs_ipv6
def test_both_loopback_addresses_are_served(serve):
    server = serve()

    assert server.ask("GET", "/_fauxreel/health") == HEALTH
    assert server.ask("GET", "/_fauxreel/health", host="::1") == HEALTH


@needs_ipv6
def test_one_address_is_served_alone_when_it_is_named(serve):
    server = serve("--host", "::1")

    assert server.said == f"ready http://[::1]:{server.port}\n"
    assert server.ask("GET", "/_fauxreel/health", host="::1") == HEALTH
    with pytest.raises(ConnectionRefusedError):
        server.ask("GET", "/_fauxreel/health", host="127.0.0.1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_from_the_ready_line_on(serve, number):
    ended = serve().end(number)

    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert ended.seconds < MOST_SECONDS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_connection_does_not_hold_up_the_end(serve, number):
    server = serve("--log-level", "error")
    with closing(HTTPConnection("127.0.0.1", server.port)) as connection:
        connection.request("GET", "/_fauxreel/health")
        connection.getresponse().read()
        ended = server.end(number)
        left = connection.sock.recv(1)

    assert (ended.status, ended.err, left) == (0, "", b"")
    assert ended.seconds < MOST_SECONDS


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /v1/vid",
        (
            b"POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-any\r\n"
            b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        ),
    ],
    ids=["head", "body"],
)
def test_a_request_half_sent_does_not_hold_up_the_end(serve, sent):
    server = serve("--log-level", "error")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(sent)
        server.ask("GET", "/_fauxreel/health")
        ended = server.end()

    assert (ended.status, ended.err) == (0, "")
    assert ended.seconds < MOST_SECONDS


def test_each_request_is_a_line_of_the_log(serve):
    server = serve()
    server.ask("GET", "/_fauxreel/health")
    server.ask("POST", "/v1/videos", {"prompt": "a secret prompt"})
    server.ask("GET", "/v1/nothing%0Ahere?key=secret")
    ended = server.end()

    line = r"\d\d:\d\d:\d\d {} \d+\.\dms\n"
    expected = ("GET /_fauxreel/health 200", "POST /v1/videos 200", r"GET /v1/nothing\\nhere 404")
    saved = r"INFO: \$0\.00 spent instead of \$0\.40\n"
    left = r"(INFO: .*client defect never-collected .*\n){2}"
    assert re.fullmatch("".join(map(line.format, expected)) + saved + left, ended.err)


def test_the_log_as_json_is_an_object_a_line(serve):
    server = serve("--log-format", "json")
    server.ask("GET", "/_fauxreel/health")
    (line,) = map(json.loads, server.end().err.splitlines())

    assert line == {
        "time": line["time"],
        "method": "GET",
        "path": "/_fauxreel/health",
        "status": 200,
        "milliseconds": line["milliseconds"],
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["time"])
    assert 0 < line["milliseconds"] < 1000


def test_there_is_no_log_of_requests_at_level_error(serve):
    server = serve("--log-level", "error")
    server.ask("GET", "/_fauxreel/health")

    assert server.end().err == ""


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("text", "WARNING: Invalid HTTP request received."),
        ("json", '{"level": "warning", "message": "Invalid HTTP request received."}'),
    ],
)
def test_what_is_not_http_is_a_400_and_a_line_for_who_debugs(serve, form, line):
    server = serve("--log-level", "debug", "--log-format", form)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01 this is TLS\r\n\r\n")
        answer = connection.makefile("rb").readline()

    assert answer == b"HTTP/1.1 400 Bad Request\r\n"
    assert line in server.end().err.splitlines()


@pytest.mark.parametrize("host", [(), ("--host", "127.0.0.1")])
def test_a_taken_port_is_one_line_and_status_1(host):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert failed("--port", str(port), *host) == (
            1,
            "",
            (
                f"fauxreel: cannot listen on 127.0.0.1 port {port}: Address already in use; "
                "--port chooses another, --port 0 a free one.\n"
            ),
        )


def test_a_host_that_is_not_this_machine_is_one_line_and_status_1():
    assert failed("--port", "0", "--host", "no such host") == (
        1,
        "",
        "fauxreel: 'no such host' is not an address of this machine; --host names one.\n",
    )


def test_a_bad_file_of_models_is_one_line_and_status_2(tmp_path):
    models = tmp_path / "models.toml"
    models.write_text("[models.mine]\nseconds = [4]\n")

    assert failed("--port", "0", "--models", str(models)) == (
        2,
        "",
        f"fauxreel: --models {models}: models.mine: has no sizes.\n",
    )


def test_models_of_ones_own_are_served(serve, tmp_path):
    models = tmp_path / "models.toml"
    models.write_text('[models.mine]\nseconds = [5]\nsizes = ["640x360"]\n')
    server = serve("--models", str(models))
    wanted = {"prompt": "a cat", "model": "mine", "seconds": "5", "size": "640x360"}
    status, video = server.ask("POST", "/v1/videos", wanted)

    assert status == 200
    assert {name: video[name] for name in wanted} == wanted


def test_variables_are_settings(serve):
    server = serve(FAUXREEL_PORT="0", FAUXREEL_SEED="12")
    _, settings = server.ask("GET", "/_fauxreel/settings")

    assert (settings["port"], settings["seed"]) == (0, 12)


def test_a_job_completes_within_three_seconds_by_default(serve):
    server = serve("--clock", "manual")
    _, video = server.ask("POST", "/v1/videos", {"prompt": "a cat"})
    seen = []
    for seconds in (0, 0.5, 2.5):
        server.ask("POST", "/_fauxreel/clock/advance", {"seconds": seconds})
        seen.append(server.ask("GET", f"/v1/videos/{video['id']}")[1]["status"])

    assert seen == ["queued", "in_progress", "completed"]
