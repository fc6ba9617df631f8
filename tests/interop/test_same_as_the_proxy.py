"""The emulator's `/litellm` answers as a real proxy in front of the emulator does.

Both are asked the same; statuses, bodies and headers are equal but for what cannot be foretold:
ids, moments, and how long it took.
"""

import base64
import json
import re

import pytest

pytestmark = pytest.mark.slow

# What a key has spent: the real proxy forgets it where it has no database. How long the answer
# is: ids of all kinds are as long, but the order of the two headers is the server's.
UNCOMPARED = {"x-litellm-key-spend", "date", "content-length"}
KINDS = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\breq_[0-9a-f]{32}\b"), "<request id>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<deployment>"),
    (re.compile(r"\bvideo_6[0-9a-f]{31,47}\b"), "<raw id>"),
    (re.compile(r"\b1[7-9]\d{8}\b"), "<moment>"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "<date>"),
    (re.compile(r"connection(?: Connection<.*?>)?: Attr"), "connection: Attr"),
]
TIMED = ("duration-ms", "processing-ms", "service-time")


def unwrapped(match):
    text = base64.b64decode(match[0].removeprefix("video_")).decode()
    return f"<wrapped {text}>"


def by_kind(text):
    """The text, with the unpredictable by its kind."""
    text = re.sub(r"video_bGl0[A-Za-z0-9+/]+=*", unwrapped, text)
    for pattern, kind in KINDS:
        text = pattern.sub(kind, text)
    return text


def headers_by_kind(reply):
    return {
        name: "<ms>" if name.endswith(TIMED) else by_kind(value)
        for name, value in reply.headers.items()
        if name not in UNCOMPARED
    }


def body_by_kind(reply):
    """The body as text, so that the order of its keys counts too."""
    if reply.headers.get("content-type") == "video/mp4":
        return reply.body[4:8]
    return by_kind(reply.body.decode())


