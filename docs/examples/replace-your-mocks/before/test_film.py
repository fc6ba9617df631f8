from types import SimpleNamespace
from unittest.mock import MagicMock, patch

import film
import pytest
from openai import APIConnectionError


def job(status, message=None):
    return SimpleNamespace(id="video_123", status=status, error=SimpleNamespace(message=message))


@pytest.fixture
def client():
    client = MagicMock()
    client.videos.create.return_value = job("queued")
    client.videos.retrieve.side_effect = [job("queued"), job("completed")]
    content = client.videos.download_content.return_value
    content.write_to_file = lambda path: path.write_bytes(b"some bytes")
    with patch("film.time.sleep"):
        yield client


def test_a_film_and_its_poster_are_made(client, tmp_path):
    film.make(client, "A paper boat", tmp_path)

    assert client.videos.create.call_args.kwargs["prompt"] == "A paper boat"
    assert (tmp_path / "film.mp4").read_bytes() == b"some bytes"
    assert (tmp_path / "poster.jpg").read_bytes() == b"some bytes"


def test_a_film_that_fails_is_told(client, tmp_path):
    client.videos.retrieve.side_effect = [job("error", "blocked")]

    with pytest.raises(film.NoFilm, match="blocked"):
        film.make(client, "Something bad", tmp_path)


def test_a_lost_answer_does_no_harm(client, tmp_path):
    client.videos.create.side_effect = [APIConnectionError(request=MagicMock()), job("queued")]

    film.make(client, "A paper boat", tmp_path)

    assert (tmp_path / "film.mp4").exists()
