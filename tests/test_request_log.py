"""What the access log writes, and when."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from fauxreel.request_log import RequestLog


def written_by(use: Callable[[RequestLog], None], *, as_json: bool = False) -> list[str]:
    written: list[str] = []

    async def serve() -> None:
        use(RequestLog(written.append, as_json=as_json))

    asyncio.run(serve())
    return written


def test_a_line_of_text_has_time_method_path_status_and_duration() -> None:
    def use(log: RequestLog) -> None:
        log.add("POST", "/v1/videos", 200, 1_440_000)
        log.flush()

    (text,) = written_by(use)
    assert re.fullmatch(r"\d\d:\d\d:\d\d POST /v1/videos 200 1\.4ms\n", text)


def test_a_request_without_an_answer_has_no_status() -> None:
    def use(log: RequestLog) -> None:
        log.add("GET", "/v1/videos", 0, 0)
        log.flush()

    (text,) = written_by(use)
    assert text.endswith(" GET /v1/videos - 0.0ms\n")


def test_a_line_of_json_is_an_object() -> None:
    def use(log: RequestLog) -> None:
        log.add("POST", "/v1/videos", 200, 1_446_000)
        log.flush()

    (text,) = written_by(use, as_json=True)
    line = json.loads(text)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("time"))
    assert line == {"method": "POST", "path": "/v1/videos", "status": 200, "milliseconds": 1.45}


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "character",
    ["\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\x1b", "\x7f", "\udcff"],
)
def test_no_path_starts_a_line_of_its_own(*, as_json: bool, character: str) -> None:
    def use(log: RequestLog) -> None:
        log.add("GET", f"/v1/{character}12:00:00 GET /forged 200", 404, 0)
        log.flush()

    (text,) = written_by(use, as_json=as_json)
    assert len(text.splitlines()) == 1
    assert text[:-1].isprintable()


def test_a_path_of_letters_beyond_ascii_stays_readable() -> None:
    def use(log: RequestLog) -> None:
        log.add("GET", "/v1/vidéos", 404, 0)
        log.flush()

    (text,) = written_by(use)
    assert text.endswith(" GET /v1/vidéos 404 0.0ms\n")


def test_lines_are_written_together_and_once() -> None:
    def use(log: RequestLog) -> None:
        for nth in range(3):
            log.add("GET", f"/{nth}", 200, 0)
        log.flush()
        log.flush()

    (text,) = written_by(use)
    assert [line.split()[2] for line in text.splitlines()] == ["/0", "/1", "/2"]


def test_nothing_is_written_of_no_requests() -> None:
    assert written_by(RequestLog.flush) == []


def test_many_lines_are_written_before_the_loop_is_idle() -> None:
    async def serve() -> list[int]:
        written: list[str] = []
        log = RequestLog(written.append)
        for nth in range(20_001):
            log.add("GET", f"/{nth}", 200, 0)
        return [text.count("\n") for text in written]

    assert asyncio.run(serve()) == [10_000, 10_000]


def test_lines_are_written_soon_without_being_asked_for() -> None:
    async def serve() -> str:
        written: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        log = RequestLog(written.set_result)
        log.add("GET", "/1", 200, 0)
        log.add("GET", "/2", 200, 0)
        return await asyncio.wait_for(written, timeout=60)

    text = asyncio.run(serve())
    assert [line.split()[2] for line in text.splitlines()] == ["/1", "/2"]


@pytest.mark.parametrize(("count", "later"), [(99, False), (100, True)])
def test_after_many_lines_the_next_ones_are_written_later(*, count: int, later: bool) -> None:
    def use(log: RequestLog) -> None:
        loop = asyncio.get_running_loop()
        log.add("GET", "/first", 200, 0)
        usual = next(iter(timers(loop)))
        for _ in range(count - 1):
            log.add("GET", "/one", 200, 0)
        log.flush()
        log.add("GET", "/next", 200, 0)
        (delayed,) = timers(loop) - {usual}
        assert (delayed.when() - usual.when() > 0.15) is later

    def timers(loop: Any) -> set[asyncio.TimerHandle]:
        return set(loop._scheduled)

    assert len(written_by(use)) == 1
