"""Where the proxy answers: under /litellm always, and at / and /v1 when it is the root."""

import pytest

ROOTS = ["/litellm", "/litellm/v1", "", "/v1"]


@pytest.fixture
def send(make_send):
    return make_send(root="litellm")


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("other", ROOTS)
def test_all_roots_serve_the_same_videos(send, clock, root, other):
    wrapped = send("POST", f"{root}/videos", {"model": "sora-2", "prompt": "a"}).json["id"]
    clock.advance(70)
    found = send("GET", f"{other}/videos/{wrapped}")
    assert (found.json["id"], found.json["status"]) == (wrapped, "completed")
    assert found.headers["x-litellm-model-group"] == "sora-2"
    assert send("GET", f"{other}/videos/{wrapped}/content").body[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("DELETE", "/v1/videos/video_1", 405, b'{"detail":"Method Not Allowed"}'),
        ("GET", "/v1/files", 404, b'{"detail":"Not Found"}'),
        ("GET", "/nothing", 404, b'{"detail":"Not Found"}'),
        ("GET", "/v1/videos/x/y", 404, b'{"detail":"Not Found"}'),
    ],
)
def test_nothing_of_the_openai_dialect_is_left_at_the_root(send, method, path, status, body):
    reply = send(method, path)
    assert (reply.status, reply.body) == (status, body)
    assert "openai-version" not in reply.headers


def test_a_key_is_refused_in_the_words_of_the_proxy(send):
    assert send("GET", "/v1/models", key=None).json["error"]["type"] == "auth_error"


def test_azure_and_the_control_api_stay_where_they_are(send):
    created = send("POST", "/openai/v1/videos", {"model": "sora-2", "prompt": "a"})
    assert (created.status, created.json["status"]) == (200, "queued")
    assert send("GET", "/_fauxreel/health").status == 200


def test_the_root_is_openais_unless_it_is_said(make_send):
    send = make_send()
    assert "model group" not in send("GET", "/v1/videos/video_1").body.decode()
    assert send("DELETE", "/v1/videos/video_1").status == 404
    assert send("GET", "/litellm/v1/models").json["data"][0]["id"] == "sora-2"


def test_surfaces_kept_apart_do_not_see_each_others_videos(make_send):
    send = make_send(separate_surfaces=True)
    wrapped = send("POST", "/litellm/v1/videos", {"model": "sora-2", "prompt": "a"}).json["id"]
    assert send("GET", f"/litellm/v1/videos/{wrapped}").status == 200
    assert send("GET", "/v1/videos").json["data"] == []
