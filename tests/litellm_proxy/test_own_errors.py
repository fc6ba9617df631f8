"""What the proxy refuses itself, before it calls its upstream."""

import pytest

UNKNOWN = (
    "/videos: Invalid model name passed in model={}. Call `/v1/models` to view available models "
    "for your key."
)
OWN = ["call-id", "version", "response-cost", "key-spend"]
NAMED = ["call-id", "model-id", "model-name", "version", "response-cost", "key-spend"]


def missing(route, param):
    message = f"{route}: Missing required parameter: '{param}'."
    return {
        "error": {
            "message": message,
            "type": "invalid_request_error",
            "param": param,
            "code": "400",
        }
    }


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"model": "sora-9", "prompt": "a"}, "sora-9"),
        ({"model": "azure-sora-9", "prompt": "a"}, "azure-sora-9"),
        ({"model": "", "prompt": "a"}, ""),
        ({"model": None, "prompt": "a"}, "None"),
        ({"prompt": "a"}, "None"),
    ],
)
def test_an_unknown_or_missing_model_is_named_twice(send, wanted, named):
    reply = send("POST", "/litellm/v1/videos", wanted)
    message = UNKNOWN.format(named)
    assert (reply.status, reply.body.decode()) == (
        400,
        (
            f'{{"error":{{"message":"{message}","type":"invalid_request_error","param":null,'
            f'"code":"400","provider_specific_fields":{{"error":"{message}"}}}}}}'
        ),
    )
    assert list(reply.proxy_headers) == OWN
    assert reply.proxy_headers["response-cost"] == "0"
    assert reply.proxy_headers["key-spend"] == "0.0"


def test_an_unknown_model_in_a_form_is_the_same(send, form):
    reply = send("POST", "/litellm/v1/videos", **form(model="sora-9", prompt="a"))
    assert reply.json["error"]["message"] == UNKNOWN.format("sora-9")


@pytest.mark.parametrize("model", [5, ["sora-2"], {"a": 1}])
def test_a_model_that_is_no_text_is_said_to_be_none(send, model):
    reply = send("POST", "/litellm/v1/videos", {"model": model, "prompt": "a"})
    assert (reply.status, reply.body.decode()) == (
        400,
        (
            '{"error":{"message":"\'model\' must be a string.","type":"bad_request_error",'
            '"param":"model","code":"400"}}'
        ),
    )


@pytest.mark.parametrize(
    ("path", "body", "route", "param"),
    [
        ("", {"model": "sora-2"}, "/videos", "prompt"),
        ("/{id}/remix", {}, "/videos/{video_id}/remix", "prompt"),
        ("/edits", {"video": {"id": "{id}"}}, "/videos/edits", "prompt"),
        ("/extensions", {"prompt": "on", "video": {"id": "{id}"}}, "/videos/extensions", "seconds"),
        ("/extensions", {"seconds": "4", "video": {"id": "{id}"}}, "/videos/extensions", "prompt"),
    ],
)
def test_a_missing_parameter_is_named_with_its_route_and_the_deployment(
    send, completed, path, body, route, param
):
    if "video" in body:
        body = {**body, "video": {"id": completed}}
    reply = send("POST", "/litellm/v1/videos" + path.format(id=completed), body)
    assert (reply.status, reply.json) == (400, missing(route, param))
    assert list(reply.proxy_headers) == NAMED


@pytest.mark.parametrize(
    ("path", "request_of"),
    [
        pytest.param("", {}, id="empty body"),
        pytest.param("", {"body": {"model": "sora-9"}}, id="unknown model"),
        pytest.param(
            "",
            {"body": '{"prompt":"a"}', "content_type": "application/x-www-form-urlencoded"},
            id="JSON that claims to be a form",
        ),
    ],
)
def test_without_a_known_model_a_missing_prompt_names_no_deployment(send, path, request_of):
    reply = send("POST", f"/litellm/v1/videos{path}", **request_of)
    assert (reply.status, reply.json) == (400, missing("/videos", "prompt"))
    assert list(reply.proxy_headers) == OWN


@pytest.mark.parametrize("path", ["/edits", "/extensions"])
def test_edits_and_extensions_of_nothing_miss_their_prompt_first(send, path):
    reply = send("POST", f"/litellm/v1/videos{path}", {})
    assert (reply.status, reply.json) == (400, missing(f"/videos{path}", "prompt"))
    assert list(reply.proxy_headers) == OWN


@pytest.mark.parametrize("video", [{}, {"video": {}}, {"video": 5}, {"video_id": "video_1"}])
@pytest.mark.parametrize(("path", "more"), [("/edits", {}), ("/extensions", {"seconds": "4"})])
def test_edits_and_extensions_need_a_video(send, path, more, video):
    reply = send("POST", f"/litellm/v1/videos{path}", {"prompt": "on", **more, **video})
    assert (reply.status, reply.json) == (400, missing(f"/videos{path}", "video"))


@pytest.mark.parametrize(
    ("group", "name", "kind"),
    [
        ("sora-2", "openai/sora-2", "InternalServerError: InternalServerError: OpenAIException"),
        ("azure-sora-2", "azure/sora-2", "APIError: AzureException APIError"),
    ],
)
def test_a_reference_as_an_object_dies_in_the_proxy(send, group, name, kind):
    reference = {"image_url": "data:image/png;base64,AAAA"}
    wanted = {"model": group, "prompt": "a", "input_reference": reference}
    reply = send("POST", "/litellm/v1/videos", wanted)
    message = (
        f"Invalid request format: litellm.{kind} - Failed to send bytes into the underlying "
        "connection: AttributeError(\"'dict' object has no attribute 'read'\")\n\nLiteLLM: model "
        f"group '{group}' failed with the error above. No fallback was attempted."
    )
    kind = "invalid_request_error"
    error = {"message": message, "type": kind, "param": None, "code": "400"}
    assert (reply.status, reply.json) == (400, {"error": error})
    assert list(reply.proxy_headers) == [
        "call-id", "model-name", "version", "response-cost", "key-spend", "timeout",
    ]  # fmt: skip
    assert reply.proxy_headers["model-name"] == name


def test_a_list_needs_a_provider(send):
    for query in ("", "?model=sora-2", "?limit=2"):
        reply = send("GET", f"/litellm/v1/videos{query}")
        assert (reply.status, reply.body.decode()) == (
            400,
            (
                '{"error":{"message":"litellm.BadRequestError: LLM Provider NOT provided. Pass in the '
                "LLM provider you are trying to call. You passed model=\\n Pass model as E.g. For "
                "'Huggingface' inference endpoints pass in `completion(model='huggingface/starcoder',"
                '..)` Learn more: https://docs.litellm.ai/docs/providers","type":'
                '"invalid_request_error","param":null,"code":"400"}}'
            ),
        )
        assert list(reply.proxy_headers) == OWN
