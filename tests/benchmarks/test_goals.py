"""What a run reached, and how it is shown."""

from typing import Any

import pytest
from benchmarks.goals import GOALS
from benchmarks.publish import PAGE, PUBLISHED, published, written

from benchmarks import tables


def cells(*rates: float | None, note: str = "", used: float | None = 30.4) -> dict[str, Any]:
    facts = {"p50_ms": 1, "p99_ms": 2, "megabytes": 3, "errors": {}, "processor_us": used}
    rounds = [rate and {"rate": rate, **facts} for rate in rates]
    return {"note": note, "rounds": rounds}


RESULT = {
    "plan": {"rounds": 2, "many_jobs": 5000},
    "operations": {
        "retrieve": {"fauxreel": cells(20, 26), "starlette": cells(10, 20)},
        "list": {
            "fauxreel": cells(10, 13),
            "fauxreel, 5,000 jobs": cells(10, None, used=None),
            "aimock": cells(None, None, note="answers 404"),
        },
        "content": {"fauxreel": cells(10, 10)},
    },
    "starts": {
        "fauxreel": {"first_answer_ms": [100, 120], "idle_mib": [36, 36], "exit_ms": [60, None]},
        "starlette": {"first_answer_ms": [100, 100], "idle_mib": [30, 30], "exit_ms": [200, 200]},
    },
    "bytes_a_job": {"1000": 1100.0},
    "fixtures": {"video_api": {"median": 2.0, "low": 1.0, "high": 3.0}},
}


def test_each_goal_says_whether_it_is_reached():
    lines = tables.goals(RESULT).splitlines()[2:]

    assert len(lines) == len(GOALS)
    assert lines[:3] == [
        "| retrieve, to an empty Starlette app | at least 1.30 | 1.65 (1.30 to 2.00) | reached |",
        "| list of 20, to retrieve | at least 0.70 | 0.50 (0.50 to 0.50) | not reached |",
        "| list with many jobs, to 1,000 jobs | at least 0.95 | 1.00 (1.00 to 1.00) | reached |",
    ]
    assert lines[-4:] == [
        "| start to first answer, to an empty Starlette app | at most 1.30 | 1.10 (1.00 to 1.20) | reached |",
        "| exit after SIGTERM | at most 50.0 ms | 60.0 ms (60.0 to 60.0) | not reached |",
        "| memory when idle | at most 50.0 MiB | 36.0 MiB (36.0 to 36.0) | reached |",
        "| memory a job, where it is most | at most 1,536 bytes | 1,100 bytes (1,100 to 1,100) | reached |",
    ]


def test_a_goal_without_a_measurement_says_so():
    line = tables.goals(RESULT).splitlines()[5]

    assert line == "| create by JSON, to aimock | at least 1.20 | not measured |  |"


def test_each_server_stands_beside_ours():
    assert tables.operations(RESULT).splitlines()[2:] == [
        "| retrieve | Fauxreel | 23 |  | 30 | 1.00 | 2.00 |  |",
        "| retrieve | empty Starlette app | 15 | 1.65 | 30 | 1.00 | 2.00 |  |",
        "| list | Fauxreel | 12 |  | 30 | 1.00 | 2.00 |  |",
        "| list | Fauxreel, 5,000 jobs | 10 | 1.00 | - | 1.00 | 2.00 |  |",
        "| list | aimock | - | - | - | - | - | answers 404 |",
        "| content | Fauxreel | 10 |  | 30 | 1.00 | 2.00 | 3 MB/s |",
    ]


def test_the_page_shows_the_published_result():
    page = PAGE.read_text()

    assert page == written(page, published()), "run `python -m benchmarks.publish --again`"


def test_the_published_result_names_no_folder_and_no_host():
    text = PUBLISHED.read_text()

    assert "/home" not in text
    assert "/tmp" not in text
    assert "://" not in text


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="measured: conditions"):
        written("nothing", RESULT)
