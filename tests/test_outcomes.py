"""How jobs go when a rule says so, on every surface, in seconds and in polls."""

import pytest

from fauxreel import ManualClock
from fauxreel.faults.grammar import RuleError, Source, rules_of_text
from fauxreel.faults.outcomes import FAILURES
from surfaces import GENERATIONS, OPENAI, SORA_1, SURFACES, running

CREATED = 1767225600
POLLS = {"timeline": "polls:1,2", "queue_seconds": None, "processing_seconds": None}


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def run(clock):
    with running(clock=clock, queue_seconds=10, processing_seconds=100, seed=7) as run:
        yield run


@pytest.fixture
def ask(run):
    return run()


def told(reply):
    """What a job says of its state."""
    job = reply.json
    return job["status"], job["progress"], job["error"]


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_job_fails_with_each_known_code_message_and_progress(ask, clock, surface, name):
    path = surface.made(ask, f"fail={name}")
    failure = FAILURES[name]
    clock.advance(9 + failure.at)
    before = told(ask("GET", path))[0]
    clock.advance(1)
    error = {"code": failure.code, "message": failure.message}
    assert before == ("in_progress" if failure.at else "queued")
    assert told(ask("GET", path)) == ("failed", failure.at, error)


def test_a_failed_job_is_one_to_the_letter_on_the_wire(ask, clock):
    path = OPENAI.made(ask, "fail=moderation_blocked at=40")
    clock.advance(50)
    job = ask("GET", path)
    assert job.body.decode() == (
        f'{{"id":"{path.removeprefix("/v1/videos/")}","object":"video","created_at":{CREATED},'
        '"status":"failed","completed_at":null,"error":{"code":"moderation_blocked","message":'
        '"Your request was blocked by our moderation system."},"expires_at":null,"model":"sora-2",'
        '"progress":40,"prompt":"a cat [[fauxreel fail=moderation_blocked at=40]]",'
        '"remixed_from_video_id":null,"seconds":"4","size":"720x1280"}'
    )
    assert ask("GET", f"{path}/content").status == 404


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("moderation_blocked", "output_moderation"),
        ("moderation_blocked_input", "input_moderation"),
        ("moderation_blocked_people", "input_moderation"),
        ("content_filter", "output_moderation"),
        ("video_generation_failed", "internal_error"),
        ("internal_error", "internal_error"),
        ("server_error", "internal_error"),
        ("billing_hard_limit_reached", "internal_error"),
        ("mine message=Broken", "internal_error"),
    ],
)
def test_a_job_of_sora_1_fails_with_one_word(ask, clock, name, reason):
    path = SORA_1.made(ask, f"fail={name}")
    at = FAILURES[name].at if name in FAILURES else 99
    clock.advance(110)
    assert ask("GET", path).json == {
        "object": "video.generation.job",
        "id": path.rpartition("/")[2],
        "status": "failed",
        "created_at": CREATED,
        "finished_at": CREATED + 10 + at,
        "expires_at": None,
        "generations": [],
        "prompt": f"a cat [[fauxreel fail={name}]]",
        "model": "sora",
        "n_variants": 1,
        "n_seconds": 5,
        "height": 480,
        "width": 480,
        "failure_reason": reason,
    }


