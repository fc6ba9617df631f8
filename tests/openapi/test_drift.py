"""openapi.yaml says what the code does: routes, parameters, closed lists, bounds."""

import ast
import inspect
from itertools import product

import pytest

from fauxreel.app import create_app
from fauxreel.domain.models import BUILT_IN, DEFAULT_MODEL, DEFAULT_SECONDS, DEFAULT_SIZE
from fauxreel.domain.paging import DEFAULT_LIMIT, DEFAULT_ORDER, Order
from fauxreel.domain.video import Variant
from fauxreel.settings import Settings
from fauxreel.wire import openai_assets, openai_parse, openai_render, references

# Routes -------------------------------------------------------------------------------------------


def routes(**settings):
    return {
        # `{model:path}` takes slashes, too, which OpenAPI has no word for.
        (method, route.path.replace(":path}", "}"))
        for route in create_app(Settings(**settings)).dispatch.routes
        for method in getattr(route.app, "methods", ())
        if method != "HEAD"
    }


def documented(document, *, without=None):
    """All methods and paths, second addresses too."""
    found = set()
    for method, path, _ in document.operations.values():
        item = document.raw["paths"][path]
        if without is None or without not in item:
            found |= {(method, address) for address in (path, *item.get("x-also-at", ()))}
    return found


def test_each_route_is_an_operation_and_each_operation_a_route(document):
    assert routes(azure_specified_routes=True) == documented(document)


def test_what_needs_a_setting_is_not_there_without_it(document):
    named = {item["x-setting"] for item in document.raw["paths"].values() if "x-setting" in item}
    assert named == {"--azure-specified-routes"}
    assert routes() == documented(document, without="x-setting")


def test_the_documented_routes_of_the_proxy_go_with_their_setting(document):
    gone = {
        (method, address)
        for method, path, operation in document.operations.values()
        if operation["tags"] == ["litellm-documented"]
        for address in (path, *document.raw["paths"][path]["x-also-at"])
    }
    assert routes() - routes(litellm_documented_routes=False) == gone


def test_further_addresses_are_those_without_v1_and_of_the_root(document):
    for _, path, operation in document.operations.values():
        others = document.raw["paths"][path].get("x-also-at", [])
        if path.startswith("/openai/"):
            assert others == []
        elif operation["tags"] == ["litellm-documented"]:
            plain = path.replace("/v1/", "/")
            assert others == [plain, plain.removeprefix("/litellm")]
        else:
            assert others == [path.replace("/v1/", "/")]


def test_each_server_has_all_operations(document, emulator, send):
    for server in document.raw["servers"]:
        root = server["url"].rstrip("/").replace("{namespace}", "mine")
        for path in ("/v1/models", "/openai/v1/models", "/litellm/v1/models"):
            assert send(emulator, "GET", root + path).status == 200


def test_each_operation_belongs_to_one_surface(document):
    counted = [name for surface in document.surfaces for name in document.of(surface)]
    assert sorted(counted) == sorted(document.operations)


@pytest.mark.parametrize("document_path", ["/openapi.yaml", "/openapi.json"])
def test_the_document_itself_is_no_operation(document, document_path):
    assert document_path not in document.raw["paths"]
    assert document_path in {route.path for route in create_app().dispatch.routes}


def test_path_parameters_are_named_as_in_the_routes(document):
    for _, path, operation in document.operations.values():
        given = [
            *document.raw["paths"][path].get("parameters", ()),
            *operation.get("parameters", ()),
        ]
        named = {p["name"] for p in map(document.follow, given) if p["in"] == "path"}
        assert {segment[1:-1] for segment in path.split("/") if segment.startswith("{")} == named


# Parameters ---------------------------------------------------------------------------------------


def words_of(*modules):
    """Each text in the code that could name a parameter."""
    return {
        node.value
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.isidentifier()
    }


