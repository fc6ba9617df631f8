"""`input_reference` as an object: a data URL, an address, or the id of an uploaded file."""

import base64
import io
import json

import pytest
from PIL import Image

from fauxreel import Emulator
from fauxreel.resources import shipped
from openai_requests import empty, error, multipart, text, unknown


def image(kind="png", size=(720, 1280)):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def data_url(data, content_type="image/png"):
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"


def as_json(reference, **others):
    body = json.dumps({"prompt": "a cat", "input_reference": reference, **others})
    return {"body": body, "content_type": "application/json"}


def file(name, data, content_type="image/png"):
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="cat"'
    return f"{disposition}\r\nContent-Type: {content_type}\r\n\r\n".encode() + data


URL, FILE_ID = "input_reference.image_url", "input_reference.file_id"
MISMATCH = error("Inpaint image must match the requested width and height")
NO_URL = error(
    f"Invalid '{URL}'. Expected a valid URL, but got a value with an invalid format.",
    URL,
    "invalid_value",
)
NO_DATA_URL = error(
    f"Invalid '{URL}'. Expected a base64-encoded data URL with an image MIME type (e.g. "
    "'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got an invalid base64-encoded value.",
    URL,
    "invalid_value",
)


def unsupported(param, content_type):
    message = (
        f"Invalid file '{param}': unsupported mimetype ('{content_type}'). Supported file "
        "formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
    )
    return error(message, param, "unsupported_file_mimetype")


def undecodable(param):
    message = (
        f"Invalid file '{param}': the file could not be decoded. It may be corrupted or truncated."
    )
    return error(message, param, "invalid_file")


def mistyped(name, given):
    message = f"Invalid type for '{name}': expected a string, but got {given} instead."
    return error(message, name, "invalid_type")


@pytest.fixture
def create(send):
    return lambda request, **headers: send("POST", "/v1/videos", **request, **headers)


@pytest.fixture
def upload(send):
    """The id of a file."""

    def upload(data, **headers):
        request = multipart(text("purpose", "vision"), file("file", data))
        return send("POST", "/v1/files", **request, **headers).json["id"]

    return upload


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(data_url(image()), id="png"),
        pytest.param(data_url(image("jpeg"), "image/jpeg"), id="jpeg"),
        pytest.param(data_url(image("webp"), "image/webp"), id="webp"),
        pytest.param(
            data_url(shipped("fixtures", "media", "720x1280.mp4").read_bytes(), "video/mp4"),
            id="mp4",
        ),
        pytest.param(data_url(image("jpeg")), id="jpeg called png"),
        pytest.param(data_url(image(), "image/png;charset=utf-8"), id="with a parameter"),
        pytest.param(data_url(image(), "IMAGE/PNG").replace("data:", "DATA:"), id="upper case"),
        pytest.param("https://example.com/cat.png", id="remote, unseen"),
        pytest.param("HTTP://192.0.2.1:81/cat?size=1#top", id="remote, by number"),
        pytest.param("https://example.com/not-an-image.html", id="remote, whatever it is"),
    ],
)
@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda url: as_json({"image_url": url}), id="json"),
        pytest.param(
            lambda url: multipart(text("prompt", "a cat"), text("input_reference[image_url]", url)),
            id="multipart",
        ),
    ],
)
def test_an_image_url_is_taken(create, request_of, url):
    reply = create(request_of(url))
    assert (reply.status, reply.json.get("status")) == (200, "queued")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(data_url(image(size=(1280, 720))), MISMATCH, id="turned"),
        pytest.param(data_url(image(size=(719, 1280))), MISMATCH, id="thin"),
        pytest.param(data_url(image())[:-1], NO_DATA_URL, id="wrong padding"),
        pytest.param("data:image/png;base64,%%%", NO_DATA_URL, id="not base64"),
        pytest.param("data:image/png,abc", NO_DATA_URL, id="not called base64"),
        pytest.param("data:;base64,AAAA", NO_DATA_URL, id="no type"),
        pytest.param("data:", NO_DATA_URL, id="nothing"),
        pytest.param("data:image/png;base64,", unsupported(URL, "application/octet-stream"), id="no bytes"),
        pytest.param(data_url(image("gif"), "image/gif"), unsupported(URL, "image/gif"), id="gif"),
        pytest.param(data_url(image("gif")), unsupported(URL, "image/gif"), id="gif called png"),
        pytest.param(data_url(image(), "text/html"), unsupported(URL, "text/html"), id="png called html"),
        pytest.param(data_url(b"a cat"), unsupported(URL, "text/plain"), id="text called png"),
        pytest.param(data_url(image()[:-200]), undecodable(URL), id="cut"),
        pytest.param("ftp://example.com/cat.png", NO_URL, id="ftp"),
        pytest.param("file:///etc/passwd", NO_URL, id="file"),
        pytest.param("cat.png", NO_URL, id="plain words"),
        pytest.param("//example.com/cat.png", NO_URL, id="no scheme"),
        pytest.param("https://", NO_URL, id="no host"),
        pytest.param("http:///cat.png", NO_URL, id="no host, but a path"),
        pytest.param("http://example.com/a cat.png", NO_URL, id="a blank"),
        pytest.param(" https://example.com/cat.png", NO_URL, id="a blank at the start"),
        pytest.param("", empty(URL), id="empty"),
        pytest.param(None, mistyped(URL, "null"), id="null"),
        pytest.param(5, mistyped(URL, "an integer"), id="a number"),
        pytest.param({"url": "https://example.com/cat.png"}, mistyped(URL, "an object"), id="an object, as in chats"),
    ],
)  # fmt: skip
def test_a_bad_image_url_is_refused_to_the_letter_and_stores_nothing(send, create, url, expected):
    reply = create(as_json({"image_url": url}))
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []


