"""The `url` of the documented profile: a plain download, of one video and nothing else."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from fauxreel import Emulator
from fauxreel.media.inspect import inspect

TWO_KEYS = ("sk-mine", "sk-yours")


@pytest.fixture(params=[(), TWO_KEYS], ids=["any key", "two keys"])
def emulator(clock, request):
    settings = {"queue_seconds": 10, "processing_seconds": 60, "seed": 7}
    profile = ("/v1=documented",)
    with Emulator(clock=clock, profile=profile, keys=request.param, **settings) as emulator:
        yield emulator


@pytest.fixture
def make(send, clock):
    """A completed video, as it is retrieved."""

    def make(prefix="/v1"):
        asked = {"body": json.dumps({"prompt": "a cat"}), "content_type": "application/json"}
        mine = {"Authorization": "Bearer sk-mine"}
        video_id = send("POST", f"{prefix}/videos", **asked, **mine).json["id"]
        clock.advance(70)
        return send("GET", f"{prefix}/videos/{video_id}", **mine).json

    return make


@pytest.fixture
def follow(emulator):
    """Sends a request without any header of ours."""

    def follow(url, method="GET"):
        parts = urlsplit(url)
        host = parts.netloc or urlsplit(emulator.root_url).netloc
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request(method, f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheader("content-type"), body

    return follow


MISSING = {
    "error": {
        "message": "Missing bearer authentication in header",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
}


def refused(answer):
    status, _, body = answer
    return status == 401 and json.loads(body) == MISSING


@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_the_url_downloads_the_video_without_credentials(emulator, make, follow, prefix, tmp_path):
    video = make(prefix)
    status, content_type, body = follow(video["url"])
    (tmp_path / "video.mp4").write_bytes(body)
    found = inspect(tmp_path / "video.mp4")
    assert video["url"].startswith(f"{emulator.root_url}{prefix}/videos/{video['id']}/content?")
    assert (status, content_type) == (200, "video/mp4")
    assert found.stamp is not None
    assert found.stamp.id == video["id"]


def test_the_url_answers_head_and_the_other_files_of_its_video(make, follow):
    url = make()["url"]
    assert follow(url, "HEAD") == (200, "video/mp4", b"")
    assert follow(f"{url}&variant=thumbnail")[:2] == (200, "image/webp")


def test_the_url_is_the_same_in_every_answer(send, make):
    video = make()
    listed = send("GET", "/v1/videos", Authorization="Bearer sk-mine").json["data"]
    assert [each["url"] for each in listed] == [video["url"]]


def test_the_signature_is_one_of_256_bits_that_differs_from_video_to_video(make):
    first, second = (make()["url"].rpartition(".")[2] for _ in range(2))
    assert (len(first), len(second), first == second) == (64, 64, False)


def test_the_signature_opens_no_other_video(make, follow):
    mine, other = make(), make()
    moved = mine["url"].replace(mine["id"], other["id"])
    assert refused(follow(moved))
    assert refused(follow(f"{moved}&variant=thumbnail"))
    assert refused(follow(f"{moved}&variant=spritesheet"))
    assert refused(follow(moved.replace(other["id"], "video_123")))


def test_a_changed_signature_opens_nothing(make, follow):
    url = make()["url"]
    address, _, ticket = url.partition("?signature=")
    project, _, signature = ticket.rpartition(".")
    for changed in (
        address,
        f"{address}?signature=",
        f"{address}?signature=.",
        f"{address}?signature={signature}x",
        f"{address}?signature={project}.{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        f"{address}?signature={project}.{signature[:-1]}",
        f"{address}?signature={project}.",
        f"{address}?signature=key_00000000.{signature}",
        f"{address}?signature={project}.%C3%A9",
        f"{address}?Signature={ticket}",
    ):
        assert refused(follow(changed)), changed


def test_the_signature_opens_nothing_but_the_download(make, follow):
    video = make()
    query = urlsplit(video["url"]).query
    for method, path in (
        ("GET", f"/v1/videos/{video['id']}"),
        ("HEAD", f"/v1/videos/{video['id']}"),
        ("DELETE", f"/v1/videos/{video['id']}"),
        ("POST", f"/v1/videos/{video['id']}/remix"),
        ("GET", "/v1/videos"),
        ("POST", "/v1/videos"),
        ("GET", "/v1/files"),
        ("GET", f"/v1/files/{video['id']}/content"),
        ("GET", "/v1/models"),
    ):
        assert follow(f"{path}?{query}", method)[0] == 401, (method, path)


def test_a_wrong_key_beside_the_signature_is_refused(send, make):
    url = urlsplit(make()["url"])
    reply = send("GET", f"{url.path}?{url.query}", Authorization="Bearer sk-invalid")
    assert (reply.status, reply.json["error"]["code"]) == (401, "invalid_api_key")


def test_the_url_ends_when_the_video_expires(make, follow, clock):
    url = make()["url"]
    clock.advance(3599)
    assert follow(url)[0] == 200
    clock.advance(1)
    status, _, body = follow(url)
    message = "The video is no longer available. Downloads expire after 1 hours."
    assert (status, json.loads(body)["error"]["message"]) == (404, message)


def test_the_url_ends_when_the_video_is_deleted(send, make, follow):
    video = make()
    send("DELETE", f"/v1/videos/{video['id']}", Authorization="Bearer sk-mine")
    assert follow(video["url"])[0] == 404


def test_another_emulator_of_the_same_seed_does_not_know_the_url(emulator, make, clock):
    video = make()
    path = video["url"].removeprefix(emulator.root_url)
    settings = {"seed": 7, "profile": ("/v1=documented",), "keys": emulator.settings.keys}
    with Emulator(clock=clock, **settings) as other:
        connection = http.client.HTTPConnection(urlsplit(other.root_url).netloc, timeout=20)
        connection.request("GET", path)
        assert connection.getresponse().status == 401
        connection.close()