@pytest.mark.parametrize("surface", SURFACES)
def test_a_failure_of_ones_own_has_its_code_message_and_progress(ask, clock, surface):
    path = surface.made(ask, "fail=out_of_film message='No film; \u00e9' at=30")
    clock.advance(35)
    assert told(ask("GET", path)) == ("in_progress", 25, None)
    clock.advance(5)
    error = {"code": "out_of_film", "message": "No film; \u00e9"}
    assert told(ask("GET", path)) == ("failed", 30, error)


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        (
            "fail=internal_error at=99",
            ["queued 0", "in_progress 33", "in_progress 66", "failed 99"],
        ),
        ("fail=internal_error at=40", ["queued 0", "in_progress 33", "failed 40", "failed 40"]),
        ("fail=internal_error at=0", ["queued 0", "failed 0", "failed 0", "failed 0"]),
        ("stuck=99", ["queued 0", "in_progress 33", "in_progress 66", "in_progress 99"]),
        ("stuck=50", ["queued 0", "in_progress 33", "in_progress 50", "in_progress 50"]),
        ("stuck=queued", ["queued 0", "queued 0", "queued 0", "queued 0"]),
        ("slower=2", ["queued 0", "queued 0", "in_progress 20", "in_progress 40"]),
        ("slower=0", ["completed 100"] * 4),
        ("complete", ["completed 100"] * 4),
    ],
)
@pytest.mark.parametrize("surface", SURFACES)
def test_an_outcome_shows_in_a_timeline_of_polls(run, surface, rule, seen):
    ask = run(**POLLS)
    path = surface.made(ask, rule)
    jobs = [ask("GET", path).json for _ in seen]
    assert [f"{job['status']} {job['progress']}" for job in jobs] == seen


@pytest.mark.parametrize(
    ("rule", "states"),
    [
        ("stuck=queued", ["queued 0", "queued 0", "queued 0"]),
        ("stuck=0", ["in_progress 0", "in_progress 0", "in_progress 0"]),
        ("stuck=50", ["in_progress 40", "in_progress 50", "in_progress 50"]),
        ("stuck=99", ["in_progress 40", "in_progress 90", "in_progress 99"]),
        ("slower=10", ["queued 0", "in_progress 0", "completed 100"]),
        ("slower=0.5", ["in_progress 90", "completed 100", "completed 100"]),
        ("stuck=queued slower=0", ["queued 0", "queued 0", "queued 0"]),
        ("stuck=50 slower=2", ["in_progress 15", "in_progress 40", "in_progress 50"]),
    ],
)
def test_a_job_stands_still_or_takes_longer_in_seconds(ask, clock, rule, states):
    path = OPENAI.made(ask, rule)
    seen = []
    for seconds in (50, 50, 10**9):
        clock.advance(seconds)
        job = ask("GET", path).json
        seen.append(f"{job['status']} {job['progress']}")
    assert seen == states


@pytest.mark.parametrize("timeline", ["stuck:queued", "stuck:5"])
def test_a_rule_gets_a_job_on_that_the_settings_have_stuck(run, clock, timeline):
    ask = run(timeline=timeline, queue_seconds=None, processing_seconds=None)
    failing, stuck = OPENAI.made(ask, "fail=internal_error"), OPENAI.made(ask, "stuck=70")
    clock.advance(1000)
    assert [ask("GET", path).json["status"] for path in (failing, stuck)] == [
        "failed",
        "in_progress",
    ]
    assert ask("GET", stuck).json["progress"] == 70


@pytest.mark.parametrize("surface", SURFACES)
def test_a_job_is_completed_by_the_answer_that_creates_it(ask, surface):
    fields = {**surface.fields, "prompt": "a cat"}
    made = ask("POST", surface.create, fields, X_Fauxreel="complete").json
    path = f"{surface.create}/{made['id']}"
    assert (made["status"], made["progress"], made["completed_at"]) == ("completed", 100, CREATED)
    assert ask("GET", path).json["status"] == "completed"
    assert ask("GET", f"{path}/content").status == 200


def test_a_job_of_sora_1_is_completed_by_the_answer_that_creates_it(ask):
    fields = {**SORA_1.fields, "prompt": "a cat"}
    made = ask("POST", SORA_1.create, fields, X_Fauxreel="complete").json
    assert (made["status"], made["finished_at"], len(made["generations"])) == (
        "succeeded",
        CREATED,
        1,
    )
    content = f"{GENERATIONS}/{made['generations'][0]['id']}/content/video"
    assert ask("GET", content).status == 200


