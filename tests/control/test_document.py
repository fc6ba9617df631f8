"""The control API's own OpenAPI document says what its routes are and what they answer."""

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, RootModel

from fauxreel import Emulator
from fauxreel.control import answers
from fauxreel.control.endpoint import ControlEndpoint

CREATE = {"prompt": "a cat"}


def operations(emulator):
    """Each operation of the running emulator, by method and path."""
    return {
        (method, route.path): one
        for route in emulator.app.dispatch.routes
        if isinstance(route.app, ControlEndpoint)
        for method, one in route.app.operations.items()
    }


def test_the_document_is_a_valid_one_and_names_each_operation(ask, emulator):
    document = ask("GET", "/_fauxreel/openapi.json").json

    validate(document)
    named = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert named == set(operations(emulator))


def test_each_operation_has_a_name_of_its_own(ask):
    paths = ask("GET", "/_fauxreel/openapi.json").json["paths"]
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]

    assert len(names) == len(set(names))


BODIES = {
    "/_fauxreel/clock/advance": {"seconds": 60},
    "/_fauxreel/rules": {"rules": "operation=list error=503; stuck=99"},
    "/_fauxreel/settings": {"queue_seconds": 1},
    "/_fauxreel/videos": {"status": "queued"},
}


def test_each_operation_answers_what_its_document_says(ask_of):
    with Emulator(clock="auto", processing_seconds=600) as emulator:
        ask_of(emulator, "POST", "/_fauxreel/rules", {"rules": "operation=list error=503"})
        video = ask_of(emulator, "POST", "/v1/videos", {**CREATE, "seconds": 4}).json
        video = ask_of(emulator, "POST", "/v1/videos", CREATE).json["id"]
        ask_of(emulator, "GET", "/v1/videos")
        for (method, route), one in operations(emulator).items():
            ask_of(emulator, "POST", "/_fauxreel/rules", {"rules": "stuck=99"})
            rules = ask_of(emulator, "GET", "/_fauxreel/rules").json["rules"]
            path = route.format(video_id=video, rule_id=rules[0]["id"])
            if path == "/_fauxreel/reset":
                continue  # it would take away what the others ask for; tests/control/test_reset.py
            reply = ask_of(emulator, method, path, BODIES.get(route) if method != "GET" else None)
            model: type[BaseModel] = getattr(answers, one.answer)
            assert reply.status == 200, (method, path, reply.body)
            assert model.model_validate_json(reply.body, strict=True), (method, path)


def test_errors_are_what_the_document_says(ask):
    for method, path in (("GET", "/_fauxreel/nothing"), ("PUT", "/_fauxreel/clock")):
        assert answers.Failure.model_validate_json(ask(method, path).body)


@pytest.mark.parametrize("name", sorted(vars(answers)))
def test_an_answer_refuses_what_it_does_not_name(name):
    model = vars(answers)[name]
    if (
        isinstance(model, type)
        and issubclass(model, answers._Answer)
        and model is not answers._Answer
    ):
        assert issubclass(model, RootModel) or model.model_config["extra"] == "forbid"
