import json
from typing import Any

import pytest
from dirty_equals import IsStr

pytestmark = pytest.mark.usefixtures("unharmed")

JSON = b"application/json"
FORM = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data; boundary=b"

NOT_JSON = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using "
    "your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was "
    "not valid JSON. If you have trouble figuring out how to fix this, please contact us through "
    "our help center at help.openai.com.)"
)
NOT_A_FORM = r"We could not parse the form body of your request: .+\."


def error(
    message: Any, param: str | None = None, code: str | None = None, kind: str | None = None
) -> dict[str, Any]:
    kind = kind or "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def unsupported(content_type: str) -> dict[str, Any]:
    message = (
        f"Unsupported content type: '{content_type}'. This API method only accepts "
        "'application/json' or 'multipart/form-data' requests, but you specified the header "
        f"'Content-Type: {content_type}'. Please try again with a supported content type."
    )
    return error(message, code="unsupported_content_type")


def duplicate(param: str) -> dict[str, Any]:
    message = (
        f"Duplicate parameter: '{param}'. You provided multiple values for this parameter, whereas "
        "only one is allowed. If you are trying to provide a list of values, use the array syntax "
        f"instead e.g. '{param}[]=<value>'."
    )
    return error(message, param, "duplicate_parameter")


def mistyped(param: str, expected: str, given: str) -> dict[str, Any]:
    message = f"Invalid type for '{param}': expected {expected}, but got {given} instead."
    return error(message, param, "invalid_type")


def too_large(limit: int, read: Any, param: str | None = None) -> dict[str, Any]:
    message = f"Maximum content size limit ({limit}) exceeded ({read} bytes read)"
    return error(message, param, kind="server_error")


def part(name: bytes, value: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value)


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


