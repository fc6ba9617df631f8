"""openapi.yaml names, for each operation of the LiteLLM proxy, those errors that it really answers with."""

import json

import pytest

from fauxreel import Emulator
from fauxreel.wire.litellm_words import PROXY_WORDINGS
from provocations import MP4, asked, bad_characters, form, posts

pytestmark = pytest.mark.slow

PROXY = "/litellm/v1/videos"
GROUP = {"model": "sora-2", "prompt": "x"}


# What provokes them -------------------------------------------------------------------------------


def proxy_calls(queued):
    """By operation: bad requests, and one good one that a full emulator refuses."""
    missing = {"prompt": "x", "video": {"id": "x"}}
    lookups = [{"video_id": "x"}, {}]
    characters = f"{PROXY}/characters"
    video = {"video": {"id": queued}}
    creates = [{}, GROUP | {"model": 5}, GROUP | {"fps": 1}, GROUP | {"model": "x"}]
    creates += [GROUP | {"characters": [{"id": "x"}]}]
    edits = [{}, missing, missing | {"model": 5}, missing | {"model": "x"}]
    edits = [each | {"seconds": "4"} for each in edits]
    return {
        "createProxyVideo": (posts(PROXY, creates), ("POST", PROXY, GROUP)),
        "listProxyVideos": ([("GET", PROXY)], ("GET", PROXY)),
        "retrieveProxyVideo": ([("GET", f"{PROXY}/x")], ("GET", f"{PROXY}/{queued}")),
        "retrieveProxyVideoContent": (
            [("GET", f"{PROXY}/{queued}/content")],
            ("GET", f"{PROXY}/{queued}/content"),
        ),
        "remixProxyVideo": (
            posts(f"{PROXY}/x/remix", [{}, {"prompt": "x"}]),
            ("POST", f"{PROXY}/{queued}/remix", {"prompt": "x"}),
        ),
        "editProxyVideo": (
            posts(f"{PROXY}/edits", edits),
            ("POST", f"{PROXY}/edits", {"prompt": "x"} | video),
        ),
        "extendProxyVideo": (
            posts(f"{PROXY}/extensions", edits),
            ("POST", f"{PROXY}/extensions", {"prompt": "x", "seconds": "4"} | video),
        ),
        "createProxyCharacter": (
            posts(characters, bad_characters()),
            ("POST", characters, form(("name", "x"), ("video", MP4, "video/mp4"))),
        ),
        "retrieveProxyCharacter": ([("GET", f"{characters}/x")], ("GET", f"{characters}/x")),
        "listProxyModels": ([], ("GET", "/litellm/v1/models")),
        "generateDocumentedVideo": (
            posts(f"{PROXY}/generations", creates),
            ("POST", f"{PROXY}/generations", GROUP),
        ),
        "retrieveDocumentedStatus": (
            posts(f"{PROXY}/status", lookups),
            ("POST", f"{PROXY}/status", {"video_id": "x"}),
        ),
        "retrieveDocumentedContent": (
            posts(f"{PROXY}/retrieval", lookups),
            ("POST", f"{PROXY}/retrieval", {"video_id": "x"}),
        ),
        "remixDocumentedVideo": (
            posts(f"{PROXY}/remix", [*creates, GROUP | {"video_id": "x"}]),
            ("POST", f"{PROXY}/remix", GROUP),
        ),
    }


@pytest.fixture(scope="module")
def waiting(send):
    """An emulator with a video that waits, and its id."""
    with Emulator(clock="manual", queue_seconds=10) as emulator:
        yield emulator, send(emulator, "POST", PROXY, GROUP).json["id"]


@pytest.fixture(scope="module")
def full(send):
    """An emulator that holds as much as it may: one completed video and one character."""
    settings = {"max_videos": 1, "queue_seconds": 0, "processing_seconds": 0}
    with Emulator(**settings) as emulator:
        video = send(emulator, "POST", PROXY, GROUP).json["id"]
        character = form(("name", "x"), ("video", MP4, "video/mp4"))
        asked(send, emulator, "POST", f"{PROXY}/characters", character)
        yield emulator, video


@pytest.fixture(scope="module")
def narrow():
    with Emulator(max_body_bytes=1024, max_text_bytes=1024) as emulator:
        yield emulator


def provoked(send, waiting, full, narrow, name):
    emulator, queued = waiting
    bad, good = proxy_calls(queued)[name]
    for call in bad:
        yield asked(send, emulator, *call)
    method, path, *body = good
    yield send(emulator, method, path, Authorization=None)
    yield send(emulator, method, path, Authorization="Bearer sk-invalid")
    yield send(emulator, method, path, "{", Content_Type="application/json")
    yield send(emulator, method, f"{path}/no/such/address")
    yield send(emulator, "PUT", path)
    yield asked(send, narrow, method, path, {"prompt": "x" * 2000})
    if body:
        yield asked(send, full[0], *proxy_calls(full[1])[name][1])


OPERATIONS = list(proxy_calls(""))
NO_ADDRESS = (404, '{"detail": "Not Found"}')
TROUBLE = {"message": "x", "type": "internal_server_error", "param": None, "code": "500"}


def test_each_operation_is_provoked(document):
    assert set(OPERATIONS) == set(document.of("litellm"))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_with_the_documented_errors_and_no_others(
    document, send, waiting, full, narrow, name
):
    replies = list(provoked(send, waiting, full, narrow, name))
    replies = [reply for reply in replies if reply.status >= 400]
    if 404 not in document.answers(name):
        replies = [reply for reply in replies if reply.wordless != NO_ADDRESS]
    trouble = (500, json.dumps({"error": TROUBLE}, sort_keys=True))
    assert {*(reply.wordless for reply in replies), trouble} == document.errors(name)
    for reply in replies:
        document.check_error(name, reply)


def test_each_wording_is_documented_somewhere(document):
    found = {each for name in OPERATIONS for each in document.errors(name)}
    for one in PROXY_WORDINGS.values():
        error = {"message": "x", "type": one.type, "param": None, "code": str(one.status)}
        assert (one.status, json.dumps({"error": error}, sort_keys=True)) in found
