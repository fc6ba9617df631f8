"""Asynchronous tests, tests side by side, and what is left of them: nothing."""

import asyncio
import json
import subprocess
import sys
from importlib.metadata import entry_points

import anyio
import pytest
from openai import AsyncOpenAI

pytestmark = pytest.mark.slow


@pytest.mark.asyncio
async def test_asynchronous_clients_poll_and_other_tasks_run_on(async_video_api):
    api, seen = async_video_api, []

    async def watch():
        seen.extend(await api.requests.arrived(1, operation="content"))

    watching = asyncio.create_task(watch())
    async with AsyncOpenAI() as client:
        video = await client.videos.create_and_poll(prompt="a cat")
        content = await client.videos.download_content(video.id)
    await watching

    assert content.content[4:8] == b"ftyp"
    assert [(request.video_id, request.status) for request in seen] == [(video.id, 200)]
    api.assert_resilient()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_tests_of_anyio_have_it_too(async_video_api, anyio_backend):
    async_video_api.fail_next("rate_limit")
    videos, prompts = async_video_api.async_client.videos, [f"cat {n}" for n in range(5)]

    async def make(prompt):
        job = await videos.create_and_poll(prompt=prompt)
        assert (job.prompt, job.status) == (prompt, "completed")

    async with anyio.create_task_group() as tasks:
        for prompt in prompts:
            tasks.start_soon(make, prompt)
        seen = await async_video_api.requests.arrived(6, operation="create")

    assert sorted(request.status for request in seen) == [200] * 5 + [429]
    assert sorted(job.prompt for job in async_video_api.videos) == prompts


LEAKS = """
import contextlib
import gc
import os
import threading

import pytest
from openai import APIConnectionError, AsyncOpenAI, OpenAI

LISTENING = "0A"

def sockets():
    gc.collect()
    links = []
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(f"/proc/self/fd/{number}"))
    return {link[8:-1] for link in links if link.startswith("socket:[")}

def test_the_first(video_api):
    video_api.client.videos.create_and_poll(prompt="a cat")

def test_the_handles_clients_are_closed(video_api):
    video_api.client.videos.list()

@pytest.mark.parametrize("again", range(3))
def test_a_server_of_its_own(video_api_factory, again):
    for _ in range(3):
        api = video_api_factory(own_server=True)
        api.next_answer(reset=True)
        with pytest.raises(APIConnectionError):
            api.client.with_options(max_retries=0).videos.list()

@pytest.mark.asyncio
@pytest.mark.parametrize("again", range(3))
async def test_asynchronous(async_video_api, again):
    await async_video_api.async_client.videos.create_and_poll(prompt="a cat")
    await async_video_api.requests.arrived(1)
    async with AsyncOpenAI() as client:
        await client.videos.list()

def test_the_end():
    assert [one.name for one in threading.enumerate()] == ["MainThread", "fauxreel"]
    # Of the session's server there is its listener, and no connection.
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    mine = sockets()
    assert [row[3] for row in rows if row[9] in mine] == [LISTENING]
"""


@pytest.fixture
def alone(monkeypatch):
    """Arguments for a run with no plugins but the named ones."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return lambda *plugins: [
        f"-p{name}" for name in (*plugins, "pytest_asyncio.plugin", "fauxreel.pytest_plugin")
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_thread_socket_or_task_is_left(suite, alone):
    result = suite(LEAKS, *alone(), apart=True)

    result.assert_outcomes(passed=9)
    assert "Warning" not in result.stdout.str() + result.stderr.str()


def test_workers_of_xdist_have_a_server_each(suite, alone):
    result = suite(
        """
        import os
        from urllib.request import Request, urlopen
        import pytest

        BASE_URL = os.environ["OPENAI_BASE_URL"]

        @pytest.mark.parametrize("number", range(8))
        def test_it(video_api, number):
            assert video_api.base_url == BASE_URL
            body = b'{"prompt": "cat %d"}' % number
            headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
            with urlopen(Request(f"{BASE_URL}/videos", body, headers)) as answer:
                assert answer.status == 200
            assert [job.prompt for job in video_api.videos] == [f"cat {number}"]
        """,
        *alone("xdist.plugin"),
        "-n2",
        "--fauxreel=seed=1",
        "--fauxreel-session-env",
        apart=True,
    )

    result.assert_outcomes(passed=8)


ADDED = """
import json, sys, pytest
plugin = sys.argv[1:]
assert pytest.main(["-q", "-p", "no:cacheprovider", "--co", *plugin]) == 5
print(json.dumps(sorted(sys.modules)))
"""


def test_loading_the_plugin_imports_nothing_but_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    loaded = []
    for plugin in ((), ("-p", "fauxreel.pytest_plugin")):
        command = (sys.executable, "-c", ADDED, *plugin)
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
        loaded.append(set(json.loads(done.stdout.splitlines()[-1])))
    added = {name for name in loaded[1] - loaded[0] if name.split(".")[0] not in _STANDARD}

    assert added == {"fauxreel", "fauxreel.pytest_plugin"}


_STANDARD = sys.stdlib_module_names


def test_the_plugin_is_found_by_its_entry_point():
    (found,) = entry_points(group="pytest11", name="fauxreel")

    assert found.value == "fauxreel.pytest_plugin"
