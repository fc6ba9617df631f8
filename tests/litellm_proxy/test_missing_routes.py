"""What the proxy has no route for: its framework answers, before the key is looked at."""

import pytest

FRAME = ("vary", "x-frame-options", "content-security-policy", "x-content-type-options")


@pytest.mark.parametrize("key", [None, "Bearer sk-1"])
@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/videos/video_1", "GET"),
        ("DELETE", "/videos/video_1", "GET"),
        ("HEAD", "/v1/videos/video_1", "GET"),
        ("POST", "/v1/videos/video_1/content", "GET"),
        ("HEAD", "/v1/videos/video_1/content", "GET"),
        ("GET", "/v1/videos/video_1/remix", "POST"),
        ("PUT", "/v1/videos", "POST"),
        ("DELETE", "/v1/videos/characters/char_1", "GET"),
    ],
)
def test_another_method_is_405_and_the_first_route_is_named(send, key, method, path, allow):
    reply = send(method, f"/litellm{path}", key=key)
    body = b"" if method == "HEAD" else b'{"detail":"Method Not Allowed"}'
    assert (reply.status, reply.body) == (405, body)
    assert set(reply.headers) == {"date", "content-type", "content-length", "allow", *FRAME}
    assert (reply.headers["allow"], reply.headers["content-type"]) == (allow, "application/json")


@pytest.mark.parametrize("key", [None, "Bearer sk-1"])
@pytest.mark.parametrize("path", ["/v1/videos/x/y", "/nothing", "/v1/videos/x/content/y"])
def test_an_unknown_path_is_404(send, key, path):
    reply = send("GET", f"/litellm{path}", key=key)
    assert (reply.status, reply.body) == (404, b'{"detail":"Not Found"}')
    assert set(reply.headers) == {"date", "content-type", "content-length", *FRAME}
