"""Bodies that are no JSON objects: refused before the key is looked at, in orjson's words."""

import pytest


def refusal(message):
    return {
        "error": {
            "message": f"Invalid JSON payload: {message}",
            "type": "invalid_request_error",
            "param": "request_body",
            "code": "400",
        }
    }


# Each as the proxy's own parser words it (evidence: measured, orjson 3.13).
WORDS = [
    ('{"prompt":"a cat",', "unexpected end of data: line 1 column 19 (char 18)"),
    ('{"prompt":"a cat}', "unexpected end of data: line 1 column 18 (char 17)"),
    ('{"a":tr', "unexpected end of data: line 1 column 8 (char 7)"),
    ("{", "unexpected end of data: line 1 column 2 (char 1)"),
    ("   ", "input data is empty: line 1 column 1 (char 0)"),
    ("hello", "unexpected character, expected a JSON value: line 1 column 1 (char 0)"),
    ("nope", "invalid literal, expected 'null': line 1 column 1 (char 0)"),
    ('{"a":\n tru}', "invalid literal, expected 'true': line 2 column 2 (char 7)"),
    ("{prompt}", "unexpected character, expected a string key: line 1 column 2 (char 1)"),
    ('{"a" 1}', "unexpected character, expected ':' after key: line 1 column 6 (char 5)"),
    ('{"a":1 "b":2}', "unexpected character, expected ',' or '}': line 1 column 8 (char 7)"),
    ('{"a":1,}', "trailing comma is not allowed: line 1 column 7 (char 6)"),
    ("[1,]", "trailing comma is not allowed: line 1 column 3 (char 2)"),
    ('{"a":1} x', "unexpected content after document: line 1 column 9 (char 8)"),
    ('{"a":"x\ny"}', "unexpected control character in string: line 1 column 8 (char 7)"),
    ('{"a":"\\q"}', "invalid escaped sequence in string: line 1 column 7 (char 6)"),
    ('{"a":"\\u12"}', "invalid escaped sequence in string: line 1 column 7 (char 6)"),
    ('{"a":"\\ud800"}', "no low surrogate in string: line 1 column 7 (char 6)"),
    ('{"a":NaN}', "unexpected character, expected a JSON value: line 1 column 6 (char 5)"),
    (
        b'{"a":"\xff"}',
        "str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)",
    ),
]


@pytest.mark.parametrize(("body", "words"), WORDS)
def test_a_broken_body_is_refused_before_the_key_is_looked_at(send, body, words):
    reply = send("POST", "/litellm/v1/videos", body, key=None, content_type="application/json")
    assert (reply.status, reply.json) == (400, refusal(words))
    assert reply.proxy_headers == {}


@pytest.mark.parametrize("headers", [{}, {"content_type": "text/plain"}])
def test_what_is_no_form_is_read_as_json_whatever_its_type(send, headers):
    reply = send("POST", "/litellm/v1/videos", "{}x", **headers)
    words = "unexpected content after document: line 1 column 3 (char 2)"
    assert (reply.status, reply.json) == (400, refusal(words))


@pytest.mark.parametrize("body", ["[1]", '"text"', "1", "null", "true"])
def test_a_body_must_be_an_object(send, body):
    reply = send("POST", "/litellm/v1/videos", body, key=None, content_type="application/json")
    assert (reply.status, reply.json) == (400, refusal("expected an object"))


def test_the_body_of_a_retrieve_is_looked_at_too(send, create):
    path = f"/litellm/v1/videos/{create()}"
    reply = send("GET", path, '{"a":', content_type="application/json")
    words = "unexpected end of data: line 1 column 6 (char 5)"
    assert (reply.status, reply.json) == (400, refusal(words))


def test_an_endless_nesting_is_refused(send):
    reply = send("POST", "/litellm/v1/videos", "[" * 200_000, content_type="application/json")
    assert (reply.status, reply.json["error"]["param"]) == (400, "request_body")


def test_an_endless_body_is_refused(make_send):
    send = make_send(max_text_bytes=1024)
    reply = send("POST", "/litellm/v1/videos", {"prompt": "a" * 2000})
    assert reply.status == 413


def test_a_form_is_looked_at_after_the_key(send):
    broken = {"body": b"nothing", "content_type": "multipart/form-data; boundary=b"}
    assert send("POST", "/litellm/v1/videos", key=None, **broken).status == 401
    reply = send("POST", "/litellm/v1/videos", **broken)
    assert (reply.status, reply.json["error"]["type"]) == (400, "invalid_request_error")
