"""Paths and versions on Azure: what is served, what is not, and which layer says so."""

import logging
import re

import pytest

from fauxreel.resources import shipped

V1 = "/openai/v1"
VIDEOS = f"{V1}/videos"
UNROUTED = (404, '{"detail":"Not Found"}')
UNKNOWN_TO_THE_GATEWAY = (404, '{"error":{"code":"404","message": "Resource not found"}}')
DATED = (
    400,
    (
        '{"error":{"code":"BadRequest",'
        '"message":"api-version query parameter is not allowed when using /v1 path"}}'
    ),
)
SPECIFIED = [
    ("POST", f"{VIDEOS}/edits"),
    ("POST", f"{VIDEOS}/extensions"),
    ("POST", f"{VIDEOS}/characters"),
    ("GET", f"{VIDEOS}/characters/char_1"),
]


@pytest.fixture
def told(emulator, caplog):
    """Ends the emulator, which may log after its answer; its warnings."""
    caplog.set_level(logging.WARNING, logger="fauxreel")

    def told():
        emulator.stop()
        return [record.getMessage() for record in caplog.records if record.name == "fauxreel"]

    return told


@pytest.mark.parametrize("query", ["", "?api-version=v1", "?api-version=preview"])
def test_the_version_is_absent_v1_or_preview(send, told, query):
    created = send("POST", f"{VIDEOS}{query}", {"model": "dep", "prompt": "a mug"})
    assert created.status == 200
    assert send("GET", f"{VIDEOS}/{created.json['id']}{query}").body == created.body
    assert told() == []


@pytest.mark.parametrize("path", [VIDEOS, f"{VIDEOS}/video_x", f"{V1}/models", f"{V1}/video/generations/jobs"])  # fmt: skip
@pytest.mark.parametrize("version", ["2025-04-01-preview", "2024-10-21", "latest", "V1", ""])
def test_any_other_version_is_refused_in_the_real_words(send, path, version):
    assert send("GET", f"{path}?api-version={version}").told == DATED


@pytest.mark.parametrize(
    ("method", "glued"),
    [
        ("GET", "preview%2Fvideo_x"),
        ("POST", "preview/video_x/remix"),
        ("GET", "v1/video_x/content"),
    ],
)
def test_a_path_glued_to_the_version_is_named_in_the_log(send, told, method, glued):
    assert send(method, f"{VIDEOS}?api-version={glued}").told == DATED
    [line] = told()
    assert f"{method} {VIDEOS}" in line
    assert "api-version" in line


@pytest.mark.parametrize(("method", "path"), SPECIFIED)
def test_what_was_only_specified_is_not_served(send, method, path):
    assert send(method, path, {} if method == "POST" else None).told == UNROUTED


def test_a_setting_serves_what_was_specified(run, sender_of, clock, form):
    send = sender_of(run(azure_specified_routes=True))
    source = send("POST", VIDEOS, {"model": "dep", "prompt": "a mug"}).json["id"]
    clock.advance(70)
    edit = send("POST", f"{VIDEOS}/edits", {"prompt": "red", "video": {"id": source}})
    extension = send(
        "POST", f"{VIDEOS}/extensions", {"prompt": "on", "seconds": "8", "video": {"id": source}}
    )
    mp4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
    character = send(
        "POST",
        f"{VIDEOS}/characters",
        **form(("name", "M\u00f6we"), ("video", ("a.mp4", mp4, "video/mp4"))),
    )
    character_id = character.json["id"]
    assert (edit.status, edit.json["model"], edit.json["remixed_from_video_id"]) == (200, "dep", source)  # fmt: skip
    assert (extension.status, extension.json["seconds"]) == (200, "12")
    assert character.told == (
        200,
        f'{{"id":"{character_id}","created_at":1767225670,"name":"M\\u00f6we"}}',
    )
    assert send("GET", f"{VIDEOS}/characters/{character_id}").body == character.body
    for reply in (edit, extension):
        assert int(reply.json["id"][6:14], 16) == reply.json["created_at"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{VIDEOS}/create"),
        ("GET", f"{VIDEOS}/"),
        ("GET", f"{VIDEOS}/video_x/thumbnail"),
        ("POST", f"{V1}/chat/completions"),
        ("GET", V1),
        ("GET", f"{V1}/"),
        ("GET", f"{V1}/files"),
    ],
)
def test_an_unrouted_path_below_v1_is_answered_by_the_service(send, method, path):
    assert send(method, path).told == UNROUTED


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/openai/deployments/sora-2/videos/generations?api-version=2025-04-01-preview"),
        ("POST", "/openai/deployments/sora-2/videos"),
        ("GET", "/openai"),
        ("GET", "/openai/v2/videos"),
        ("GET", f"{V1}/generations/gen_x/content/video"),
    ],
)
def test_an_unknown_route_is_answered_by_the_gateway(send, method, path):
    assert send(method, path).told == UNKNOWN_TO_THE_GATEWAY


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/openai/videos"), ("GET", "/openai/videos/video_x"), ("GET", "/openai/videos")],
)
def test_the_path_without_v1_is_named_in_the_log_with_the_way_out(send, told, method, path):
    assert send(method, f"{path}?api-version=2025-04-01-preview").told == UNKNOWN_TO_THE_GATEWAY
    [line] = told()
    assert f"{method} {path}" in line
    assert re.search(r"base_url=\S*/openai/v1/", line)


def test_a_method_that_a_path_does_not_take_is_answered_by_the_service(send):
    reply = send("PUT", f"{VIDEOS}/video_x", {})
    assert reply.told == (405, '{"detail":"Method Not Allowed"}')
    assert reply.headers["allow"] == "GET, DELETE, HEAD"


def test_the_models_are_those_of_the_catalogue(send):
    reply = send("GET", f"{V1}/models")
    assert reply.headers["content-type"] == "application/json; charset=UTF-8"
    assert reply.text.startswith(
        '{"object":"list","data":[{"id":"sora-2","object":"model","created":1759708615,'
        '"owned_by":"system"},{"id":"sora-2-pro","object":"model","created":1759708663,'
    )
    assert send("GET", f"{V1}/models/sora-2").told == (
        200,
        '{"id":"sora-2","object":"model","created":1759708615,"owned_by":"system"}',
    )


def test_an_own_model_is_listed_in_ascii(run, sender_of, tmp_path):
    path = tmp_path / "models.toml"
    path.write_text('[models."m\u00f6we"]\nseconds = [5]\nsizes = { "640x360" = 0.05 }\n', "utf-8")
    send = sender_of(run(models=path))
    assert send("GET", f"{V1}/models").text.endswith(
        '{"id":"m\\u00f6we","object":"model","created":1767225600,"owned_by":"user"}]}'
    )


def test_an_unknown_model_is_named(send):
    assert send("GET", f"{V1}/models/m%C3%B6we").told == (
        404,
        (
            '{"error":{"message":"The model \'m\\u00f6we\' does not exist",'
            '"type":"invalid_request_error","param":"model","code":"model_not_found"}}'
        ),
    )
