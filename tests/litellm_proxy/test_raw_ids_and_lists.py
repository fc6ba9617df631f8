"""Raw ids and lists use no deployment; the request may say whose they are."""

import pytest

STARTED = 1767225600


@pytest.fixture
def raw(completed, raw_of):
    return raw_of(completed)


@pytest.mark.parametrize(
    ("query", "headers", "provider"),
    [
        pytest.param("", {}, "openai", id="unsaid"),
        pytest.param("", {"custom-llm-provider": "azure"}, "azure", id="header"),
        pytest.param("?custom_llm_provider=azure", {}, "azure", id="query"),
        pytest.param(
            "?custom_llm_provider=openai", {"custom-llm-provider": "azure"}, "azure",
            id="header before query",
        ),
        pytest.param(
            "?custom_llm_provider=azure", {"custom-llm-provider": "openai"}, "openai",
            id="header before query, the other way",
        ),
    ],
)  # fmt: skip
def test_a_raw_id_is_found_and_wrapped_with_the_provider_alone(
    send, raw, text_of, query, headers, provider
):
    reply = send("GET", f"/litellm/v1/videos/{raw}{query}", **headers)
    assert reply.status == 200
    assert text_of(reply.json["id"]) == (
        f"litellm:custom_llm_provider:{provider};model_id:;video_id:{raw}"
    )
    assert reply.json["model"] == "sora-2"


@pytest.mark.parametrize(
    ("query", "headers", "body", "provider"),
    [
        pytest.param("", {}, {}, "openai", id="unsaid"),
        pytest.param("", {}, {"custom_llm_provider": "azure"}, "azure", id="body"),
        pytest.param(
            "?custom_llm_provider=openai", {}, {"custom_llm_provider": "azure"}, "openai",
            id="query before body",
        ),
        pytest.param(
            "", {"custom-llm-provider": "openai"}, {"custom_llm_provider": "azure"}, "openai",
            id="header before body",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("operation", ["remix", "edits"])
def test_the_body_of_a_post_may_name_the_provider_too(
    send, raw, text_of, query, headers, body, provider, operation
):
    if operation == "edits":
        path, body = "/edits", {**body, "video": {"id": raw}}
    else:
        path = f"/{raw}/remix"
    wanted = {"prompt": "bluer", **body}
    reply = send("POST", f"/litellm/v1/videos{path}{query}", wanted, **headers)
    said = text_of(reply.json["id"])
    assert said.startswith(f"litellm:custom_llm_provider:{provider};model_id:;video_id:video_")
    assert "deployment_id" not in said


def test_the_provider_of_a_wrapped_id_counts_whatever_the_request_names(send, completed):
    reply = send("GET", f"/litellm/v1/videos/{completed}", **{"custom-llm-provider": "azure"})
    assert reply.json["id"] == completed


def test_an_id_that_names_no_model_uses_no_deployment(send, raw, wrap):
    text = f"litellm:custom_llm_provider:azure;model_id:;video_id:{raw}"
    reply = send("GET", f"/litellm/v1/videos/{wrap(text)}")
    assert (reply.status, reply.json["id"]) == (200, wrap(text))
    assert "x-litellm-model-group" not in reply.headers


def test_a_raw_id_in_an_edit_goes_through_the_deployment_of_the_named_model(send, raw, text_of):
    wanted = {"prompt": "bluer", "model": "sora-2", "video": {"id": raw}}
    reply = send("POST", "/litellm/v1/videos/edits", wanted)
    assert reply.headers["x-litellm-model-group"] == "sora-2"
    assert ";deployment_id:" in text_of(reply.json["id"])


@pytest.mark.parametrize(
    ("provider", "path", "kind"),
    [
        ("openai", "/v1", "OpenAIException"),
        ("azure", "/openai/v1", "AzureException NotFoundError"),
    ],
)
@pytest.mark.parametrize("rest", ["", "/content"])
def test_the_error_of_an_unknown_raw_id_has_no_group_to_blame(send, provider, path, kind, rest):
    upstream = send("GET", f"{path}/videos/video_nope{rest}").body.decode()
    headers = {"custom-llm-provider": provider}
    reply = send("GET", f"/litellm/v1/videos/video_nope{rest}", **headers)
    message = f"litellm.NotFoundError: {kind} - {upstream}"
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "404"}
    assert (reply.status, reply.json) == (404, {"error": error})
    assert list(reply.proxy_headers) == ["call-id", "version", "response-cost", "key-spend"]


@pytest.mark.parametrize(
    "id_", ["video_bGl0ZWxsbTp4", "video_!!!", "video_", "litellm", "video_%ff"]
)
def test_what_only_looks_wrapped_is_a_raw_id(send, id_):
    reply = send("GET", f"/litellm/v1/videos/{id_}")
    assert reply.status == 404
    assert "model group" not in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("query", "headers", "provider"),
    [
        ("", {"custom-llm-provider": "openai"}, "openai"),
        ("", {"custom-llm-provider": "azure"}, "azure"),
        ("?custom_llm_provider=openai", {}, "openai"),
        ("?custom_llm_provider=azure", {}, "azure"),
    ],
)
def test_a_list_keeps_the_keys_of_the_upstream_and_wraps_its_ids(
    send, completed, raw, wrap, query, headers, provider
):
    send("POST", f"/litellm/v1/videos/{completed}/remix", {"prompt": "bluer"})
    ids = [entry["id"] for entry in send("GET", "/v1/videos").json["data"]]
    first, last = (
        wrap(f"litellm:custom_llm_provider:{provider};model_id:sora-2;video_id:{id_}")
        for id_ in ids
    )
    reply = send("GET", f"/litellm/v1/videos{query}", **headers)
    entry = (
        '{{"id":"{}","object":"video","created_at":{},"status":"{}","completed_at":{},'
        '"error":null,"expires_at":{},"model":"sora-2","progress":{},"prompt":"{}",'
        '"remixed_from_video_id":{},"seconds":"4","size":"720x1280"}}'
    ).format
    now = STARTED + 70
    entries = [
        entry(first, now, "queued", "null", "null", 0, "bluer", f'"{raw}"'),
        entry(last, STARTED, "completed", now, now + 3600, 100, "a cat", "null"),
    ]
    assert reply.body.decode() == (
        f'{{"object":"list","data":[{",".join(entries)}],'
        f'"first_id":"{first}","last_id":"{last}","has_more":false}}'
    )
    assert send("GET", f"/litellm/v1/videos/{first}").status == 200


def test_limit_and_after_are_not_sent_on(send, create, completed):
    create()
    query = f"?custom_llm_provider=openai&limit=1&after={completed}"
    assert len(send("GET", f"/litellm/v1/videos{query}").json["data"]) == 2


def test_an_empty_list_has_no_ends(send):
    reply = send("GET", "/litellm/v1/videos?custom_llm_provider=openai")
    assert reply.body == (
        b'{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}'
    )
