"""All faults, one after the other, through `fauxreel serve`: its stderr stays a plain log."""

import http.client
import subprocess
import sys
from contextlib import closing

from running import KEY

RULES = [
    "error=rate_limit", "error=418 headers.x-a=b", "latency=0.01", "disconnect", "reset",
    "reset at=50%", "truncate=50%", "truncate=0", "drip=0.05", "bandwidth=10000000", "stall=0.01",
    "stall=0.01 at=1", "stall=forever", "stall=forever at=1", "corrupt=3", "malformed_chunk",
    "empty", "content_type=text/plain", "json_body", "html=502", "redirect", "redirect=/x status=307",
    "missing=99", "pass", "disconnect accepted", "error=500 accepted", "nonsense",
]  # fmt: skip


def tried(port, method, path, rule):
    """What comes of a request; the client goes away when nothing does."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=0.3)) as client:
        try:
            client.request(method, path, headers={**KEY, "X-Fauxreel": rule})
            return len(client.getresponse().read())
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__


def test_no_fault_leaves_a_traceback_or_a_complaint_of_the_server():
    command = (
        sys.executable,
        "-m",
        "fauxreel",
        "serve",
        "--port",
        "0",
        "--queue-seconds",
        "0",
        "--log-level",
        "debug",
    )
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        port = int(process.stdout.readline().rpartition(":")[2])
        found = {
            (method, rule): tried(port, method, path, rule)
            for rule in RULES
            for method, path in (
                ("GET", "/v1/models"),
                ("HEAD", "/v1/videos"),
                ("GET", "/litellm/v1/videos?custom_llm_provider=openai"),
            )
        }
        after = tried(port, "GET", "/v1/videos", "pass")
        process.terminate()
        _, stderr = process.communicate(timeout=30)

    assert isinstance(after, int)
    assert found["GET", "stall=forever"] == "TimeoutError"
    assert found["GET", "reset"] == "ConnectionResetError"
    assert process.returncode == 0
    for complaint in (
        "Traceback",
        "ASGI callable",
        "Exception",
        "Error:",
        "never retrieved",
        "socket.send",
    ):
        assert complaint not in stderr
    assert stderr.count("\n") >= len(RULES)
