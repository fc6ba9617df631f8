"""openapi.yaml: valid, with examples that are what their schemas say, and served to anybody."""

import json

import pytest
from openapi_spec_validator import validate

from fauxreel.resources import shipped


def examples(document, node, place="#"):
    """Each example of the document: where it stands, its schema, and its value."""
    if isinstance(node, list):
        for at, item in enumerate(node):
            yield from examples(document, item, f"{place}/{at}")
    if not isinstance(node, dict):
        return
    if "schema" in node and "example" in node:
        yield place, node["schema"], node["example"]
    for name, example in node.get("examples", {}).items() if "schema" in node else ():
        yield f"{place}/{name}", node["schema"], document.follow(example)["value"]
    for key, inner in node.items():
        yield from examples(document, inner, f"{place}/{key}")


def test_the_document_is_valid(document):
    validate(document.raw)


def test_each_example_is_what_its_schema_says(document):
    found = list(examples(document, document.raw))
    wrong = {
        place: error.message
        for place, schema, value in found
        for error in document.validator(schema).iter_errors(value)
    }
    assert len(found) > 50
    assert wrong == {}


def test_each_answer_in_json_has_an_example(document):
    without = [
        (operation_id, status)
        for operation_id in document.operations
        for status, answer in document.answers(operation_id).items()
        for kind, content in answer.get("content", {}).items()
        if kind == "application/json" and not content.get("examples")
    ]
    assert without == []


def test_each_component_is_used(document):
    text = json.dumps(document.raw)
    unused = [
        f"{kind}/{name}"
        for kind, components in document.raw["components"].items()
        for name in components
        if kind != "securitySchemes" and f'"#/components/{kind}/{name}"' not in text
    ]
    assert unused == ["schemas/DocumentedVideo"]


def test_the_document_is_served_as_it_stands(emulator, send):
    reply = send(emulator, "GET", "/openapi.yaml", Authorization=None)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/yaml")
    assert reply.body == shipped("openapi.yaml").read_bytes()


def test_the_document_is_served_as_json(emulator, send, document):
    for _ in range(2):
        reply = send(emulator, "GET", "/openapi.json", Authorization=None)
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        assert reply.json == document.raw


@pytest.mark.parametrize("path", ["/openapi.yaml", "/openapi.json"])
def test_the_document_can_only_be_read(emulator, send, path):
    head = send(emulator, "HEAD", path)
    post = send(emulator, "POST", path, "{}")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 10_000
    assert (post.status, post.headers["allow"]) == (405, "GET, HEAD")
