"""Files: what is uploaded once, listed, downloaded as it is, and never shown as a page."""

import json
import re

import pytest

from fauxreel import Emulator
from fauxreel.resources import shipped
from openai_requests import error, multipart, text

PURPOSES = "'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'"


def file(data, filename="cat.png", content_type="image/png"):
    disposition = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
    return f"{disposition}\r\nContent-Type: {content_type}\r\n\r\n".encode() + data


@pytest.fixture
def upload(send):
    """The file as it is answered."""

    def upload(data=b"a cat", purpose="vision", filename="cat.png", content_type="image/png", **headers):  # fmt: skip
        request = multipart(text("purpose", purpose), file(data, filename, content_type))
        reply = send("POST", "/v1/files", **request, **headers)
        assert reply.status == 200, reply.json
        return reply.json

    return upload


def test_a_file_is_answered_with_its_keys_in_order(send):
    reply = send("POST", "/v1/files", **multipart(text("purpose", "vision"), file(b"a cat")))
    file_id = reply.json["id"]
    assert re.fullmatch(r"file-\w+", file_id)
    assert reply.status == 200
    assert reply.body.decode() == (
        f'{{"object":"file","id":"{file_id}","purpose":"vision","filename":"cat.png","bytes":5,'
        '"created_at":1767225600,"expires_at":null,"status":"processed","status_details":null}'
    )
    assert send("GET", f"/v1/files/{file_id}").body == reply.body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "dcba"),
        ("?order=asc", "abcd"),
        ("?order=desc", "dcba"),
        ("?limit=2", "dc"),
        ("?limit=2&order=asc", "ab"),
        ("?limit=2&after={c}", "ba"),
        ("?limit=1&order=asc&after={b}", "c"),
        ("?after={a}", ""),
        ("?purpose=batch", "db"),
        ("?purpose=vision&order=asc", "ac"),
        ("?purpose=batch&limit=1", "d"),
        ("?purpose=batch&after={d}", "b"),
        ("?purpose=batch&after={c}", "b"),
        ("?purpose=evals", ""),
        ("?after=file-unknown", ""),
        ("?limit=10000", "dcba"),
    ],
)
def test_a_list_is_paged_ordered_and_filtered(send, upload, query, expected):
    files = {name: upload(name.encode(), "batch" if name in "bd" else "vision") for name in "abcd"}
    ids = {name: stored["id"] for name, stored in files.items()}
    page = send("GET", f"/v1/files{query.format_map(ids)}").json
    rest = {
        "?limit=2": True,
        "?limit=2&order=asc": True,
        "?limit=1&order=asc&after={b}": True,
        "?purpose=batch&limit=1": True,
    }
    assert page == {
        "object": "list",
        "data": [files[name] for name in expected],
        "first_id": ids[expected[0]] if expected else None,
        "has_more": rest.get(query, False),
        "last_id": ids[expected[-1]] if expected else None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "limit=10001",
            error(
                "Invalid 'limit': integer above maximum value. Expected a value <= 10000, but got 10001 instead.",
                "limit", "integer_above_max_value",
            ),
        ),
        (
            "limit=-1",
            error(
                "Invalid 'limit': integer below minimum value. Expected a value >= 0, but got -1 instead.",
                "limit", "integer_below_min_value",
            ),
        ),
        (
            "order=up",
            error("Invalid value: 'up'. Supported values are: 'asc' and 'desc'.", "order", "invalid_value"),
        ),
    ],
)  # fmt: skip
def test_a_bad_page_is_refused(send, query, expected):
    reply = send("GET", f"/v1/files?{query}")
    assert (reply.status, reply.json) == (400, expected)


@pytest.mark.parametrize(
    ("filename", "content_type", "data"),
    [
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        ("image.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("all.bin", "application/octet-stream", bytes(range(256)) * 8),
        ("empty.txt", "text/plain", b""),
    ],
)  # fmt: skip
def test_content_is_the_same_bytes_and_never_a_page(send, upload, filename, content_type, data):
    file_id = upload(data, "user_data", filename, content_type)["id"]
    reply = send("GET", f"/v1/files/{file_id}/content")
    assert (reply.status, reply.body) == (200, data)
    assert {name: reply.headers.get(name) for name in SAFE} == {
        **SAFE,
        "content-disposition": f"attachment; filename*=UTF-8''{filename}",
    }


SAFE = {
    "content-disposition": "",
    "content-security-policy": "sandbox; default-src 'none'",
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
}


def test_a_strange_name_of_a_file_cannot_write_headers(send, upload):
    stored = upload(filename="../ü; x=y\t%0d%0aSet-Cookie: a=b")
    reply = send("GET", f"/v1/files/{stored['id']}/content")
    assert "set-cookie" not in reply.headers
    assert reply.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''..%2F%C3%BC%3B%20x%3Dy%09%250d%250aSet-Cookie%3A%20a%3Db"
    )


