"""Creating a video on Azure: encodings, deployments, sizes, lengths, references."""

import json

import pytest

VIDEOS = "/openai/v1/videos"
FORM = "application/x-www-form-urlencoded"

OWN = """
[models.my-video-1]
seconds = [5, 20]
sizes = { "640x360" = 0.05, "320x180" = "0.01" }
"""


def refused(message, param=None, code=None, type_="invalid_request_error"):
    error = {"message": message, "type": type_, "param": param, "code": code}
    return 400, {"error": error}


def create(send, **fields):
    reply = send("POST", VIDEOS, {"model": "dep", "prompt": "a mug", **fields})
    return reply.status, reply.json


def chosen(answer):
    status, video = answer
    return status, video["model"], video["prompt"], video["seconds"], video["size"]


def test_all_encodings_make_the_same_video(run, sender_of, form):
    fields = {"model": "dep", "prompt": "a mug", "seconds": "8", "size": "1280x720"}
    sent = (
        {"body": json.dumps(fields), "Content_Type": "application/json"},
        form(*fields.items()),
        {"body": "model=dep&prompt=a+mug&seconds=8&size=1280x720", "Content_Type": FORM},
    )
    replies = [sender_of(run())("POST", VIDEOS, **each) for each in sent]
    assert chosen((replies[0].status, replies[0].json)) == (200, "dep", "a mug", "8", "1280x720")
    assert replies[0].body == replies[1].body == replies[2].body


def test_the_defaults_are_4_seconds_upright(send):
    assert chosen(create(send)) == (200, "dep", "a mug", "4", "720x1280")


@pytest.mark.parametrize("seconds", ["4", "8", "12"])
@pytest.mark.parametrize("size", ["720x1280", "1280x720"])
def test_a_video_is_of_the_720p_pair_and_of_4_8_or_12_seconds(send, seconds, size):
    answer = create(send, seconds=seconds, size=size)
    assert chosen(answer) == (200, "dep", "a mug", seconds, size)


@pytest.mark.parametrize("seconds", ["6", "16", "20", "04", ""])
def test_other_lengths_are_refused(send, seconds):
    assert create(send, seconds=seconds) == refused(
        f"Invalid value: '{seconds}'. Supported values are: '4', '8', and '12'.",
        "seconds",
        "invalid_value",
    )


@pytest.mark.parametrize(
    ("value", "given"),
    [(4, "an integer"), (4.5, "a decimal number"), (None, "null"), (True, "a boolean")],
)
def test_a_length_is_a_text(send, value, given):
    assert create(send, seconds=value) == refused(
        f"Invalid type for 'seconds': expected one of '4', '8', or '12', but got {given} instead.",
        "seconds",
        "invalid_type",
    )


@pytest.mark.parametrize(
    ("size", "supported"),
    [
        ("1024x1792", "'720x1280' and '1280x720'"),
        ("1792x1024", "'720x1280' and '1280x720'"),
        ("1920x1080", "'720x1280', '1280x720', '1024x1792', and '1792x1024'"),
        ("480x480", "'720x1280', '1280x720', '1024x1792', and '1792x1024'"),
    ],
)
def test_other_sizes_are_refused_also_those_that_the_schema_lists(send, size, supported):
    assert create(send, size=size) == refused(
        f"Invalid value: '{size}'. Supported values are: {supported}.", "size", "invalid_value"
    )


@pytest.mark.parametrize("deployment", ["sora-2-pro", "sora-2-2025-12-08", "sora", "m\u00f6we/1"])
def test_a_deployment_of_any_name_makes_what_azure_sold(send, deployment):
    assert chosen(create(send, model=deployment))[:2] == (200, deployment)
    assert create(send, model=deployment, seconds="16") == refused(
        "Invalid value: '16'. Supported values are: '4', '8', and '12'.",
        "seconds",
        "invalid_value",
    )
    assert create(send, model=deployment, size="1792x1024")[0] == 400


def test_a_deployment_named_as_an_own_model_makes_that_models_videos(run, sender_of, tmp_path):
    path = tmp_path / "models.toml"
    path.write_text(OWN)
    send = sender_of(run(models=path))
    assert chosen(create(send, model="my-video-1")) == (200, "my-video-1", "a mug", "5", "640x360")
    assert chosen(create(send, model="my-video-1", seconds="20", size="320x180"))[3:] == (
        "20",
        "320x180",
    )
    assert create(send, model="my-video-1", seconds="4") == refused(
        "Invalid value: '4'. Supported values are: '5' and '20'.", "seconds", "invalid_value"
    )
    assert chosen(create(send, model="other"))[3:] == ("4", "720x1280")


