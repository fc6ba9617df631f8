"""Jobs put into the store in a state of one's choice, as the API then shows them."""

import pytest

from fauxreel.clock import EPOCH
from fauxreel.domain.errors import StoreUnwritable
from fauxreel.embed import Emulator
from fauxreel.store.memory import MemoryStore

VIDEOS = "/_fauxreel/videos"
NOW = int(EPOCH)
NOT_READY = "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
FAILED = {
    "code": "video_generation_failed",
    "message": "Video generation failed due to an internal error.",
}


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("queued", {"status": "queued", "progress": 0, "created_at": NOW}),
        ("processing", {"status": "in_progress", "progress": 50, "created_at": NOW - 2}),
        (
            "completed",
            {
                "status": "completed",
                "progress": 100,
                "created_at": NOW - 70,
                "completed_at": NOW,
                "expires_at": NOW + 3600,
            },
        ),
        (
            "failed",
            {"status": "failed", "progress": 50, "created_at": NOW - 70, "error": FAILED},
        ),
        (
            "expired",
            {
                "status": "completed",
                "progress": 100,
                "created_at": NOW - 3670,
                "completed_at": NOW - 3600,
                "expires_at": NOW,
            },
        ),
    ],
)
def test_a_seeded_job_is_in_its_state_for_the_clients_of_the_api(ask, status, shown):
    (video_id,) = ask("POST", VIDEOS, {"status": status, "prompt": "a cat"}).json["ids"]

    assert ask("GET", f"/v1/videos/{video_id}").json == {
        "id": video_id,
        "object": "video",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2",
        "prompt": "a cat",
        "remixed_from_video_id": None,
        "seconds": "4",
        "size": "720x1280",
        **shown,
    }


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("queued", NOT_READY),
        ("processing", NOT_READY),
        ("failed", NOT_READY),
        ("expired", "The video is no longer available. Downloads expire after 1 hours."),
    ],
)
def test_a_job_without_content_says_why(ask, status, message):
    (video_id,) = ask("POST", VIDEOS, {"status": status}).json["ids"]
    reply = ask("GET", f"/v1/videos/{video_id}/content")

    assert reply.status == 404
    assert reply.json["error"]["message"] == message


def test_a_completed_job_has_content(ask):
    (video_id,) = ask("POST", VIDEOS).json["ids"]
    reply = ask("GET", f"/v1/videos/{video_id}/content")

    assert (reply.status, reply.headers["content-type"]) == (200, "video/mp4")
    assert reply.body[4:8] == b"ftyp"


def test_a_seeded_job_goes_on_from_where_it_stands(ask):
    (video_id,) = ask("POST", VIDEOS, {"status": "processing", "progress": 90}).json["ids"]
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 0.2})

    assert ask("GET", f"/v1/videos/{video_id}").json["status"] == "completed"


@pytest.mark.parametrize("timeline", ["quick", "realistic"])
def test_each_progress_from_0_to_99_can_be_seeded(ask_of, timeline):
    # On the sticky curve of `realistic`, each fifth value is skipped.
    possible = [each for each in range(100) if timeline == "quick" or each % 5 != 2]
    with Emulator(clock="manual", timeline=timeline) as emulator:
        for progress in possible:
            ask_of(emulator, "POST", VIDEOS, {"status": "processing", "progress": progress})
        videos = ask_of(emulator, "GET", f"{VIDEOS}?limit=100&order=asc").json["videos"]

    assert [video["progress"] for video in videos] == possible


def test_a_jobs_facts_are_those_of_the_seed(ask):
    seed = {
        "status": "failed",
        "progress": 12,
        "prompt": "a dog",
        "model": "sora-2-pro",
        "seconds": 12,
        "size": "1792x1024",
        "error": {"code": "moderation_blocked", "message": "No."},
    }
    (video_id,) = ask("POST", VIDEOS, seed).json["ids"]
    video = ask("GET", f"/v1/videos/{video_id}").json

    assert (video["model"], video["seconds"], video["size"]) == ("sora-2-pro", "12", "1792x1024")
    assert (video["prompt"], video["progress"]) == ("a dog", 12)
    assert video["error"] == {"code": "moderation_blocked", "message": "No."}


def test_so_many_jobs_are_stored_as_are_asked_for(ask):
    ids = ask("POST", VIDEOS, {"count": 30, "prompt": "a cat"}).json["ids"]
    listed = ask("GET", "/v1/videos?limit=100&order=asc").json["data"]

    assert len(set(ids)) == 30
    assert [video["id"] for video in listed] == ids
    assert {video["prompt"] for video in listed} == {"a cat"}


def test_prompts_are_believable_and_repeat_for_the_same_seed(ask_of):
    prompts = []
    for seed in (1, 1, 2):
        with Emulator(clock="manual", seed=seed) as emulator:
            ask_of(emulator, "POST", VIDEOS, {"count": 20})
            videos = ask_of(emulator, "GET", VIDEOS).json["videos"]
            prompts.append([video["prompt"] for video in videos])

    assert len(set(prompts[0])) == 20
    assert all(len(prompt.split()) > 8 for prompt in prompts[0])
    assert prompts[0] == prompts[1]
    assert not set(prompts[0]) & set(prompts[2])


