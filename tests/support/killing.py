"""A server under load that is killed again and again, and what it had said until then."""

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

KEY = {"Authorization": "Bearer sk-any"}
JSON = {**KEY, "Content-Type": "application/json"}
FORM = {**KEY, "Content-Type": "multipart/form-data; boundary=b"}
WORKERS = 6
LISTED = 1000
# Time runs, so that a moment that is forgotten shows.
SETTINGS = ("--queue-seconds", "0", "--clock", "scaled", "--speed", "50", "--log-level", "error")


class Server:
    """`fauxreel serve` with a file for its store, in a process."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "fauxreel", "serve", "--port", "0"),
                *("--store", f"sqlite:{path}", *SETTINGS),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> "Server":
        line = self.process.stdout.readline()
        assert line.startswith("ready "), self.process.communicate()
        self.port = int(line.rsplit(":", 1)[1])
        return self

    def end(self, number: int = signal.SIGKILL) -> tuple[int, str]:
        """The status, and what it said on standard error."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, path: str) -> Any:
        with closing(self.connect()) as connection:
            return ask(connection, "GET", path)[1]


def ask(connection: HTTPConnection, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
    connection.request(method, path, sent, FORM if isinstance(body, bytes) else JSON)
    response = connection.getresponse()
    data = response.read()
    told = response.headers.get_content_type() == "application/json"
    return response.status, json.loads(data) if told else data


@dataclass
class Said:
    """What clients were told, over all lives of the server.

    Args:
        prompts: Of each job that an answer showed, by id.
        answered: Jobs whose creation was answered, and those that were there after a start.
        deleted: Jobs whose deletion was answered.
        doubtful: Those whose deletion was asked for and not answered.
        files: The bytes of uploads by id.
        rules: The ids of rules that were added.
        moment: The latest that was told.
    """

    prompts: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    moment: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def made(self, video_id: str, prompt: str) -> None:
        with self.lock:
            assert video_id not in self.answered, "an id came twice"
            self.answered.add(video_id)
            self._told(video_id, prompt)

    def listed(self, prompts: Mapping[str, str]) -> None:
        with self.lock:
            for video_id, prompt in prompts.items():
                self._told(video_id, prompt)

    def _told(self, video_id: str, prompt: str) -> None:
        assert self.prompts.setdefault(video_id, prompt) == prompt, "an id came twice"

    def seen(self, moment: float) -> None:
        with self.lock:
            self.moment = max(self.moment, moment)


class Load:
    """Clients of one life of the server; the answer of that number kills it.

    Args:
        kill: Ends the server.
    """

    def __init__(self, server: Server, said: Said, draw: random.Random, kill: Callable[[], Any]):
        self._server, self._said, self._kill = server, said, kill
        self._left = draw.randint(1, 150)
        self._seeds = [draw.random() for _ in range(WORKERS)]
        self._errors: list[BaseException] = []

    def run(self) -> None:
        threads = [threading.Thread(target=self._work, args=(seed,)) for seed in self._seeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert not self._errors, self._errors

    def _work(self, seed: float) -> None:
        draw, mine = random.Random(seed), list[str]()
        try:
            with closing(self._server.connect()) as connection:
                while self._answered():
                    self._act(connection, draw, mine)
        except (OSError, HTTPException):
            pass  # it was killed
        except BaseException as error:  # noqa: BLE001 - the test gets it
            self._errors.append(error)

    def _answered(self) -> bool:
        with self._said.lock:
            self._left -= 1
            if self._left == 0:
                self._kill()
            return self._left > -WORKERS * 10

    def _act(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        act = draw.choices(
            (self._create, self._delete, self._upload, self._rule, self._clock), (8, 2, 2, 1, 1)
        )
        act[0](connection, draw, mine)

    def _create(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        prompt = f"boat {draw.random()}"
        surface = draw.choice(("/v1/videos", "/openai/v1/videos"))
        status, video = ask(connection, "POST", surface, {"prompt": prompt, "model": "sora-2"})
        assert status == 200, video
        self._said.made(video["id"], prompt)
        mine.append(video["id"])

    def _delete(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        if mine:
            video_id = mine.pop(draw.randrange(len(mine)))
            self._said.doubtful.add(video_id)
            status, answer = ask(connection, "DELETE", f"/v1/videos/{video_id}")
            assert status == 200, answer
            self._said.deleted.add(video_id)

    def _upload(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        data = draw.randbytes(draw.choice((10, 3_000, 60_000))).replace(b"\r\n--b", b"")
        body = (
            b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nvision\r\n'
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
            + data
            + b"\r\n--b--\r\n"
        )
        status, file = ask(connection, "POST", "/v1/files", body)
        assert status == 200, file
        with self._said.lock:
            assert file["id"] not in self._said.files, "an id came twice"
            self._said.files[file["id"]] = data

    def _rule(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        if len(self._said.rules) < 500:
            text = f"operation=remix error=500 nth={draw.randint(1, 99)}"
            status, answer = ask(connection, "POST", "/_fauxreel/rules", {"rules": text})
            assert status == 200, answer
            with self._said.lock:
                self._said.rules.append(answer["rules"][0]["id"])

    def _clock(self, connection: HTTPConnection, draw: random.Random, mine: list[str]) -> None:
        _, clock = ask(connection, "GET", "/_fauxreel/clock")
        self._said.seen(clock["now"])
        status, page = ask(connection, "GET", "/v1/videos?limit=100")
        assert status == 200, page
        # What a list shows is told, too, whoever made it.
        self._said.listed({one["id"]: one["prompt"] for one in page["data"]})


def verify(server: Server, said: Said) -> None:
    """All that was said is so, after a new start."""
    now = server.ask("/_fauxreel/clock")["now"]
    assert now >= said.moment
    jobs = _all_jobs(server)
    assert len({job["id"] for job in jobs}) == len(jobs)
    assert len({job["sequence"] for job in jobs}) == len(jobs)
    held = {job["id"]: job["prompt"] for job in jobs}
    assert not said.deleted & held.keys()
    for video_id, prompt in said.prompts.items():
        if video_id not in said.doubtful:
            assert held[video_id] == prompt
    # A job that nobody was told of was made and not answered: from now on it is known.
    said.listed(held)
    said.answered |= held.keys()
    accounts = server.ask("/_fauxreel/usage")["accounts"]
    assert sum(account["jobs"] for account in accounts) == len(said.prompts)
    rules = [rule["id"] for rule in server.ask("/_fauxreel/rules")["rules"]]
    assert len(set(rules)) == len(rules)
    assert set(said.rules) <= set(rules)
    said.rules = rules
    files = {file["id"] for file in server.ask("/v1/files")["data"]}
    assert said.files.keys() <= files
    for file_id in list(said.files)[-20:]:
        assert server.ask(f"/v1/files/{file_id}/content") == said.files[file_id]


def _all_jobs(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more, after = True, ""
    while more:
        page = server.ask(f"/_fauxreel/videos?limit={LISTED}&order=asc&after={after}")
        found += page["videos"]
        more, after = page["has_more"], found[-1]["id"] if found else ""
    return found
