"""Failures of the machine or of a setting stay what they are, on every surface."""

import http.client
import json

import pytest

from fauxreel import Emulator, Settings, create_app
from fauxreel.settings import SettingError
from fauxreel.wire.litellm_ids import WrappedId

OWN_SORA = '[models.sora-2]\nseconds = [4]\nsizes = { "640x360" = 0.05 }\n'


@pytest.fixture
def serve():
    """An emulator with these settings, and how to ask it."""
    running = []

    def serve(**settings):
        emulator = Emulator(queue_seconds=0, processing_seconds=0, **settings).start()
        running.append(emulator)

        def ask(method, path, body=None, **headers):
            connection = http.client.HTTPConnection(emulator.root_url.removeprefix("http://"))
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            sent = body if body is None or isinstance(body, bytes) else json.dumps(body)
            defaults = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
            connection.request(method, path, sent, {**defaults, **named})
            answer = connection.getresponse()
            found = answer.status, answer.headers, answer.read()
            connection.close()
            return found

        return ask

    yield serve
    for emulator in running:
        emulator.stop()


def test_a_model_of_ones_own_may_take_the_place_of_a_built_in_one(serve, tmp_path):
    (tmp_path / "models.toml").write_text(OWN_SORA)
    ask = serve(models=tmp_path / "models.toml")
    job = {"prompt": "x", "model": "sora", "width": 480, "height": 480}
    assert ask("POST", "/openai/v1/video/generations/jobs", job)[0] == 201
    assert json.loads(ask("GET", "/_fauxreel/usage")[2])["dollars"] == 0.5


def test_an_id_that_no_deployment_gave_out_puts_nothing_into_headers(serve):
    ask = serve()
    _, _, body = ask("POST", "/v1/videos", {"prompt": "x"})
    raw = json.loads(body)["id"]
    crafted = WrappedId("openai", "x\r\nx-evil: 1", raw)
    status, headers, _ = ask("GET", f"/litellm/v1/videos/{crafted}")
    assert (status, headers["x-evil"]) == (404, None)


def test_a_character_of_the_proxy_has_a_name_and_keeps_no_file(serve):
    ask = serve()
    part = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\nsecret\r\n'
    form = part % b"name" + part % b"video" + b"--b--\r\n"
    boundary = "multipart/form-data; boundary=b"
    status, _, body = ask("POST", "/litellm/v1/videos/characters", form, Content_Type=boundary)
    assert status == 400
    assert b"secret" not in body


def test_a_head_tells_the_length_of_the_whole_whatever_range_it_names(serve):
    ask = serve()
    video_id = json.loads(ask("POST", "/v1/videos", {"prompt": "x"})[2])["id"]
    content = f"/v1/videos/{video_id}/content"
    whole = ask("GET", content)[2]
    status, headers, _ = ask("HEAD", content, Range="bytes=0-9")
    assert (status, int(headers["content-length"])) == (200, len(whole))


@pytest.mark.parametrize("path", ["/v1/videos", "/litellm/v1/videos"])
def test_without_ffmpeg_a_video_as_reference_is_our_failure_and_said_in_the_log(
    serve, monkeypatch, caplog, path
):
    from fauxreel.resources import shipped

    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    ask = serve()
    clip = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
    form = (
        b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nsora-2\r\n'
        b'--b\r\nContent-Disposition: form-data; name="input_reference"; filename="a.mp4"\r\n'
        b"Content-Type: video/mp4\r\n\r\n" + clip + b"\r\n--b--\r\n"
    )
    status, _, _ = ask("POST", path, form, Content_Type="multipart/form-data; boundary=b")
    assert status == 500
    assert "the frames of a reference" in caplog.text
    assert "defect" not in caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(timeline="bogus"), "timeline: 'bogus' is not valid"),
        (Settings(port=-1), "port: -1 is not valid"),
        (Settings(lenient=True, strict_clients=True), "lenient and strict_clients exclude"),
    ],
    ids=["timeline", "port", "clash"],
)
def test_settings_made_in_python_are_checked_like_any_others(settings, message):
    with pytest.raises(SettingError, match=message):
        create_app(settings)
