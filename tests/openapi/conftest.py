"""The OpenAPI document, and what the tests of it ask of it."""

import http.client
import json
from dataclasses import dataclass

import pytest
import yaml
from jsonschema import Draft202012Validator

from fauxreel import Emulator
from fauxreel.resources import shipped

METHODS = ("get", "post", "delete", "put", "patch", "head", "options", "trace")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Document:
    """`openapi.yaml` with its references followed."""

    def __init__(self, raw):
        self.raw = raw
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in raw["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def follow(self, node):
        while "$ref" in node:
            found = self.raw
            for key in node["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            node = found
        return node

    def schema(self, name):
        return self.raw["components"]["schemas"][name]

    def answers(self, operation_id):
        """The answers of an operation by status."""
        return {
            int(status): self.follow(answer)
            for status, answer in self.operations[operation_id][2]["responses"].items()
        }

    def validator(self, schema):
        return Draft202012Validator({"components": self.raw["components"], **schema})


@pytest.fixture(scope="session")
def document():
    return Document(yaml.safe_load(shipped("openapi.yaml").read_bytes()))


@pytest.fixture(scope="session")
def send():
    def send(emulator, method, path, body=None, **headers):
        address = emulator.root_url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=20)
        named = {"Authorization": "Bearer sk-1"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            named = {"Content-Type": "application/json"} | named
            body = json.dumps(body)
        connection.request(method, path, body, {k: v for k, v in named.items() if v is not None})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        reply = Reply(answer.status, found, answer.read())
        connection.close()
        return reply

    return send


@pytest.fixture
def emulator():
    """An emulator whose jobs take 70 seconds of a clock that stands still."""
    with Emulator(clock="manual", seed=7, queue_seconds=10, processing_seconds=60) as emulator:
        yield emulator
