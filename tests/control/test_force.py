"""Ending a job by hand."""

import pytest

from fauxreel.clock import EPOCH

NOW = int(EPOCH)


def created(ask) -> str:
    return ask("POST", "/v1/videos", {"prompt": "a cat", "model": "sora-2"}).json["id"]


@pytest.mark.parametrize("body", [None, {}, {"status": "completed"}])
def test_a_forced_job_is_completed_at_once(ask, body):
    video_id = created(ask)
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 1})
    reply = ask("POST", f"/_fauxreel/videos/{video_id}/force", body)
    video = ask("GET", f"/v1/videos/{video_id}").json

    assert reply.status == 200
    assert reply.json == {
        "id": video_id,
        "sequence": 1,
        "project": "",
        "surface": "openai",
        "status": "completed",
        "progress": 100,
        "expired": False,
        "created": EPOCH,
        "completed_at": NOW + 1,
        "expires_at": NOW + 3601,
        "error": None,
        "model": "sora-2",
        "prompt": "a cat",
        "seconds": 4,
        "size": "720x1280",
        "source_id": None,
        "reference": None,
    }
    assert (video["status"], video["completed_at"]) == ("completed", NOW + 1)
    assert ask("GET", f"/v1/videos/{video_id}/content").status == 200


def test_a_job_can_be_made_to_fail_with_an_error_of_ones_own(ask):
    video_id = created(ask)
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 1.5})
    error = {"code": "moderation_blocked", "message": "Your request was blocked."}
    reply = ask("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "failed", "error": error})
    video = ask("GET", f"/v1/videos/{video_id}").json

    assert (reply.json["status"], reply.json["progress"]) == ("failed", 50)
    assert (video["status"], video["progress"], video["error"]) == ("failed", 50, error)
    assert (video["completed_at"], video["expires_at"]) == (None, None)


def test_a_job_fails_with_the_usual_error_unless_told_otherwise(ask):
    reply = ask("POST", f"/_fauxreel/videos/{created(ask)}/force", {"status": "failed"})

    assert reply.json["error"] == {
        "code": "video_generation_failed",
        "message": "Video generation failed due to an internal error.",
    }


def test_a_forced_end_stays_when_the_clock_goes_on(ask):
    video_id = created(ask)
    ask("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "failed"})
    before = ask("GET", f"/v1/videos/{video_id}").json
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 100})

    assert ask("GET", f"/v1/videos/{video_id}").json == before


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_an_ended_job_stays_as_it_is(ask, status):
    video_id = created(ask)
    ask("POST", f"/_fauxreel/videos/{video_id}/force", {"status": status})
    reply = ask("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "completed"})

    assert reply.told == (
        409,
        "already_ended",
        f"Video {video_id!r} is {status} and stays so.",
    )


def test_an_unknown_job_is_404(ask):
    assert ask("POST", "/_fauxreel/videos/video_1/force").told == (
        404,
        "no_such_video",
        "There is no video 'video_1'.",
    )


def test_a_bad_end_is_one_line_and_changes_nothing(ask):
    video_id = created(ask)
    reply = ask("POST", f"/_fauxreel/videos/{video_id}/force", {"status": "queued"})

    assert reply.told == (
        400,
        "bad_request",
        "status -> 'queued' is not valid. Valid: completed, failed, cancelled.",
    )
    assert ask("GET", f"/v1/videos/{video_id}").json["status"] == "queued"


def test_an_error_is_for_jobs_that_fail(ask):
    video_id = created(ask)
    end = {"status": "completed", "error": {"code": "moderation_blocked"}}
    reply = ask("POST", f"/_fauxreel/videos/{video_id}/force", end)

    assert reply.told == (
        400,
        "bad_request",
        "error goes with the status failed, not with completed.",
    )
    assert ask("GET", f"/v1/videos/{video_id}").json["status"] == "queued"
