"""Errors of the upstream: its status, and its body as text inside the proxy's own."""

import pytest

TAIL = "\n\nLiteLLM: model group '{}' failed with the error above. No fallback was attempted."
OPENAI = [
    "date", "content-type", "content-length", "openai-version", "x-content-type-options",
    "openai-organization", "openai-project", "openai-processing-ms", "x-request-id",
]  # fmt: skip
AZURE = [
    "date", "content-type", "content-length", "apim-request-id", "x-content-type-options",
    "x-envoy-upstream-service-time", "x-ms-region",
]  # fmt: skip
OWN = ["call-id", "model-name", "version", "response-cost", "key-spend", "timeout"]


def wrapped_error(reply, kind, upstream, group=None):
    message = f"litellm.{kind} - {upstream.body.decode()}" + (TAIL.format(group) if group else "")
    code = str(upstream.status)
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    assert (reply.status, reply.json) == (upstream.status, {"error": error})


def upstream_names(reply):
    prefix = "llm_provider-"
    return [name.removeprefix(prefix) for name in reply.headers if name.startswith(prefix)]


@pytest.mark.parametrize(
    ("group", "path", "kind"),
    [
        ("sora-2", "/v1", "BadRequestError: OpenAIException"),
        ("azure-sora-2", "/openai/v1", "BadRequestError: AzureException BadRequestError"),
    ],
)
@pytest.mark.parametrize(
    "wrong", [{"seconds": "7"}, {"size": "1x1"}, {"size": "1792x1024"}, {"foo": "1"}, {"foo": True}]
)
def test_bad_values_come_back_as_the_upstream_refuses_them(send, form, group, path, kind, wrong):
    sent = form(model="sora-2", prompt="a", **wrong)
    upstream = send("POST", f"{path}/videos", **sent)
    reply = send("POST", "/litellm/v1/videos", {"model": group, "prompt": "a", **wrong})
    assert upstream.status == 400
    wrapped_error(reply, kind, upstream, group)


def test_bad_seconds_to_the_letter(send):
    reply = send("POST", "/litellm/v1/videos", {"model": "sora-2", "prompt": "a", "seconds": "7"})
    assert reply.body.decode() == (
        r'{"error":{"message":"litellm.BadRequestError: OpenAIException - {\"error\":{\"message\":'
        r"""\"Invalid value: '7'. Supported values are: '4', '8', and '12'.\","""
        r"\"type\":\"invalid_request_error\",\"param\":\"seconds\",\"code\":\"invalid_value\"}}"
        r"\n\nLiteLLM: model group 'sora-2' failed with the error above. "
        r'No fallback was attempted.","type":"invalid_request_error","param":null,"code":"400"}}'
    )


@pytest.mark.parametrize("prompt", ["", None])
def test_an_empty_prompt_is_not_sent_on(send, form, prompt):
    upstream = send("POST", "/v1/videos", **form(model="sora-2"))
    reply = send("POST", "/litellm/v1/videos", {"model": "sora-2", "prompt": prompt})
    wrapped_error(reply, "BadRequestError: OpenAIException", upstream, "sora-2")


def test_a_number_in_an_extension_is_sent_on_as_one(send, completed, raw_of):
    wanted = {"prompt": "on", "seconds": 4}
    there = {**wanted, "video": {"id": raw_of(completed)}}
    upstream = send("POST", "/v1/videos/extensions", there)
    here = {**wanted, "video": {"id": completed}}
    reply = send("POST", "/litellm/v1/videos/extensions", here)
    wrapped_error(reply, "BadRequestError: OpenAIException", upstream, "sora-2")


@pytest.mark.parametrize(
    ("provider", "path", "group", "kind"),
    [
        ("openai", "/v1", "sora-2", "NotFoundError: OpenAIException"),
        ("azure", "/openai/v1", "azure-sora-2", "NotFoundError: AzureException NotFoundError"),
    ],
)
@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("GET", "", None), ("GET", "/content", None), ("POST", "/remix", {"prompt": "bluer"})],
)
def test_an_unknown_wrapped_id_is_the_upstreams_404(
    send, wrap, provider, path, group, kind, method, rest, body
):
    upstream = send(method, f"{path}/videos/video_nope{rest}", body)
    text = f"litellm:custom_llm_provider:{provider};model_id:sora-2;video_id:video_nope"
    reply = send(method, f"/litellm/v1/videos/{wrap(text)}{rest}", body)
    assert upstream.status == 404
    wrapped_error(reply, kind, upstream, group)


@pytest.mark.parametrize(("path", "more"), [("/edits", {}), ("/extensions", {"seconds": "4"})])
def test_edits_and_extensions_of_an_unknown_id_name_no_model_in_the_headers(send, wrap, path, more):
    text = "litellm:custom_llm_provider:openai;model_id:sora-2;video_id:video_nope"
    body = {"prompt": "on", **more, "video": {"id": "video_nope"}}
    upstream = send("POST", f"/v1/videos{path}", body)
    reply = send("POST", f"/litellm/v1/videos{path}", {**body, "video": {"id": wrap(text)}})
    wrapped_error(reply, "NotFoundError: OpenAIException", upstream, "sora-2")
    assert list(reply.proxy_headers) == [name for name in OWN if name != "model-name"]


def test_content_that_is_not_ready_is_the_upstreams_404(send, create, raw_of):
    wrapped = create()
    upstream = send("GET", f"/v1/videos/{raw_of(wrapped)}/content")
    reply = send("GET", f"/litellm/v1/videos/{wrapped}/content")
    wrapped_error(reply, "NotFoundError: OpenAIException", upstream, "sora-2")


def test_a_text_as_reference_is_sent_on_as_a_file(send):
    wanted = {"model": "sora-2", "prompt": "a", "input_reference": "cat.png"}
    error = send("POST", "/litellm/v1/videos", wanted).json["error"]
    assert error["message"].startswith("litellm.BadRequestError: OpenAIException - ")
    assert "expected a file" not in error["message"]


@pytest.mark.parametrize(
    ("group", "names", "name"),
    [("sora-2", OPENAI, "openai/sora-2"), ("azure-sora-2", AZURE, "azure/sora-2")],
)
def test_every_header_of_the_upstream_comes_back_under_a_prefix(send, group, names, name):
    reply = send("POST", "/litellm/v1/videos", {"model": group, "prompt": "a", "seconds": "7"})
    assert upstream_names(reply) == names
    assert reply.headers["llm_provider-content-type"].startswith("application/json")
    text = reply.json["error"]["message"].removesuffix(TAIL.format(group)).partition(" - ")[2]
    assert reply.headers["llm_provider-content-length"] == str(len(text.encode()))
    assert reply.headers.get("request-id") == reply.headers.get("llm_provider-x-request-id")
    assert {k: v for k, v in reply.proxy_headers.items() if k != "call-id"} == {
        "model-name": name,
        "version": "1.109.1",
        "response-cost": "0",
        "key-spend": "0.0",
        "timeout": "600.0",
    }
    assert list(reply.proxy_headers) == OWN
