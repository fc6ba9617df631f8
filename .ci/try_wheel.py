"""Tries an installed wheel without the checkout: serve, create, download, inspect."""

import http.client
import json
import subprocess
import sys
import time
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit


def main() -> None:
    assert find_spec("fauxreel_contracts") is not None, "the contract kit is not in the wheel"
    for package in ("fauxreel", "fauxreel_contracts"):
        assert distribution("fauxreel").locate_file(f"{package}/py.typed").exists(), package
    command = [sys.executable, "-m", "fauxreel"]
    server = subprocess.Popen(
        [*command, "serve", "--port", "0", "--queue-seconds", "0", "--processing-seconds", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = urlsplit(server.stdout.readline().split()[1]).netloc
        video = json.loads(
            send(address, "POST", "/v1/videos", '{"prompt": "a cat", "seconds": "8"}')
        )
        content = send(address, "GET", f"/v1/videos/{video['id']}/content")
    finally:
        server.terminate()
    asked = time.perf_counter()
    assert server.wait(timeout=5) == 0, server.returncode
    print(f"ended {1000 * (time.perf_counter() - asked):.0f} ms after SIGTERM")
    Path("video.mp4").write_bytes(content)
    shown = subprocess.run(
        [*command, "inspect", "--json", "video.mp4"], capture_output=True, text=True, check=True
    )
    found = json.loads(shown.stdout)
    assert (found["frames"], found["stamp"]["id"]) == (240, video["id"]), found
    print(f"the wheel works: {found['size_in_bytes']} bytes of {found['seconds']} s")


def send(address: str, method: str, path: str, body: str | None = None) -> bytes:
    connection = http.client.HTTPConnection(address, timeout=60)
    headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, data
    return data


main()
