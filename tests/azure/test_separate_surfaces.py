"""Whose jobs a surface serves: all of them, or with --separate-surfaces its own alone."""

import pytest

from fauxreel.wire.litellm_ids import unwrapped

SURFACES = {
    "openai": "/v1/videos",
    "openai without v1": "/videos",
    "azure": "/openai/v1/videos",
    "litellm": "/litellm/v1/videos",
}


def create(send, surface):
    fields = {"model": "sora-2", "prompt": "a mug"}
    video_id = send("POST", SURFACES[surface], fields, Authorization="Bearer key-1").json["id"]
    wrapped = unwrapped(video_id)
    return video_id if wrapped is None else wrapped.video_id


def statuses(send, video_id, end=""):
    return {
        name: send("GET", f"{root}/{video_id}{end}", Authorization="Bearer key-1").status
        for name, root in SURFACES.items()
    }


def listed(send):
    # The proxy lists the jobs of a named provider alone; the others look past the name.
    query, key = "?custom_llm_provider=openai", {"Authorization": "Bearer key-1"}
    pages = {name: send("GET", f"{root}{query}", **key).json for name, root in SURFACES.items()}
    return {name: len(page["data"]) for name, page in pages.items()}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_job_is_served_by_all_surfaces(send, clock, surface):
    video_id = create(send, surface)
    clock.advance(70)
    assert statuses(send, video_id) == dict.fromkeys(SURFACES, 200)
    assert statuses(send, video_id, "/content") == dict.fromkeys(SURFACES, 200)
    assert listed(send) == dict.fromkeys(SURFACES, 1)


def test_a_job_looks_the_same_in_every_dialect_of_videos(send, clock):
    video_id = create(send, "azure")
    clock.advance(70)
    seen = [
        send("GET", f"{root}/{video_id}", Authorization="Bearer key-1").body
        for root in ("/v1/videos", "/videos", "/openai/v1/videos")
    ]
    assert seen[0] == seen[1] == seen[2]


def test_how_long_a_result_lives_is_the_affair_of_the_surface_that_made_it(send, clock):
    azure, plain = create(send, "azure"), create(send, "openai")
    clock.advance(70 + 3600)
    assert statuses(send, azure, "/content") == dict.fromkeys(SURFACES, 200)
    assert statuses(send, plain, "/content") == dict.fromkeys(SURFACES, 404)


def test_a_job_of_one_surface_can_be_remixed_on_another(send, clock):
    source = create(send, "openai")
    clock.advance(70)
    remix = send("POST", f"/openai/v1/videos/{source}/remix", {"prompt": "at night"}).json
    assert (remix["remixed_from_video_id"], len(remix["id"])) == (source, len("video_") + 32)


@pytest.mark.parametrize(
    ("surface", "own"),
    [
        ("openai", {"openai", "openai without v1"}),
        ("azure", {"azure"}),
        ("litellm", {"litellm"}),
    ],
)
def test_a_separate_surface_serves_its_own_jobs_alone(run, sender_of, clock, surface, own):
    send = sender_of(run(separate_surfaces=True))
    video_id = create(send, surface)
    clock.advance(70)
    expected = {name: 200 if name in own else 404 for name in SURFACES}
    assert statuses(send, video_id) == expected
    assert statuses(send, video_id, "/content") == expected
    assert listed(send) == {name: int(name in own) for name in SURFACES}


def test_a_separate_surface_neither_remixes_nor_deletes_what_is_not_its_own(run, sender_of, clock):
    send = sender_of(run(separate_surfaces=True))
    source = create(send, "openai")
    clock.advance(70)
    path = f"/openai/v1/videos/{source}"
    assert send("POST", f"{path}/remix", {"prompt": "at night"}).status == 404
    assert send("DELETE", path).status == 404
    assert statuses(send, source)["openai"] == 200


def test_keys_are_projects_within_each_separate_surface(run, sender_of):
    send = sender_of(run(separate_surfaces=True, keys=("one", "two")))
    fields = {"model": "sora-2", "prompt": "a mug"}
    path = send("POST", "/openai/v1/videos", fields, api_key="one").json["id"]
    assert send("GET", f"/openai/v1/videos/{path}", api_key="one").status == 200
    assert send("GET", f"/openai/v1/videos/{path}", api_key="two").status == 404
    assert send("GET", f"/v1/videos/{path}", Authorization="Bearer one").status == 404


@pytest.mark.parametrize("separate", [False, True])
def test_the_control_api_sees_the_jobs_of_every_surface(run, sender_of, separate):
    send = sender_of(run(separate_surfaces=separate))
    for surface in ("openai", "azure", "litellm"):
        create(send, surface)
    job = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
    send("POST", "/openai/v1/video/generations/jobs", job)
    videos = send("GET", "/_fauxreel/videos").json["videos"]
    assert [video["surface"] for video in videos] == ["azure-jobs", "litellm", "azure", "openai"]


def test_a_generation_job_is_served_whatever_the_setting(run, sender_of, clock):
    send = sender_of(run(separate_surfaces=True))
    fields = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
    jobs = "/openai/v1/video/generations/jobs"
    job_id = send("POST", jobs, fields).json["id"]
    clock.advance(70)
    job = send("GET", f"{jobs}/{job_id}").json
    generation = send("GET", f"/openai/v1/video/generations/{job['generations'][0]['id']}")
    assert (job["status"], generation.json["job_id"]) == ("succeeded", job_id)
    assert statuses(send, job_id) == dict.fromkeys(SURFACES, 404)
    assert listed(send) == dict.fromkeys(SURFACES, 0)
