import re

import pytest

pytestmark = pytest.mark.usefixtures("unharmed")

ALLOWED = {
    "/videos": "POST, GET, HEAD",
    "/videos/video_1": "GET, DELETE, HEAD",
    "/videos/video_1/content": "GET, HEAD",
    "/videos/video_1/remix": "POST",
    "/models": "GET, HEAD",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY")
NOT_HTTP = (400, "text/plain; charset=utf-8", b"Invalid HTTP request received.")
AUTHORIZED = b"Host: localhost\r\nAuthorization: Bearer sk-1\r\n"
CREATE = b"POST /v1/videos HTTP/1.1\r\nContent-Type: application/json\r\n" + AUTHORIZED
CLOSE = b"Connection: close\r\n"


def error(message):
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


@pytest.mark.parametrize(
    ("path", "allowed", "method"),
    [
        pytest.param(prefix + path, allowed, method, id=f"{method} {prefix}{path}")
        for prefix in ("/v1", "")
        for path, allowed in ALLOWED.items()
        for method in METHODS
        if method not in allowed.split(", ")
    ],
)
def test_a_method_that_a_route_does_not_take_is_refused(small, talk, ask, path, allowed, method):
    reply = talk(small, ask(path.encode(), method.encode()))
    assert (reply.status, reply.headers["allow"]) == (405, allowed)
    if method != "HEAD":
        assert reply.json == error(f"Invalid method for URL ({method} {path})")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/", "/"),
        (b"//", "//"),
        (b"/v1", "/v1"),
        (b"/v1/", "/v1/"),
        (b"/v1/videos/", "/v1/videos/"),
        (b"//v1/videos", "//v1/videos"),
        (b"/v1//videos", "/v1//videos"),
        (b"/v1/v1/videos", "/v1/v1/videos"),
        (b"/v2/videos", "/v2/videos"),
        (b"/V1/VIDEOS", "/V1/VIDEOS"),
        (b"/v1/videos/../models", "/v1/videos/../models"),
        (b"/v1/videos/video_1/", "/v1/videos/video_1/"),
        (b"/v1/videos/video_1/file", "/v1/videos/video_1/file"),
        (b"/v1/videos/video_1/content/", "/v1/videos/video_1/content/"),
        (b"/v1/videos/a%2Fb%2Fc", "/v1/videos/a/b/c"),
        (b"/nowhere?limit=1&after=x", "/nowhere"),
        (b"/v1/vid%C3%A9os", "/v1/vidéos"),
        (b"/v1/vid%FFos", "/v1/vid�os"),
        (b"/v1%00/videos", "/v1\0/videos"),
        (b"/%zz%", "/%zz%"),
        (b"/{message}", "/{message}"),
        (b'/"\\', '/"\\'),
        (b"/favicon.ico", "/favicon.ico"),
        (b"/.env", "/.env"),
        (b"/" + b"x" * 60_000, f"/{'x' * 299}…"),
    ],
)
def test_a_path_without_a_route_is_not_found(small, talk, ask, target, path):
    reply = talk(small, ask(target))
    assert (reply.status, reply.json) == (404, error(f"Invalid URL (GET {path})"))