@pytest.mark.parametrize(
    ("seed", "statuses"),
    [({}, [200, 404]), ({"api_key": "sk-one"}, [200, 404]), ({"api_key": "sk-two"}, [404, 200])],
)
def test_a_seeded_job_belongs_to_the_first_key_or_to_the_one_named(ask_of, seed, statuses):
    with Emulator(keys="sk-one,sk-two") as emulator:
        (video_id,) = ask_of(emulator, "POST", VIDEOS, seed).json["ids"]
        path = f"/v1/videos/{video_id}"
        found = [
            ask_of(emulator, "GET", path, Authorization=f"Bearer {key}").status
            for key in ("sk-one", "sk-two")
        ]

    assert found == statuses


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (
            {"model": "veo"},
            (
                "model -> 'veo' is not a model. Valid values: sora-2, sora-2-pro, sora-2-2025-10-06, "
                "sora-2-pro-2025-10-06, sora-2-2025-12-08."
            ),
        ),
        (
            {"size": "1792x1024"},
            "size -> '1792x1024' is not made by sora-2. Valid: 720x1280, 1280x720.",
        ),
        ({"seconds": 5}, "seconds -> 5 is not made by sora-2. Valid: 4, 8, 12, 16, 20."),
        ({"api_key": "sk-invalid-1"}, "The API key is refused."),
    ],
)
def test_a_job_that_no_client_could_have_is_refused(ask, seed, message):
    assert ask("POST", VIDEOS, seed).told == (400, "bad_request", message)
    assert ask("GET", VIDEOS).json["videos"] == []


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (
            {"status": "done"},
            "status -> 'done' is not valid. Valid: queued, processing, completed, failed, expired.",
        ),
        ({"count": 0}, "count -> 0 is not a whole number from 1 to 10000."),
        ({"count": 1.5}, "count -> 1.5 is not a whole number from 1 to 10000."),
        ({"progress": 100}, "progress -> 100 is not a whole number from 0 to 99."),
        ({"prompt": ""}, "prompt -> '' is not a text of 1 to 32000 characters."),
        ({"prompt": "\ud800"}, "prompt -> '\\ud800' is not a text of 1 to 32000 characters."),
        ({"error": {"code": 1}}, "error.code -> 1 is not a text of 1 to 32000 characters."),
        ({"error": "x"}, "error -> 'x' is not a table. Valid keys: code, message."),
        (
            {"error": {"cod": "x"}},
            "error.cod is not a key. Did you mean code? Valid keys: code, message.",
        ),
        (
            {"stat": "queued"},
            (
                "stat is not a key. Did you mean status? Valid keys: "
                "count, status, progress, prompt, model, seconds, size, error, api_key."
            ),
        ),
        (
            ["queued"],
            (
                "The body -> ['queued'] is not a table. Valid keys: "
                "count, status, progress, prompt, model, seconds, size, error, api_key."
            ),
        ),
        ({"error": {}}, "error goes with the status failed, not with completed."),
        (
            {"status": "queued", "progress": 5},
            "progress goes with the status processing or failed, not with queued.",
        ),
    ],
)
def test_a_bad_seed_is_one_line_that_says_what_is_valid(ask, seed, message):
    assert ask("POST", VIDEOS, seed).told == (400, "bad_request", message)


@pytest.mark.parametrize(
    ("settings", "status", "message"),
    [
        (
            {"queue_seconds": 0},
            "queued",
            (
                "status -> 'queued' cannot be: "
                "with the timeline here such a job is 'processing' at once."
            ),
        ),
        (
            {"processing_seconds": 0},
            "processing",
            (
                "status -> 'processing' cannot be: "
                "with the timeline here such a job is 'completed' at once."
            ),
        ),
        (
            {"timeline": "stuck:queued"},
            "processing",
            "status -> 'processing' cannot be: jobs are stuck in the queue here.",
        ),
    ],
)
def test_a_state_that_the_timeline_does_not_have_is_refused(ask_of, settings, status, message):
    with Emulator(clock="manual", **settings) as emulator:
        reply = ask_of(emulator, "POST", VIDEOS, {"status": status})

    assert reply.told == (400, "bad_request", message)


def test_a_full_store_refuses_more(ask_of):
    with Emulator(max_videos=2) as emulator:
        reply = ask_of(emulator, "POST", VIDEOS, {"count": 3})

    status, code, message = reply.told
    assert (status, code) == (429, "store_full")
    assert message.startswith("The emulator holds its 2 ")


class FullStore(MemoryStore):
    """One on a disk that has no room for another job after the second."""

    async def add(self, *args, **kwargs):
        if len(self._records) == 2:
            raise StoreUnwritable("The disk is full.")
        return await super().add(*args, **kwargs)


def test_who_asks_for_more_than_can_be_written_finds_in_the_log_how_many_are(ask_of, caplog):
    with Emulator(store=FullStore(10)) as emulator:
        codes = [
            ask_of(emulator, "POST", VIDEOS, {"count": 5}).told[1],
            ask_of(emulator, "POST", VIDEOS).told[1],
        ]
        listed = ask_of(emulator, "GET", VIDEOS).json["videos"]

    assert codes == ["store_unwritable"] * 2
    assert len(listed) == 2
    assert caplog.messages == [
        "POST /_fauxreel/videos: The disk is full. Of the 5 jobs, the first 2 are stored.",
        "POST /_fauxreel/videos: The disk is full.",
    ]
