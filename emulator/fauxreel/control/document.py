"""The control API's own OpenAPI document, made from its operations and their models."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from fauxreel import __version__
from fauxreel.control import answers, bodies
from fauxreel.control.endpoint import Operation, Operations


def document(root: str, paths: Mapping[str, Operations]) -> dict[str, Any]:
    """An OpenAPI 3.1 document of all operations.

    Args:
        root: What all paths begin with.
    """
    operations = [one for methods in paths.values() for one in methods.values()]
    models: list[type[BaseModel]] = [answers.Failure]
    models += [getattr(answers, name) for name in sorted({one.answer for one in operations})]
    models += [getattr(bodies, name) for name in sorted({o.body for o in operations if o.body})]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fauxreel's control API",
            "version": __version__,
            "description": "What a test tells the emulator, and asks it.",
        },
        "paths": {
            root + path: {
                method.lower(): _operation(path, method, one) for method, one in methods.items()
            }
            for path, methods in paths.items()
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(path: str, method: str, one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": "_".join([method.lower(), *re.findall(r"[a-z]+", path)]),
        "responses": {
            "200": _json(one.answer, one.summary),
            "default": _json("Failure", "what is wrong"),
        },
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ] + [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in one.query.items()
    ]
    if parameters:
        described["parameters"] = parameters
    if one.body is not None:
        described["requestBody"] = {"content": _content(one.body)}
    return described


def _json(name: str, description: str) -> dict[str, Any]:
    return {"description": description, "content": _content(name)}


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
