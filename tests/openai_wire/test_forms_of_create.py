"""Create in every form that clients were seen to send it."""

import io
import json
import subprocess

import pytest
from PIL import Image

BOUNDARY = "----formdata-undici-0123456789"


def part(name, value, extra="", content_type=""):
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n{kind}\r\n'
    return head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def image():
    file = io.BytesIO()
    Image.new("RGB", (720, 1280), "navy").save(file, "jpeg")
    return file.getvalue()


TEXTS = (part("prompt", "a cat"), part("model", "sora-2"), part("seconds", "8"), part("size", "720x1280"))  # fmt: skip

JSON = "application/json"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(JSON, b'{"prompt":"a cat","model":"sora-2","seconds":"8","size":"720x1280"}', id="json"),
        pytest.param("application/json; charset=utf-8", b'{"seconds": "8", "prompt": "a cat"}', id="json with a charset"),
        pytest.param(MULTIPART, form(*TEXTS), id="openai-python, openai-node and openai-go, texts only"),
        pytest.param(
            MULTIPART,
            form(*TEXTS, part("input_reference", image(), '; filename="a.jpg"', "image/jpeg")),
            id="openai-node with a file",
        ),
        pytest.param(
            MULTIPART,
            form(
                part("prompt", "a cat"),
                part("input_reference", image(), '; filename="anonymous_file"', "image/jpeg"),
                part("seconds", "8"),
            ),
            id="openai-go with an unnamed file in the middle",
        ),
        pytest.param(
            MULTIPART,
            form(
                part("model", "sora-2"), part("prompt", "a cat"), part("seconds", "8"),
                part("size", "720x1280"), part("user", "u-1"),
                part("input_reference", image(), '; filename="/home/me/frames/a.jpg"', "image/jpeg"),
            ),
            id="litellm with the full local path as the name of the file",
        ),
        pytest.param("application/x-www-form-urlencoded", b"prompt=a+cat&seconds=8", id="urlencoded"),
    ],
)  # fmt: skip
def test_create_takes_the_form(send, content_type, body):
    reply = send("POST", "/v1/videos", body, content_type=content_type)
    video = reply.json
    assert reply.status == 200, video
    assert (video["prompt"], video["model"], video["seconds"], video["size"]) == (
        "a cat", "sora-2", "8", "720x1280",
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["-F", "prompt=a cat", "-F", "seconds=8"],
        ["-F", "prompt=a cat", "-F", "seconds=8", "-F", "input_reference=@{image};type=image/jpeg"],
        ["-H", "Content-Type: application/json", "-d", '{"prompt":"a cat","seconds":"8"}'],
        ["--data-urlencode", "prompt=a cat", "-d", "seconds=8"],
    ],
    ids=["form", "form with a file", "json", "urlencoded"],
)
def test_create_takes_what_curl_sends(emulator, tmp_path, arguments):
    (tmp_path / "a.jpg").write_bytes(image())
    arguments = [argument.format_map({"image": tmp_path / "a.jpg"}) if "@" in argument else argument for argument in arguments]  # fmt: skip
    done = subprocess.run(
        ["curl", "-sS", f"{emulator.base_url}/videos", "-H", "Authorization: Bearer sk-1", *arguments],
        capture_output=True,
        check=True,
        timeout=20,
    )  # fmt: skip
    video = json.loads(done.stdout)
    assert (video["prompt"], video["seconds"], video["status"]) == ("a cat", "8", "queued")


def test_a_remix_is_taken_as_json_and_as_a_form(send, completed):
    for content_type, body in ((JSON, b'{"prompt":"bluer"}'), (MULTIPART, form(part("prompt", "bluer")))):  # fmt: skip
        reply = send("POST", f"/v1/videos/{completed}/remix", body, content_type=content_type)
        assert (reply.status, reply.json["remixed_from_video_id"]) == (200, completed)


def test_a_remix_takes_a_prompt_and_nothing_else(send, completed):
    body = '{"prompt":"bluer","seconds":"4"}'
    reply = send("POST", f"/v1/videos/{completed}/remix", body, content_type=JSON)
    assert (reply.status, reply.json["error"]) == (
        400,
        {
            "message": "Unknown parameter: 'seconds'.",
            "type": "invalid_request_error",
            "param": "seconds",
            "code": "unknown_parameter",
        },
    )
