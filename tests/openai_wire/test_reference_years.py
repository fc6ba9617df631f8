"""`--input-reference`: files as in 2025, objects as in 2026, and what each year said to the other."""

import json

import pytest

from fauxreel import Emulator
from openai_requests import png


def as_json(reference):
    body = json.dumps({"prompt": "a cat", "input_reference": reference})
    return {"body": body, "content_type": "application/json"}


def multipart(part):
    prompt = b'Content-Disposition: form-data; name="prompt"\r\n\r\na cat'
    body = b"".join(b"--b\r\n%s\r\n" % each for each in (prompt, part)) + b"--b--\r\n"
    return {"body": body, "content_type": "multipart/form-data; boundary=b"}


NAME = b'Content-Disposition: form-data; name="input_reference'
FORMS = {
    "file": multipart(NAME + b'"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + png()),
    "object": as_json({"image_url": "https://example.com/cat.png"}),
    "bracketed": multipart(NAME + b'[image_url]"\r\n\r\nhttps://example.com/cat.png'),
    "text in a form": multipart(NAME + b'"\r\n\r\ncat.png'),
    "string": as_json("https://example.com/cat.png"),
    "null": as_json(None),
}


@pytest.fixture
def emulator(clock, request):
    with Emulator(clock=clock, input_reference=request.param) as emulator:
        yield emulator


@pytest.mark.parametrize(
    ("emulator", "form"),
    [
        ("any", "file"),
        ("any", "object"),
        ("any", "bracketed"),
        ("file", "file"),
        ("object", "object"),
        ("object", "bracketed"),
    ],
    indirect=["emulator"],
)
def test_the_form_is_taken(send, form):
    reply = send("POST", "/v1/videos", **FORMS[form])
    assert (reply.status, reply.json.get("status")) == (200, "queued")


@pytest.mark.parametrize(
    ("emulator", "form", "words"),
    [
        ("any", "text in a form", "expected a file, but got a string instead."),
        ("any", "string", "expected an object, but got a string instead."),
        ("any", "null", "expected an object, but got null instead."),
        ("file", "object", "expected a file, but got an object instead."),
        ("file", "bracketed", "expected a file, but got an object instead."),
        ("file", "text in a form", "expected a file, but got a string instead."),
        ("file", "string", "expected a file, but got a string instead."),
        ("file", "null", "expected a file, but got null instead."),
        ("object", "file", "expected an object, but got a file instead."),
        ("object", "text in a form", "expected an object, but got a string instead."),
        ("object", "string", "expected an object, but got a string instead."),
        ("object", "null", "expected an object, but got null instead."),
    ],
    indirect=["emulator"],
)
def test_the_form_is_refused_in_the_words_of_its_year(send, form, words):
    reply = send("POST", "/v1/videos", **FORMS[form])
    assert (reply.status, reply.json) == (
        400,
        {
            "error": {
                "message": f"Invalid type for 'input_reference': {words}",
                "type": "invalid_request_error",
                "param": "input_reference",
                "code": "invalid_type",
            }
        },
    )
    assert send("GET", "/v1/videos").json["data"] == []
