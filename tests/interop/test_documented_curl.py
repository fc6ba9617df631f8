"""The curl calls of LiteLLM's documentation, verbatim but for host, port and the video's id."""

import json
import shutil
import subprocess

import pytest
from PIL import Image

from fauxreel import Emulator

pytestmark = pytest.mark.slow

HOST = "http://localhost:4000"

CREATE = r"""
curl --location 'http://localhost:4000/v1/videos' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "model": "sora-2",
    "prompt": "A beautiful sunset over the ocean"
}'
"""
CREATE_WITH_BEARER = r"""
curl http://localhost:4000/v1/videos \
  -H "Authorization: Bearer sk-1234" \
  -H "Content-Type: application/json" \
  -d '{
    "model": "azure-sora-2",
    "prompt": "A cat playing with a ball of yarn in a sunny garden",
    "seconds": "8",
    "size": "720x1280"
  }'
"""
STATUS = r"""
curl --location 'http://localhost:4000/v1/videos/{video_id}' \
--header 'x-litellm-api-key: sk-1234'
"""
STATUS_WITH_PROVIDER = r"""
curl --location 'http://localhost:4000/v1/videos/video_id' \
--header 'Accept: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--header 'custom-llm-provider: openai'
"""
CONTENT = r"""
curl --location 'http://localhost:4000/v1/videos/{video_id}/content' \
--header 'x-litellm-api-key: sk-1234' \
--output video.mp4
"""
CONTENT_WITH_HEADER = r"""
curl --location 'http://localhost:4000/v1/videos/video_id/content' \
--header 'Accept: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--header 'custom-llm-provider: openai' \
--output video.mp4
"""
CONTENT_WITH_QUERY = r"""
curl --location 'http://localhost:4000/v1/videos/video_id/content?custom_llm_provider=openai' \
--header 'Accept: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--output video.mp4
"""
REMIX = r"""
curl --location --request POST 'http://localhost:4000/v1/videos/{video_id}/remix' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "prompt": "New remix instructions"
}'
"""
REMIX_WITH_PROVIDER = r"""
curl --location --request POST 'http://localhost:4000/v1/videos/video_id/remix' \
--header 'Accept: application/json' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "prompt": "New remix instructions",
    "custom_llm_provider": "openai"
}'
"""
LIST = r"""
curl --location 'http://localhost:4000/v1/videos?custom_llm_provider=openai' \
--header 'x-litellm-api-key: sk-1234'
"""
# The four routes, with the bodies that the documentation gives for them.
GENERATIONS = r"""
curl --location 'http://localhost:4000/videos/generations' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "model": "sora-2",
    "prompt": "A beautiful sunset over the ocean"
}'
"""
OLD_STATUS = r"""
curl --location 'http://localhost:4000/videos/status' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "model": "sora-2",
    "video_id": "video_id"
}'
"""
RETRIEVAL = r"""
curl --location 'http://localhost:4000/videos/retrieval' \
--header 'Content-Type: application/json' \
--header 'x-litellm-api-key: sk-1234' \
--data '{
    "model": "sora-2",
    "video_id": "video_id"
}' \
--output video.mp4
"""
OLD_REMIX = r"""
curl --location --request POST 'http://localhost:4000/videos/remix' \
--header 'x-litellm-api-key: sk-1234' \
--form 'model="sora-2"' \
--form 'prompt="New remix instructions"' \
--form 'input_reference=@"image.jpg"'
"""

EIGHT_KEYS = ["id", "object", "status", "created_at", "model", "size", "seconds", "usage"]


@pytest.fixture(scope="module")
def root_url():
    with Emulator(root="litellm", queue_seconds=0, processing_seconds=0) as emulator:
        yield emulator.root_url


@pytest.fixture
def shell(root_url, tmp_path):
    """Runs a documented call in a shell, in a folder of its own."""
    assert shutil.which("curl"), "these tests need curl"

    def shell(call, video_id=""):
        # First the form with braces, or the name inside them would be replaced alone.
        named = call.replace("{video_id}", video_id).replace("/video_id", f"/{video_id}")
        named = named.replace('"video_id"\n', f'"{video_id}"\n').replace(HOST, root_url)
        done = subprocess.run(
            ("sh", "-c", named), cwd=tmp_path, capture_output=True, timeout=30, check=True
        )
        return done.stdout

    return shell


@pytest.fixture
def video_id(shell):
    return json.loads(shell(CREATE))["id"]


@pytest.mark.parametrize(
    ("call", "group", "seconds"),
    [(CREATE, "sora-2", "4"), (CREATE_WITH_BEARER, "azure-sora-2", "8")],
    ids=["with the proxy's key header", "with a bearer token"],
)
def test_create(shell, call, group, seconds):
    video = json.loads(shell(call))
    assert (video["object"], video["model"], video["seconds"]) == ("video", group, seconds)
    assert video["usage"] == {"duration_seconds": float(seconds)}


@pytest.mark.parametrize("call", [STATUS, STATUS_WITH_PROVIDER], ids=["plain", "with provider"])
def test_status(shell, video_id, call):
    video = json.loads(shell(call, video_id))
    assert (video["id"], video["status"], video["progress"]) == (video_id, "completed", 100)


@pytest.mark.parametrize(
    "call",
    [CONTENT, CONTENT_WITH_HEADER, CONTENT_WITH_QUERY],
    ids=["plain", "with a header", "with a query"],
)
def test_content_is_written_to_a_file(shell, video_id, tmp_path, call):
    assert shell(call, video_id) == b""
    assert (tmp_path / "video.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("call", [REMIX, REMIX_WITH_PROVIDER], ids=["plain", "with provider"])
def test_remix(shell, video_id, call):
    video = json.loads(shell(call, video_id))
    assert video["id"] != video_id
    assert video["remixed_from_video_id"].startswith("video_")


def test_list(shell, video_id):
    found = json.loads(shell(LIST))
    assert (found["object"], found["data"][0]["prompt"]) == (
        "list",
        "A beautiful sunset over the ocean",
    )


def test_the_four_routes(shell, tmp_path):
    video = json.loads(shell(GENERATIONS))
    status = json.loads(shell(OLD_STATUS, video["id"]))
    assert (list(video), list(status)) == (EIGHT_KEYS, EIGHT_KEYS)
    assert (status["id"], status["status"]) == (video["id"], "completed")
    assert shell(RETRIEVAL, video["id"]) == b""
    assert (tmp_path / "video.mp4").read_bytes()[4:8] == b"ftyp"


def test_the_fourth_route_takes_a_reference(shell, tmp_path):
    Image.new("RGB", (720, 1280), "teal").save(tmp_path / "image.jpg")
    video = json.loads(shell(OLD_REMIX))
    assert (list(video), video["size"]) == (EIGHT_KEYS, "720x1280")
