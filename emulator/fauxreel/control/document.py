"""The control API's own OpenAPI document, made from its operations and their models."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from fauxreel import __version__
from fauxreel.control import answers, bodies
from fauxreel.control.endpoint import Operation, Operations, Problem
from fauxreel.control.parameters import Parameter

# The errors that many operations have. Another method is a 405, which is no operation's answer.
EVERYWHERE = (
    Problem(
        400,
        "bad_request",
        "a key or value is wrong; the message names the place, the value and what is valid",
    ),
    Problem(500, "store_unwritable", "the file of `--store` cannot be written; the log says why"),
    Problem(500, "defect", "the emulator itself failed; its log says how"),
)
GUARDED = (
    Problem(401, "token_required", "the token of `--control-token` is missing or wrong"),
    Problem(403, "host_not_allowed", "the `Host` header names another host"),
    Problem(403, "origin_not_allowed", "a page of another host asks"),
)
WITH_BODY = (
    Problem(400, "not_json", "the body cannot be read"),
    Problem(413, "body_too_large", "the body has more than 1 MiB"),
    Problem(415, "json_only", "the body has another content type"),
)


def document(
    server: str, root: str, open_to_all: Mapping[str, Operations], guarded: Mapping[str, Operations]
) -> dict[str, Any]:
    """An OpenAPI 3.1 document of all operations.

    Args:
        server: What stands before the root: the path of a namespace, or nothing.
        root: What all paths begin with.
        open_to_all: The operations that anybody may ask for, by path and method.
        guarded: All others.
    """
    paths = {**open_to_all, **guarded}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fauxreel's control API",
            "version": __version__,
            "description": "What a test tells the emulator, and asks it.",
        },
        "servers": [{"url": quote(server) or "/"}],
        "paths": {
            root + path: {
                method.lower(): {
                    **_operation(path, method, one),
                    **_answers(one, guarded=path in guarded),
                }
                for method, one in methods.items()
            }
            for path, methods in paths.items()
        },
        "components": {
            "schemas": _schemas([one for methods in paths.values() for one in methods.values()]),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    """The schemas of all bodies and answers, by the names of their models."""
    models: list[type[BaseModel]] = [answers.Failure]
    models += [getattr(answers, name) for name in sorted({one.answer for one in operations})]
    models += [getattr(bodies, name) for name in sorted({o.body for o in operations if o.body})]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Any] = schemas["$defs"]
    return found


def _operation(path: str, method: str, one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": "_".join([method.lower(), *re.findall(r"[a-z]+", path)]),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ] + [_parameter(name, parameter) for name, parameter in one.query.items()]
    if parameters:
        described["parameters"] = parameters
    if one.body is not None:
        model: type[BaseModel] = getattr(bodies, one.body)
        required = any(field.is_required() for field in model.model_fields.values())
        described["requestBody"] = {"required": required, "content": _content(one.body)}
    return described


def _parameter(name: str, parameter: Parameter) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": parameter.help,
        "schema": dict(parameter.schema),
    }


def _answers(one: Operation, *, guarded: bool) -> dict[str, Any]:
    """The answers, by status, and that no token is needed where it is not."""
    problems = (
        *EVERYWHERE,
        *(GUARDED if guarded else ()),
        *(WITH_BODY if one.body is not None else ()),
        *one.problems,
    )
    by_status: dict[int, list[str]] = {}
    for problem in sorted(problems, key=lambda problem: problem.status):
        by_status.setdefault(problem.status, []).append(f"`{problem.code}`: {problem.when}")
    responses = {
        "200": {
            "description": one.summary,
            "content": _content(one.answer, one.content_types),
        },
        **{str(status): _failure("; ".join(told)) for status, told in by_status.items()},
        "default": _failure("any other error"),
    }
    return {"responses": responses, **({} if guarded else {"security": []})}


def _failure(description: str) -> dict[str, Any]:
    return {"description": description, "content": _content("Failure")}


def _content(name: str, types: Sequence[str] = ("application/json",)) -> dict[str, Any]:
    return {one: {"schema": {"$ref": f"#/components/schemas/{name}"}} for one in types}