WORDS = sorted(words_of(openai_parse, openai_assets, references) | {"n", "seed", "fps", "quality"})
POSTS = [
    ("createVideo", "/v1/videos"),
    ("remixVideo", "/v1/videos/video_x/remix"),
    ("editVideo", "/v1/videos/edits"),
    ("extendVideo", "/v1/videos/extensions"),
    ("createCharacter", "/v1/videos/characters"),
    ("createFile", "/v1/files"),
]


def known(emulator, send, path, body_of, param_of=str):
    """The words that are not refused as unknown parameters."""
    replies = {word: send(emulator, "POST", path, body_of(word)).json for word in WORDS}
    unknown = {
        word
        for word, reply in replies.items()
        if reply["error"]["code"] == "unknown_parameter"
        and reply["error"]["param"] == param_of(word)
    }
    return set(WORDS) - unknown


def test_each_operation_with_a_body_is_looked_at(document):
    with_body = {
        name for name, (_, _, each) in document.of("openai").items() if "requestBody" in each
    }
    assert with_body == {name for name, _ in POSTS}


@pytest.mark.parametrize(("operation_id", "path"), POSTS)
def test_the_parameters_are_those_that_are_read(document, emulator, send, operation_id, path):
    read = known(emulator, send, path, lambda word: {word: 1})
    for kind, schema in document.bodies(operation_id).items():
        documented = {name.partition("[")[0] for name in schema["properties"]}
        if kind == "application/x-www-form-urlencoded":
            # What a form names in brackets is the same; files cannot be sent this way.
            assert documented <= read
        assert documented == read, kind


@pytest.mark.parametrize(
    ("place", "schema", "body"),
    [
        ("input_reference", "Reference", lambda inner: {"prompt": "x", "input_reference": inner}),
        (
            "characters[0]",
            "CharacterReference",
            lambda inner: {"prompt": "x", "characters": [inner]},
        ),
        ("video", "VideoReference", lambda inner: {"video": inner}),
    ],
)
def test_inner_parameters_are_those_that_are_read(document, emulator, send, place, schema, body):
    path = "/v1/videos/edits" if place == "video" else "/v1/videos"
    read = known(emulator, send, path, lambda word: body({word: 1}), lambda word: f"{place}.{word}")
    found = document.schema(schema)
    alternatives = found.get("oneOf", [found])
    assert {name for each in alternatives for name in each["properties"]} == read


def test_forms_name_the_inner_parameters_in_brackets(document):
    for operation_id, _ in POSTS[:4]:
        found = document.bodies(operation_id)
        plain = found["application/json"]["properties"]
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            for name in found[kind]["properties"]:
                top, *inner = name.replace("]", "").split("[")
                schema = document.follow(plain[top])
                for key in inner:
                    schema = document.follow(schema["items"] if key == "" else schema)
                    names = [
                        list(one["properties"]) for one in schema.get("oneOf", [schema]) if key
                    ]
                    assert not key or [key] in names


def test_what_must_be_there_is_missed(document, emulator, send):
    for operation_id, path in POSTS:
        for schema in document.bodies(operation_id).values():
            for name in {required.partition("[")[0] for required in schema["required"]}:
                body = {other: "x" for other in document_names(schema) if other != name}
                if "video" in body:
                    body["video"] = {"id": "video_x"}
                reply = send(emulator, "POST", path, body).json["error"]
                assert reply["code"] in ("missing_required_parameter", "invalid_type")


def document_names(schema):
    return [name for name in schema["required"] if "[" not in name]


# Closed lists and bounds --------------------------------------------------------------------------


def test_models_sizes_and_lengths_are_those_of_the_models(document):
    sizes = list(dict.fromkeys(size for model in BUILT_IN for size in model.sizes))
    lengths = list(dict.fromkeys(str(each) for model in BUILT_IN for each in model.seconds))
    listed = {name: document.schema(name) for name in ("ModelName", "Size", "Seconds")}
    assert listed["ModelName"]["enum"] == [model.name for model in BUILT_IN]
    assert listed["Size"]["enum"] == sizes
    assert listed["Seconds"]["enum"] == lengths
    assert [schema["default"] for schema in listed.values()] == [
        DEFAULT_MODEL,
        DEFAULT_SIZE,
        str(DEFAULT_SECONDS),
    ]


