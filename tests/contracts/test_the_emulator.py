"""The emulator keeps every clause of each dialect that it speaks."""

import pytest

from fauxreel import Emulator
from fauxreel_contracts.registry import CLAUSES
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.target import Options, resolve

BASES = {
    "openai": "/v1",
    "azure": "/openai/v1",
    "azure-jobs": "/openai/v1/video/generations/jobs",
    "litellm": "/litellm/v1",
}
# Jobs that can be watched: in seconds, by polls, and by a clock that polls move.
WORLDS = {
    "system": {"queue_seconds": 0.1, "processing_seconds": 0.3, "poll_after_ms": 20},
    "polls": {"timeline": "polls:1,2", "poll_after_ms": 1},
    "auto": {"clock": "auto"},
    "scaled": {"clock": "scaled", "speed": 10, "poll_after_ms": 20},
}


def run_against(base, **settings):
    with Emulator(**settings) as emulator:
        target = resolve("it", Options(url=emulator.root_url + base), {})
        return run(target, CLAUSES), emulator.videos


# The quick runs count polls, so that no stall of the machine changes what is seen.
BOTH = [
    pytest.param(
        base, world, marks=() if (base, world) == ("openai", "polls") else pytest.mark.slow
    )
    for base in BASES
    for world in WORLDS
    if base == "openai" or world in ("polls", "system")
]


@pytest.mark.parametrize(("base", "world"), BOTH)
def test_the_emulator_keeps_every_clause(base, world):
    keeps_every_clause(base, WORLDS[world])


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_the_emulator_keeps_every_clause_with_jobs_in_a_file(base, tmp_path):
    keeps_every_clause(base, {**WORLDS["polls"], "store": f"sqlite:{tmp_path / 'jobs.db'}"})


def keeps_every_clause(base, world):
    # Any name is a deployment unless the emulator is told which there are.
    report, _ = run_against(BASES[base], azure_deployments=("sora", "sora-2"), **world)

    assert [
        (result.clause.id, result.verdict, result.note, result.difference)
        for result in report.results
        if result.verdict not in (Verdict.HOLDS, Verdict.LEFT_OUT)
    ] == []
    assert report.count(Verdict.HOLDS) > 40


@pytest.mark.slow
def test_nothing_stays_behind_where_videos_can_be_deleted():
    with Emulator(**WORLDS["polls"]) as emulator:
        target = resolve("it", Options(url=emulator.base_url), {})
        report = run(target, CLAUSES)

        assert (report.accidents, report.unknown) == ((), ())
        assert report.videos > 2
        assert list(emulator.videos) == []
    # The API has no way to delete a character.
    assert [line for line in report.left_behind if "/characters/" not in line] == []


def test_what_cannot_be_deleted_is_listed():
    report, _ = run_against("/litellm/v1", **WORLDS["system"])

    videos = [line for line in report.left_behind if line.startswith("video_")]
    assert len(videos) == report.videos > 0


@pytest.mark.slow
def test_a_namespace_is_a_target_like_any_other():
    report, _ = run_against("/ns/mine/v1", **WORLDS["system"])

    assert set(report.counts()) <= {Verdict.HOLDS, Verdict.LEFT_OUT}
