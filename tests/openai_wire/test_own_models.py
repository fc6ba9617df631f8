"""Models of the user's own, from the file that --models names."""

import pytest
from openai import BadRequestError, OpenAI

from fauxreel import Emulator

OWN = """
[models.my-video-1]
seconds = [5, 10]
sizes = { "640x360" = 0.05, "320x180" = "0.01" }
"""


@pytest.fixture
def client(tmp_path):
    path = tmp_path / "models.toml"
    path.write_text(OWN)
    with (
        Emulator(models=path, queue_seconds=0, processing_seconds=0) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        yield client


def test_an_own_model_is_listed_and_makes_its_sizes_and_lengths(client, tmp_path):
    from fauxreel.media.inspect import inspect

    assert client.models.list().data[-1].to_dict() == {
        "id": "my-video-1",
        "object": "model",
        "created": 1767225600,
        "owned_by": "user",
    }
    video = client.videos.create(prompt="a cat", model="my-video-1", seconds="5", size="320x180")
    client.videos.download_content(video.id).write_to_file(tmp_path / "video.mp4")
    found = inspect(tmp_path / "video.mp4")
    assert (found.width, found.height, found.frames) == (320, 180, 150)


def test_an_own_model_has_defaults_of_its_own(client):
    video = client.videos.create(prompt="a cat", model="my-video-1")
    assert (video.seconds, video.size) == ("5", "640x360")


def test_errors_name_what_an_own_model_makes(client):
    for arguments, message in (
        ({"seconds": "4"}, "Invalid value: '4'. Supported values are: '5' and '10'."),
        ({"size": "1280x720"}, "Invalid value: '1280x720'. Supported values are: '640x360' and '320x180'."),
    ):  # fmt: skip
        with pytest.raises(BadRequestError) as raised:
            client.videos.create(prompt="a cat", model="my-video-1", **arguments)
        assert raised.value.body["message"] == message
