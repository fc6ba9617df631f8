"""The control API's own OpenAPI document says what its routes take, answer and refuse."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from fauxreel import Emulator
from fauxreel.clock import ClockKind
from fauxreel.control import answers
from fauxreel.control.document import EVERYWHERE, GUARDED, WITH_BODY
from fauxreel.control.endpoint import ControlEndpoint
from fauxreel.domain.operations import SURFACES, Operation
from fauxreel.settings import DEFAULTS, SPECS

CREATE = {"prompt": "a cat"}
PAGE = (Path(__file__).parents[2] / "docs/reference/control-api.md").read_text()
SECTIONS = dict(re.findall(r"^## `?(.+?)`?\n((?:(?!^## ).*\n?)*)", PAGE, re.MULTILINE))


def operations(emulator):
    """Each operation of the running emulator, by method and path."""
    return {
        (method, route.path): one
        for route in emulator.app.dispatch.routes
        if isinstance(route.app, ControlEndpoint)
        for method, one in route.app.operations.items()
    }


@pytest.fixture
def document(ask):
    return ask("GET", "/_fauxreel/openapi.json").json


def accepts(document, schema, value):
    """Whether a value fits a schema of the document."""
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole).is_valid(value)


def named(document, name):
    return {"$ref": f"#/components/schemas/{name}"}, document["components"]["schemas"][name]


def test_the_document_is_a_valid_one_and_names_each_operation(document, emulator):
    validate(document)
    found = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert found == set(operations(emulator))


def test_each_operation_has_a_name_of_its_own(document):
    paths = document["paths"]
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]

    assert len(names) == len(set(names))


BODIES = {
    ("POST", "/_fauxreel/clock/advance"): {"seconds": 60},
    ("POST", "/_fauxreel/rules"): {"rules": "operation=list error=503; stuck=99"},
    ("PATCH", "/_fauxreel/settings"): {"queue_seconds": 1},
    ("POST", "/_fauxreel/videos"): {"status": "queued"},
}


def test_each_operation_answers_what_its_document_says(ask_of):
    with Emulator(clock="auto", processing_seconds=600) as emulator:
        document = ask_of(emulator, "GET", "/_fauxreel/openapi.json").json
        ask_of(emulator, "POST", "/_fauxreel/rules", {"rules": "operation=list error=503"})
        ask_of(emulator, "POST", "/v1/videos", {**CREATE, "seconds": 4})
        video = ask_of(emulator, "POST", "/v1/videos", CREATE).json["id"]
        ask_of(emulator, "GET", "/v1/videos")
        for method, route in operations(emulator):
            ask_of(emulator, "POST", "/_fauxreel/rules", {"rules": "stuck=99"})
            rules = ask_of(emulator, "GET", "/_fauxreel/rules").json["rules"]
            path = route.format(video_id=video, rule_id=rules[0]["id"])
            if path == "/_fauxreel/reset":
                continue  # it would take away what the others ask for; tests/control/test_reset.py
            reply = ask_of(emulator, method, path, BODIES.get((method, route)))
            told = document["paths"][route][method.lower()]["responses"]["200"]
            content = told["content"][reply.headers["content-type"].partition(";")[0]]
            said = reply.json if "application/json" in told["content"] else reply.body.decode()
            assert reply.status == 200, (method, path, reply.body)
            assert accepts(document, content["schema"], said), (method, path, said)


def test_errors_are_what_the_document_says(ask, document):
    schema, _ = named(document, "Failure")
    for method, path in (("GET", "/_fauxreel/nothing"), ("PUT", "/_fauxreel/clock")):
        assert accepts(document, schema, ask(method, path).json)


@pytest.mark.parametrize(
    "name", sorted({"Settings", "ChangeSettings", "Requests", "Rule", "Seed", "Failure"})
)
def test_a_schema_refuses_what_it_does_not_name(document, name):
    _, schema = named(document, name)

    assert schema["additionalProperties"] is False


def test_all_settings_are_described_by_their_table(document):
    _, schema = named(document, "Settings")

    assert list(schema["properties"]) == schema["required"] == list(SPECS)
    assert schema["properties"]["queue_seconds"] == {
        "type": "number",
        "minimum": 0,
        "default": 0.5,
        "description": SPECS["queue_seconds"].help,
    }
    assert schema["properties"]["clock"]["enum"] == [kind.value for kind in ClockKind]
    assert schema["properties"]["port"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 65535,
        "default": 4010,
        "description": SPECS["port"].help,
        "readOnly": True,
    }
    assert schema["properties"]["budget"]["type"] == ["number", "null"]
    assert schema["properties"]["keys"]["enum"] == ["(set)", []]
    assert schema["properties"]["control_token"]["enum"] == ["(set)", None]


def test_the_settings_that_can_be_changed_are_the_live_ones(document):
    _, schema = named(document, "ChangeSettings")
    _, read = named(document, "Settings")

    assert list(schema["properties"]) == [name for name, spec in SPECS.items() if spec.live]
    assert {name for name, one in read["properties"].items() if "readOnly" not in one} == set(
        schema["properties"]
    )
    assert all(one["type"][-1] == "null" for one in schema["properties"].values())
    assert "required" not in schema


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"queue_seconds": 5, "scenario": ["flaky"], "clock": "auto", "phrases": False}, True),
        ({"queue_seconds": None, "clock": None}, True),
        ({"queue_seconds": -1}, False),
        ({"clock": "sun"}, False),
        ({"poll_after_ms": 0.5}, False),
        ({"port": 4010}, False),
        ({"queue_secs": 1}, False),
    ],
)
def test_a_change_of_settings_fits_the_document_when_it_is_taken(ask, document, change, fits):
    schema, _ = named(document, "ChangeSettings")

    assert accepts(document, schema, change) is fits
    assert (ask("PATCH", "/_fauxreel/settings", change).status == 200) is fits


def test_the_settings_of_any_emulator_fit_the_document(ask_of, tmp_path):
    with Emulator(
        keys="sk-one",
        media_cache=tmp_path,
        scenario="flaky",
        rules=["stuck=99", {"error": 503}],
        scenarios={"mine": {"rules": ["error=500"]}},
        profile="/v1=documented",
        budget=3,
        cors_origins="*",
    ) as emulator:
        document = ask_of(emulator, "GET", "/_fauxreel/openapi.json").json
        settings = ask_of(emulator, "GET", "/_fauxreel/settings").json

    schema, _ = named(document, "Settings")
    assert settings["keys"] == "(set)"
    assert settings != DEFAULTS
    Draft202012Validator({**schema, "components": document["components"]}).validate(settings)


def test_parameters_say_what_they_may_be(document):
    paths = document["paths"]
    parameters = {
        one["name"]: one["schema"] for one in paths["/_fauxreel/requests"]["get"]["parameters"]
    }

    assert parameters == {
        "surface": {"type": "string", "enum": list(SURFACES)},
        "operation": {"type": "string", "enum": list(Operation)},
        "method": {
            "type": "string",
            "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        },
        "status": {"type": "integer", "minimum": 100, "maximum": 599},
        "video_id": {"type": "string", "minLength": 1},
        "rule": {"type": "string", "minLength": 1},
        "key": {"type": "string"},
        "after": {"type": "integer", "minimum": 0, "maximum": 2**53},
        "limit": {"type": "integer", "minimum": 0, "maximum": 100_000},
        "count": {"type": "integer", "minimum": 0, "maximum": 1000},
        "seconds": {"type": "number", "minimum": 0, "maximum": 60, "default": 5},
    }
    assert paths["/_fauxreel/rules/{rule_id}"]["delete"]["parameters"] == [
        {"name": "rule_id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]


def test_a_body_is_required_where_there_is_no_default(document):
    required = {
        (method.upper(), path): one["requestBody"]["required"]
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if "requestBody" in one
    }

    assert required == {
        ("PATCH", "/_fauxreel/settings"): True,
        ("POST", "/_fauxreel/clock/advance"): True,
        ("POST", "/_fauxreel/rules"): True,
        ("POST", "/_fauxreel/videos"): False,
        ("POST", "/_fauxreel/videos/{video_id}/force"): False,
    }


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/health", "200 400 500 default"),
        ("get", "/ready", "200 400 500 503 default"),
        ("get", "/clock", "200 400 401 403 500 default"),
        ("post", "/clock/resume", "200 400 401 403 409 500 default"),
        ("post", "/clock/advance", "200 400 401 403 413 415 500 default"),
        ("post", "/rules", "200 400 401 403 413 415 429 500 default"),
        ("delete", "/rules/{rule_id}", "200 400 401 403 404 500 default"),
        ("get", "/requests", "200 400 401 403 429 500 default"),
        ("post", "/videos/{video_id}/force", "200 400 401 403 404 409 413 415 500 default"),
    ],
)
def test_errors_are_told_by_their_status(document, method, path, statuses):
    responses = document["paths"][f"/_fauxreel{path}"][method]["responses"]

    assert list(responses) == statuses.split()


def test_an_error_is_told_by_its_code_and_cause(document):
    responses = document["paths"]["/_fauxreel/clock/resume"]["post"]["responses"]

    assert responses["409"]["description"] == (
        "`clock_stands_still`: the clock is `manual` and moves only when it is advanced"
    )
    assert responses["403"]["description"] == (
        "`host_not_allowed`: the `Host` header names another host; "
        "`origin_not_allowed`: a page of another host asks"
    )


def test_probes_need_no_token(document):
    assert document["security"] == [{}, {"token": []}]
    assert document["paths"]["/_fauxreel/health"]["get"]["security"] == []
    assert "security" not in document["paths"]["/_fauxreel/clock"]["get"]


@pytest.mark.parametrize(("base", "url"), [("", "/"), ("/ns/zz", "/ns/zz")])
def test_the_document_steers_the_namespace_that_it_comes_from(ask, base, url):
    document = ask("GET", f"{base}/_fauxreel/openapi.json").json

    assert document["servers"] == [{"url": url}]
    assert "/_fauxreel/clock" in document["paths"]


ROW = re.compile(r"^\| (\d{3}) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def test_the_page_lists_the_errors_of_each_route(emulator):
    routes = operations(emulator)

    assert {route: ROW.findall(SECTIONS[" ".join(route)]) for route in routes} == {
        route: [(str(one.status), one.code, one.when) for one in operation.problems]
        for route, operation in routes.items()
    }


def test_the_page_lists_the_errors_of_all_routes():
    told = ROW.findall(SECTIONS["What holds for all routes"])
    known = [(str(one.status), one.code, one.when) for one in (*EVERYWHERE, *GUARDED, *WITH_BODY)]

    assert set(known) == {row for row in told if row[1] != "method_not_allowed"}


def test_an_answer_model_refuses_what_it_does_not_name():
    models = [model for model in vars(answers).values() if isinstance(model, type)]
    strict = [model for model in models if issubclass(model, answers._Answer)]

    assert len(strict) > 10
    assert {model.model_config["extra"] for model in strict} == {"forbid"}
