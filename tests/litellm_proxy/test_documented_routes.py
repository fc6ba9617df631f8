"""The four POST routes of LiteLLM's documentation, which today's proxy no longer has."""

import pytest
from PIL import Image

STARTED = 1767225600
ROUTES = ["generations", "status", "retrieval", "remix"]


@pytest.fixture(params=["/litellm", ""], ids=["under /litellm", "at the root"])
def post(request, send):
    return lambda route, *arguments, **named: send(
        "POST", f"{request.param}/videos/{route}", *arguments, **named
    )


def written(wrapped, status, *, seconds=4, size="720x1280", model="sora-2", created=STARTED):
    return (
        f'{{"id":"{wrapped}","object":"video","status":"{status}","created_at":{created},'
        f'"model":"{model}","size":"{size}","seconds":"{seconds}","usage":{{"prompt_tokens":0,'
        f'"completion_tokens":0,"total_tokens":0,"duration_seconds":{float(seconds)}}}}}'
    )


@pytest.fixture
def made(post):
    return lambda **more: post("generations", {"model": "sora-2", "prompt": "a cat", **more}).json[
        "id"
    ]


def test_generations_answers_exactly_the_documented_eight_keys(post):
    wanted = {"model": "sora-2-pro", "prompt": "a cat", "seconds": "8", "size": "1792x1024"}
    reply = post("generations", {**wanted, "user": "user-1"})
    said = {"seconds": 8, "size": "1792x1024", "model": "sora-2-pro"}
    assert (reply.status, reply.body.decode()) == (200, written(reply.json["id"], "queued", **said))


def test_status_uses_the_words_of_the_documentation(post, made, clock):
    request = {"video_id": made(), "model": "sora-2"}
    seen = []
    for _ in range(3):
        seen.append(post("status", request).body.decode())
        clock.advance(35)
    words = ("queued", "processing", "completed")
    assert seen == [written(request["video_id"], word) for word in words]


def test_status_of_a_failed_video_has_its_error_beside_the_eight_keys(send, post, made, raw_of):
    wrapped = made()
    error = {"code": "moderation_blocked", "message": "Blocked."}
    forced = {"status": "failed", "error": error}
    send("POST", f"/_fauxreel/videos/{raw_of(wrapped)}/force", forced)
    reply = post("status", {"video_id": wrapped, "model": "sora-2"})
    said = (
        written(wrapped, "failed")[:-1]
        + ',"error":{"code":"moderation_blocked","message":"Blocked."}}'
    )
    assert reply.body.decode() == said


def test_retrieval_answers_the_mp4(send, post, made, clock, raw_of):
    wrapped = made()
    clock.advance(70)
    reply = post("retrieval", {"video_id": wrapped, "model": "sora-2"})
    whole = send("GET", f"/v1/videos/{raw_of(wrapped)}/content").body
    assert (reply.status, reply.headers["content-type"]) == (200, "video/mp4")
    assert reply.body == whole


def test_retrieval_before_completion_is_the_upstreams_404(post, made):
    reply = post("retrieval", {"video_id": made(), "model": "sora-2"})
    assert (reply.status, reply.json["error"]["code"]) == (404, "404")


@pytest.fixture
def png(tmp_path):
    def png(size):
        path = tmp_path / "reference.png"
        Image.new("RGB", size, "teal").save(path)
        return path.read_bytes()

    return png


def as_png(request):
    """The form's file part as an image."""
    return {**request, "body": request["body"].replace(b"video/mp4", b"image/png")}


def test_remix_with_a_video_id_remixes_it_and_takes_length_and_reference(
    send, post, made, form, clock, raw_of, png
):
    source = made(size="1280x720")
    clock.advance(70)
    wanted = {"model": "sora-2", "prompt": "bluer", "seconds": "12", "video_id": source}
    reply = post("remix", **as_png(form(**wanted, input_reference=png((1280, 720)))))
    wrapped = reply.json["id"]
    said = {"seconds": 12, "size": "1280x720", "created": STARTED + 70}
    assert (reply.status, reply.body.decode()) == (200, written(wrapped, "queued", **said))
    found = send("GET", f"/v1/videos/{raw_of(wrapped)}").json
    assert (found["remixed_from_video_id"], found["prompt"]) == (raw_of(source), "bluer")


def test_remix_with_a_video_id_alone_inherits_the_rest(send, post, made, form, clock, raw_of):
    source = made(seconds="8")
    clock.advance(70)
    reply = post("remix", **form(model="sora-2", prompt="bluer", video_id=source))
    assert reply.json["seconds"] == "8"
    found = send("GET", f"/v1/videos/{raw_of(reply.json['id'])}").json
    assert found["remixed_from_video_id"] == raw_of(source)


def test_remix_without_a_video_id_is_a_new_video_from_the_reference(send, post, form, raw_of, png):
    wanted = {"model": "sora-2", "prompt": "bluer", "seconds": "8"}
    reply = post("remix", **as_png(form(**wanted, input_reference=png((720, 1280)))))
    wrapped = reply.json["id"]
    assert (reply.status, reply.body.decode()) == (200, written(wrapped, "queued", seconds=8))
    assert send("GET", f"/v1/videos/{raw_of(wrapped)}").json["remixed_from_video_id"] is None


def test_a_reference_of_another_size_than_the_source_is_refused(post, made, form, clock, png):
    source = made()
    clock.advance(70)
    wanted = {"model": "sora-2", "prompt": "bluer", "video_id": source}
    reply = post("remix", **as_png(form(**wanted, input_reference=png((64, 64)))))
    assert reply.status == 400
    assert "Inpaint image must match" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("route", "param"),
    [
        ("generations", "prompt"),
        ("status", "video_id"),
        ("retrieval", "video_id"),
        ("remix", "prompt"),
    ],
)
def test_what_is_missing_is_named(post, route, param):
    error = post(route, {"model": "sora-2"}).json["error"]
    where = "/videos" if route == "generations" else f"/videos/{route}"
    assert error == {
        "message": f"{where}: Missing required parameter: '{param}'.",
        "type": "invalid_request_error",
        "param": param,
        "code": "400",
    }


def test_an_unknown_id_is_the_upstreams_404(post, wrap):
    text = "litellm:custom_llm_provider:openai;model_id:sora-2;video_id:video_nope"
    for route in ("status", "retrieval"):
        reply = post(route, {"video_id": wrap(text), "model": "sora-2"})
        assert (reply.status, reply.json["error"]["code"]) == (404, "404")


def test_a_key_is_needed(post):
    for route in ROUTES:
        assert post(route, {}, key=None).status == 401


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("root", ["/litellm", "/litellm/v1"])
def test_they_are_405_as_in_todays_proxy_when_that_is_asked_for(make_send, route, root):
    send = make_send(litellm_documented_routes=False)
    reply = send("POST", f"{root}/videos/{route}", {"model": "sora-2"}, key=None)
    assert (reply.status, reply.body) == (405, b'{"detail":"Method Not Allowed"}')
    assert reply.headers["allow"] == "GET"


@pytest.mark.parametrize("route", ROUTES)
def test_they_are_gone_from_the_root_too_when_that_is_asked_for(make_send, route):
    send = make_send(litellm_documented_routes=False)
    assert send("POST", f"/videos/{route}", {"model": "sora-2"}).status == 405
