"""openapi.yaml names, for each operation, those errors that it really answers with."""

import io
from itertools import product

import pytest
from PIL import Image

from fauxreel import Emulator
from fauxreel.domain.errors import RequestError
from fauxreel.resources import shipped
from fauxreel.wire.azure_words import AZURE_WORDINGS
from fauxreel.wire.litellm_words import PROXY_WORDINGS, WRAPPINGS
from fauxreel.wire.openai_words import WORDINGS

MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
BOUNDARY = "between"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
NUL = "\0"

TROUBLE = (500, WORDINGS[RequestError].type, WORDINGS[RequestError].code)


def documented_errors(document, operation_id):
    """Each status, type and code that an operation is documented to answer with."""
    words = [*WORDINGS.values()]
    codes = {wording.code for wording in words} | {"no_such_code"}
    types = {wording.type for wording in words} | {"no_such_type"}
    found = set()
    for status, answer in document.answers(operation_id).items():
        if status < 400 or "content" not in answer:
            continue
        validator = document.validator(answer["content"]["application/json"]["schema"])
        for kind, code in product(types, codes):
            error = {"message": "x", "type": kind, "param": None, "code": code}
            if validator.is_valid({"error": error}):
                found.add((status, kind, code))
    return found


# What provokes them -------------------------------------------------------------------------------


def part(name, value, extra=""):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"


def file(name, value, kind):
    return part(name, value, f'; filename="a.bin"\r\nContent-Type: {kind}')


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def picture(size):
    data = io.BytesIO()
    Image.new("RGB", size).save(data, "png")
    return data.getvalue()


def bad_texts(rest):
    """Bodies in JSON with everything that can be wrong with a prompt, and with a body as such."""
    json = {"Content_Type": "application/json"}
    yield "{", json
    yield '{"prompt":"x","prompt":"y"}', json
    yield rest | {"prompt": ""}, {}
    yield rest | {"prompt": 1}, {}
    yield rest | {"prompt": NUL}, {}
    yield rest, {}
    yield rest | {"prompt": "x" * 32001}, {}
    yield rest | {"prompt": "x", "fps": 1}, {}
    yield "x", {"Content_Type": "text/plain"}


def bad_creates():
    yield from bad_texts({})
    yield {"prompt": "x", "characters": [{"id": "x"}] * 3}, {}
    yield {"prompt": "x", "characters": [{"id": "x"}]}, {}
    yield form(part("prompt", "x"), file("input_reference", b"", "image/gif")), {}
    small, whole = picture((8, 8)), picture((720, 1280))
    yield form(part("prompt", "x"), file("input_reference", small, "image/png")), {}
    yield form(part("prompt", "x"), file("input_reference", whole[:500], "image/png")), {}


def bad_characters():
    video, name = file("video", MP4, "video/mp4"), part("name", "x")
    yield b"x", {}
    yield form(name, name), {}
    yield form(part("name", ""), video), {}
    yield form(name, file("video", MP4[:500], "video/mp4")), {}
    yield form(name, part("video", "x")), {}
    yield form(part("name", NUL), video), {}
    yield form(name), {}
    yield form(part("name", "x" * 81), video), {}
    yield form(name, video, part("fps", "1")), {}
    yield "x", {"Content_Type": "text/plain"}
    yield form(name, file("video", MP4, "image/png")), {}


def bad_files():
    upload, purpose = file("file", b"x", "text/plain"), part("purpose", "vision")
    yield b"x", {}
    yield form(purpose, purpose), {}
    yield form(part("file", "x"), purpose), {}
    yield form(upload, part("purpose", "x")), {}
    yield form(upload), {}
    yield form(upload, purpose, part("fps", "1")), {}
    yield "x", {"Content_Type": "text/plain"}
    yield form(file("file", MP4, "video/mp4"), purpose), {}


def bad_pages():
    for query in ("limit=1&limit=1", "limit=-1", "limit=99999", "limit=x", "order=x"):
        yield f"?{query}"


# The id of a video that does not end, which {queued} stands for, is put in.
POSTS = {
    "createVideo": ("/videos", list(bad_creates())),
    "remixVideo": (
        "/videos/{queued}/remix",
        [*bad_texts({}), ({"prompt": "x"}, {})],
    ),
    "editVideo": (
        "/videos/edits",
        [
            *bad_texts({"video": {"id": "{queued}"}}),
            ({"prompt": "x", "video": {"id": "{queued}"}}, {}),
            ({"prompt": "x", "video": {"id": "x"}}, {}),
        ],
    ),
    "extendVideo": (
        "/videos/extensions",
        [
            *bad_texts({"video": {"id": "{queued}"}, "seconds": "4"}),
            ({"prompt": "x", "seconds": "4", "video": {"id": "{queued}"}}, {}),
            ({"prompt": "x", "seconds": "4", "video": {"id": "x"}}, {}),
        ],
    ),
    "createCharacter": ("/videos/characters", list(bad_characters())),
    "createFile": ("/files", list(bad_files())),
}
OTHERS = {
    "listVideos": ("GET", [f"/videos{query}" for query in bad_pages()]),
    "listFiles": ("GET", [f"/files{query}" for query in bad_pages()]),
    "retrieveVideo": ("GET", ["/videos/x"]),
    "deleteVideo": ("DELETE", ["/videos/x"]),
    "retrieveVideoContent": (
        "GET",
        [f"/videos/{{queued}}/content{query}" for query in ("", "?variant=x", "?a=1&a=1")],
    ),
    "retrieveCharacter": ("GET", ["/videos/characters/x"]),
    "retrieveFile": ("GET", ["/files/x"]),
    "deleteFile": ("DELETE", ["/files/x"]),
    "retrieveFileContent": ("GET", ["/files/x/content"]),
    "listModels": ("GET", []),
    "retrieveModel": ("GET", ["/models/x", "/models/"]),
}
# Good requests, which a full emulator refuses.
GOOD = {
    "createVideo": ({"prompt": "x"}, {}),
    "remixVideo": ({"prompt": "x"}, {}),
    "editVideo": ({"prompt": "x", "video": {"id": "{queued}"}}, {}),
    "extendVideo": ({"prompt": "x", "seconds": "4", "video": {"id": "{queued}"}}, {}),
    "createCharacter": (form(part("name", "x"), file("video", MP4, "video/mp4")), {}),
    "createFile": (form(part("purpose", "vision"), file("file", b"x", "text/plain")), {}),
}