@pytest.mark.parametrize(
    ("target", "video_id"),
    [
        (b"/v1/videos/video_1", "video_1"),
        (b"/v1%2Fvideos%2Fvideo_1", "video_1"),
        (b"/v1/videos/%00", "\0"),
        (b"/v1/videos/%22%5C", '"\\'),
        (b"/v1/videos/%FF", "�"),
        (b"/v1/videos/{video_id}", "{video_id}"),
        (b"/v1/videos/..", ".."),
        (b"/videos/video_1/content?variant=thumbnail", "video_1"),
    ],
)
def test_an_id_that_nobody_has_is_not_found(small, talk, ask, target, video_id):
    reply = talk(small, ask(target))
    assert (reply.status, reply.json) == (404, error(f"Video with id '{video_id}' not found."))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (b"", 200),
        (b"&&&=&", 200),
        (b"unknown=1", 200),
        (b"after=%ff%", 200),
        (b"after=%zz", 200),
        (b"after=%00", 200),
        (b"limit=100", 200),
        (b"limit=%zz", 400),
        (b"limit=", 400),
        (b"limit=101", 400),
        (b"limit=-1", 400),
        (b"limit=" + b"9" * 5000, 400),
        (b"limit=%D9%A1", 400),
        (b"limit=1&limit=1", 400),
        (b"limit=1&%6Cimit=1", 400),
        (b"order=DESC", 400),
        (b"order=asc;limit=1", 400),
        (b"&".join(b"p%d=" % i for i in range(5000)), 200),
    ],
)
def test_an_odd_query_is_answered_or_refused(small, talk, ask, query, status):
    assert talk(small, ask(b"/v1/videos?" + query)).status == status


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"hello\r\n\r\n", id="hello"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", id="tls"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="http-2"),
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", id="ssh"),
        pytest.param(b"\0" * 1000, id="null-bytes"),
        pytest.param(b"GET /v1/videos HTTP/9.9\r\n\r\n", id="http-9.9"),
        pytest.param(b"get /v1/videos HTTP/1.1\r\n\r\n", id="lower-case-method"),
        pytest.param(b"BREW /v1/videos HTTP/1.1\r\n\r\n", id="unknown-method"),
        pytest.param(b"GET HTTP/1.1\r\n\r\n", id="no-path"),
        pytest.param(b"GET v1/videos HTTP/1.1\r\n\r\n", id="no-slash"),
        pytest.param(b"GET /v1/vid\xe9os HTTP/1.1\r\n\r\n", id="latin-1-path"),
        pytest.param("GET /v1/vidéos HTTP/1.1\r\n\r\n".encode(), id="utf-8-path"),
        pytest.param(b"GET /v1/videos?after=\xff HTTP/1.1\r\n\r\n", id="query-not-ascii"),
        pytest.param(b"GET /%s HTTP/1.1\r\n\r\n" % (b"x" * 100_000), id="path-of-100k"),
        pytest.param(b"GET http://x:99999/ HTTP/1.1\r\n\r\n", id="port-99999"),
        pytest.param(b"CONNECT localhost:80 HTTP/1.1\r\n\r\n", id="connect"),
        pytest.param(b"GET /v1/videos HTTP/1.1\nHost: x\n\n", id="line-feeds-only"),
        pytest.param(b"GET / HTTP/1.1\r\nX-\xff: a\r\n\r\n", id="header-name-not-ascii"),
        pytest.param(b"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", id="null-byte-in-a-header"),
        pytest.param(b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", id="folded-header"),
        pytest.param(b"GET / HTTP/1.1\r\nno colon\r\n\r\n", id="header-without-a-colon"),
        pytest.param(CREATE + b"Content-Length: -1\r\n\r\n", id="negative-length"),
        pytest.param(CREATE + b"Content-Length: ten\r\n\r\n", id="length-in-words"),
        pytest.param(CREATE + b"Content-Length: 1.5\r\n\r\n", id="decimal-length"),
        pytest.param(CREATE + b"Content-Length: %s\r\n\r\n" % (b"9" * 30), id="30-digit-length"),
        pytest.param(CREATE + b"Content-Length: %s\r\n\r\n" % (b"9" * 5000), id="5000-digits"),
        pytest.param(CREATE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", id="2-lengths"),
        pytest.param(
            CREATE + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="length-and-chunks",
        ),
        pytest.param(CREATE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad-chunk"),
    ],
)
def test_what_is_not_http_is_refused_as_such(small, talk, request_):
    reply = talk(small, request_)
    assert (reply.status, reply.headers["content-type"], reply.body) == NOT_HTTP


@pytest.mark.parametrize("length", [b"65537", b"9223372036854775807"])
@pytest.mark.parametrize("more", [b"", b"Expect: 100-continue\r\n"])
def test_a_body_that_claims_too_much_is_refused_before_it_comes(small, talk, length, more):
    reply = talk(small, CREATE + more + b"Content-Length: %s\r\n\r\n" % length)
    message = f"Maximum content size limit (16384) exceeded ({length.decode()} bytes read)"
    assert reply.status == 413
    assert reply.json == {
        "error": {"message": message, "type": "server_error", "param": None, "code": None}
    }


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /v1/vid", id="in-the-path"),
        pytest.param(b"GET /v1/videos HTTP/1.1\r\nHost: loc", id="in-the-headers"),
        pytest.param(CREATE + b'Content-Length: 100\r\n\r\n{"prompt"', id="in-the-body"),
        pytest.param(CREATE + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", id="in-a-chunk"),
    ],
)
def test_a_client_that_leaves_midway_gets_no_answer(small, leave, request_):
    assert leave(small, request_) == b""


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(b"X-Name: \xff\xfe\xe9\r\n", id="bytes-that-are-not-ascii"),
        pytest.param(b"".join(b"X-%d: a\r\n" % i for i in range(20_000)), id="20000-headers"),
        pytest.param(b"X: %s\r\n" % (b"a" * 1_000_000), id="megabyte-in-one"),
        pytest.param(
            b"Content-Type: \xff\r\nRange: \xff\r\nIf-None-Match: \xff\r\n", id="known-ones"
        ),
        pytest.param(b"Connection: Upgrade\r\nUpgrade: websocket\r\n", id="websocket"),
        pytest.param(b"Connection: Upgrade\r\nUpgrade: h2c\r\n", id="h2c"),
    ],
)
def test_odd_headers_are_no_hindrance(small, talk, ask, headers):
    assert talk(small, ask(b"/v1/videos", headers=headers)).status == 200


def test_http_1_0_is_answered_and_the_connection_closed(small, listen):
    received = listen(small, b"GET /v1/models HTTP/1.0\r\n%s\r\n" % AUTHORIZED)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert head.endswith(b"connection: close")
    assert body.startswith(b'{"object":"list"')


def test_pipelined_requests_are_answered_in_their_order(small, listen, ask, post):
    received = listen(
        small,
        ask(b"/v1/models")
        + post(b"application/json", b"{}")
        + post(b"application/json", b"x" * 70_000)
        + ask(b"/v1/videos", b"PUT")
        + ask(b"/v1/videos", b"HEAD")
        + ask(b"/nowhere")
        + ask(b"/v1/videos", headers=CLOSE),
    )
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", received)
    assert statuses == [b"200", b"400", b"413", b"405", b"200", b"404", b"200"]


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/videos",
        b"/v1/videos?limit=x",
        b"/v1/videos/video_1",
        b"/v1/videos/video_1/content",
        b"/v1/videos/video_1/content?variant=x",
        b"/v1/models",
        b"/videos",
        b"/models",
        b"/_fauxreel/health",
    ],
)
def test_head_is_get_without_the_body(small, talk, listen, ask, target):
    got = talk(small, ask(target))
    head, _, body = listen(small, ask(target, b"HEAD", CLOSE)).partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    assert int(status.split()[1]) == got.status
    assert f"content-length: {len(got.body)}" in headers
    assert body == b""


@pytest.mark.parametrize(
    ("target", "status"),
    [(b"/", b"404"), (b"/nowhere", b"404"), (b"/videos/video_1/remix", b"405")],
)
def test_head_of_what_cannot_be_read_has_no_body(small, listen, ask, target, status):
    head, _, body = listen(small, ask(target, b"HEAD", CLOSE)).partition(b"\r\n\r\n")
    assert (head.split()[1], body) == (status, b"")
