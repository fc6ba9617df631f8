"""Creating a Sora 1 job: encodings, numbers as texts, defaults and limits, ids."""

import json

import pytest

from fauxreel.ids import parsed_ulid

JOBS = "/openai/v1/video/generations/jobs"
FORM = "application/x-www-form-urlencoded"
CREATED = 1767225600
CAT = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}


def refused(message, param, code, type_="invalid_request_error"):
    fields = {"code": code, "message": message, "param": param, "type": type_}
    return 400, {**fields, "inner_error": None}


def create(send, **changed):
    reply = send("POST", JOBS, {**CAT, **changed})
    return reply.status, reply.json


def too_large(param, most, given):
    return refused(
        f"Invalid '{param}': integer above maximum value. Expected a value <= {most}, "
        f"but got {given} instead.",
        param,
        "integer_above_max_value",
    )


def test_a_new_job_has_the_keys_of_the_live_answer_in_their_order(send):
    prompt = "A caf\u00e9 \U0001f408 in a jazz bar."
    fields = {**CAT, "prompt": prompt, "height": 854, "n_seconds": 7, "n_variants": 3}
    reply = send("POST", f"{JOBS}?api-version=preview", fields)
    assert reply.told == (
        201,
        (
            f'{{"object":"video.generation.job","id":"{reply.json["id"]}","status":"queued",'
            f'"created_at":{CREATED},"finished_at":null,"expires_at":null,"generations":[],'
            '"prompt":"A caf\\u00e9 \\ud83d\\udc08 in a jazz bar.","model":"sora","n_variants":3,'
            '"n_seconds":7,"height":854,"width":480,"failure_reason":null}'
        ),
    )


def test_a_job_is_of_5_seconds_and_one_variant_unless_it_says_otherwise(send):
    status, job = create(send)
    assert (status, job["n_seconds"], job["n_variants"]) == (201, 5, 1)


def test_all_encodings_make_the_same_job(run, sender_of, form):
    texts = {name: str(value) for name, value in {**CAT, "n_seconds": 10}.items()}
    sent = (
        {"body": json.dumps({**CAT, "n_seconds": 10}), "Content_Type": "application/json"},
        {"body": json.dumps(texts), "Content_Type": "application/json"},
        form(*texts.items()),
        form(*texts.items(), ("inpaint_items", "[]")),
        {
            "body": "model=sora&prompt=a+cat&width=480&height=480&n_seconds=10",
            "Content_Type": FORM,
        },
    )
    replies = [sender_of(run())("POST", JOBS, **each) for each in sent]
    assert replies[0].json["n_seconds"] == 10
    assert [reply.told for reply in replies[1:]] == [replies[0].told] * 4


def test_ids_hold_the_true_moment_of_creation(send, clock):
    clock.advance(12_345.678)
    _, job = create(send)
    milliseconds, _ = parsed_ulid(job["id"].removeprefix("task_"))
    assert job["id"].startswith("task_")
    assert milliseconds == pytest.approx(CREATED * 1000 + 12_345_678, abs=1)
    assert milliseconds // 1000 == job["created_at"]


def test_ids_decode_as_those_of_the_documentation_do():
    assert parsed_ulid("01jwcet0eje35tc5jy54yjax5q")[0] == 1748469875154


def test_ids_differ_within_a_millisecond_and_come_again_with_the_seed(run, sender_of):
    first, second = (
        [create(sender_of(emulator))[1]["id"] for _ in range(20)] for emulator in (run(), run())
    )
    assert first == second
    assert len(set(first)) == 20


