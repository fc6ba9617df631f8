"""openapi.yaml names, for each operation of Azure, those errors that it really answers with."""

import io
import json

import pytest
from PIL import Image

from fauxreel import Emulator
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, Layer
from provocations import MP4, asked, bad_characters, form, posts

pytestmark = pytest.mark.slow

V1, JOBS = "/openai/v1/videos", "/openai/v1/video/generations"
AZURE = {"model": "my-sora", "prompt": "x"}
JOB = AZURE | {"width": 480, "height": 480}


def picture(size):
    data = io.BytesIO()
    Image.new("RGB", size).save(data, "png")
    return data.getvalue()


# What provokes them -------------------------------------------------------------------------------


def bad_texts(rest):
    yield "{"
    yield '{"prompt":"x","prompt":"y"}'
    for prompt in ("", 1, "\0", "x" * 32001):
        yield rest | {"prompt": prompt}
    yield rest
    yield rest | {"prompt": "x", "fps": 1}
    yield "a cat", {"Content_Type": "text/plain"}


def bad_pictures(name, *texts):
    yield form(*texts, (name, b"", "image/gif"))
    yield form(*texts, (name, picture((720, 1280))[:500], "image/png"))


def bad_azure_videos():
    texts = [("model", "x"), ("prompt", "x")]
    yield from bad_texts({"model": "x"})
    yield from bad_pictures("input_reference", *texts)
    yield form(*texts, ("input_reference", picture((8, 8)), "image/png"))
    yield AZURE | {"input_reference": {"file_id": "x"}}


def bad_jobs():
    yield from bad_texts({"model": "x", "width": 480, "height": 480})
    yield from bad_pictures("files", *[(key, str(value)) for key, value in JOB.items()])
    yield JOB | {"n_seconds": 0}
    yield JOB | {"n_seconds": 21}
    yield JOB | {"inpaint_items": [{}] * 3}


def bad_pages(path, *more):
    for query in ("limit=1&limit=1", "limit=-1", "limit=101", "limit=x", *more):
        yield "GET", f"{path}?{query}"


def sources(source, **more):
    return [
        *bad_texts(source | more),
        source | more | {"prompt": "x"},
        {"prompt": "x", "video": {"id": "x"}} | more,
    ]


def azure_calls(queued):
    """By operation: bad requests, one good one, and one to an address that nobody knows."""
    video, character = {"video": {"id": queued}}, f"{V1}/characters"
    one, file = f"{V1}/{queued}", f"{V1}/{queued}/content"
    remixes = [*bad_texts({}), {"prompt": "x"}]
    return {
        "createAzureVideo": (posts(V1, bad_azure_videos()), ("POST", V1, AZURE)),
        "listAzureVideos": (bad_pages(V1, "order=x"), ("GET", V1)),
        "retrieveAzureVideo": ([("GET", f"{V1}/x"), ("GET", f"{V1}/")], ("GET", one)),
        "deleteAzureVideo": ([("DELETE", f"{V1}/x"), ("DELETE", f"{V1}/")], ("GET", one)),
        "retrieveAzureVideoContent": (
            [("GET", file + query) for query in ("", "?variant=x", "?a=1&a=1")],
            ("GET", file),
        ),
        "remixAzureVideo": (
            [*posts(f"{one}/remix", remixes), *posts(f"{V1}/x/remix", [{"prompt": "x"}])],
            ("POST", f"{one}/remix", {"prompt": "x"}),
        ),
        "editAzureVideo": (
            posts(f"{V1}/edits", sources(video)),
            ("POST", f"{V1}/edits", {"prompt": "x"} | video),
        ),
        "extendAzureVideo": (
            posts(f"{V1}/extensions", sources(video, seconds="4")),
            ("POST", f"{V1}/extensions", {"prompt": "x", "seconds": "4"} | video),
        ),
        "createAzureCharacter": (
            posts(character, bad_characters()),
            ("POST", character, form(("name", "x"), ("video", MP4, "video/mp4"))),
        ),
        "retrieveAzureCharacter": (
            [("GET", f"{character}/x"), ("GET", f"{character}/")],
            ("GET", f"{character}/x"),
        ),
        "listAzureModels": ([], ("GET", "/openai/v1/models")),
        "retrieveAzureModel": (
            [("GET", "/openai/v1/models/x"), ("GET", "/openai/v1/models/")],
            ("GET", "/openai/v1/models/sora-2"),
        ),
        "createJob": (posts(f"{JOBS}/jobs", bad_jobs()), ("POST", f"{JOBS}/jobs", JOB)),
        "listJobs": (bad_pages(f"{JOBS}/jobs", "statuses=x"), ("GET", f"{JOBS}/jobs")),
        "retrieveJob": (
            [("GET", f"{JOBS}/jobs/x"), ("GET", f"{JOBS}/jobs/")],
            ("GET", f"{JOBS}/jobs/x"),
        ),
        "deleteJob": (
            [("DELETE", f"{JOBS}/jobs/x"), ("DELETE", f"{JOBS}/jobs/")],
            ("DELETE", f"{JOBS}/jobs/x"),
        ),
        "retrieveGeneration": ([("GET", f"{JOBS}/x"), ("GET", f"{JOBS}/")], ("GET", f"{JOBS}/x")),
        "retrieveGenerationVideo": (
            [("GET", f"{JOBS}/x/content/video{query}") for query in ("", "?quality=x", "?a=1&a=1")],
            ("GET", f"{JOBS}/x/content/video"),
        ),
        "retrieveGenerationThumbnail": (
            [("GET", f"{JOBS}/x/content/thumbnail")],
            ("GET", f"{JOBS}/x/content/thumbnail"),
        ),
    }


@pytest.fixture(scope="module")
def waiting(send):
    """An emulator with a video that waits, and its id."""
    with Emulator(clock="manual", queue_seconds=10, azure_specified_routes=True) as emulator:
        yield emulator, send(emulator, "POST", V1, AZURE).json["id"]


@pytest.fixture(scope="module")
def full(send):
    """An emulator that holds as much as it may: one completed video and one character."""
    settings = {"max_videos": 1, "queue_seconds": 0, "processing_seconds": 0}
    with Emulator(azure_specified_routes=True, **settings) as emulator:
        video = send(emulator, "POST", V1, AZURE).json["id"]
        character = form(("name", "x"), ("video", MP4, "video/mp4"))
        asked(send, emulator, "POST", f"{V1}/characters", character)
        yield emulator, video


@pytest.fixture(scope="module")
def narrow():
    settings = {"max_body_bytes": 1024, "max_text_bytes": 1024, "azure_specified_routes": True}
    with Emulator(azure_deployments=("others",), **settings) as emulator:
        yield emulator


def provoked(send, waiting, full, narrow, name):
    emulator, queued = waiting
    bad, good = azure_calls(queued)[name]
    for call in bad:
        yield asked(send, emulator, *call)
    method, path, *body = good
    yield send(emulator, method, path, Authorization=None)
    yield send(emulator, method, path, api_key="sk-invalid")
    yield send(emulator, method, f"{path}?api-version=2025-04-01-preview")
    yield send(emulator, "PUT", path)
    if body:
        yield asked(send, narrow, method, path, {"prompt": "x" * 2000})
        yield asked(send, narrow, method, path, *body)
        yield asked(send, full[0], *azure_calls(full[1])[name][1])


OPERATIONS = list(azure_calls(""))
TROUBLE = {"message": "x", "type": "server_error", "param": None, "code": None}


def test_each_operation_is_provoked(document):
    assert set(OPERATIONS) == {*document.of("azure"), *document.of("azure-jobs")}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_with_the_documented_errors_and_no_others(
    document, send, waiting, full, narrow, name
):
    replies = list(provoked(send, waiting, full, narrow, name))
    replies = [reply for reply in replies if reply.status >= 400]
    of_jobs = name in document.of("azure-jobs")
    body = TROUBLE | {"inner_error": None} if of_jobs else {"error": TROUBLE}
    trouble = (500, json.dumps(body, sort_keys=True))
    assert {*(reply.wordless for reply in replies), trouble} == document.errors(name)
    for reply in replies:
        document.check_error(name, reply)


def test_each_wording_is_documented_somewhere(document):
    found = {each for name in OPERATIONS for each in document.errors(name)}
    for wording in AZURE_WORDINGS.values():
        user = {"message": "x", "type": USER_ERROR, "param": None, "code": None}
        body = {
            Layer.GATEWAY: {"error": {"code": wording.code, "message": "x"}},
            Layer.GATEWAY_SPACED: {"error": {"code": wording.code, "message": "x"}},
            Layer.FLAT: {"statusCode": wording.status, "message": "x"},
            Layer.SERVICE: {"detail": wording.message},
            Layer.USER: {"error": user},
        }[wording.layer]
        assert (wording.status, json.dumps(body, sort_keys=True)) in found
