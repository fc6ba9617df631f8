"""The headers of successes: which stand where, in which order, and what they cost."""

import re

import pytest

FRAME = {
    "vary": "Origin",
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}
DEPLOYMENT = ["call-id", "model-id", "model-name", "model-api-base", "version", "response-cost"]
PARTS = [
    "original", "discount-amount", "margin-amount", "margin-percent", "input", "output",
    "tool-usage",
]  # fmt: skip
ITEMISED = [f"response-cost-{part}" for part in PARTS]
TAIL = [
    "key-spend", "response-duration-ms", "callback-duration-ms", "model-group",
    "attempted-retries", "attempted-fallbacks",
]  # fmt: skip


def without(names, *left_out):
    return [name for name in names if name not in left_out]


@pytest.fixture
def call(send, completed, form):
    """Calls an operation by name, on a completed video where it needs one."""
    video = {"id": completed}
    mp4 = send("GET", f"/litellm/v1/videos/{completed}/content").body
    character = form(name="Ann", video=mp4, target_model_names="sora-2")
    longer = {"prompt": "on", "seconds": "4", "video": video}
    calls = {
        "create": ("POST", "", {"body": {"model": "sora-2", "prompt": "a cat"}}),
        "retrieve": ("GET", f"/{completed}", {}),
        "remix": ("POST", f"/{completed}/remix", {"body": {"prompt": "bluer"}}),
        "edit": ("POST", "/edits", {"body": {"prompt": "bluer", "video": video}}),
        "extend": ("POST", "/extensions", {"body": longer}),
        "create character": ("POST", "/characters", character),
        "list": ("GET", "?custom_llm_provider=openai", {}),
        "retrieve raw": ("GET", "/{raw}", {}),
    }

    def call(operation, **more):
        method, path, request = calls[operation]
        reply = send(method, "/litellm/v1/videos" + path.format(**more), **request)
        assert reply.status == 200, reply.body
        return reply

    return call


@pytest.mark.parametrize(
    ("operation", "names"),
    [
        ("create", DEPLOYMENT + TAIL),
        ("retrieve", DEPLOYMENT + ITEMISED + TAIL),
        ("remix", DEPLOYMENT + TAIL),
        ("edit", without(DEPLOYMENT, "model-name") + TAIL),
        ("extend", without(DEPLOYMENT, "model-name") + ITEMISED + TAIL),
        (
            "create character",
            without(DEPLOYMENT, "model-name", "response-cost") + ITEMISED + TAIL,
        ),
        ("list", ["call-id", "version", "key-spend", "response-duration-ms"]),
    ],
)
def test_each_operation_has_its_own_list_of_headers(call, operation, names):
    reply = call(operation)
    assert list(reply.proxy_headers) == names
    assert {name: reply.headers.get(name) for name in FRAME} == FRAME
    others = {"date", "content-type", "content-length", *FRAME}
    assert set(reply.headers) - {f"x-litellm-{name}" for name in names} == others


def test_a_raw_id_uses_no_deployment_so_its_answer_names_none(call, completed, raw_of):
    reply = call("retrieve raw", raw=raw_of(completed))
    missing = ("model-id", "model-name", "model-api-base", "model-group", "attempted-retries", "attempted-fallbacks")  # fmt: skip
    assert list(reply.proxy_headers) == without(DEPLOYMENT + ITEMISED + TAIL, *missing)


def test_the_character_that_is_retrieved_has_the_headers_of_its_creation(send, call):
    created = call("create character")
    found = send("GET", f"/litellm/v1/videos/characters/{created.json['id']}")
    unlike = ("call-id",)
    assert {k: v for k, v in found.proxy_headers.items() if k not in unlike} == {
        k: v for k, v in created.proxy_headers.items() if k not in unlike
    }


@pytest.mark.parametrize(
    ("group", "name", "base"),
    [
        pytest.param("sora-2", "openai/sora-2", "/v1", id="openai"),
        pytest.param("azure-sora-2", "azure/sora-2", "", id="azure"),
    ],
)
def test_the_deployment_is_named_with_its_model_address_and_group(send, group, name, base):
    wanted = {"model": group, "prompt": "a cat"}
    found = send("POST", "/litellm/v1/videos", wanted, Host="emulator:1").proxy_headers
    assert re.fullmatch("[0-9a-f]{64}", found["model-id"])
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", found["call-id"]
    )
    assert found == {
        "call-id": found["call-id"],
        "model-id": found["model-id"],
        "model-name": name,
        "model-api-base": f"http://emulator:1{base}",
        "version": "1.109.1",
        "response-cost": "0.4",
        "key-spend": "0.4",
        "response-duration-ms": "0.0",
        "callback-duration-ms": "0.0",
        "model-group": group,
        "attempted-retries": "0",
        "attempted-fallbacks": "0",
    }


@pytest.mark.parametrize(
    ("parameters", "cost"),
    [
        ({"seconds": "4"}, "0.4"),
        ({"seconds": "8", "size": "1280x720"}, "0.8"),
        ({"seconds": "12"}, "1.2000000000000002"),
        ({"model": "sora-2-pro", "seconds": "8"}, "2.4"),
        ({"model": "azure-sora-2-pro", "seconds": "8"}, "2.4"),
        ({"model": "sora-2-pro", "seconds": "8", "size": "1792x1024"}, "2.4"),
    ],
)
def test_a_create_costs_by_model_and_length_whatever_the_size(send, parameters, cost):
    wanted = {"model": "sora-2", "prompt": "a cat", **parameters}
    assert send("POST", "/litellm/v1/videos", wanted).proxy_headers["response-cost"] == cost


@pytest.mark.parametrize(
    ("operation", "cost"),
    [("remix", "0.4"), ("retrieve", "0.0"), ("edit", "0.0"), ("extend", "0.0"), ("list", None)],
)
def test_only_creates_and_remixes_are_booked(call, operation, cost):
    assert call(operation).proxy_headers.get("response-cost") == cost


@pytest.mark.parametrize("operation", ["retrieve", "extend", "create character"])
def test_the_parts_of_a_cost_are_all_nothing(call, operation):
    found = call(operation).proxy_headers
    assert [found[name] for name in ITEMISED] == ["0.0"] * 7


def test_the_spending_of_a_key_is_that_of_the_call_as_without_a_database(send):
    wanted = {"model": "sora-2", "prompt": "a cat", "seconds": "8"}

    def spent(key):
        return send("POST", "/litellm/v1/videos", wanted, key=key).proxy_headers["key-spend"]

    assert [spent("Bearer sk-1"), spent("Bearer sk-1")] == ["0.8", "0.8"]


def test_no_header_of_the_upstream_reaches_a_client_that_succeeds(call):
    names = {name for operation in ("create", "retrieve") for name in call(operation).headers}
    assert not [name for name in names if name.startswith(("llm_provider", "openai", "server"))]