def filled(value, queued):
    if isinstance(value, dict):
        return {key: filled(inner, queued) for key, inner in value.items()}
    return value.replace("{queued}", queued) if isinstance(value, str) else value


def posted(emulator, send, path, body, headers, queued):
    given = {"Content_Type": FORM} if isinstance(body, bytes) else {}
    path = filled(f"/v1{path}", queued)
    return send(emulator, "POST", path, filled(body, queued), **(given | headers))


def error_of(reply):
    error = reply.json["error"]
    assert list(error) == ["message", "type", "param", "code"]
    return reply.status, error["type"], error["code"]


@pytest.fixture(scope="module")
def waiting(send):
    """An emulator with a video that waits, and the id of it."""
    with Emulator(clock="manual", queue_seconds=10) as emulator:
        yield emulator, send(emulator, "POST", "/v1/videos", {"prompt": "x"}).json["id"]


@pytest.fixture(scope="module")
def full(send):
    """An emulator that holds one of each, as many as it may, and the id of the video."""
    with Emulator(queue_seconds=0, processing_seconds=0, max_videos=1) as emulator:
        video = send(emulator, "POST", "/v1/videos", {"prompt": "x"}).json["id"]
        for name in ("createCharacter", "createFile"):
            assert posted(emulator, send, POSTS[name][0], *GOOD[name], video).status == 200
        yield emulator, video


@pytest.fixture(scope="module")
def narrow(send):
    with Emulator(max_body_bytes=1024, max_text_bytes=1024) as emulator:
        yield emulator


def provoked(send, waiting, full, narrow, operation_id):
    """The errors that the requests above are answered with."""
    emulator, queued = waiting
    if operation_id in POSTS:
        path, requests = POSTS[operation_id]
        method, paths = "POST", [path]
        for body, headers in requests:
            yield posted(emulator, send, path, body, headers, queued)
        yield posted(narrow, send, path, {"prompt": "x" * 2000}, {}, queued)
        yield posted(full[0], send, path, *GOOD[operation_id], full[1])
        if operation_id == "remixVideo":
            yield posted(emulator, send, "/videos/x/remix", {"prompt": "x"}, {}, queued)
    else:
        method, paths = OTHERS[operation_id]
        for path in paths:
            yield send(emulator, method, f"/v1{filled(path, queued)}")
        paths = paths or ["/models"]
    path = f"/v1{filled(paths[0], queued)}"
    for key in (None, "Bearer sk-invalid"):
        yield send(emulator, method, path, Authorization=key)
    yield send(emulator, "PUT", path)


@pytest.mark.parametrize("operation_id", [*POSTS, *OTHERS])
def test_an_operation_answers_with_the_documented_errors_and_no_others(
    document, send, waiting, full, narrow, operation_id
):
    replies = list(provoked(send, waiting, full, narrow, operation_id))
    assert {*map(error_of, replies), TROUBLE} == documented_errors(document, operation_id)


@pytest.mark.parametrize("operation_id", [*POSTS, *OTHERS])
def test_errors_are_of_the_documented_form(document, send, waiting, full, narrow, operation_id):
    for reply in provoked(send, waiting, full, narrow, operation_id):
        answer = document.answers(operation_id)[reply.status]
        schema = answer["content"]["application/json"]["schema"]
        document.validator(schema).validate(reply.json)
        required = {
            name for name, one in answer["headers"].items() if document.follow(one).get("required")
        }
        assert required <= set(reply.headers)


def test_each_operation_is_provoked(document):
    assert {*POSTS, *OTHERS} == set(document.of("openai"))


def test_each_wording_is_documented_somewhere(document):
    documented = {
        error for name in document.of("openai") for error in documented_errors(document, name)
    }
    assert documented == {(one.status, one.type, one.code) for one in WORDINGS.values()}


def test_examples_of_errors_are_in_the_words_of_the_code(document):
    texts = [
        example["value"]["error"]["message"]
        for answer in document.raw["components"]["responses"].values()
        for content in answer.get("content", {}).values()
        for example in map(document.follow, content.get("examples", {}).values())
        if "error" in example["value"] and example["value"].get("object") is None
    ]
    wordings = (*WORDINGS.values(), *AZURE_WORDINGS.values(), *PROXY_WORDINGS.values())
    beginnings = {one.message.partition("{")[0].strip("'") for one in wordings} - {""}
    beginnings |= {f"litellm.{one.openai}" for one in WRAPPINGS.values()} | {"/videos"}
    assert len(texts) > 15
    assert [text for text in texts if not text.startswith(tuple(beginnings))] == []
