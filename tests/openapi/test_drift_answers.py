"""openapi.yaml says what is answered: the keys of bodies, and the headers."""

import io

import pytest
from PIL import Image

from fauxreel import Emulator
from fauxreel.domain.video import Variant
from fauxreel.resources import shipped

MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
BOUNDARY = "between"
FORM = f"multipart/form-data; boundary={BOUNDARY}"

# Those of HTTP itself, and one that every answer has.
GENERAL = {"content-length", "content-type", "date", "x-content-type-options"}


def part(name, value, extra="", kind="text/plain"):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n'
    return f"{head}Content-Type: {kind}\r\n\r\n".encode() + value + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def picture():
    file = io.BytesIO()
    Image.new("RGB", (720, 1280)).save(file, "png")
    return file.getvalue()


def calls(emulator, send):
    """A call of each operation, and its answer."""

    def call(name, method, path, body=None, **headers):
        answers.append((name, send(emulator, method, f"/v1{path}", body, **headers)))
        return answers[-1][1]

    answers = []
    video = call("createVideo", "POST", "/videos", {"prompt": "a cat"}).json["id"]
    call("retrieveVideo", "GET", f"/videos/{video}")
    emulator.app.space.clock.advance(80)
    call("retrieveVideo", "GET", f"/videos/{video}")
    call("remixVideo", "POST", f"/videos/{video}/remix", {"prompt": "x"})
    call("editVideo", "POST", "/videos/edits", {"prompt": "x", "video": {"id": video}})
    longer = {"prompt": "x", "seconds": "4", "video": {"id": video}}
    call("extendVideo", "POST", "/videos/extensions", longer)
    call("listVideos", "GET", "/videos")
    for variant in Variant:
        content = call("retrieveVideoContent", "GET", f"/videos/{video}/content?variant={variant}")
    same = {"If-None-Match": content.headers["etag"]}
    for headers in ({"Range": "bytes=0-9"}, {"Range": "bytes=99999999-"}, same):
        path = f"/videos/{video}/content?variant=spritesheet"
        call("retrieveVideoContent", "GET", path, **headers)
    call("deleteVideo", "DELETE", f"/videos/{video}")
    mp4 = part("video", MP4, '; filename="a.mp4"', "video/mp4")
    made = form(part("name", b"cat"), mp4)
    path = "/videos/characters"
    character = call("createCharacter", "POST", path, made, Content_Type=FORM).json["id"]
    call("retrieveCharacter", "GET", f"/videos/characters/{character}")
    upload = form(part("purpose", b"vision"), part("file", picture(), '; filename="a.png"'))
    file = call("createFile", "POST", "/files", upload, Content_Type=FORM).json["id"]
    call("retrieveFile", "GET", f"/files/{file}")
    call("retrieveFileContent", "GET", f"/files/{file}/content")
    call("listFiles", "GET", "/files")
    call("deleteFile", "DELETE", f"/files/{file}")
    call("listModels", "GET", "/models")
    call("retrieveModel", "GET", "/models/sora-2")
    return answers


def test_each_answer_is_as_documented(document, emulator, send):
    answers = calls(emulator, send)
    assert {name for name, _ in answers} == set(document.of("openai"))
    for name, reply in answers:
        answer = document.answers(name)[reply.status]
        kind = reply.headers.get("content-type")
        if "content" in answer:
            assert kind in answer["content"], name
        if kind == "application/json":
            document.validator(answer["content"][kind]["schema"]).validate(reply.json)


def test_each_answer_has_the_documented_headers_and_no_others(document, emulator, send):
    sometimes = {"openai-poll-after-ms"}
    seen = set()
    for name, reply in calls(emulator, send):
        headers = set(reply.headers) - GENERAL
        documented = document.answers(name)[reply.status]["headers"]
        assert headers - sometimes <= set(documented), name
        assert set(documented) - sometimes <= headers, name
        for header, definition in documented.items():
            schema = document.follow(definition)["schema"]
            value = reply.headers.get(header)
            if value is not None:
                typed = int(value) if schema.get("type") == "integer" else value
                document.validator(schema).validate(typed)
        seen |= headers
    assert sometimes <= seen


ANSWERS = ["Video", "DocumentedVideo", "VideoList", "DeletedVideo", "JobError", "Character"]
ANSWERS += ["File", "FileList", "DeletedFile", "Model", "ModelList", "Error"]


@pytest.mark.parametrize("schema", ANSWERS)
def test_all_keys_of_an_answer_are_always_there(document, schema):
    found = document.schema(schema)
    assert found["required"] == list(found["properties"])
    assert found["additionalProperties"] is False


def test_failed_videos_are_as_documented(document, emulator, send):
    video = send(emulator, "POST", "/v1/videos", {"prompt": "a cat"}).json["id"]
    send(emulator, "POST", f"/_fauxreel/videos/{video}/force", {"status": "failed"})
    found = send(emulator, "GET", f"/v1/videos/{video}").json
    assert found["status"] == "failed"
    document.validator(document.schema("Video")).validate(found)


def test_videos_of_the_documented_profile_are_as_documented(document, send):
    validator = document.validator(document.schema("DocumentedVideo"))
    with Emulator(profile="/v1=documented", clock="manual") as emulator:
        body = {"prompt": "a cat", "model": "video-gen-1", "seconds": 5}
        video = send(emulator, "POST", "/v1/videos", body).json
        validator.validate(video)
        for seconds, status in ((1, "processing"), (10, "completed")):
            emulator.app.space.clock.advance(seconds)
            found = send(emulator, "GET", f"/v1/videos/{video['id']}").json
            assert found["status"] == status
            assert list(found) == document.schema("DocumentedVideo")["required"]
            validator.validate(found)
