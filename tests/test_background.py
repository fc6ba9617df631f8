"""Blocking work in daemon threads, and that the end of a server waits for none of it."""

import asyncio
import http.client
import json
import subprocess
import sys
import threading
import time

import pytest

from fauxreel.background import Workers


def test_a_function_runs_in_a_thread_of_its_own_and_its_result_comes_back():
    def work(left, *, right):
        return left + right, threading.current_thread().daemon

    assert asyncio.run(Workers(1).run(work, 1, right=2)) == (3, True)


def test_an_error_comes_back_as_it_is():
    def fail():
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        asyncio.run(Workers(1).run(fail))


def test_no_more_run_at_a_time_than_may():
    running, most, lock = 0, 0, threading.Lock()
    turn = threading.Event()

    def work():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        turn.wait(0.02)
        with lock:
            running -= 1

    async def all_of_them():
        workers = Workers(2)
        await asyncio.gather(*(workers.run(work) for _ in range(6)))

    asyncio.run(all_of_them())
    assert most == 2


def test_a_loop_ends_while_a_function_still_runs():
    release = threading.Event()

    async def leave():
        task = asyncio.ensure_future(Workers(1).run(release.wait, 30))
        await asyncio.sleep(0)
        task.cancel()

    started = time.perf_counter()
    asyncio.run(leave())
    release.set()
    assert time.perf_counter() - started < 5


def test_serve_ends_at_once_while_a_clip_is_made(tmp_path):
    models = tmp_path / "models.toml"
    models.write_text('[models.large]\nseconds = [4]\nsizes = ["4096x4096"]\n')
    quick = ("--queue-seconds", "0", "--processing-seconds", "0")
    kept = ("--models", models, "--media-cache", tmp_path / "cache")
    process = subprocess.Popen(
        (sys.executable, "-m", "fauxreel", "serve", "--port", "0", *quick, *kept),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = process.stdout.readline().split("//")[1].strip()
    headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("POST", "/v1/videos", '{"prompt": "x", "model": "large"}', headers)
    video_id = json.loads(connection.getresponse().read())["id"]
    connection.request("GET", f"/v1/videos/{video_id}/content", headers=headers)
    # Another request is answered meanwhile: the first one is under way.
    other = http.client.HTTPConnection(address, timeout=10)
    other.request("GET", "/_fauxreel/health")
    other.getresponse().read()
    other.close()
    started = time.perf_counter()
    process.terminate()
    _, told = process.communicate(timeout=10)
    connection.close()
    assert process.returncode == 0
    assert "Traceback" not in told
    assert time.perf_counter() - started < 5