NO_PROMPT = error("Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter")
EMPTY_PROMPT = error(
    "Invalid 'prompt': empty string. Expected a string with minimum length 1, "
    "but got an empty string instead.",
    "prompt",
    "empty_string",
)
NUL_IN_PROMPT = error(
    "Invalid 'prompt': string contains a null character.", "prompt", "invalid_value"
)
NOT_UTF_8 = error("Invalid 'prompt': string is not valid UTF-8.", "prompt", "invalid_value")
NOT_READABLE_FORM = error(IsStr(regex=NOT_A_FORM))


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        # Empty
        pytest.param(JSON, b"", NO_PROMPT, id="empty"),
        pytest.param(None, b"", NO_PROMPT, id="empty-without-a-type"),
        pytest.param(FORM, b"", NO_PROMPT, id="empty-urlencoded"),
        pytest.param(JSON, b"{}", NO_PROMPT, id="empty-object"),
        pytest.param(MULTIPART, form(), NO_PROMPT, id="empty-form"),
        # JSON
        pytest.param(JSON, b'{"prompt": "a cat"', error(NOT_JSON), id="cut-off"),
        pytest.param(JSON, b"prompt=a+cat", error(NOT_JSON), id="urlencoded-as-json"),
        pytest.param(JSON, form(part(b"prompt", b"x")), error(NOT_JSON), id="form-as-json"),
        pytest.param(JSON, b'{"prompt": "\xff"}', error(NOT_JSON), id="not-utf-8"),
        pytest.param(JSON, b'\xef\xbb\xbf{"prompt": "x"}', error(NOT_JSON), id="byte-order-mark"),
        pytest.param(JSON, '{"prompt": "x"}'.encode("utf-16"), error(NOT_JSON), id="utf-16"),
        pytest.param(JSON, b"\x1f\x8b\x08\x00", error(NOT_JSON), id="gzip"),
        pytest.param(JSON, b"[" * 16000, error(NOT_JSON), id="deep"),
        pytest.param(JSON, b'{"prompt": NaN}', error(NOT_JSON), id="nan"),
        pytest.param(JSON, b'{"seconds": %s}' % (b"9" * 5000), error(NOT_JSON), id="huge-integer"),
        pytest.param(JSON, b'{"prompt": "\\ud800"}', error(NOT_JSON), id="half-a-pair"),
        pytest.param(
            JSON, b'{"\\ud800": 1, "\\ud800": 2}', error(NOT_JSON), id="half-a-pair-twice"
        ),
        *(
            pytest.param(
                JSON,
                body,
                error(
                    f"Invalid type: expected an object, but got {given} instead.",
                    code="invalid_type",
                ),
                id=f"{given.replace(' ', '-')}-for-a-body",
            )
            for body, given in (
                (b'[{"prompt": "a cat"}]', "an array"),
                (b'"a cat"', "a string"),
                (b"8", "an integer"),
                (b"8.5", "a decimal number"),
                (b"true", "a boolean"),
                (b"null", "null"),
            )
        ),
        pytest.param(JSON, b'{"prompt": "x", "prompt": "y"}', duplicate("prompt"), id="twice"),
        pytest.param(JSON, b'{"x": {"id": 1, "id": 2}}', duplicate("id"), id="twice-inside"),
        pytest.param(JSON, b'{"prompt": "a\\u0000b"}', NUL_IN_PROMPT, id="null-character"),
        pytest.param(JSON, b'{"prompt": ""}', EMPTY_PROMPT, id="empty-prompt"),
        pytest.param(
            JSON, b'{"prompt": null}', mistyped("prompt", "a string", "null"), id="null-prompt"
        ),
        pytest.param(
            JSON,
            b'{"prompt": 1, "": 2}',
            error("Unknown parameter: ''.", "", "unknown_parameter"),
            id="empty-key",
        ),
        pytest.param(
            JSON,
            b'{"{param}": 1}',
            error("Unknown parameter: '{param}'.", "{param}", "unknown_parameter"),
            id="braces-in-a-key",
        ),
        # Other types
        pytest.param(None, b'{"prompt": "x"}', unsupported(""), id="no-type"),
        pytest.param(b"text/plain", b'{"prompt": "x"}', unsupported("text/plain"), id="text"),
        pytest.param(b"application/xml", b"<x/>", unsupported("application/xml"), id="xml"),
        pytest.param(
            FORM,
            b'{"prompt":"x"}',
            unsupported("application/x-www-form-urlencoded"),
            id="curl-without-a-type",
        ),
        pytest.param(
            b"x/" + b"y" * 1000, b"z", unsupported("x/" + "y" * 298 + "…"), id="very-long-type"
        ),
        pytest.param(b"\xe9/\xff", b"z", unsupported("é/ÿ"), id="type-that-is-not-ascii"),
        # Forms
        pytest.param(FORM, b"prompt=%ff", NOT_READABLE_FORM, id="urlencoded-not-utf-8"),
        pytest.param(FORM, b"&".join([b"a"] * 129), NOT_READABLE_FORM, id="129-fields"),
        pytest.param(FORM, b"prompt=x&prompt=y", duplicate("prompt"), id="urlencoded-twice"),
        pytest.param(FORM, b"prompt=a%00b", NUL_IN_PROMPT, id="urlencoded-null-character"),
        pytest.param(
            b"multipart/form-data",
            form(part(b"prompt", b"x")),
            error(
                "We could not parse the form body of your request: "
                "the Content-Type header names no boundary."
            ),
            id="no-boundary",
        ),
        pytest.param(
            MULTIPART,
            part(b"prompt", b"x"),
            error(
                "We could not parse the form body of your request: the closing boundary is missing."
            ),
            id="never-closed",
        ),
        pytest.param(
            MULTIPART,
            form(part(b"", b"x")),
            error("We could not parse the form body of your request: a part has no name."),
            id="no-name",
        ),
        pytest.param(MULTIPART, b"", NOT_READABLE_FORM, id="empty-multipart"),
        pytest.param(MULTIPART, b'{"prompt": "x"}', NOT_READABLE_FORM, id="json-as-form"),
        pytest.param(MULTIPART, form(part(b"a" * 5000, b"x")), NOT_READABLE_FORM, id="long-header"),
        pytest.param(
            MULTIPART,
            form(*(part(b"p%d" % i, b"x") for i in range(129))),
            NOT_READABLE_FORM,
            id="129-parts",
        ),
        pytest.param(
            MULTIPART, form(part(b"prompt", b"x") * 2), duplicate("prompt"), id="part-twice"
        ),
        pytest.param(MULTIPART, form(part(b"prompt", b"a\0b")), NUL_IN_PROMPT, id="null-in-a-part"),
        pytest.param(MULTIPART, form(part(b"prompt", b"\xff")), NOT_UTF_8, id="part-not-utf-8"),
        pytest.param(MULTIPART, form(part(b"prompt", b"")), EMPTY_PROMPT, id="empty-part"),
        pytest.param(
            MULTIPART,
            form(part(b"prompt[text]", b"x")),
            mistyped("prompt", "a string", "an object"),
            id="bracketed-prompt",
        ),
    ],
)
@pytest.mark.parametrize("target", [b"/v1/videos", b"/v1/videos/video_1/remix"])
def test_a_bad_body_is_refused_in_known_words(
    small, talk, post, target, content_type, body, expected
):
    reply = talk(small, post(content_type, body, target))
    assert (reply.status, reply.json) == (400, expected)


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (b"8", "an integer"),
        (b"8.0", "a decimal number"),
        (b"1e999", "a decimal number"),
        (b"null", "null"),
        (b"true", "a boolean"),
        (b'["8"]', "an array"),
        (b'{"8": 8}', "an object"),
    ],
)
def test_a_length_that_is_no_text_is_refused(small, talk, post, value, given):
    reply = talk(small, post(JSON, b'{"prompt": "x", "seconds": %s}' % value))
    expected = mistyped("seconds", "one of '4', '8', or '12'", given)
    assert (reply.status, reply.json) == (400, expected)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        (JSON, b"x" * 16385, too_large(16384, 16385)),
        (FORM, b"x" * 16385, too_large(16384, 16385)),
        (MULTIPART, b"x" * 65537, too_large(65536, 65537)),
        (
            MULTIPART,
            form(part(b"prompt", b"x" * 16385)),
            too_large(16384, 16385, "prompt"),
        ),
    ],
)
def test_a_body_or_text_over_the_limit_is_refused(small, talk, post, content_type, body, expected):
    reply = talk(small, post(content_type, body))
    assert (reply.status, reply.json) == (413, expected)


@pytest.mark.parametrize(("content_type", "limit"), [(JSON, 16384), (MULTIPART, 65536)])
def test_a_chunked_body_over_the_limit_is_refused_before_its_end(small, talk, content_type, limit):
    request = (
        b"POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-1\r\n"
        b"Content-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % content_type
    )
    reply = talk(small, request + (b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 3)
    message = rf"Maximum content size limit \({limit}\) exceeded \(\d+ bytes read\)"
    assert (reply.status, reply.json) == (
        413,
        error(IsStr(regex=message), kind="server_error"),
    )


def test_a_body_of_exactly_the_limit_is_read(small, talk, post):
    body = json.dumps({"prompt": "x", "fps": ""})[:-2].encode()
    reply = talk(small, post(JSON, body + b"x" * (16384 - len(body) - 2) + b'"}'))
    expected = error("Unknown parameter: 'fps'.", "fps", "unknown_parameter")
    assert (reply.status, reply.json) == (400, expected)
