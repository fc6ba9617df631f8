"""The settings as JSON schemas, made from their one table."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast, get_args

from fauxreel.settings import DEFAULTS, SPECS, Settings, Spec

Schema = dict[str, Any]

_CAN_BE_NONE = {one.name for one in fields(Settings) if type(None) in get_args(one.type)}


def all_settings() -> Schema:
    """What `GET /_fauxreel/settings` answers; those that are not live are read-only."""
    return {
        **_table("All settings in force, by name.", {n: _shown(n, s) for n, s in SPECS.items()}),
        "required": list(SPECS),
    }


def live_settings() -> Schema:
    """What `PATCH /_fauxreel/settings` takes."""
    return _table(
        "Live settings by name; null takes a change back.",
        {
            name: {**_or_null(spec.parse.schema), "description": spec.help}
            for name, spec in SPECS.items()
            if spec.live
        },
    )


def _table(description: str, properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": dict(properties),
    }


def _shown(name: str, spec: Spec) -> Schema:
    default = DEFAULTS[name]
    if isinstance(default, tuple):
        default = list(cast("tuple[object, ...]", default))
    schema: Mapping[str, Any] = spec.parse.schema
    if spec.secret:
        # A secret is shown as no more than whether there is one.
        schema = {"enum": ["(set)", default]}
    elif name in _CAN_BE_NONE:
        schema = _or_null(schema)
    read_only = {} if spec.live else {"readOnly": True}
    return {**schema, "default": default, "description": spec.help, **read_only}


def _or_null(schema: Mapping[str, Any]) -> Schema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable
