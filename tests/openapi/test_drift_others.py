"""openapi.yaml says what Azure and the LiteLLM proxy answer: bodies, headers, errors."""

import base64
import io

import pytest
from PIL import Image

from fauxreel import Emulator
from fauxreel.resources import shipped

MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
FORM = {"Content_Type": "multipart/form-data; boundary=between"}
GENERAL = {"content-length", "content-type", "date", "x-content-type-options"}
V1, JOBS, PROXY = "/openai/v1/videos", "/openai/v1/video/generations", "/litellm/v1/videos"
JOB = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480}
AZURE = {"model": "my-sora", "prompt": "a cat"}
GROUP = {"model": "sora-2", "prompt": "a cat"}
LISTED = "?custom_llm_provider=openai"


def form(kind="video/mp4", **parts):
    """A form of texts and, where bytes are given, files of one type."""
    body = b""
    for name, value in parts.items():
        body += f'--between\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if isinstance(value, bytes):
            body += b'; filename="a.bin"\r\nContent-Type: ' + kind.encode() + b"\r\n\r\n" + value
        else:
            body += b"\r\n\r\n" + value.encode()
        body += b"\r\n"
    return body + b"--between--\r\n"


def picture(size):
    data = io.BytesIO()
    Image.new("RGB", size).save(data, "png")
    return data.getvalue()


def raw_of(wrapped):
    text = base64.b64decode(wrapped.partition("_")[2]).decode()
    return text.split("video_id:")[1].split(";")[0]


class Calls:
    """Calls operations by their ids, and keeps each with its answer."""

    def __init__(self, document, send):
        self._document, self._send = document, send
        self.made = []

    def __call__(self, emulator, name, body=None, *, query="", **given):
        method, path, _ = self._document.operations[name]
        headers = {key: value for key, value in given.items() if key[0].isupper()}
        ids = {key: value for key, value in given.items() if key not in headers}
        if isinstance(body, bytes):
            headers = FORM | headers
        path = path.format(**({"model": "sora-2"} | ids)) + query
        reply = self._send(emulator, method, path, body, **headers)
        self.made.append((name, reply))
        return reply


def azure_successes(call, emulator):
    video = call(emulator, "createAzureVideo", AZURE).json["id"]
    call(emulator, "retrieveAzureVideo", video_id=video)
    job = call(emulator, "createJob", JOB | {"n_variants": 2}).json["id"]
    emulator.app.space.clock.advance(80)
    call(emulator, "retrieveAzureVideo", video_id=video)
    call(emulator, "remixAzureVideo", {"prompt": "x"}, video_id=video)
    source = {"prompt": "x", "video": {"id": video}}
    call(emulator, "editAzureVideo", source)
    call(emulator, "extendAzureVideo", source | {"seconds": "4"})
    call(emulator, "listAzureVideos")
    for variant in ("video", "thumbnail", "spritesheet"):
        query = f"?variant={variant}"
        call(emulator, "retrieveAzureVideoContent", video_id=video, query=query)
    generation = call(emulator, "retrieveJob", job_id=job).json["generations"][1]["id"]
    call(emulator, "retrieveGeneration", generation_id=generation)
    for name, one in (
        ("retrieveAzureVideoContent", {"video_id": video}),
        ("retrieveGenerationVideo", {"generation_id": generation}),
        ("retrieveGenerationThumbnail", {"generation_id": generation}),
    ):
        same = {"If_None_Match": call(emulator, name, **one).headers["etag"]}
        for headers in ({"Range": "bytes=0-9"}, {"Range": "bytes=99999999-"}, same):
            call(emulator, name, **one, **headers)
    call(emulator, "listJobs")
    call(emulator, "deleteJob", job_id=job)
    call(emulator, "deleteAzureVideo", video_id=video)
    character = call(emulator, "createAzureCharacter", form(name="Ann", video=MP4)).json["id"]
    call(emulator, "retrieveAzureCharacter", character_id=character)
    call(emulator, "listAzureModels")
    call(emulator, "retrieveAzureModel")


def proxy_successes(call, emulator):
    video = call(emulator, "createProxyVideo", GROUP).json["id"]
    call(emulator, "retrieveProxyVideo", video_id=video)
    documented = call(emulator, "generateDocumentedVideo", GROUP).json["id"]
    emulator.app.space.clock.advance(80)
    call(emulator, "retrieveProxyVideo", video_id=video)
    call(emulator, "retrieveProxyVideo", video_id=raw_of(video))
    call(emulator, "retrieveProxyVideoContent", video_id=video)
    call(emulator, "remixProxyVideo", {"prompt": "x"}, video_id=video)
    source = {"prompt": "x", "video": {"id": video}}
    call(emulator, "editProxyVideo", source)
    call(emulator, "extendProxyVideo", source | {"seconds": "4"})
    call(emulator, "listProxyVideos", query=LISTED)
    call(emulator, "retrieveDocumentedStatus", {"video_id": documented})
    call(emulator, "retrieveDocumentedContent", {"video_id": documented})
    call(emulator, "remixDocumentedVideo", GROUP | {"video_id": documented})
    character = call(emulator, "createProxyCharacter", form(name="Ann", video=MP4)).json["id"]
    call(emulator, "retrieveProxyCharacter", character_id=character)
    call(emulator, "listProxyModels")


@pytest.fixture(scope="module")
def successes(document, send):
    """Each operation of Azure and the proxy, answered well, by surface."""
    azure, proxy = Calls(document, send), Calls(document, send)
    timed = {"clock": "manual", "queue_seconds": 10, "processing_seconds": 60}
    with Emulator(azure_specified_routes=True, **timed) as emulator:
        azure_successes(azure, emulator)
    with Emulator(**timed) as emulator:
        proxy_successes(proxy, emulator)
    return [*azure.made, *proxy.made]


def checked(document, name, reply):
    """The documented answer, after the body was held against it."""
    answer = document.answers(name)[reply.status]
    kind = reply.headers.get("content-type", "").partition(";")[0]
    if "content" in answer:
        assert kind in answer["content"], name
    if kind == "application/json":
        document.validator(answer["content"][kind]["schema"]).validate(reply.json)
    return answer


def check_headers(document, name, reply):
    headers = {key: value for key, value in reply.headers.items() if key not in GENERAL}
    documented = {
        key: document.follow(one) for key, one in checked(document, name, reply)["headers"].items()
    }
    found = {key for key in headers if not key.startswith("llm_provider-")}
    assert found <= set(documented), name
    assert {key for key, one in documented.items() if one.get("required")} <= found, name
    for key in found:
        schema = documented[key]["schema"]
        numeric = schema.get("type") in ("integer", "number")
        value = float(headers[key]) if numeric else headers[key]
        document.validator(schema).validate(value)
    return {(name, key) for key in found}


def test_each_operation_answers_as_documented(document, successes):
    surfaces = ("azure", "azure-jobs", "litellm")
    assert {name for name, _ in successes} == {
        name for surface in surfaces for name in document.of(surface)
    }
    for name, reply in successes:
        assert reply.status < 400 or reply.status == 416, (name, reply.body)
        checked(document, name, reply)


def test_each_answer_has_the_documented_headers_and_no_others(document, successes):
    seen = set()
    for name, reply in successes:
        seen |= check_headers(document, name, reply)
    documented = {
        (name, header)
        for name, _ in successes
        for status, answer in document.answers(name).items()
        if status < 400
        for header in answer["headers"]
    }
    assert documented == seen


ANSWERS = ["AzureVideo", "AzureVideoList", "DeletedAzureVideo", "Job", "Generation", "JobList"]
ANSWERS += ["ProxyVideo", "ProxyVideoList", "ProxyListEntry", "ProxyCharacter", "ProxyModelList"]
ANSWERS += ["ProxyModel", "JobRequestError", "TokenRefused", "GatewayError", "Unrouted"]


@pytest.mark.parametrize("schema", ANSWERS)
def test_all_keys_of_an_answer_are_always_there(document, schema):
    found = document.schema(schema)
    assert found["required"] == list(found["properties"])
    assert found["additionalProperties"] is False


def test_keys_come_in_the_documented_order(document, successes):
    schemas = {
        "retrieveAzureVideo": "AzureVideo",
        "listAzureVideos": "AzureVideoList",
        "retrieveJob": "Job",
        "retrieveGeneration": "Generation",
        "listJobs": "JobList",
        "retrieveProxyVideo": "ProxyVideo",
        "listProxyVideos": "ProxyVideoList",
        "retrieveProxyCharacter": "ProxyCharacter",
        "retrieveDocumentedStatus": "DocumentedProxyVideo",
    }
    for name, reply in successes:
        if name in schemas:
            assert list(reply.json) == document.schema(schemas[name])["required"]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_what_failed_is_as_documented(document, emulator, send, status):
    call = Calls(document, send)
    ids = {
        "retrieveAzureVideo": {"video_id": call(emulator, "createAzureVideo", AZURE).json["id"]},
        "retrieveJob": {"job_id": call(emulator, "createJob", JOB).json["id"]},
        "retrieveProxyVideo": {"video_id": call(emulator, "createProxyVideo", GROUP).json["id"]},
    }
    for name, one in ids.items():
        (made,) = one.values()
        raw = raw_of(made) if name == "retrieveProxyVideo" else made
        send(emulator, "POST", f"/_fauxreel/videos/{raw}/force", {"status": status})
        reply = call(emulator, name, **one)
        assert reply.json["status"] == (status if name == "retrieveJob" else "failed")
        checked(document, name, reply)
    lookup = {"video_id": ids["retrieveProxyVideo"]["video_id"]}
    checked(
        document, "retrieveDocumentedStatus", call(emulator, "retrieveDocumentedStatus", lookup)
    )
