"""A Sora 1 job from its creation to its end, byte for byte, under a clock moved by hand."""

import pytest

from fauxreel.ids import parsed_ulid

JOBS = "/openai/v1/video/generations/jobs"
GENERATIONS = "/openai/v1/video/generations"
CREATED = 1767225600
PROMPT = '"a caf\\u00e9"'


@pytest.fixture
def job_id(send):
    """The id of a new job of two variants."""
    fields = {"model": "sora", "prompt": "a caf\u00e9", "width": 854, "height": 480}
    return send("POST", JOBS, {**fields, "n_variants": 2, "n_seconds": 3}).json["id"]


@pytest.fixture
def told(send, job_id):
    """The job as it is now."""
    return lambda: send("GET", f"{JOBS}/{job_id}").told


def as_written(job_id, status, *, finished="null", expires="null", made="", reason="null"):
    return (
        f'{{"object":"video.generation.job","id":"{job_id}","status":"{status}",'
        f'"created_at":{CREATED},"finished_at":{finished},"expires_at":{expires},'
        f'"generations":[{made}],"prompt":{PROMPT},"model":"sora","n_variants":2,'
        f'"n_seconds":3,"height":480,"width":854,"failure_reason":{reason}}}'
    )


def generation_as_written(generation_id, job_id, created):
    return (
        f'{{"object":"video.generation","id":"{generation_id}","job_id":"{job_id}",'
        f'"created_at":{created},"width":854,"height":480,"n_seconds":3,"prompt":{PROMPT}}}'
    )


def force(send, job_id, **end):
    return send("POST", f"/_fauxreel/videos/{job_id}/force", end)


def test_a_job_passes_its_states_in_the_order_that_was_seen(run, sender_of, clock):
    send = sender_of(run(processing_seconds=100))
    fields = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
    path = f"{JOBS}/{send('POST', JOBS, fields).json['id']}"
    seen = []
    for _ in range(112):
        seen.append(send("GET", path).json["status"])
        clock.advance(1)
    moments = {status: seen.index(status) for status in dict.fromkeys(seen)}
    assert moments == {
        "queued": 0,
        "preprocessing": 10,
        "running": 20,
        "processing": 90,
        "succeeded": 110,
    }


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(0, "queued"), (10, "preprocessing"), (16, "running"), (58, "processing"), (69, "processing")],
)
def test_an_unfinished_job_has_no_end_and_no_generations(told, clock, job_id, seconds, status):
    clock.advance(seconds)
    assert told() == (200, as_written(job_id, status))


def test_a_succeeded_job_lists_a_generation_for_each_variant(send, told, clock, job_id):
    clock.advance(100)
    ids = [made["id"] for made in send("GET", f"{JOBS}/{job_id}").json["generations"]]
    made = [generation_as_written(each, job_id, CREATED + 70) for each in ids]
    assert told() == (
        200,
        as_written(
            job_id,
            "succeeded",
            finished=CREATED + 70,
            expires=CREATED + 86_400,
            made=",".join(made),
        ),
    )
    assert [send("GET", f"{GENERATIONS}/{each}").told for each in ids] == [
        (200, text) for text in made
    ]


def test_generations_have_ids_of_their_own_with_a_moment_of_the_job(send, clock, job_id):
    clock.advance(70)
    generations = send("GET", f"{JOBS}/{job_id}").json["generations"]
    ids = [made["id"] for made in generations]
    moments = [parsed_ulid(each.removeprefix("gen_"))[0] / 1000 for each in ids]
    assert len(set(ids)) == 2
    assert all(each.startswith("gen_") for each in ids)
    assert all(CREATED < moment < generations[0]["created_at"] for moment in moments)


@pytest.mark.parametrize(
    ("seconds", "code", "reason"),
    [
        (10, "moderation_blocked", '"input_moderation"'),
        (40, "moderation_blocked", '"output_moderation"'),
        (10, "content_filter", '"output_moderation"'),
        (40, "video_generation_failed", '"internal_error"'),
        (40, "anything", '"internal_error"'),
    ],
)
def test_a_failed_job_has_a_reason_in_one_word(send, told, clock, job_id, seconds, code, reason):
    clock.advance(seconds)
    force(send, job_id, status="failed", error={"code": code, "message": "Blocked."})
    clock.advance(60)
    assert told() == (
        200,
        as_written(job_id, "failed", finished=CREATED + seconds, reason=reason),
    )


def test_a_job_that_fails_for_no_said_reason_had_an_internal_error(send, told, job_id):
    force(send, job_id, status="failed")
    assert told() == (
        200,
        as_written(job_id, "failed", finished=CREATED, reason='"internal_error"'),
    )


def test_a_cancelled_job_ends_without_a_failure(send, told, clock, job_id):
    clock.advance(20)
    forced = force(send, job_id, status="cancelled")
    assert (forced.status, forced.json["status"]) == (200, "failed")
    assert told() == (200, as_written(job_id, "cancelled", finished=CREATED + 20))


def test_a_cancelled_job_stays_cancelled(send, told, clock, job_id):
    force(send, job_id, status="cancelled")
    before = told()
    clock.advance(100)
    again = force(send, job_id, status="completed")
    assert (again.status, again.json["error"]["code"]) == (409, "already_ended")
    assert told() == before


def test_only_a_failed_job_takes_an_error(send, job_id):
    reply = force(send, job_id, status="cancelled", error={"code": "moderation_blocked"})
    assert reply.status == 400
    assert "error goes with the status failed, not with cancelled" in reply.json["error"]["message"]


def test_a_forced_job_succeeds_at_once(send, clock, job_id):
    clock.advance(3)
    force(send, job_id)
    job = send("GET", f"{JOBS}/{job_id}").json
    assert (job["status"], job["finished_at"], job["expires_at"], len(job["generations"])) == (
        "succeeded",
        CREATED + 3,
        CREATED + 86_400,
        2,
    )


def test_head_of_a_job_counts_as_no_poll(run, sender_of):
    send = sender_of(run(timeline="polls:1,1", queue_seconds=None, processing_seconds=None))
    fields = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
    path = f"{JOBS}/{send('POST', JOBS, fields).json['id']}"
    heads = [send("HEAD", path).status for _ in range(3)]
    polls = [send("GET", path).json["status"] for _ in range(4)]
    assert heads == [200] * 3
    assert polls == ["queued", "running", "succeeded", "succeeded"]


def test_an_unknown_job_is_not_found(send):
    assert send("GET", f"{JOBS}/task_x").told == (
        404,
        (
            '{"code":null,"message":"Video with id \'task_x\' not found.","param":null,'
            '"type":"invalid_request_error","inner_error":null}'
        ),
    )
