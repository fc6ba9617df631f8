import film
import pytest
from openai import OpenAI
from PIL import Image


@pytest.fixture
def client(video_api):
    with OpenAI(max_retries=0) as client:
        yield client


def test_a_film_and_its_poster_are_made(client, video_api, tmp_path):
    film.make(client, "A paper boat", tmp_path)

    assert video_api.videos[0].prompt == "A paper boat"
    assert (tmp_path / "film.mp4").read_bytes()[4:8] == b"ftyp"
    video_api.assert_resilient()


def test_the_poster_is_what_its_name_says(client, tmp_path):
    film.make(client, "A paper boat", tmp_path)

    (poster,) = tmp_path.glob("poster.*")
    with Image.open(poster) as image:
        assert image.get_format_mimetype() == f"image/{poster.suffix[1:]}"


def test_a_film_that_fails_is_told(client, video_api, tmp_path):
    video_api.next_job(fails="moderation_blocked")

    with pytest.raises(film.NoFilm, match="blocked"):
        film.make(client, "Something bad", tmp_path)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_lost_answer_does_no_harm(client, video_api, tmp_path, accepted):
    video_api.next_answer(operation="create", disconnect=True, accepted=accepted)

    film.make(client, "A paper boat", tmp_path)

    video_api.assert_resilient()
