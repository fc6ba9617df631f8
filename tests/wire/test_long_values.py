import json

import pytest

JSON = b"application/json"
URLENCODED = b"application/x-www-form-urlencoded"
MODELS = (
    "Supported values are: 'sora-2', 'sora-2-pro', 'sora-2-2025-10-06', "
    "'sora-2-pro-2025-10-06', and 'sora-2-2025-12-08'."
)


def as_json(prompt):
    return JSON, json.dumps({"prompt": prompt}, ensure_ascii=False).encode()


def as_escaped_json(prompt):
    return JSON, json.dumps({"prompt": prompt}).encode()


def as_urlencoded(prompt):
    return URLENCODED, b"prompt=" + prompt.encode()


def as_multipart(prompt):
    disposition = b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n'
    body = disposition + prompt.encode() + b"\r\n--b--\r\n"
    return b"multipart/form-data; boundary=b", body


@pytest.mark.parametrize("encode", [as_json, as_escaped_json, as_urlencoded, as_multipart])
@pytest.mark.parametrize("prompt", ["x" * 32000, "é" * 32000, "🐱" * 32000], ids=["x", "é", "cat"])
def test_a_prompt_of_32000_characters_is_accepted(roomy, talk, post, encode, prompt):
    reply = talk(roomy, post(*encode(prompt)))
    assert (reply.status, reply.json["prompt"]) == (200, prompt)


@pytest.mark.parametrize("encode", [as_json, as_escaped_json, as_urlencoded, as_multipart])
@pytest.mark.parametrize("target", [b"/v1/videos", b"/v1/videos/video_1/remix"])
def test_a_prompt_of_32001_characters_is_refused(roomy, talk, post, encode, target):
    reply = talk(roomy, post(*encode("é" * 32001), target))
    assert reply.status == 400
    assert reply.json == {
        "error": {
            "message": "Invalid 'prompt': string too long. Expected a string with maximum length "
            "32000, but got a string with length 32001 instead.",
            "type": "invalid_request_error",
            "param": "prompt",
            "code": "string_above_max_length",
        }
    }


@pytest.mark.parametrize("encode", [as_json, as_urlencoded, as_multipart])
def test_a_prompt_of_white_space_is_accepted(roomy, talk, post, encode):
    reply = talk(roomy, post(*encode("\t \u3000")))
    assert (reply.status, reply.json["prompt"]) == (200, "\t \u3000")


def test_a_very_long_model_name_is_refused_and_echoed_in_part(roomy, talk, post):
    body = json.dumps({"prompt": "a cat", "model": "m" * 100_000}).encode()
    reply = talk(roomy, post(JSON, body))
    assert reply.status == 400
    assert reply.json == {
        "error": {
            "message": f"Invalid value: '{'m' * 300}…'. {MODELS}",
            "type": "invalid_request_error",
            "param": "model",
            "code": "invalid_value",
        }
    }


@pytest.mark.parametrize("encode", [json.dumps, lambda values: f"{'&'.join(values)}=1"])
def test_a_very_long_key_is_refused_and_echoed_in_part(roomy, talk, post, encode):
    body = encode({"k" * 100_000: 1}).encode()
    reply = talk(roomy, post(JSON if body.startswith(b"{") else URLENCODED, body))
    assert reply.status == 400
    assert reply.json == {
        "error": {
            "message": f"Unknown parameter: '{'k' * 300}…'.",
            "type": "invalid_request_error",
            "param": f"{'k' * 300}…",
            "code": "unknown_parameter",
        }
    }


def test_a_very_long_id_is_not_found_and_echoed_in_part(roomy, talk, ask):
    reply = talk(roomy, ask(b"/v1/videos/" + b"x" * 60_000))
    assert reply.status == 404
    assert reply.json == {
        "error": {
            "message": f"Video with id '{'x' * 300}…' not found.",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    }


def test_a_very_long_cursor_is_an_unknown_one(roomy, talk, ask):
    reply = talk(roomy, ask(b"/v1/videos?after=" + b"x" * 60_000))
    assert (reply.status, reply.json["data"]) == (200, [])


def test_a_very_long_key_is_masked(roomy, talk):
    key = b"sk-invalid" + b"x" * 100_000
    reply = talk(roomy, b"GET /v1/videos HTTP/1.1\r\nAuthorization: Bearer %s\r\n\r\n" % key)
    assert reply.status == 401
    assert reply.json == {
        "error": {
            "message": "Incorrect API key provided: sk-in***xx. You can find your API key at "
            "https://platform.openai.com/account/api-keys.",
            "type": "invalid_request_error",
            "param": None,
            "code": "invalid_api_key",
        }
    }