def test_the_size_that_was_asked_for_is_the_one_that_counts(create):
    request = as_json({"image_url": data_url(image(size=(1280, 720)))}, size="1280x720")
    assert create(request).status == 200


def test_an_image_url_has_a_longest_length(create):
    longest = "https://example.com/" + "x" * (20_971_520 - 20)
    refused = create(as_json({"image_url": longest + "x"}))
    message = (
        f"Invalid '{URL}': string too long. Expected a string with maximum length 20971520, "
        "but got a string with length 20971521 instead."
    )
    assert create(as_json({"image_url": longest})).status == 200
    assert (refused.status, refused.json) == (400, error(message, URL, "string_above_max_length"))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(as_json({"file_id": "f", "image_url": "https://x.y"}), unknown(URL), id="both"),
        pytest.param(
            multipart(
                text("prompt", "x"),
                text("input_reference[image_url]", "https://x.y"),
                text("input_reference[file_id]", "f"),
            ),
            unknown(URL),
            id="both in a form",
        ),
        pytest.param(
            as_json({}),
            error(f"Missing required parameter: '{FILE_ID}'.", FILE_ID, "missing_required_parameter"),
            id="neither",
        ),
        pytest.param(as_json({"url": "https://x.y"}), unknown("input_reference.url"), id="another key"),
        pytest.param(
            as_json({"image_url": "https://x.y", "detail": "low"}),
            unknown("input_reference.detail"),
            id="a key too many",
        ),
        pytest.param(as_json({"file_id": ""}), empty(FILE_ID), id="an empty id"),
        pytest.param(as_json({"file_id": 5}), mistyped(FILE_ID, "an integer"), id="a number for an id"),
        pytest.param(
            multipart(text("prompt", "x"), file("input_reference[image_url]", image())),
            mistyped(URL, "a file"),
            id="a file for an address",
        ),
    ],
)  # fmt: skip
def test_a_bad_object_is_refused_to_the_letter(create, request_, expected):
    reply = create(request_)
    assert (reply.status, reply.json) == (400, expected)


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda id_: as_json({"file_id": id_}), id="json"),
        pytest.param(
            lambda id_: multipart(text("prompt", "a cat"), text("input_reference[file_id]", id_)),
            id="multipart",
        ),
    ],
)
def test_an_uploaded_file_is_referred_to_by_its_id(create, upload, request_of):
    reply = create(request_of(upload(image())))
    assert (reply.status, reply.json.get("status")) == (200, "queued")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(image(size=(64, 64)), MISMATCH, id="another size"),
        pytest.param(image()[:-200], undecodable(FILE_ID), id="cut"),
        pytest.param(b"a cat", unsupported(FILE_ID, "text/plain"), id="text"),
        pytest.param(b"", unsupported(FILE_ID, "application/octet-stream"), id="no bytes"),
    ],
)
def test_a_file_that_is_no_usable_reference_is_refused(create, upload, data, expected):
    reply = create(as_json({"file_id": upload(data)}))
    assert (reply.status, reply.json) == (400, expected)


def test_an_unknown_file_is_not_found(create):
    reply = create(as_json({"file_id": "file-123"}))
    assert (reply.status, reply.json) == (
        404,
        error("No such File object: file-123", "input_reference.file_id"),
    )


@pytest.fixture
def emulator(clock, request):
    keys = getattr(request, "param", ())
    settings = {"queue_seconds": 10, "processing_seconds": 60, "seed": 7}
    with Emulator(clock=clock, keys=keys, **settings) as emulator:
        yield emulator


@pytest.mark.parametrize("emulator", [("sk-mine", "sk-yours")], indirect=True, ids=["two keys"])
def test_a_file_of_another_project_is_not_found(create, upload):
    file_id = upload(image(), Authorization="Bearer sk-mine")
    request = as_json({"file_id": file_id})
    reply = create(request, Authorization="Bearer sk-yours")
    assert create(request, Authorization="Bearer sk-mine").status == 200
    assert (reply.status, reply.json) == (
        404,
        error(f"No such File object: {file_id}", "input_reference.file_id"),
    )
