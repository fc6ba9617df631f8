"""Bodies as the LiteLLM proxy reads them: what is no form is JSON, whatever type it claims.

It does so before it looks at the key (evidence: measured, litellm 1.109.1, with orjson's words).
"""

import json
import re
from typing import Any, cast

from starlette.types import Message, Receive

from fauxreel.domain.errors import NotAnObject, UnreadableJson, UnsupportedContentType
from fauxreel.wire.bodies import Encoding, Fields, Limits, read_fields, type_name
from fauxreel.wire.http import Exchange, read_body
from fauxreel.wire.record import note_fields

_FORMS = (b"multipart/form-data", b"application/x-www-form-urlencoded")
_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_LITERALS = {"t": "true", "f": "false", "n": "null"}
# Python's words for what orjson says otherwise.
_WORDS = {
    "Extra data": "unexpected content after document",
    "Expecting property name enclosed in double quotes": (
        "unexpected character, expected a string key"
    ),
    "Expecting value": "unexpected character, expected a JSON value",
    "Expecting ':' delimiter": "unexpected character, expected ':' after key",
    "Expecting ',' delimiter": "unexpected character, expected ',' or '}'",
    "Invalid control character at": "unexpected control character in string",
}


async def checked_body(exchange: Exchange, limits: Limits) -> Receive:
    """What reads the body once more after it was found to be a form or a JSON object.

    Raises:
        UnreadableJson, NotAnObject: It is neither.
        BodyTooLarge: It is larger than any.
    """
    names = {name for name, _ in exchange.scope["headers"]}
    if _is_form(exchange) or not names & {b"content-length", b"transfer-encoding"}:
        return exchange.receive
    body = await _json_body(exchange, limits)
    if body:
        parse_json(body)

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def read_proxy_fields(exchange: Exchange, limits: Limits) -> Fields:
    """The parameters in the body; none when it is empty.

    Raises:
        RequestError: It is too large or broken.
    """
    if _is_form(exchange):
        try:
            return await read_fields(exchange, limits)
        except UnsupportedContentType:
            # JSON that claims to be a form, as `curl -d` sends it, has no parameters.
            return Fields({}, Encoding.URLENCODED)
    body = await _json_body(exchange, limits)
    values = parse_json(body) if body else {}
    note_fields(exchange.scope, values)
    return Fields(values, Encoding.JSON)


def parse_json(body: bytes) -> dict[str, Any]:
    """The object in the body; of keys that stand twice the later one counts.

    Raises:
        UnreadableJson: It is not JSON.
        NotAnObject: It is another value.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        message = "str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)"
        raise UnreadableJson(message) from None
    try:
        value = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise UnreadableJson(_reason(text, error)) from None
    except UnicodeEncodeError:
        found = _HALF_A_PAIR.search(text)
        at = found.start() if found else 0
        raise UnreadableJson(_at("no low surrogate in string", text, at)) from None
    except _Constant as error:
        at = text.index(str(error))
        raise UnreadableJson(_at(_WORDS["Expecting value"], text, at)) from None
    except (ValueError, RecursionError) as error:  # a number or a nesting without end: inferred
        raise UnreadableJson(str(error)) from None
    if not isinstance(value, dict):
        raise NotAnObject(type_name(value))
    return cast("dict[str, Any]", value)


class _Constant(Exception):
    """`NaN` or `Infinity`, which are no JSON."""


def _no_constant(name: str) -> object:
    raise _Constant(name)


def _reason(text: str, error: json.JSONDecodeError) -> str:
    """What orjson says of it."""
    rest = text[error.pos :]
    literal = _LITERALS.get(rest[:1], "")
    if not text.strip():
        return _at("input data is empty", text, 0)
    before = text[: error.pos].rstrip()
    if rest[:1] in ("}", "]") and before.endswith(","):
        return _at("trailing comma is not allowed", text, len(before) - 1)
    if error.msg.startswith("Illegal trailing comma"):  # Python 3.13 and later
        return _at("trailing comma is not allowed", text, error.pos)
    unended = error.msg.startswith("Unterminated string") or not rest.strip()
    if unended or (
        error.msg == "Expecting value" and literal.startswith(rest.rstrip()) and literal
    ):
        return _at("unexpected end of data", text, len(text))
    if error.msg == "Expecting value" and literal:
        return _at(f"invalid literal, expected '{literal}'", text, error.pos)
    if error.msg.startswith("Invalid \\"):
        return _at("invalid escaped sequence in string", text, text.rindex("\\", 0, error.pos + 1))
    return _at(_WORDS.get(error.msg, error.msg), text, error.pos)


def _at(words: str, text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"{words}: line {line} column {column} (char {position})"


def _is_form(exchange: Exchange) -> bool:
    content_type = (exchange.header(b"content-type") or b"").partition(b";")[0]
    return content_type.strip().lower() in _FORMS


async def _json_body(exchange: Exchange, limits: Limits) -> bytes:
    return await read_body(exchange.scope, exchange.receive, min(limits.body, limits.text))
