import json
import random

import pytest

SEED = 20261120
MUTATIONS = 1500
KEYS = ["message", "type", "param", "code"]

PROMPT = b'{"prompt":"a cat","model":"sora-2","seconds":"8","size":"720x1280"}'
PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na cat\r\n'
    b'--b\r\nContent-Disposition: form-data; name="video[id]"\r\n\r\nvideo_1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\xd0\0\0\x05\0\r\n"
    b"--b--\r\n"
)
# Method, target, header, body: the parts of a request that are mutated.
CREATES = [
    (b"POST", b"/v1/videos", b"Content-Type: application/json", PROMPT),
    (b"POST", b"/v1/videos", b"Content-Type: multipart/form-data; boundary=b", PARTS),
    (
        b"POST",
        b"/v1/videos",
        b"Content-Type: application/x-www-form-urlencoded",
        b"prompt=a%20cat&model=sora-2&seconds=8&size=720x1280&characters[][id]=c",
    ),
    (b"POST", b"/v1/videos/video_1/remix", b"Content-Type: application/json", b'{"prompt":"x"}'),
]
SPLICES = [b"\0", b"\xff", b"\r\n", b'"', b"\\", b"{", b"[", b"]", b"%", b"&", b"=", b"--b", b":"]
SPLICES += [
    b"\\ud800",
    b"\\u0000",
    b"1e999",
    b"NaN",
    b"null",
    b"9" * 5000,
    b"[" * 2000,
    b"\xed\xa0",
]


def mutated(draw, data):
    for _ in range(draw.choice((1, 1, 2, 4))):
        start = draw.randrange(len(data) + 1)
        stop = min(len(data), start + draw.choice((0, 0, 1, 2, 8)))
        splice = draw.choice((b"", draw.randbytes(1), draw.choice(SPLICES), data[start:stop] * 3))
        data = data[:start] + splice + data[stop:]
    return data


def raw(method, target, header, body):
    return (
        b"%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-1\r\n%s\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (method, target, header, len(body), body)
    )


@pytest.fixture
def queries(roomy, talk, post):
    """Requests without a body that are valid."""
    created = talk(roomy, post(b"application/json", b'{"prompt": "a cat"}'))
    content = f"/v1/videos/{created.json['id']}/content?variant=thumbnail".encode()
    return [
        (b"GET", b"/v1/videos?limit=10&order=asc&after=video_1", b"Accept: */*", b""),
        (b"GET", content, b"Range: bytes=0-99", b""),
        (b"GET", content, b'If-None-Match: W/"a", "b"', b""),
    ]


def test_no_mutation_of_a_request_finds_a_defect(roomy, talk, queries, capfd, caplog):
    draw = random.Random(SEED)
    seen = set()
    for number in range(MUTATIONS):
        method, *parts = draw.choice(CREATES + queries)
        place = draw.choice([index for index, part in enumerate(parts) if part])
        parts[place] = mutated(draw, parts[place])
        request = raw(method, *parts)
        reply = talk(roomy, request)
        assert reply.status < 500, (number, request)
        seen.add(reply.status)
        if reply.status < 400 or reply.status == 416:
            continue
        if reply.headers["content-type"] == "application/json":
            assert list(json.loads(reply.body)["error"]) == KEYS, (number, request)
        else:
            assert reply.body == b"Invalid HTTP request received.", (number, request)
    assert seen >= {200, 206, 400, 404}
    told = "".join(capfd.readouterr()) + caplog.text
    assert "Traceback" not in told
    assert "defect in the emulator" not in told
