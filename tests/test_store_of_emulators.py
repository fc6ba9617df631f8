"""What an emulator with a file for its store has again when it starts the next time."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from openai import InternalServerError

from fauxreel import Emulator, ManualClock, create_app
from fauxreel.app import App
from fauxreel.clock import ClockStandsStill
from fauxreel.domain.errors import StoreUnwritable
from fauxreel.embed import SettingError
from fauxreel.settings import Settings
from fauxreel.store.memory import MemoryStore

QUICK: dict[str, Any] = {"queue_seconds": 0, "processing_seconds": 0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jobs.db"


@pytest.fixture
def store(path: Path) -> str:
    return f"sqlite:{path}"


def ids(client: Any) -> list[str]:
    return [video.id for video in client.videos.list()]


def request_id(emulator: Emulator) -> str:
    with closing(HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)) as asked:
        asked.request("GET", "/v1/videos", headers={"Authorization": "Bearer sk-1"})
        response = asked.getresponse()
        response.read()
        return response.headers["x-request-id"]


def test_jobs_and_their_files_are_there_again(store):
    with Emulator(store=store, **QUICK) as emulator:
        video = emulator.client.videos.create(prompt="a cat")
        content = emulator.client.videos.download_content(video.id).read()
    with Emulator(store=store, **QUICK) as emulator:
        client = emulator.client
        assert client.videos.retrieve(video.id).status == "completed"
        assert client.videos.download_content(video.id).read() == content
        assert ids(client) == [video.id]
        assert client.videos.create(prompt="a cat").id != video.id


def test_jobs_that_were_deleted_stay_deleted_and_keep_their_place(store):
    with Emulator(store=store, **QUICK) as emulator:
        client = emulator.client
        first, second, third = (client.videos.create(prompt="a cat").id for _ in range(3))
        client.videos.delete(second)
    with Emulator(store=store, **QUICK) as emulator:
        client = emulator.client
        assert ids(client) == [third, first]
        assert [one.id for one in client.videos.list(after=second)] == [first]


def test_polls_that_were_counted_are_counted(store):
    timeline = {"timeline": "polls:1,1"}
    with Emulator(store=store, **timeline) as emulator:
        video = emulator.client.videos.create(prompt="a cat")
        seen = [emulator.client.videos.retrieve(video.id).status for _ in range(2)]
    with Emulator(store=store, **timeline) as emulator:
        seen += [emulator.client.videos.retrieve(video.id).status for _ in range(2)]
    assert seen == ["queued", "in_progress", "completed", "completed"]


def test_files_and_characters_are_there_again(store):
    with Emulator(store=store, lenient=True) as emulator:
        client = emulator.client
        file = client.files.create(file=("a.png", b"pixels"), purpose="vision")
        gone = client.files.create(file=("b.png", b"pixels"), purpose="vision")
        client.files.delete(gone.id)
        character = client.videos.create_character(name="Mia", video=("m.mp4", b"frames"))
    with Emulator(store=store, lenient=True) as emulator:
        client = emulator.client
        assert [one.id for one in client.files.list()] == [file.id]
        assert client.files.content(file.id).read() == b"pixels"
        assert client.videos.get_character(character.id).name == "Mia"
        assert client.videos.create(prompt="x", extra_body={"characters": [{"id": character.id}]})
        assert emulator.space.file_bytes == len(b"pixels")


def test_a_large_file_that_came_over_the_disk_is_there_again(store):
    large = bytes(range(256)) * 1024
    with Emulator(store=store, max_memory_body_bytes=1024) as emulator:
        file = emulator.client.files.create(file=("a.png", large), purpose="vision")
        assert emulator.client.files.content(file.id).read() == large
    with Emulator(store=store) as emulator:
        assert emulator.client.files.content(file.id).read() == large


def test_the_bill_goes_on(store):
    with Emulator(store=store) as emulator:
        emulator.client.videos.create(prompt="a cat")
        before = emulator.usage
    with Emulator(store=store) as emulator:
        assert emulator.usage == before
        emulator.client.videos.create(prompt="a cat")
        assert emulator.usage.dollars == 2 * before.dollars
        assert [account.jobs for account in emulator.usage.accounts] == [2]


def test_added_rules_are_there_again_with_what_they_used_up(store):
    with Emulator(store=store) as emulator:
        emulator.rules.add("operation=list error=rate_limit times=2; operation=list latency=0")
        emulator.rules.add("operation=delete error=500")
        emulator.app.space.rules.remove("rule_2")
        with pytest.raises(Exception, match="429"):
            emulator.client.with_options(max_retries=0).videos.list()
        before = [(one.id, one.rule, one.matched, one.fired) for one in emulator.rules.list()]
    with Emulator(store=store, rules="operation=create error=503 nth=9") as emulator:
        after = emulator.rules.list()
        assert [(one.id, one.rule, one.matched, one.fired) for one in after[:2]] == before
        # The settings' own rule would have had the number of one that was added before.
        assert [(one.id, one.origin) for one in after[2:]] == [("rule_4", "settings")]
        with pytest.raises(Exception, match="429"):
            emulator.client.with_options(max_retries=0).videos.list()
        assert ids(emulator.client.with_options(max_retries=0)) == []
        assert emulator.rules.add("pass")[0].id == "rule_5"
        emulator.rules.clear()
    with Emulator(store=store) as emulator:
        assert emulator.rules.list() == []


def test_a_rule_that_serves_a_file_which_is_gone_is_left_out(store, tmp_path, caplog):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"frames")
    with Emulator(store=store) as emulator:
        emulator.rules.add(serve=str(clip))
        emulator.rules.add("pass")
    with Emulator(store=store) as emulator:
        assert [one.id for one in emulator.rules.list()] == ["rule_1", "rule_2"]
    clip.unlink()
    with Emulator(store=store) as emulator:
        assert [one.id for one in emulator.rules.list()] == ["rule_2"]
    assert "the store's rule rule_1 is left out" in caplog.text


# Time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clock", ["manual", "auto", "scaled", "system"])
@pytest.mark.parametrize("after", ["manual", "auto", "scaled", "system"])
def test_time_never_goes_back(store, clock, after):
    with Emulator(store=store, clock=clock) as emulator:
        emulator.clock.advance(86_400 * 365 * 2)
        video = emulator.client.videos.create(prompt="a cat")
        emulator.client.videos.retrieve(video.id)
        before = emulator.clock.now()
    with Emulator(store=store, clock=after) as emulator:
        assert emulator.clock.now() >= before
        if (clock, after) == ("manual", "manual"):
            assert emulator.clock.now() == before


def test_time_that_was_frozen_stood_still_meanwhile(store):
    with Emulator(store=store, clock="scaled") as emulator:
        emulator.clock.freeze()
        before = emulator.clock.now()
        emulator.clock.resume()
        emulator.clock.freeze()
    with Emulator(store=store, clock="manual") as emulator:
        assert before <= emulator.clock.now() < before + 60
        with pytest.raises(ClockStandsStill):
            emulator.clock.resume()


def test_an_auto_clock_that_was_killed_goes_on_after_its_last_poll(store, path):
    emulator = Emulator(store=store, clock="auto", timeline="stuck:50").start()
    video = emulator.client.videos.create(prompt="a cat")
    for _ in range(100):
        emulator.client.videos.retrieve(video.id)
    before = emulator.clock.now()
    killed = path.with_name("killed.db")
    for ending in ("", "-wal"):
        shutil.copy(path.with_name(path.name + ending), killed.with_name(killed.name + ending))
    with Emulator(store=f"sqlite:{killed}", clock="auto") as again:
        assert before <= again.clock.now() <= before + 120
    emulator.stop()


def test_a_clock_of_the_callers_is_moved_on(store):
    clock = ManualClock()
    with Emulator(store=store, clock=clock):
        clock.advance(1000)
    again = ManualClock()
    with Emulator(store=store, clock=again):
        assert again.now() == clock.now()


def test_a_change_of_the_clock_while_it_runs_is_kept(store):
    with Emulator(store=store) as emulator:
        emulator.on_loop(lambda: emulator.space.change({"clock": "manual"}))
        emulator.clock.advance(10_000)
        before = emulator.clock.now()
    with Emulator(store=store) as emulator:
        assert emulator.clock.now() >= before


# Identity -----------------------------------------------------------------------------------------


def test_keys_and_projects_are_called_the_same(store):
    keys = ("sk-alice-0001", "sk-bob-00002")
    with Emulator(store=store, keys=keys) as emulator:
        video = emulator.client.videos.create(prompt="a cat")
        name = emulator.space.key_name(keys[0])
    with Emulator(store=store, keys=keys) as emulator:
        assert ids(emulator.client) == [video.id]
        assert emulator.space.key_name(keys[0]) == name


def test_ids_are_those_of_a_seed_and_never_come_twice(store):
    with Emulator(store=store, seed=7, clock="manual") as emulator:
        first = emulator.client.videos.create(prompt="a cat").id
        asked = request_id(emulator)
    with Emulator(seed=7, clock="manual") as emulator:
        assert emulator.client.videos.create(prompt="a cat").id == first
    with Emulator(store=store, seed=7, clock="manual") as emulator:
        assert emulator.client.videos.create(prompt="a cat").id != first
        assert request_id(emulator) != asked


def test_another_seed_is_refused(store):
    with Emulator(store=store, seed=7):
        pass
    with pytest.raises(SettingError, match="its ids were made with --seed 7: leave --seed out"):
        Emulator(store=store, seed=8)


# Namespaces ---------------------------------------------------------------------------------------


def space_of(emulator: Emulator, name: str) -> Any:
    return emulator.app.namespaces._named[name].space


def test_namespaces_are_there_again(store):
    with Emulator(store=store) as emulator:
        clients = [
            emulator.client.with_options(base_url=f"{emulator.root_url}/ns/{name}/v1")
            for name in ("a", "b")
        ]
        made = [client.videos.create(prompt="a cat").id for client in clients]
        space = space_of(emulator, "a")
        emulator.on_loop(lambda: space.add_rules("pass", "rules"))
    with Emulator(store=store) as emulator:
        assert len(emulator.app.spaces()) == 3
        assert [len(space_of(emulator, name).rules.entries()) for name in ("a", "b")] == [1, 0]
        clients = [
            emulator.client.with_options(base_url=f"{emulator.root_url}/ns/{name}/v1")
            for name in ("a", "b")
        ]
        assert [ids(client) for client in clients] == [[one] for one in made]
        assert ids(emulator.client) == []


def test_namespaces_of_keys_are_there_again(store):
    with Emulator(store=store, isolate="key") as emulator:
        made = emulator.client.with_options(api_key="sk-alice").videos.create(prompt="a cat").id
    with Emulator(store=store, isolate="key") as emulator:
        assert ids(emulator.client.with_options(api_key="sk-alice")) == [made]
        assert ids(emulator.client.with_options(api_key="sk-bob")) == []


def test_a_namespace_that_made_room_is_gone_from_the_file(store):
    settings = {"store": store, "max_namespaces": 1}
    with Emulator(**settings) as emulator:
        for name in ("a", "b"):
            ids(emulator.client.with_options(base_url=f"{emulator.root_url}/ns/{name}/v1"))
    with Emulator(**settings) as emulator:
        assert emulator.app.namespaces.names == ["b"]


def test_the_namespace_of_a_test_is_not_kept(store):
    with Emulator(store=store) as emulator:
        namespace = emulator.app.namespaces.made("test-1", emulator.settings)
        emulator.on_loop(lambda: emulator.app.namespaces.put("test-1", namespace))
        emulator.client.with_options(base_url=f"{emulator.root_url}/ns/test-1/v1").videos.create(
            prompt="a cat"
        )
    with Emulator(store=store) as emulator:
        assert emulator.app.namespaces.names == []


# Forgetting, ending, beginning --------------------------------------------------------------------


def test_a_reset_is_for_good(store):
    with Emulator(store=store, seed=7, clock="manual") as emulator:
        first = emulator.client.videos.create(prompt="a cat").id
        emulator.client.videos.create(prompt="a cat")
        emulator.rules.add("pass")
        emulator.clock.advance(1000)
        started = emulator.clock.now() - 1000
        emulator.reset()
    with Emulator(store=store, seed=7, clock="manual") as emulator:
        assert (emulator.videos, emulator.rules.list(), emulator.usage.dollars) == ([], [], 0)
        assert emulator.clock.now() == started
        assert emulator.client.videos.create(prompt="a cat").id == first


def test_an_emulator_that_ended_goes_on_when_it_is_started_again(store):
    emulator = Emulator(store=store)
    with emulator:
        first = emulator.client.videos.create(prompt="a cat").id
    with pytest.raises(StoreUnwritable):
        emulator.rules.add("pass")
    with emulator:
        second = emulator.client.videos.create(prompt="a cat").id
        assert ids(emulator.client) == [second, first]


def test_an_emulator_whose_file_another_one_had_is_not_started_again(store):
    emulator = Emulator(store=store)
    emulator.stop()
    with Emulator(store=store) as other:
        other.client.videos.create(prompt="a cat")
    with pytest.raises(SettingError, match="another emulator has had it meanwhile"):
        emulator.start()


def test_a_start_that_fails_lets_go_of_the_file(store):
    with pytest.raises(SettingError, match="rules"):
        Emulator(store=store, rules="nonsense=1")
    Emulator(store=store).stop()


def test_a_store_is_named_once():
    with pytest.raises(SettingError, match="store: is named beside settings"):
        Emulator(Settings(), store="memory")
    with pytest.raises(SettingError, match="store: is given as an object beside settings"):
        create_app(Settings(store="sqlite:x.db"), store=MemoryStore(1))


def test_an_app_in_memory_has_nothing_to_close():
    app = create_app()
    app.close()
    app.open()
    assert isinstance(app, App)


# A file that cannot be written --------------------------------------------------------------------


def asked(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
    with closing(HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)) as one:
        one.request(method, path, None if body is None else json.dumps(body), headers)
        response = one.getresponse()
        return response.status, json.loads(response.read())


CREATE = {"prompt": "a cat" * 2000}


def test_a_full_disk_is_a_clean_error_until_there_is_room_again(store, path, caplog):
    with Emulator(store=store, **QUICK) as emulator:
        _, video = asked(emulator, "POST", "/v1/videos", CREATE)
        connection = emulator.app._archive._connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        answers = [
            asked(emulator, "POST", "/v1/videos", CREATE),
            asked(emulator, "POST", "/openai/v1/videos", {**CREATE, "model": "sora-2"}),
            asked(emulator, "POST", "/litellm/v1/videos", {**CREATE, "model": "sora-2"}),
            asked(emulator, "POST", "/_fauxreel/videos", {"prompt": "a cat" * 2000}),
        ]
        assert [status for status, _ in answers] == [500] * 4
        assert answers[0][1]["error"]["type"] == "server_error"
        assert answers[3][1]["error"] == {
            "code": "store_unwritable",
            "message": "The emulator could not store this; its log says why.",
        }
        assert emulator.usage.accounts[0].jobs == 1
        assert [job.id for job in emulator.videos] == [video["id"]]
        assert asked(emulator, "GET", f"/v1/videos/{video['id']}")[0] == 200
        connection.execute("PRAGMA max_page_count = 1000000")
        assert asked(emulator, "POST", "/v1/videos", CREATE)[0] == 200
    said = [f"--store sqlite:{path}: the disk is full: make room on it."]
    assert [line.message.partition(": ")[2] for line in caplog.records] == said * 4
    assert not any(record.exc_info for record in caplog.records)


def test_an_upload_that_cannot_be_written_takes_no_room(store):
    with Emulator(store=store) as emulator:
        emulator.app._archive._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(InternalServerError):
            emulator.client.with_options(max_retries=0).files.create(
                file=("a.png", b"pixels"), purpose="vision"
            )
        assert emulator.space.file_bytes == 0


def test_an_emulator_that_cannot_write_is_not_ready(store, path):
    with Emulator(store=store) as emulator:
        assert asked(emulator, "GET", "/_fauxreel/ready")[0] == 200
        emulator.app._archive._connection.execute("PRAGMA query_only = ON")
        status, answer = asked(emulator, "GET", "/_fauxreel/ready")
        assert (status, answer["error"]["code"]) == (503, "store_unusable")
        assert str(path) in answer["error"]["message"]


def test_time_that_cannot_be_kept_is_not_moved(store):
    with Emulator(store=store, clock="manual") as emulator:
        before = emulator.clock.now()
        emulator.app._archive._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreUnwritable):
            emulator.clock.advance(5)
        assert asked(emulator, "POST", "/_fauxreel/clock/advance", {"seconds": 5})[0] == 500
        assert asked(emulator, "POST", "/_fauxreel/reset")[0] == 500
        assert emulator.clock.now() == before


# Many at once -------------------------------------------------------------------------------------


def many(emulator: Emulator, count: int, path: str, body: Any) -> list[int]:
    with ThreadPoolExecutor(count) as pool:
        asking = [pool.submit(asked, emulator, "POST", path, body) for _ in range(count)]
        return [one.result()[0] for one in asking]


@pytest.mark.parametrize(("limits", "most"), [({"concurrent_jobs": 3}, 3), ({"budget": 1.25}, 3)])
def test_limits_hold_for_jobs_that_come_at_once(store, limits, most):
    with Emulator(store=store, timeline="stuck:5", **limits) as emulator:
        statuses = many(emulator, 12, "/v1/videos", {"prompt": "a cat"})
        assert (statuses.count(200), len(emulator.videos)) == (most, most)


def test_one_of_several_deletes_counts(store):
    with Emulator(store=store) as emulator:
        file = emulator.client.files.create(file=("a.png", b"pixels"), purpose="vision")
        with ThreadPoolExecutor(8) as pool:
            deleting = [
                pool.submit(asked, emulator, "DELETE", f"/v1/files/{file.id}") for _ in range(8)
            ]
            statuses = [one.result()[0] for one in deleting]
        assert set(statuses) <= {200, 404}
        assert emulator.space.file_bytes == 0


def test_an_example_that_is_asked_for_at_once_is_one_job(store):
    with Emulator(store=store, lenient=True) as emulator:
        with ThreadPoolExecutor(8) as pool:
            asking = [pool.submit(asked, emulator, "GET", "/v1/videos/video_123") for _ in range(8)]
            assert {one.result()[0] for one in asking} == {200}
        assert [job.id for job in emulator.videos] == ["video_123"]