@pytest.mark.parametrize("fields", [{}, {"prompt": "a mug"}, {"size": "1x1", "seconds": 3}])
def test_the_model_is_asked_for_before_anything_else(send, fields):
    reply = send("POST", VIDEOS, fields)
    assert (reply.status, reply.json) == refused(
        "Missing required parameter: 'model'.", "model", "missing_required_parameter"
    )


def test_an_empty_body_lacks_the_model(send):
    reply = send("POST", VIDEOS)
    assert (reply.status, reply.json["error"]["param"]) == (400, "model")


def test_the_prompt_is_asked_for_next(send):
    reply = send("POST", VIDEOS, {"model": "dep", "seconds": "3"})
    assert (reply.status, reply.json) == refused(
        "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter"
    )


@pytest.mark.parametrize(
    ("model", "message", "code"),
    [
        (
            None,
            "Invalid type for 'model': expected a string, but got null instead.",
            "invalid_type",
        ),
        (
            "",
            (
                "Invalid 'model': empty string. Expected a string with minimum length 1, "
                "but got an empty string instead."
            ),
            "empty_string",
        ),
    ],
)
def test_a_model_is_a_text(send, model, message, code):
    assert create(send, model=model) == refused(message, "model", code)


@pytest.mark.parametrize(
    "name", ["width", "height", "n_seconds", "n_variants", "characters", "Remix_video_id"]
)
def test_names_of_the_jobs_api_are_unknown_before_anything_else(send, name):
    reply = send("POST", VIDEOS, {name: 1})
    assert (reply.status, reply.json) == refused(
        f"Unknown parameter: '{name}'.", name, "unknown_parameter"
    )


def test_only_listed_deployments_exist(run, sender_of):
    send = sender_of(run(azure_deployments=("sora-2", "video-eu")))
    assert [create(send, model=name)[0] for name in ("sora-2", "video-eu", "sora")] == [
        200,
        200,
        404,
    ]
    assert len(send("GET", VIDEOS).json["data"]) == 2


@pytest.mark.parametrize(
    ("name", "shown"), [("sora-2", "sora-2"), ("{name} s\u00f6ra", "{name} s\\u00f6ra")]
)
def test_an_unknown_deployment_is_the_users_error(run, sender_of, name, shown):
    send = sender_of(run(azure_deployments=("video-eu",)))
    assert send("POST", VIDEOS, {"model": name, "prompt": "x"}).told == (
        404,
        (
            f'{{"error":{{"message":"The API deployment \'{shown}\' for this resource does not exist. '
            "If you created the deployment within the last 5 minutes, please wait a moment and try "
            'again.","type":"video_generation_user_error","param":null,"code":null}}'
        ),
    )


def test_the_profile_of_another_surface_changes_nothing_here(run, sender_of):
    send = sender_of(run(profile=("/v1=documented",)))
    assert create(send, seconds=8)[0] == 400
    assert "url" not in create(send)[1]


@pytest.mark.parametrize(("accepted", "status"), [(True, 200), (False, 400)])
def test_a_user_is_accepted_by_a_setting(run, sender_of, accepted, status):
    assert create(sender_of(run(accept_user=accepted)), user="me")[0] == status


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_reference_of_the_very_size_is_taken(send, form, image, kind):
    file = ("mug", image(1280, 720, kind), f"image/{kind}")
    parts = form(
        ("prompt", "a mug"), ("model", "dep"), ("size", "1280x720"), ("input_reference", file)
    )
    assert send("POST", VIDEOS, **parts).status == 200


def test_a_reference_of_another_size_is_refused_as_the_users_error(send, form, image):
    file = ("mug.png", image(640, 360), "image/png")
    parts = form(("prompt", "a mug"), ("model", "dep"), ("input_reference", file))
    assert send("POST", VIDEOS, **parts).told == (
        400,
        (
            '{"error":{"message":"Inpaint image must match the requested width and height",'
            '"type":"video_generation_user_error","param":null,"code":null}}'
        ),
    )
    assert send("GET", VIDEOS).json["data"] == []
