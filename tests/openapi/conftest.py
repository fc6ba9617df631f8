"""The OpenAPI document, and what the tests of it ask of it."""

import http.client
import json
from dataclasses import dataclass
from itertools import product

import pytest
import yaml
from jsonschema import Draft202012Validator

from fauxreel import Emulator
from fauxreel.resources import shipped
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR
from fauxreel.wire.litellm_words import PROXY_WORDINGS, WRAPPINGS
from fauxreel.wire.openai_words import WORDINGS

SURFACES = {
    "openai": {"videos", "characters", "files", "models"},
    "azure": {"azure"},
    "azure-jobs": {"azure-jobs"},
    "litellm": {"litellm", "litellm-documented"},
}
METHODS = ("get", "post", "delete", "put", "patch", "head", "options", "trace")


# Headers of HTTP itself, and one that every answer has.
GENERAL = {"content-length", "content-type", "date", "x-content-type-options"}
LACKING = {"type": "missing", "loc": ["body", "video"], "msg": "Field required"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def wordless(self):
        """The status and the body of an error without its words."""
        body = self.json
        if isinstance(body.get("detail"), list):
            body = {"detail": [LACKING]}
        error = body.get("error", body)
        if "message" in error:
            error["message"] = "x"
        if "param" in error:
            error["param"] = None
        error.pop("provider_specific_fields", None)
        return self.status, json.dumps(body, sort_keys=True)


class Document:
    """`openapi.yaml` with its references followed."""

    surfaces = tuple(SURFACES)

    def __init__(self, raw):
        self.raw = raw
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in raw["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def of(self, surface):
        """The operations of one surface."""
        return {
            name: operation
            for name, operation in self.operations.items()
            if SURFACES[surface].issuperset(operation[2]["tags"])
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

    def query(self, operation_id):
        """The schemas of an operation's query parameters, by name."""
        _, path, operation = self.operations[operation_id]
        given = [*self.raw["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        found = map(self.follow, given)
        return {each["name"]: each["schema"] for each in found if each["in"] == "query"}

    def bodies(self, operation_id):
        """The schemas of an operation's bodies, by type."""
        content = self.operations[operation_id][2]["requestBody"]["content"]
        return {kind: self.follow(body["schema"]) for kind, body in content.items()}

    def errors(self, operation_id):
        """Each status and body, without its words, that an operation may answer with."""
        found = set()
        for status, answer in self.answers(operation_id).items():
            if status >= 400 and "content" in answer:
                validator = self.validator(answer["content"]["application/json"]["schema"])
                bodies = filter(validator.is_valid, bodies_of_errors())
                found |= {(status, json.dumps(body, sort_keys=True)) for body in bodies}
        return found

    def check_error(self, operation_id, reply):
        """The body and the headers of an error are as documented."""
        answer = self.answers(operation_id)[reply.status]
        self.validator(answer["content"]["application/json"]["schema"]).validate(reply.json)
        headers = {key for key in reply.headers if not key.startswith("llm_provider-")}
        documented = answer["headers"].items()
        assert {key for key, one in documented if self.follow(one).get("required")} <= headers
        assert headers - set(answer["headers"]) <= GENERAL

    def validator(self, schema):
        return Draft202012Validator({"components": self.raw["components"], **schema})


def bodies_of_errors():
    """Errors in all envelopes, with all codes and types that there are, and others."""
    codes = {wording.code for wording in WORDINGS.values()} | {"no_such_code"}
    types = {wording.type for wording in WORDINGS.values()} | {USER_ERROR, "no_such_type"}
    for kind, code in product(types, codes):
        plain = {"message": "x", "type": kind, "param": None, "code": code}
        yield {"error": plain}
        yield plain | {"inner_error": None}
    types = {one.type for table in (PROXY_WORDINGS, WRAPPINGS) for one in table.values()}
    for kind, status in product(types, [*WRAPPINGS, 418]):
        yield {"error": {"message": "x", "type": kind, "param": None, "code": str(status)}}
    for code in {one.code for one in AZURE_WORDINGS.values()} | {"no_such_code"}:
        yield {"error": {"code": code, "message": "x"}}
    for status in (401, 404):
        yield {"statusCode": status, "message": "x"}
    for detail in ("Not Found", "Method Not Allowed", "Another", [LACKING]):
        yield {"detail": detail}


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