def test_a_deleted_file_is_gone(send, upload):
    file_id = upload()["id"]
    deleted = send("DELETE", f"/v1/files/{file_id}")
    assert deleted.body.decode() == f'{{"id":"{file_id}","object":"file","deleted":true}}'
    assert send("GET", "/v1/files").json["data"] == []
    missing = error(f"No such File object: {file_id}", "id")
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        reply = send(method, f"/v1/files/{file_id}{path}")
        assert (reply.status, reply.json) == (404, missing)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            [file(b"a cat")],
            error("Missing required parameter: 'purpose'.", "purpose", "missing_required_parameter"),
            id="no purpose",
        ),
        pytest.param(
            [file(b"a cat"), text("purpose", "video")],
            error(f"Invalid value: 'video'. Supported values are: {PURPOSES}.", "purpose", "invalid_value"),
            id="an unknown purpose",
        ),
        pytest.param(
            [text("purpose", "vision")],
            error("Missing required parameter: 'file'.", "file", "missing_required_parameter"),
            id="no file",
        ),
        pytest.param(
            [text("purpose", "vision"), text("file", "cat.png")],
            error(
                "Invalid type for 'file': expected a file, but got a string instead.", "file", "invalid_type",
            ),
            id="text for a file",
        ),
        pytest.param(
            [text("purpose", "vision"), file(b"a cat"), text("name", "cat")],
            error("Unknown parameter: 'name'.", "name", "unknown_parameter"),
            id="an unknown parameter",
        ),
        pytest.param(
            [
                text("purpose", "vision"),
                file(shipped("fixtures", "media", "720x1280.mp4").read_bytes(), "cat.mp4", "video/mp4"),
            ],
            error("Invalid extension mp4. Videos are not accepted here.", "file", "unsupported_file"),
            id="an mp4",
        ),
    ],
)  # fmt: skip
def test_a_bad_upload_is_refused_to_the_letter_and_stores_nothing(send, parts, expected):
    reply = send("POST", "/v1/files", **multipart(*parts))
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/files").json["data"] == []


def test_a_json_body_uploads_nothing(send):
    body = json.dumps({"purpose": "vision", "file": "data:image/png;base64,AAAA"})
    reply = send("POST", "/v1/files", body, content_type="application/json")
    message = "Invalid type for 'file': expected a file, but got a string instead."
    assert (reply.status, reply.json) == (400, error(message, "file", "invalid_type"))


@pytest.fixture
def emulator(clock, request):
    with Emulator(clock=clock, seed=7, **getattr(request, "param", {})) as emulator:
        yield emulator


TWO_KEYS = {"keys": ("sk-mine", "sk-yours")}


@pytest.mark.parametrize("emulator", [{"max_files_mb": 1}], indirect=True, ids=["one megabyte"])
def test_files_beyond_the_room_are_refused_until_others_are_deleted(send, upload):
    half = upload(bytes(2**19))["id"]
    upload(bytes(2**19))
    too_much = multipart(text("purpose", "vision"), file(b"x"))
    refused = send("POST", "/v1/files", **too_much)
    assert (refused.status, refused.json) == (
        429,
        {
            "error": {
                "message": "The emulator holds 1048576 bytes of files, the most it may (max_files_mb). "
                "Delete some, or POST /_fauxreel/reset.",
                "type": "requests",
                "param": None,
                "code": "rate_limit_exceeded",
            }
        },
    )  # fmt: skip
    send("DELETE", f"/v1/files/{half}")
    assert send("POST", "/v1/files", **too_much).status == 200


@pytest.mark.parametrize("emulator", [{"max_files_mb": 1}], indirect=True, ids=["one megabyte"])
def test_a_reset_makes_room_for_files(send, upload):
    upload(bytes(2**20))
    send("POST", "/_fauxreel/reset", "{}", content_type="application/json")
    assert send("GET", "/v1/files").json["data"] == []
    assert upload(bytes(2**20))["bytes"] == 2**20


@pytest.mark.parametrize("emulator", [TWO_KEYS], indirect=True, ids=["two keys"])
def test_a_file_belongs_to_its_project(send, upload):
    file_id = upload(Authorization="Bearer sk-mine")["id"]
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        reply = send(method, f"/v1/files/{file_id}{path}", Authorization="Bearer sk-yours")
        assert (reply.status, reply.json) == (
            404,
            error(f"No such File object: {file_id}", "id"),
        )
    for key, expected in (("sk-mine", [file_id]), ("sk-yours", [])):
        listed = send("GET", "/v1/files", Authorization=f"Bearer {key}").json["data"]
        assert [stored["id"] for stored in listed] == expected