@pytest.mark.parametrize(
    ("width", "height", "variants", "seconds"),
    [
        (480, 480, 4, 20),
        (480, 854, 4, 20),
        (854, 480, 4, 20),
        (720, 720, 2, 20),
        (720, 1280, 2, 20),
        (1280, 720, 2, 20),
        (1080, 1080, 1, 10),
        (1080, 1920, 1, 10),
        (1920, 1080, 1, 10),
    ],
)
def test_a_larger_video_is_made_less_often_and_shorter(send, width, height, variants, seconds):
    sides = {"width": width, "height": height}
    status, job = create(send, **sides, n_variants=variants, n_seconds=seconds)
    assert (status, job["width"], job["height"]) == (201, width, height)
    assert (job["n_variants"], job["n_seconds"]) == (variants, seconds)
    assert create(send, **sides, n_variants=variants + 1) == too_large(
        "n_variants", variants, variants + 1
    )
    assert create(send, **sides, n_seconds=seconds + 1) == too_large(
        "n_seconds", seconds, seconds + 1
    )


@pytest.mark.parametrize("sides", [(480, 720), (1, 1), (1280, 1280), (854, 854)])
def test_another_size_is_refused_with_the_list(send, sides):
    assert create(send, width=sides[0], height=sides[1]) == refused(
        f"Invalid value: '{sides[0]}x{sides[1]}'. Supported values are: '480x480', '480x854', "
        "'854x480', '720x720', '720x1280', '1280x720', '1080x1080', '1080x1920', and '1920x1080'.",
        "size",
        "invalid_value",
    )


@pytest.mark.parametrize("name", ["n_seconds", "n_variants", "width", "height"])
@pytest.mark.parametrize(("value", "shown"), [(0, 0), (-3, -3), ("0", 0)])
def test_a_number_is_at_least_1(send, name, value, shown):
    assert create(send, **{name: value}) == refused(
        f"Invalid '{name}': integer below minimum value. Expected a value >= 1, "
        f"but got {shown} instead.",
        name,
        "integer_below_min_value",
    )


@pytest.mark.parametrize("name", ["width", "height", "n_seconds", "n_variants"])
@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("wide", "a string"),
        ("", "a string"),
        ("4.5", "a string"),
        (480.0, "a decimal number"),
        (True, "a boolean"),
        (None, "null"),
        ([480], "an array"),
    ],
)
def test_a_number_is_whole(send, name, value, given):
    assert create(send, **{name: value}) == refused(
        f"Invalid type for '{name}': expected an integer, but got {given} instead.",
        name,
        "invalid_type",
    )


def test_what_is_required_is_asked_for_in_order(send):
    given, missing = {}, []
    for name in ("model", "prompt", "width", "height"):
        missing.append(send("POST", JOBS, given).json)
        given[name] = CAT[name]
    assert missing == [
        refused(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")[1]
        for name in ("model", "prompt", "width", "height")
    ]
    assert send("POST", JOBS, given).status == 201


@pytest.mark.parametrize("name", ["size", "seconds", "n", "input_reference"])
def test_names_of_the_videos_api_are_unknown_before_anything_else(send, name):
    reply = send("POST", JOBS, {name: "8"})
    assert (reply.status, reply.json) == refused(
        f"Unknown parameter: '{name}'.", name, "unknown_parameter"
    )


def test_errors_are_flat_and_in_ascii(send):
    assert send("POST", JOBS, {**CAT, "gr\u00f6\u00dfe": 1}).told == (
        400,
        (
            '{"code":"unknown_parameter","message":"Unknown parameter: \'gr\\u00f6\\u00dfe\'.",'
            '"param":"gr\\u00f6\\u00dfe","type":"invalid_request_error","inner_error":null}'
        ),
    )


def test_a_body_that_is_no_json_is_refused_flat(send):
    reply = send("POST", JOBS, "{", Content_Type="application/json")
    assert (reply.status, list(reply.json)) == (
        400,
        ["code", "message", "param", "type", "inner_error"],
    )


def test_an_unknown_deployment_is_the_users_error_flat(run, sender_of):
    send = sender_of(run(azure_deployments=("video-eu",)))
    assert create(send, model="video-eu")[0] == 201
    assert send("POST", JOBS, CAT).told == (
        404,
        (
            '{"code":null,"message":"The API deployment \'sora\' for this resource does not exist. '
            "If you created the deployment within the last 5 minutes, please wait a moment and try "
            'again.","param":null,"type":"video_generation_user_error","inner_error":null}'
        ),
    )
