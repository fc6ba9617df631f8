"""The contract kit against servers that are not ours: what it finds is what their profiles say."""

from fnmatch import fnmatchcase

import pytest
from openai import BadRequestError, OpenAI

pytestmark = pytest.mark.slow

PROFILED = ("litellm-proxy", "qvac", "fastvideo")
EXPECTED = ("holds", "differs as known", "left out")


def of_topic(found, topic):
    return {
        result["id"]: result["verdict"]
        for result in found.target["results"]
        if result["topic"] == topic
    }


@pytest.mark.parametrize("found", PROFILED, indirect=True)
def test_a_server_differs_only_as_its_profile_says(found):
    assert [result for result in found.target["results"] if result["verdict"] not in EXPECTED] == []
    assert (found.status, found.target["unknown"]) == (0, [])
    assert len(found.results("holds")) > 60


@pytest.mark.parametrize("found", PROFILED, indirect=True)
def test_a_server_still_differs_wherever_its_profile_says_so(found):
    differing = [result["id"] for result in found.results("differs as known")]

    assert [result["note"] for result in found.results("holds") if result["note"]] == []
    assert [
        pattern
        for pattern in found.profile.deviations
        if not any(fnmatchcase(clause_id, pattern) for clause_id in differing)
    ] == []


@pytest.mark.parametrize("found", ["qvac", "fastvideo"], indirect=True)
def test_no_video_stays_at_a_server_that_can_delete(found):
    # qvac has no way to delete an uploaded file.
    left = found.target["left_behind"]
    assert [line for line in left if not line.endswith("(uploaded)")] == []


@pytest.mark.parametrize("found", [*PROFILED, "steady", "steady-completed"], indirect=True)
def test_the_report_that_is_kept_says_what_is_found_today(found, kept_verdicts):
    # python -m pytest tests/interop/foreign --write-reports
    assert found.verdicts() == kept_verdicts(found.name)


@pytest.mark.parametrize("found", ["steady"], indirect=True)
def test_a_stateless_server_whose_job_never_ends_keeps_no_law_of_a_jobs_life(found):
    assert found.status == 1
    assert set(of_topic(found, "lifecycle").values()) == {"blocked"}
    assert (found.verdicts()["create.id.unique"], found.verdicts()["retrieve.unknown.status"]) == (
        "differs",
        "differs",
    )


@pytest.mark.parametrize("found", ["steady-completed"], indirect=True)
def test_a_stateless_server_whose_job_is_done_at_once_is_found_out(found):
    differing = {result["id"] for result in found.results("differs")}

    assert found.status == 1
    assert differing >= {
        "create.id.unique",
        "lifecycle.begins.unfinished",
        "lifecycle.end.order",
        "retrieve.unknown.status",
        "delete.gone",
        "delete.gone.content",
        "delete.twice",
        "delete.unknown",
    }


@pytest.mark.parametrize("found", ["qvac"], indirect=True)
def test_the_openai_sdk_cannot_delete_at_qvac_as_the_kit_says(found):
    with OpenAI(base_url=found.url, api_key="sk-any", max_retries=0) as client:
        video = client.videos.create(model="sora-2", prompt="a cat", size="832x480")
        with pytest.raises(BadRequestError, match="Request body must be valid JSON"):
            client.videos.delete(video.id)

    assert found.verdicts()["delete.accepted"] == "differs as known"
