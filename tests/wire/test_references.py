import io
import json
from functools import cache

import pytest
from dirty_equals import IsStr
from PIL import Image

from fauxreel.media import reference
from fauxreel.resources import shipped

MISMATCH = "Inpaint image must match the requested width and height"
DISPOSITION = b'Content-Disposition: form-data; name="%s"'


@cache
def image(kind, size=(720, 1280)):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def clip(size="720x1280"):
    return shipped("fixtures", "media", f"{size}.mp4").read_bytes()


def text(name, value):
    return DISPOSITION % name + b"\r\n\r\n" + value


def file(data, content_type, name=b"input_reference"):
    header = b"" if content_type is None else b"\r\nContent-Type: " + content_type
    return DISPOSITION % name + b'; filename="cat"' + header + b"\r\n\r\n" + data


def form(*parts):
    body = b"".join(b"--b\r\n%s\r\n" % one for one in (text(b"prompt", b"a cat"), *parts))
    return b"multipart/form-data; boundary=b", body + b"--b--\r\n"


def as_json(value):
    body = json.dumps({"prompt": "a cat", "input_reference": value})
    return b"application/json", body.encode()


def error(message, param="input_reference", code=None):
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def unsupported(content_type):
    message = (
        f"Invalid file 'input_reference': unsupported mimetype ('{content_type}'). Supported file "
        "formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
    )
    return error(message, code="unsupported_file_mimetype")


def mistyped(expected, given):
    message = f"Invalid type for 'input_reference': expected {expected}, but got {given} instead."
    return error(message, code="invalid_type")


UNDECODABLE = error(
    "Invalid file 'input_reference': the file could not be decoded. "
    "It may be corrupted or truncated.",
    code="invalid_file",
)


@pytest.fixture
def create(roomy, talk, post):
    return lambda content_type, body: talk(roomy, post(content_type, body))


@pytest.fixture
def stored(roomy, talk, ask):
    return lambda: talk(roomy, ask(b"/v1/videos?limit=100")).json


