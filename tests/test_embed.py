"""An emulator inside a program."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import unittest
from http.client import HTTPConnection

import pytest
from openai import AsyncOpenAI, OpenAI

from fauxreel.clock import EPOCH, ManualClock
from fauxreel.domain.paging import PageRequest
from fauxreel.embed import Emulator
from fauxreel.server import CannotListen
from fauxreel.settings import SettingError, Settings


def ask(emulator: Emulator, method: str, path: str, body: object = None, key: str = "sk-any"):
    connection = HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_an_emulator_serves_within_its_context_alone():
    with Emulator() as emulator:
        health = ask(emulator, "GET", "/_fauxreel/health")

    assert health["status"] == "ok"
    assert emulator.root_url.startswith("http://127.0.0.1:")
    assert emulator.base_url == f"{emulator.root_url}/v1"
    with pytest.raises(ConnectionRefusedError):
        ask(emulator, "GET", "/_fauxreel/health")


def test_its_thread_is_gone_and_its_port_free_afterwards():
    before = set(threading.enumerate())
    with Emulator() as emulator:
        port = int(emulator.root_url.rpartition(":")[2])
        running = set(threading.enumerate()) - before
    with Emulator(port=port) as next_one:
        assert next_one.root_url == emulator.root_url

    assert [thread.name for thread in running] == ["fauxreel"]
    assert set(threading.enumerate()) == before


def test_an_error_in_the_context_ends_the_emulator_and_is_passed_on():
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), Emulator():
        _ = 1 / 0

    assert set(threading.enumerate()) == before


def test_many_at_once_never_meet():
    emulators = [Emulator(clock="manual", seed=seed) for seed in range(20)]
    try:
        for number, emulator in enumerate(emulators):
            emulator.start()
            ask(emulator, "POST", "/v1/videos", {"prompt": f"cat {number}"})
            ask(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": number})
        prompts = [
            [video["prompt"] for video in ask(emulator, "GET", "/v1/videos")["data"]]
            for emulator in emulators
        ]
        moved = [ask(emulator, "GET", "/_fauxreel/clock")["now"] for emulator in emulators]
    finally:
        for emulator in emulators:
            emulator.stop()

    assert prompts == [[f"cat {number}"] for number in range(20)]
    assert moved == [EPOCH + number for number in range(20)]


def test_settings_are_named_as_keywords():
    with Emulator(clock="manual", queue_seconds=30, keys="sk-one, sk-two", seed=5) as emulator:
        ask(emulator, "POST", "/v1/videos", {"prompt": "a cat"}, "sk-one")
        ask(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": 29})
        videos = ask(emulator, "GET", "/v1/videos", key="sk-one")["data"]

    assert [video["status"] for video in videos] == ["queued"]
    assert emulator.api_key == "sk-one"
    assert (emulator.settings.keys, emulator.settings.seed) == (("sk-one", "sk-two"), 5)


def test_settings_may_come_all_at_once():
    settings = Settings(port=0, queue_seconds=7, clock="manual")
    with Emulator(settings) as emulator:
        shown = ask(emulator, "GET", "/_fauxreel/settings")
        clock = ask(emulator, "GET", "/_fauxreel/clock")

    assert emulator.settings == settings
    assert (shown["port"], shown["queue_seconds"], clock["kind"]) == (0, 7, "manual")


@pytest.mark.parametrize(
    ("single", "names"),
    [
        ({"clock": "manual"}, "clock"),
        ({"clock": "manual", "port": 0, "seed": 1}, "clock, port, seed"),
    ],
)
def test_a_setting_named_beside_all_settings_is_refused(single, names):
    with pytest.raises(SettingError) as caught:
        Emulator(Settings(port=0), **single)

    assert str(caught.value) == f"{names}: is named beside settings that say it already."


def test_a_clock_of_the_tests_goes_with_settings_given_all_at_once():
    emulator = Emulator(Settings(port=0), clock=ManualClock(1_000))

    assert emulator.app.space.clock.now() == 1_000


def test_the_environment_does_not_reach_an_emulator():
    statement = "from fauxreel import *; assert Emulator().settings == Settings(port=0)"
    environment = {**os.environ, "FAUXREEL_QUEUE_SECONDS": "9", "FAUXREEL_NONSENSE": "1"}

    subprocess.run([sys.executable, "-c", statement], env=environment, check=True)


def test_a_clock_of_the_tests_moves_its_jobs():
    clock = ManualClock(1_000)
    with Emulator(clock=clock) as emulator:
        video = ask(emulator, "POST", "/v1/videos", {"prompt": "a cat"})
        clock.advance(3)
        seen = ask(emulator, "GET", f"/v1/videos/{video['id']}")

    assert (video["status"], video["created_at"]) == ("queued", 1_000)
    assert (seen["status"], seen["completed_at"]) == ("completed", 1_002)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"quue_seconds": 1}, "--quue-seconds is not a setting. Did you mean queue_seconds?"),
        ({"zzz": 1}, "--zzz is not a setting. `fauxreel settings` lists them all."),
        ({"queue_seconds": -1}, "--queue-seconds: -1 is not valid. Valid: a number of 0 or more."),
        ({"clock": "sundial"}, "--clock: 'sundial' is not valid. Valid: system, scaled, manual, "),
        ({"timeline": "polls", "queue_seconds": 1}, "--queue-seconds has no effect with the "),
        ({"models": "no-such-file"}, "--models no-such-file: cannot be read: No such file"),
    ],
)
def test_a_setting_that_makes_no_sense_is_one_line(settings, message):
    with pytest.raises(SettingError) as caught:
        Emulator(**settings)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_taken_port_is_said_at_the_start():
    with Emulator() as emulator:
        port = int(emulator.root_url.rpartition(":")[2])
        with pytest.raises(CannotListen, match=f"^cannot listen on 127.0.0.1 port {port}: "):
            Emulator(port=port).start()


def test_starting_twice_is_starting_once():
    before = set(threading.enumerate())
    emulator = Emulator()
    first = emulator.start().root_url
    second = emulator.start().root_url
    emulator.stop()

    assert first == second
    assert set(threading.enumerate()) == before


def test_stopping_twice_or_before_the_start_does_nothing():
    before = threading.enumerate()
    emulator = Emulator()
    emulator.stop()
    emulator.start()
    emulator.stop()
    emulator.stop()

    assert threading.enumerate() == before


def test_an_emulator_keeps_its_jobs_until_its_next_start():
    emulator = Emulator(clock="manual")
    with emulator:
        video = ask(emulator, "POST", "/v1/videos", {"prompt": "a cat"})
    with emulator:
        again = ask(emulator, "GET", f"/v1/videos/{video['id']}")

    assert again == video


def test_call_runs_on_the_servers_thread():
    async def where() -> str:
        return threading.current_thread().name

    with Emulator() as emulator:
        name = emulator.call(where())

    assert (name, threading.current_thread().name) == ("fauxreel", "MainThread")


def test_call_reaches_the_jobs_inside():
    with Emulator() as emulator:
        video = ask(emulator, "POST", "/v1/videos", {"prompt": "a cat"})
        page = emulator.call(emulator.app.space.store.page(None, PageRequest()))

    assert [record.video.id for record in page.items] == [video["id"]]


def test_call_passes_on_what_was_raised():
    async def fail() -> None:
        raise LookupError("nothing there")

    with Emulator() as emulator, pytest.raises(LookupError, match="nothing there"):
        emulator.call(fail())


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_it_is_an_asynchronous_context_too(anyio_backend):
    async with (
        Emulator(clock="auto") as emulator,
        AsyncOpenAI(base_url=emulator.base_url, api_key="sk-1") as client,
    ):
        video = await client.videos.create_and_poll(prompt="a cat")
        (seen,) = await emulator.requests.arrived(operation="create")

    assert (video.status, seen.video_id) == ("completed", video.id)
    assert not emulator.serves
    # What was never done is said at the end.
    assert [found.code for found in emulator.diagnostics] == ["never-collected"]


def test_the_end_of_the_context_names_what_a_client_never_did():
    with (
        Emulator(clock="manual") as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1") as client,
    ):
        video = client.videos.create(prompt="a cat")
        client.videos.retrieve(video.id)
        before = emulator.diagnostics

    assert before == []
    assert [found.code for found in emulator.diagnostics] == ["poll-stopped"]
    assert [job.id for job in emulator.videos] == [video.id]


class TestInUnittest(unittest.TestCase):
    """unittest knows no fixtures: a context does."""

    def setUp(self):
        self.emulator = self.enterContext(Emulator(clock="auto"))

    def test_a_job_that_fails(self):
        self.emulator.fail_next("moderation_blocked")
        video = self.emulator.client.videos.create_and_poll(prompt="a cat")
        self.assertEqual(video.error.code, "moderation_blocked")  # noqa: PT009 - unittest's own


@pytest.mark.asyncio
async def test_in_process_there_is_no_socket_and_no_thread():
    before = set(threading.enumerate())
    emulator = Emulator(clock="auto", seed=1)
    emulator.fail_next("rate_limit", operation="create")
    async with emulator.in_process() as client:
        video = await client.videos.create_and_poll(prompt="a cat")
        content = await client.videos.download_content(video.id)
        (found,) = await emulator.requests.arrived(operation="content")

    assert (video.status, content.content[4:8]) == ("completed", b"ftyp")
    assert found.status == 200
    # One of asyncio's own threads may have read the file.
    assert "fauxreel" not in [thread.name for thread in set(threading.enumerate()) - before]
    emulator.assert_created_once()
    emulator.assert_downloaded(video)
    assert emulator.snapshot().story().startswith("http://fauxreel: 7 requests, 1 job, $0.40 not")


@pytest.mark.asyncio
async def test_in_process_a_fault_of_the_transport_is_imitated_and_says_so():
    emulator = Emulator(clock="auto")
    emulator.next_answer(operation="list", reset=True)
    async with emulator.in_process() as client:
        with pytest.raises(Exception, match=r".*"):
            await client.with_options(max_retries=0).videos.list()
        assert (await client.videos.list()).data == []

    first, _ = emulator.requests
    assert (first.rule, first.faults, first.degraded) == ("rule_1", ("reset",), True)
    assert "rule_1 fired: reset (imitated)" in emulator.snapshot().story()


@pytest.mark.asyncio
async def test_in_process_one_may_wait_for_requests():
    emulator = Emulator(clock="auto")
    async with emulator.in_process() as client:
        waiting = asyncio.create_task(emulator.requests.arrived(operation="list"))
        await asyncio.sleep(0)
        await client.videos.list()
        (seen,) = await waiting
        with pytest.raises(TimeoutError, match=r"^0 of 1 came within 0.01 s \(status=500\)"):
            await emulator.requests.arrived(status=500, seconds=0.01)

    assert emulator.requests.wait(operation="list") == [seen]
    without = (
        r"^1 of 2 came so far, and without a server none can come while this waits: "
        r"`await requests\.arrived\(\)` does \(operation=list\)\."
    )
    with pytest.raises(TimeoutError, match=without):
        emulator.requests.wait(2, seconds=60, operation="list")


@pytest.mark.asyncio
async def test_in_process_jobs_may_be_seeded():
    emulator = Emulator(clock="auto", seed=1)
    seeded = emulator.seed(count=2)
    async with emulator.in_process() as client:
        more = emulator.seed(status="failed")
        listed = [video.id async for video in client.videos.list(order="asc")]

    assert listed == [*seeded, *more]


def test_before_the_start_any_number_of_jobs_may_be_seeded():
    emulator, other = Emulator(seed=1), Emulator(seed=1)
    seeded = emulator.seed(count=101)
    with other:
        other.seed(count=101)

    prompts = [job.prompt for job in emulator.videos]
    assert len(set(seeded)) == len(prompts) == 101
    assert prompts == [job.prompt for job in other.videos]


def test_in_process_is_for_an_emulator_that_does_not_serve():
    with Emulator() as emulator, pytest.raises(RuntimeError, match="^The emulator serves already"):
        emulator.in_process()


def test_what_must_wait_needs_a_server():
    emulator = Emulator()

    with pytest.raises(RuntimeError, match="^This needs a running emulator"):
        emulator.call(asyncio.sleep(0))
    assert emulator.root_url == "http://fauxreel"
    assert repr(emulator) == "<Emulator http://fauxreel>"


OUT_OF_FILES = """
import os, resource, threading
from fauxreel import Emulator

with Emulator(): pass
free = os.open(os.devnull, os.O_RDONLY)
os.close(free)
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (free + 2, most))
emulator = Emulator()
try:
    emulator.start()
except OSError as error:
    print(error.strerror, threading.active_count(), emulator.serves)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
with emulator:
    print(threading.active_count(), emulator.serves)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the process")
def test_a_server_that_cannot_start_leaves_nothing_and_may_start_later():
    command = [sys.executable, "-c", OUT_OF_FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == "Too many open files 1 False\n2 True\n"
    assert "unclosed" not in done.stderr
