"""Characters through the proxy."""

import pytest

STARTED = 1767225600


@pytest.fixture
def mp4(send, completed):
    return send("GET", f"/litellm/v1/videos/{completed}/content").body


@pytest.fixture
def make(send, form, mp4):
    def make(**more):
        parts = {"name": "Ann", "video": mp4, "target_model_names": "sora-2", **more}
        kept = {name: value for name, value in parts.items() if value is not None}
        return send("POST", "/litellm/v1/videos/characters", **form(**kept))

    return make


@pytest.mark.parametrize(
    ("group", "provider"), [("sora-2", "openai"), (None, "openai"), ("azure-sora-2", "azure")]
)
def test_a_character_has_four_keys_and_an_id_with_its_deployment(
    send, make, text_of, group, provider
):
    reply = make(target_model_names=group)
    wrapped, deployment = reply.json["id"], reply.headers["x-litellm-model-id"]
    raw = text_of(wrapped).rpartition(":")[2]
    assert raw.startswith("char_")
    assert text_of(wrapped) == (
        f"litellm:custom_llm_provider:{provider};model_id:{deployment};character_id:{raw}"
    )
    expected = f'{{"id":"{wrapped}","object":"character","created_at":{STARTED + 70},"name":"Ann"}}'
    found = send("GET", f"/litellm/v1/videos/characters/{wrapped}")
    assert (reply.status, reply.body.decode()) == (200, expected)
    assert (found.status, found.body.decode()) == (200, expected)


def missing(name):
    return {"type": "missing", "loc": ["body", name], "msg": "Field required"}


@pytest.mark.parametrize(
    ("parts", "detail"),
    [
        ({"video": None}, [missing("video")]),
        ({"name": None}, [missing("name")]),
        ({"video": None, "name": None}, [missing("video"), missing("name")]),
        (
            {"video": "a text"},
            [
                {
                    "type": "value_error",
                    "loc": ["body", "video"],
                    "msg": "Value error, Expected UploadFile, received: <class 'str'>",
                }
            ],
        ),
    ],
)
def test_an_incomplete_form_is_the_frameworks_422(make, parts, detail):
    reply = make(**parts)
    assert (reply.status, reply.json, reply.proxy_headers) == (422, {"detail": detail}, {})


def test_json_is_no_form(send):
    reply = send("POST", "/litellm/v1/videos/characters", {"name": "Ann", "video": "x"})
    assert (reply.status, reply.json) == (422, {"detail": [missing("video"), missing("name")]})


def test_an_unknown_group_has_no_healthy_deployments(make):
    reply = make(target_model_names="nope")
    message = (
        "litellm.BadRequestError: You passed in model=nope. There are no healthy deployments for "
        "this model\n\nLiteLLM: model group 'nope' failed with the error above. "
        "No fallback was attempted."
    )
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "400"}
    assert (reply.status, reply.json) == (400, {"error": error})
    assert list(reply.proxy_headers) == ["call-id", "version", "response-cost", "key-spend"]


def test_a_file_that_is_no_video_is_refused_by_the_upstream(make):
    reply = make(video=b"no video")
    assert reply.status == 400
    assert reply.json["error"]["message"].startswith("litellm.BadRequestError: OpenAIException - ")


@pytest.mark.parametrize("known", [True, False])
def test_an_unknown_character_is_the_upstreams_404(send, make, text_of, wrap, known):
    text = text_of(make().json["id"]).rpartition(":")[0] + ":char_nope"
    wrapped = wrap(text, "character_") if known else "char_nope"
    upstream = send("GET", "/v1/videos/characters/char_nope").body.decode()
    tail = (
        "\n\nLiteLLM: model group 'sora-2' failed with the error above. No fallback was attempted."
    )
    message = f"litellm.NotFoundError: OpenAIException - {upstream}{tail if known else ''}"
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "404"}
    reply = send("GET", f"/litellm/v1/videos/characters/{wrapped}")
    assert (reply.status, reply.json) == (404, {"error": error})


@pytest.mark.parametrize(
    "id_", ["character_!!!", "character_bm8=", "character_bGl0ZWxsbTo=", "character_"]
)
def test_an_id_that_says_nothing_is_unknown(send, id_):
    assert send("GET", f"/litellm/v1/videos/characters/{id_}").status == 404
