"""openapi.yaml says what the LiteLLM proxy takes: groups, credentials, closed lists."""

from itertools import product

import pytest

from fauxreel import Emulator
from fauxreel.domain.models import BUILT_IN, Models
from fauxreel.wire import openai_render
from fauxreel.wire.azure_v1 import AZURE_SORA_2
from fauxreel.wire.litellm_targets import Targets
from fauxreel.wire.litellm_words import WRAPPINGS

VIDEOS = "/litellm/v1/videos"
GROUPS = Targets(Models(), 0).groups()


def made_by(group):
    """What the model of a group makes."""
    by_name = {model.name: model for model in BUILT_IN}
    return by_name.get(group, AZURE_SORA_2)


def test_groups_are_those_of_the_proxy(document):
    character = document.schema("CreateProxyCharacter")["properties"]["target_model_names"]
    assert document.schema("ModelGroup")["enum"] == character["enum"] == GROUPS


@pytest.mark.parametrize(
    "schema",
    [
        "CreateProxyVideo",
        "CreateProxyVideoForm",
        "CreateProxyVideoFields",
        "DocumentedRemix",
        "DocumentedRemixForm",
        "DocumentedRemixFields",
    ],
)
def test_each_group_takes_its_own_sizes_and_lengths_and_no_others(document, schema):
    validator = document.validator(document.schema(schema))
    sizes = [*document.schema("Size")["enum"], "1x1"]
    for group, size, seconds in product(GROUPS, sizes, (4, 5, 12, 16, 20)):
        model = made_by(group)
        taken = size in model.sizes and seconds in model.seconds
        for length in (seconds, str(seconds)):
            body = {"prompt": "x", "model": group, "size": size, "seconds": length}
            assert validator.is_valid(body) == taken, body


@pytest.mark.parametrize("name", ["createProxyVideo", "generateDocumentedVideo"])
def test_a_create_takes_what_is_passed_on(document, emulator, send, name):
    path = document.operations[name][1]
    json = document.bodies(name)["application/json"]
    for parameter in ("user", "custom_llm_provider", "fps", "n_seconds", "video_id"):
        reply = send(emulator, "POST", path, {"model": "sora-2", "prompt": "x", parameter: "x"})
        assert (reply.status == 200) == (parameter in json["properties"]), parameter
    assert json["required"] == ["model", "prompt"]


def test_what_the_schemas_of_a_create_leave_out_does_not_do(emulator, send):
    for reference in ("a text", {"image_url": "https://example.com/a.png"}):
        body = {"model": "sora-2", "prompt": "x", "input_reference": reference}
        assert send(emulator, "POST", VIDEOS, body).status == 400


def test_numbers_are_taken_for_texts_where_the_schemas_say_so(document, emulator, send):
    for prompt, seconds in ((5, 8), (True, "8"), (0.5, 4)):
        body = {"model": "sora-2", "prompt": prompt, "seconds": seconds}
        document.validator(document.schema("CreateProxyVideo")).validate(body)
        assert send(emulator, "POST", VIDEOS, body).status == 200
    body = {"model": "sora-2", "prompt": 5, "video_id": "video_x"}
    assert not document.validator(document.schema("DocumentedRemix")).is_valid(body)
    assert send(emulator, "POST", "/litellm/v1/videos/remix", body).status == 400


def test_states_are_those_that_are_rendered(document):
    for schema, words in (
        ("ProxyVideo", openai_render.WIRE),
        ("ProxyListEntry", openai_render.WIRE),
        ("DocumentedProxyVideo", openai_render.DOCUMENTED),
    ):
        assert document.schema(schema)["properties"]["status"]["enum"] == list(words.values())


def test_each_header_that_carries_a_key_is_a_scheme(document, send):
    schemes = document.raw["components"]["securitySchemes"]
    names = {name: schemes[name].get("name", "authorization") for name in PROXY_SCHEMES}
    with Emulator(keys=("sk-one",)) as emulator:
        for name, header in names.items():
            key = "Bearer sk-one" if name == "bearer" else "sk-one"
            headers = {"Authorization": None, header: key}
            assert send(emulator, "GET", "/litellm/v1/models", **headers).status == 200
    for _, _, operation in document.of("litellm").values():
        assert operation["security"] == [{name: []} for name in PROXY_SCHEMES]


PROXY_SCHEMES = ("bearer", "proxyKey", "azureKey", "otherKey")


def test_a_provider_is_named_by_header_or_query(document, emulator, send):
    for name in ("listProxyVideos", "retrieveProxyVideo", "retrieveProxyVideoContent"):
        assert set(document.query(name)) == {"custom_llm_provider"}
    assert send(emulator, "GET", VIDEOS).status == 400
    assert send(emulator, "GET", f"{VIDEOS}?custom_llm_provider=openai").status == 200
    assert send(emulator, "GET", VIDEOS, custom_llm_provider="azure").status == 200


def test_errors_of_the_upstream_have_the_type_of_their_status(document):
    validator = document.validator(document.schema("UpstreamError"))
    types = {wrapping.type for wrapping in WRAPPINGS.values()}
    for status, kind in product((*WRAPPINGS, 418), types):
        error = {"message": "x", "type": kind, "param": None, "code": str(status)}
        right = status in WRAPPINGS and WRAPPINGS[status].type == kind
        assert validator.is_valid({"error": error}) == right, (status, kind)
