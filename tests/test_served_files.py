"""A file of the user's as the video of a job, as rules ask for it."""

import pytest

from fauxreel.media.inspect import inspect
from surfaces import EVERYWHERE, GENERATIONS, OPENAI, SORA_1, running


@pytest.fixture
def run():
    with running(clock="manual", seed=7) as run:
        yield run


@pytest.fixture
def film(tmp_path):
    """A file of the user's: 3,000 bytes that no two of are alike in their place."""
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(at * 7 % 251 for at in range(3000)))
    return path


@pytest.mark.parametrize("surface", EVERYWHERE)
def test_a_file_of_the_users_is_the_video_byte_by_byte(run, surface, film):
    ask = run(rules=[{"serve": str(film), "complete": True}])
    path = surface.made(ask)
    content = f"{path}/content"
    if surface is SORA_1:
        content = f"{GENERATIONS}/{ask('GET', path).json['generations'][0]['id']}/content/video"
    whole = ask("GET", content)
    assert (whole.status, whole.body, whole.headers["content-type"]) == (
        200,
        film.read_bytes(),
        "video/mp4",
    )


def test_a_file_of_the_users_is_served_in_parts_and_conditionally(run, film):
    ask = run(rules=[{"serve": str(film), "complete": True}])
    content = f"{OPENAI.made(ask)}/content"
    tag = ask("GET", content).headers["etag"]
    part = ask("GET", content, Range="bytes=100-199")
    rest = ask("GET", content, Range="bytes=-50", If_Range=tag)
    known = ask("GET", content, If_None_Match=tag)
    beyond = ask("GET", content, Range="bytes=3000-")
    data = film.read_bytes()
    assert (part.status, part.body) == (206, data[100:200])
    assert part.headers["content-range"] == "bytes 100-199/3000"
    assert (rest.status, rest.body) == (206, data[-50:])
    assert (known.status, known.body) == (304, b"")
    assert beyond.status == 416
    film.write_bytes(data + b"more")
    assert ask("GET", content).headers["etag"] != tag


def test_the_other_files_of_a_job_with_a_file_of_the_users_stay_made(run, film, tmp_path):
    ask = run(rules=[{"serve": str(film), "complete": True}])
    path = OPENAI.made(ask)
    for variant in ("thumbnail", "spritesheet"):
        file = tmp_path / variant
        file.write_bytes(ask("GET", f"{path}/content?variant={variant}").body)
        found = inspect(file)
        assert (found.kind, found.stamp and found.stamp.id) == (variant, path.rpartition("/")[2])


@pytest.mark.parametrize("data", [b"", b"this is no video"], ids=["empty", "broken"])
def test_a_broken_file_is_served_as_it_is(run, film, data):
    film.write_bytes(data)
    ask = run(rules=[{"serve": str(film), "complete": True}])
    reply = ask("GET", f"{OPENAI.made(ask)}/content")
    assert (reply.status, reply.body, reply.headers["content-length"]) == (
        200,
        data,
        str(len(data)),
    )


def test_a_file_that_went_away_is_a_failure_of_the_server(run, film):
    ask = run(rules=[{"serve": str(film), "complete": True}])
    path = OPENAI.made(ask)
    film.unlink()
    assert ask("GET", f"{path}/content").status == 500
    assert ask("GET", path).json["status"] == "completed"


def test_a_request_may_name_files_of_one_folder_only(run, film):
    ask = run(files_dir=film.parent)
    inside = OPENAI.made(ask, f"serve={film.name} complete")
    outside = ask("POST", "/v1/videos", {"prompt": "a"}, X_Fauxreel="serve=../other.mp4")
    assert ask("GET", f"{inside}/content").body == film.read_bytes()
    assert (outside.status, outside.json["error"]["message"]) == (
        400,
        "X-Fauxreel.serve -> '../other.mp4': is not a path within the folder of --files-dir.",
    )