@pytest.mark.parametrize(
    ("data", "content_type", "size"),
    [
        pytest.param(lambda: image("JPEG"), b"image/jpeg", "720x1280", id="jpeg"),
        pytest.param(lambda: image("PNG"), b"image/png", "720x1280", id="png"),
        pytest.param(lambda: image("WEBP"), b"image/webp", "720x1280", id="webp"),
        pytest.param(clip, b"video/mp4", "720x1280", id="mp4"),
        pytest.param(lambda: image("PNG", (1280, 720)), b"image/png", "1280x720", id="wide-png"),
        pytest.param(lambda: clip("1280x720"), b"video/mp4", "1280x720", id="wide-mp4"),
        pytest.param(lambda: image("PNG"), b"IMAGE/PNG", "720x1280", id="upper-case"),
        pytest.param(lambda: image("PNG"), b"image/png; a=b", "720x1280", id="with-a-parameter"),
        pytest.param(lambda: image("JPEG"), b"image/png", "720x1280", id="jpeg-called-png"),
    ],
)
def test_a_reference_of_the_size_of_the_video_is_accepted(create, data, content_type, size):
    reply = create(*form(file(data(), content_type), text(b"size", size.encode())))
    assert reply.status == 200
    assert reply.json == {
        "id": IsStr(regex="video_[0-9a-f]{48}"),
        "object": "video",
        "created_at": 1767225600,
        "status": "completed",
        "completed_at": 1767225600,
        "error": None,
        "expires_at": 1767229200,
        "model": "sora-2",
        "progress": 100,
        "prompt": "a cat",
        "remixed_from_video_id": None,
        "seconds": "4",
        "size": size,
    }


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        pytest.param(
            lambda: image("PNG", (1280, 720)), b"image/png", error(MISMATCH, None), id="turned-png"
        ),
        pytest.param(
            lambda: image("JPEG", (719, 1280)), b"image/jpeg", error(MISMATCH, None), id="thin-jpeg"
        ),
        pytest.param(
            lambda: image("WEBP", (1, 1)), b"image/webp", error(MISMATCH, None), id="tiny-webp"
        ),
        pytest.param(
            lambda: clip("1280x720"), b"video/mp4", error(MISMATCH, None), id="turned-mp4"
        ),
        pytest.param(
            lambda: image("PNG"),
            b"application/octet-stream",
            unsupported("application/octet-stream"),
            id="octet-stream",
        ),
        pytest.param(
            lambda: image("PNG"), None, unsupported("application/octet-stream"), id="no-type"
        ),
        pytest.param(
            lambda: image("PNG"), b"", unsupported("application/octet-stream"), id="empty-type"
        ),
        pytest.param(lambda: image("GIF"), b"image/gif", unsupported("image/gif"), id="gif"),
        pytest.param(
            lambda: image("GIF"), b"image/png", unsupported("image/gif"), id="gif-called-png"
        ),
        pytest.param(lambda: image("PNG"), b"text/html", unsupported("text/html"), id="html"),
        pytest.param(lambda: image("PNG"), b"image/jpg", unsupported("image/jpg"), id="jpg"),
        pytest.param(lambda: b"a cat", b"image/png", unsupported("text/plain"), id="text-as-png"),
        pytest.param(
            lambda: b"\xff\xfe\0\0",
            b"image/png",
            unsupported("application/octet-stream"),
            id="noise-as-png",
        ),
        pytest.param(
            lambda: b"", b"image/png", unsupported("application/octet-stream"), id="no-bytes"
        ),
        pytest.param(lambda: image("PNG")[:-200], b"image/png", UNDECODABLE, id="cut-png"),
        pytest.param(lambda: image("PNG")[:20], b"image/png", UNDECODABLE, id="header-of-a-png"),
        pytest.param(lambda: image("JPEG")[:-2000], b"image/jpeg", UNDECODABLE, id="cut-jpeg"),
        pytest.param(lambda: image("WEBP")[:-200], b"image/webp", UNDECODABLE, id="cut-webp"),
        pytest.param(lambda: clip()[:-1000], b"video/mp4", UNDECODABLE, id="cut-mp4"),
    ],
)
def test_a_file_that_is_no_usable_reference_is_refused(
    create, stored, data, content_type, expected
):
    before = stored()
    reply = create(*form(file(data(), content_type)))
    assert (reply.status, reply.json) == (400, expected)
    assert stored() == before


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(
            form(text(b"input_reference", b"cat.png")),
            mistyped("a file", "a string"),
            id="text-in-a-form",
        ),
        pytest.param(
            form(text(b"input_reference", b"")),
            mistyped("a file", "a string"),
            id="empty-text-in-a-form",
        ),
        pytest.param(
            form(text(b"input_reference[]", b"a")),
            mistyped("a file", "an array"),
            id="list-in-form",
        ),
        pytest.param(
            (b"application/x-www-form-urlencoded", b"prompt=a+cat&input_reference=cat.png"),
            mistyped("a file", "a string"),
            id="text-in-an-urlencoded-form",
        ),
        pytest.param(
            as_json("data:image/png;base64,iVBORw0KGgo="),
            mistyped("an object", "a string"),
            id="string",
        ),
        pytest.param(
            form(file(b"", b"image/png", b"reference_image")),
            error("Unknown parameter: 'reference_image'.", "reference_image", "unknown_parameter"),
            id="unknown-name",
        ),
        pytest.param(
            form(file(b"", b"image/png"), text(b"size", b"1x1")),
            error(
                "Invalid value: '1x1'. Supported values are: '720x1280', '1280x720', '1024x1792', "
                "and '1792x1024'.",
                "size",
                "invalid_value",
            ),
            id="bad-size-first",
        ),
        pytest.param(
            form(file(b"", b"image/png", b"model")),
            error(
                "Invalid type for 'model': expected one of 'sora-2', 'sora-2-pro', "
                "'sora-2-2025-10-06', 'sora-2-pro-2025-10-06', or 'sora-2-2025-12-08', "
                "but got a file instead.",
                "model",
                "invalid_type",
            ),
            id="file-for-a-model",
        ),
    ],
)
def test_what_is_no_file_is_refused_by_its_type(create, stored, request_, expected):
    before = stored()
    reply = create(*request_)
    assert (reply.status, reply.json) == (400, expected)
    assert stored() == before


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        pytest.param(as_json([]), "an array", id="array"),
        pytest.param(as_json(None), "null", id="null"),
        pytest.param(as_json(1), "an integer", id="integer"),
        pytest.param(as_json(0.5), "a decimal number", id="decimal"),
        pytest.param(as_json(False), "a boolean", id="boolean"),
    ],
)
def test_a_value_that_is_neither_file_nor_text_is_refused_as_no_object(
    create, stored, request_, given
):
    before = stored()
    reply = create(*request_)
    assert (reply.status, reply.json) == (400, mistyped("an object", given))
    assert stored() == before


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\xff\xfe", b"plain text"], ids=["bytes", "text"])
def test_a_file_without_a_name_is_a_string_whatever_is_in_it(create, data):
    part = DISPOSITION % b"input_reference" + b"\r\nContent-Type: image/png\r\n\r\n" + data
    reply = create(*form(part))
    assert (reply.status, reply.json) == (400, mistyped("a file", "a string"))


def test_the_same_image_is_decoded_once_and_judged_each_time(create, monkeypatch):
    decoded = []
    verify = reference.verify
    monkeypatch.setattr(
        reference, "verify", lambda *args: (decoded.append(args[1]), verify(*args))[1]
    )
    whole = file(image("PNG", (720, 1280)) + b"only here", b"image/png")
    broken = file(image("PNG", (720, 1280))[:-900], b"image/png")

    sizes = (b"720x1280", b"720x1280", b"1280x720")
    replies = [create(*form(whole, text(b"size", size))).status for size in sizes]
    replies += [create(*form(broken)).status for _ in range(2)]

    assert replies == [200, 200, 400, 400, 400]
    assert decoded == 3 * ["image/png"]