def test_files_expire_as_early_as_a_rule_says(ask, clock):
    path = OPENAI.made(ask, "expires=5")
    clock.advance(110)
    job = ask("GET", path).json
    early = ask("GET", f"{path}/content").status
    clock.advance(5)
    late = ask("GET", f"{path}/content")
    assert (job["completed_at"], job["expires_at"], early) == (CREATED + 110, CREATED + 115, 200)
    assert ask("GET", path).json == job
    assert late.status == 404
    assert late.json["error"]["message"] == (
        "The video is no longer available. Downloads expire after 1 hours."
    )


@pytest.mark.parametrize("surface", SURFACES)
def test_files_may_be_gone_at_once(ask, clock, surface):
    path = surface.made(ask, "expires=0")
    clock.advance(110)
    assert ask("GET", path).json["status"] == "completed"
    assert ask("GET", f"{path}/content").status == 404


@pytest.mark.parametrize("way", ["remix", "edits", "extensions"])
def test_remixes_edits_and_extensions_have_outcomes_too(ask, clock, way):
    source = OPENAI.made(ask)
    clock.advance(110)
    number = source.rpartition("/")[2]
    path = f"{source}/remix" if way == "remix" else f"/v1/videos/{way}"
    fields = {} if way == "remix" else {"video": {"id": number}}
    fields |= {"seconds": "4"} if way == "extensions" else {}
    made = ask("POST", path, {**fields, "prompt": "a dog [[fauxreel fail=server_error at=7]]"})
    assert made.status == 200, made.body
    clock.advance(20)
    job = ask("GET", f"/v1/videos/{made.json['id']}").json
    assert (job["status"], job["progress"], job["error"]) == (
        "failed",
        7,
        {"code": "server_error", "message": "The server had an error."},
    )
    assert job["remixed_from_video_id"] == number


def test_only_an_accepted_job_uses_a_rule_up(run, clock):
    ask = run(rules="operation=create error=rate_limit nth=2 ; fail=server_error times=1")
    refused = [
        ask("POST", "/v1/videos", {"prompt": "a cat", "seconds": "5"}).status,
        ask("POST", "/v1/videos", {"prompt": "a cat"}).status,
        ask("POST", "/v1/videos/video_0/remix", {"prompt": "a cat"}).status,
    ]
    first, second = OPENAI.made(ask), OPENAI.made(ask)
    clock.advance(110)
    assert refused == [400, 429, 404]
    assert [ask("GET", path).json["status"] for path in (first, second)] == ["failed", "completed"]


def test_a_request_with_an_error_that_is_accepted_has_its_outcome(ask, clock):
    rule = "error=500 accepted=true; fail=server_error"
    lost = ask("POST", "/v1/videos", {"prompt": "a cat"}, X_Fauxreel=rule)
    clock.advance(110)
    (job,) = ask("GET", "/v1/videos").json["data"]
    assert (lost.status, job["status"]) == (500, "failed")


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("fail=mine", "'mine' is not a known failure; one of your own needs a message."),
        ("fail=server_error at=100", "rule.at -> '100' is not valid. Valid: a whole number from 0"),
        (
            "stuck=100",
            "rule.stuck -> '100' is not valid. Valid: queued, or a progress from 0 to 99",
        ),
        ("stuck", "rule.stuck -> True is not valid. Valid: queued, or a progress from 0 to 99"),
        ("slower=-1", "rule.slower -> '-1' is not valid. Valid: a number from 0 to 1000000"),
        ("expires=0.5", "rule.expires -> '0.5' is not valid. Valid: a whole number from 0 to"),
        ("complete=no", "rule.complete -> 'no' is not valid. Valid: true"),
        ("fail=server_error complete", "fail and complete both say how the job ends"),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused_with_its_place(rule, problem):
    with pytest.raises(RuleError) as refused:
        rules_of_text(rule, Source("rule"))
    assert problem in str(refused.value)