VIDEO = {"model": "sora-2", "prompt": "a cat"}
CALLS = {
    "create": ("POST", "/videos", {"body": VIDEO}),
    "create, everything said": (
        "POST", "/videos", {"body": {**VIDEO, "seconds": "8", "size": "1280x720"}},
    ),
    "create, seconds as a number": ("POST", "/videos", {"body": {**VIDEO, "seconds": 12}}),
    "create, azure": ("POST", "/videos", {"body": {**VIDEO, "model": "azure-sora-2"}}),
    "create, urlencoded": (
        "POST", "/videos",
        {"body": "model=sora-2&prompt=a", "content_type": "application/x-www-form-urlencoded"},
    ),
    "create, untyped": ("POST", "/videos", {"body": json.dumps(VIDEO)}),
    "retrieve, completed": ("GET", "/videos/{id}", {}),
    "retrieve, raw id with a bad key": ("GET", "/videos/{raw}", {"key": "Bearer sk-invalid"}),
    "content": ("GET", "/videos/{id}/content", {}),
    "content, a part of a variant": (
        "GET", "/videos/{id}/content?variant=thumbnail", {"range": "bytes=0-9"},
    ),
    "remix": ("POST", "/videos/{id}/remix", {"body": {"prompt": "bluer"}}),
    "edits": ("POST", "/videos/edits", {"body": {"prompt": "bluer", "video": {"id": "{id}"}}}),
    "extensions": (
        "POST", "/videos/extensions",
        {"body": {"prompt": "on", "seconds": "4", "video": {"id": "{id}"}}},
    ),
    "unknown model": ("POST", "/videos", {"body": {"model": "sora-9", "prompt": "a"}}),
    "no model": ("POST", "/videos", {"body": {"prompt": "a"}}),
    "model is no text": ("POST", "/videos", {"body": {"model": 5, "prompt": "a"}}),
    "missing prompt": ("POST", "/videos", {"body": {"model": "sora-2"}}),
    "empty prompt": ("POST", "/videos", {"body": {**VIDEO, "prompt": ""}}),
    "remix, missing prompt": ("POST", "/videos/{id}/remix", {"body": {}}),
    "edits, missing prompt": ("POST", "/videos/edits", {"body": {"video": {"id": "{id}"}}}),
    "extensions, missing seconds": (
        "POST", "/videos/extensions", {"body": {"prompt": "on", "video": {"id": "{id}"}}},
    ),
    "no key": ("GET", "/videos/{id}", {"key": None}),
    "malformed key": ("GET", "/videos/{id}", {"key": "sk-1234"}),
    "refused key": ("POST", "/videos", {"body": VIDEO, "key": "Bearer sk-invalid"}),
    "broken JSON without a key": (
        "POST", "/videos",
        {"body": '{"prompt":"a cat",', "key": None, "content_type": "application/json"},
    ),
    "an array": ("POST", "/videos", {"body": "[1]", "content_type": "application/json"}),
    "delete": ("DELETE", "/videos/{id}", {}),
    "put": ("PUT", "/videos", {"key": None}),
    "head of content": ("HEAD", "/videos/{id}/content", {}),
    "unknown path": ("GET", "/videos/x/y", {}),
    "list without a provider": ("GET", "/videos", {}),
    "bad seconds": ("POST", "/videos", {"body": {**VIDEO, "seconds": "7"}}),
    "bad seconds, azure": (
        "POST", "/videos", {"body": {**VIDEO, "model": "azure-sora-2", "seconds": "7"}},
    ),
    "reference as an object": (
        "POST", "/videos", {"body": {**VIDEO, "input_reference": {"image_url": "x"}}},
    ),
    "unknown id": ("GET", "/videos/{nope}", {}),
    "unknown id, content": ("GET", "/videos/{nope}/content", {}),
    "unknown id, remix": ("POST", "/videos/{nope}/remix", {"body": {"prompt": "bluer"}}),
    "unknown id, edits": (
        "POST", "/videos/edits", {"body": {"prompt": "bluer", "video": {"id": "{nope}"}}},
    ),
    "character without a video": (
        "POST", "/videos/characters",
        {
            "body": '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnn\r\n--b--\r\n',
            "content_type": "multipart/form-data; boundary=b",
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def both(ask, finished, wrap):
    """Makes a call at each, on a completed video of its own."""
    sources = {where: finished(where) for where in ("proxy", "emulator")}

    def both(method, path, body=None, **more):
        replies = []
        for where, source in sources.items():
            names = {"id": source.wrapped, "raw": source.raw, "nope": wrap("video_nope")}
            sent = body
            if isinstance(body, dict) and "video" in body:
                sent = {**body, "video": {"id": body["video"]["id"].format(**names)}}
            replies.append(ask(where, method, path.format(**names), sent, **more))
        return replies

    return both


@pytest.mark.parametrize("call", CALLS)
def test_the_emulator_answers_as_the_proxy_does(both, call):
    method, path, request = CALLS[call]
    real, ours = both(method, path, **request)
    assert (ours.status, body_by_kind(ours)) == (real.status, body_by_kind(real))
    assert headers_by_kind(ours) == headers_by_kind(real)


@pytest.mark.parametrize("call", ["create", "retrieve, completed", "edits", "missing prompt"])
def test_the_proxys_own_headers_stand_in_the_same_order(both, call):
    method, path, request = CALLS[call]
    real, ours = (
        [name for name in reply.headers if name.startswith("x-")]
        for reply in both(method, path, **request)
    )
    assert ours == real


def test_a_queued_video_is_the_same_in_both(ask):
    found = []
    for where in ("proxy", "emulator"):
        wrapped = ask(where, "POST", "/videos", VIDEO).json["id"]
        found.append(ask(where, "GET", f"/videos/{wrapped}"))
    real, ours = found
    assert ours.json["status"] == "queued"
    assert (ours.status, body_by_kind(ours)) == (real.status, body_by_kind(real))


def test_an_id_that_one_gave_out_is_understood_by_the_other(ask, finished):
    for giver, other in (("proxy", "emulator"), ("emulator", "proxy")):
        reply = ask(other, "GET", f"/videos/{finished(giver).wrapped}")
        assert (reply.status, reply.json["status"]) == (200, "completed")