@pytest.mark.parametrize("schema", ["CreateVideo", "CreateVideoForm", "CreateVideoFields"])
def test_each_model_takes_its_own_sizes_and_lengths_and_no_others(document, schema):
    validator = document.validator(document.schema(schema))
    sizes = document.schema("Size")["enum"]
    lengths = [*document.schema("Seconds")["enum"], "5"]
    for model, size, seconds in product(BUILT_IN, [*sizes, "1x1"], lengths):
        body = {"prompt": "x", "model": model.name, "size": size, "seconds": seconds}
        taken = size in model.sizes and seconds in map(str, model.seconds)
        assert validator.is_valid(body) == taken, body


def test_a_create_that_names_no_model_takes_what_the_default_model_takes(document):
    validator = document.validator(document.schema("CreateVideo"))
    default = next(model for model in BUILT_IN if model.name == DEFAULT_MODEL)
    for size in document.schema("Size")["enum"]:
        assert validator.is_valid({"prompt": "x", "size": size}) == (size in default.sizes)


def test_the_state_words_are_those_that_are_rendered(document):
    for schema, words in (
        ("Video", openai_render.WIRE),
        ("DocumentedVideo", openai_render.DOCUMENTED),
    ):
        assert document.schema(schema)["properties"]["status"]["enum"] == list(words.values())


def test_the_purposes_of_files_are_those_that_are_taken(document):
    purposes = document.schema("CreateFile")["properties"]["purpose"]["enum"]
    assert purposes == list(openai_assets.PURPOSES)


def test_query_parameters_are_those_that_are_read(document):
    named = {name: set(document.query(name)) for name in document.of("openai")}
    assert {name: names for name, names in named.items() if names} == {
        "listVideos": {"limit", "after", "order"},
        "listFiles": {"limit", "after", "order", "purpose"},
        "retrieveVideoContent": {"variant"},
    }
    read = words_of(openai_parse, openai_assets)
    assert {name for names in named.values() for name in names} <= read


def test_pages_are_asked_for_as_the_code_reads_them(document):
    videos, files = document.query("listVideos"), document.query("listFiles")
    assert videos["limit"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": inspect.signature(openai_parse.parse_list).parameters["most"].default,
        "default": DEFAULT_LIMIT,
    }
    assert (
        files["limit"]["maximum"] == files["limit"]["default"] == openai_assets._MOST_FILES_A_PAGE
    )
    for order in (videos["order"], files["order"]):
        assert (order["enum"], order["default"]) == ([*Order], DEFAULT_ORDER)


def test_the_variants_are_those_of_the_files(document):
    variant = document.query("retrieveVideoContent")["variant"]
    assert (variant["enum"], variant["default"]) == ([*Variant], Variant.VIDEO)


def test_lengths_of_texts_and_lists_are_those_that_are_counted(document):
    create = document.schema("CreateVideo")["properties"]
    urls = document.schema("ImageUrl")["oneOf"]
    assert document.schema("Prompt")["maxLength"] == openai_parse._LONGEST_PROMPT
    assert create["characters"]["maxItems"] == openai_parse._MOST_CHARACTERS
    assert {url["maxLength"] for url in urls} == {openai_parse._LONGEST_IMAGE_URL}
    for schema in ("CreateCharacter", "CreateProxyCharacter"):
        name = document.schema(schema)["properties"]["name"]
        assert name["maxLength"] == openai_assets.LONGEST_NAME


def test_files_are_of_the_types_that_are_taken(document):
    def encoding(operation_id, name):
        content = document.operations[operation_id][2]["requestBody"]["content"]
        return content["multipart/form-data"]["encoding"][name]["contentType"].split(", ")

    assert sorted(encoding("createVideo", "input_reference")) == sorted(references.SUPPORTED)
    assert encoding("createCharacter", "video") == list(references.VIDEO_ONLY)
    for kind in references.SUPPORTED:
        assert kind in document.schema("ImageUrl")["oneOf"][1]["pattern"]
