from contextlib import suppress
from typing import Any

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fauxreel.domain.errors import (
    DuplicateParameter,
    PartTooLarge,
    RequestError,
    UnreadableForm,
    UnusableText,
)
from fauxreel.wire.multipart import Upload, parse_multipart

# Machines stall; a slow example is no finding.
laws = settings(deadline=None)
TEXTS = st.text(st.characters(codec="utf-8"))
# Clients escape quotes and control characters in names, each in its own way; nobody uses them.
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters='"\\[]%;'),
    min_size=1,
)


def part(name: str, value: str = "x") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def parse(*parts: bytes, end: bytes = b"--b--\r\n") -> dict[str, Any]:
    return parse_multipart(b"".join(parts) + end, b"b", 100)


def test_what_openai_python_sends_is_read_in_its_order() -> None:
    request = httpx2.Request(
        "POST",
        "http://localhost/v1/videos",
        data={
            "prompt": "a cat",
            "model": "sora-2",
            "seconds": "8",
            "characters[][id]": ["c1", "c2"],
        },
        files={"input_reference": ("upload", b"\x89PNG\r\n--\x00", "image/png")},
    )
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    fields = parse_multipart(request.read(), boundary, 100)
    assert fields == {
        "prompt": "a cat",
        "model": "sora-2",
        "seconds": "8",
        "characters": [{"id": "c1"}, {"id": "c2"}],
        "input_reference": Upload("upload", "image/png", b"\x89PNG\r\n--\x00"),
    }
    assert list(fields) == ["prompt", "model", "seconds", "characters", "input_reference"]


def test_bracketed_names_of_node_and_go_become_objects() -> None:
    parts = (
        part("input_reference[image_url]", "https://example.com/a.png"),
        part("video[id]", "video_1"),
        part("characters[][id]", "c1"),
        part("characters[][id]", "c2"),
    )
    assert parse(*parts) == {
        "input_reference": {"image_url": "https://example.com/a.png"},
        "video": {"id": "video_1"},
        "characters": [{"id": "c1"}, {"id": "c2"}],
    }


@pytest.mark.parametrize(
    ("headers", "upload"),
    [
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="/home/ann/my cat.png"\r\n'
            b"Content-Type: image/png\r\n",
            Upload("/home/ann/my cat.png", "image/png", b"data"),
            id="litellm-sends-the-whole-path",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="C:\\\\cats\\\\a.png"\r\n',
            Upload("a.png", None, b"data"),
            id="windows-path",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="a.bin"\r\n'
            b"Content-Type: image/webp\r\n",
            Upload("a.bin", "image/webp", b"data"),
            id="curl-with-a-type",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="a"\r\n',
            Upload("a", None, b"data"),
            id="no-type",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename=""\r\nContent-Type:\r\n',
            Upload("", "", b"data"),
            id="empty-filename-and-type",
        ),
        pytest.param(
            b"content-disposition: Form-Data; name=f; filename=a.png\r\nCONTENT-TYPE: image/PNG \r\n",
            Upload("a.png", "image/PNG", b"data"),
            id="no-quotes-and-other-cases",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="a;b=\\"c\\".png"\r\n',
            Upload('a;b="c".png', None, b"data"),
            id="escaped-quotes",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="k.png"; '
            b"filename*=UTF-8''%e2%82%ac.png\r\n",
            Upload("k.png", None, b"data"),
            id="two-filenames",
        ),
        pytest.param(
            'Content-Disposition: form-data; name="f"; filename="кошка.png"\r\n'.encode(),
            Upload("кошка.png", None, b"data"),
            id="utf-8",
        ),
        pytest.param(
            b'Content-Disposition: form-data; name="f"; filename="\xff.png"\r\n',
            Upload("�.png", None, b"data"),
            id="not-utf-8",
        ),
    ],
)
def test_a_part_with_a_filename_is_a_file(headers: bytes, upload: Upload) -> None:
    assert parse(b"--b\r\n" + headers + b"\r\ndata\r\n") == {"f": upload}


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        pytest.param(b"Content-Type: image/png\r\n", "data", id="a-type-makes-no-file"),
        pytest.param(b"Content-Type: application/json\r\n", "data", id="json-stays-text"),
        pytest.param(b"Content-Transfer-Encoding: base64\r\n", "data", id="encodings-are-ignored"),
        pytest.param(b"X: 1\r\nY: 2\r\nZ:\r\n", "data", id="other-headers"),
    ],
)
def test_a_part_without_a_filename_is_text(headers: bytes, value: str) -> None:
    disposition = b'--b\r\nContent-Disposition: form-data; name="f"\r\n'
    assert parse(disposition + headers + b"\r\ndata\r\n") == {"f": value}


@pytest.mark.parametrize(
    ("body", "values"),
    [
        pytest.param(b"--b--\r\n", {}, id="no-parts"),
        pytest.param(b"--b--", {}, id="no-parts-and-no-last-line-break"),
        pytest.param(part("a") + b"--b--", {"a": "x"}, id="no-last-line-break"),
        pytest.param(b"\r\n" + part("a") + b"--b--\r\n", {"a": "x"}, id="leading-line-break"),
        pytest.param(part("a") + b"--b--\r\nepilogue", {"a": "x"}, id="epilogue"),
        pytest.param(part("a") + b"--b--\r\n" + part("c"), {"a": "x"}, id="part-after-the-end"),
        pytest.param(part("a", "") + b"--b--\r\n", {"a": ""}, id="empty-text"),
        pytest.param(part("a", "\r\n\r\n") + b"--b--\r\n", {"a": "\r\n\r\n"}, id="line-breaks"),
        pytest.param(
            part("a", "-- b\r\n-b") + b"--b--", {"a": "-- b\r\n-b"}, id="nearly-a-boundary"
        ),
        pytest.param(part("a", "\0") + b"--b--\r\n", {"a": "\0"}, id="null-character"),
    ],
)
def test_a_form_ends_where_its_boundary_says(body: bytes, values: dict[str, Any]) -> None:
    assert parse_multipart(body, b"b", 100) == values


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\r\n\r\n", id="line-breaks"),
        pytest.param(b"prompt=a+cat", id="urlencoded"),
        pytest.param(b'{"prompt": "a cat"}', id="json"),
        pytest.param(b"preamble\r\n" + part("a") + b"--b--\r\n", id="preamble"),
        pytest.param(b"--c\r\n" + part("a")[5:] + b"--c--\r\n", id="other-boundary"),
        pytest.param(part("a"), id="never-closed"),
        pytest.param(part("a")[:-2], id="cut-off-in-data"),
        pytest.param(part("a")[:20], id="cut-off-in-a-header"),
        pytest.param(part("a") + b"--b", id="cut-off-in-the-last-boundary"),
        pytest.param(part("a") + b"--b-", id="cut-off-in-the-last-dash"),
        pytest.param(part("a").replace(b"\r\n", b"\n") + b"--b--\n", id="line-feeds-only"),
        pytest.param(b"--b\r\n\r\nx\r\n--b--\r\n", id="no-headers"),
        pytest.param(b"--b\r\nX: 1\r\n\r\nx\r\n--b--\r\n", id="no-disposition"),
        pytest.param(part("") + b"--b--\r\n", id="empty-name"),
        pytest.param(b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", id="no-name"),
        pytest.param(
            part("a").replace(b"form-data", b"attachment") + b"--b--\r\n", id="attachment"
        ),
        pytest.param(b"--b\r\nno colon\r\n\r\nx\r\n--b--\r\n", id="header-without-a-colon"),
        pytest.param(b"--b\r\n: x\r\n\r\nx\r\n--b--\r\n", id="header-without-a-name"),
        pytest.param(b"--b\r\nX\xff: x\r\n\r\nx\r\n--b--\r\n", id="header-that-is-no-token"),
        pytest.param(part("a" * 5000) + b"--b--\r\n", id="header-of-5000-bytes"),
        pytest.param(b"--b\r\n" + b"X: 1\r\n" * 50 + part("a")[5:] + b"--b--\r\n", id="50-headers"),
        pytest.param(b"".join(part(f"p{i}") for i in range(129)) + b"--b--\r\n", id="129-parts"),
    ],
)
def test_a_broken_form_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableForm):
        parse_multipart(body, b"b", 100)


def test_a_form_may_have_128_parts() -> None:
    assert len(parse(*(part(f"p{i}") for i in range(128)))) == 128


def test_a_form_without_a_boundary_is_refused() -> None:
    with pytest.raises(UnreadableForm) as refusal:
        parse_multipart(part("a") + b"--b--\r\n", b"", 100)
    assert refusal.value.fields == {"reason": "the Content-Type header names no boundary"}


def test_a_boundary_longer_than_any_client_makes_is_refused() -> None:
    boundary = b"b" * 5000
    with pytest.raises(UnreadableForm):
        parse_multipart(b"--" + boundary + b"--\r\n", boundary, 100)


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a[b]"), ("a[b]", "a[b]"), ("a[]", "a")])
def test_a_name_that_stands_twice_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(DuplicateParameter) as refusal:
        parse(*map(part, names))
    assert refusal.value.param == "a"


def test_a_text_part_over_the_limit_is_refused() -> None:
    assert parse(part("prompt", "é" * 50)) == {"prompt": "é" * 50}
    with pytest.raises(PartTooLarge) as refusal:
        parse(part("prompt", "é" * 50 + "x"))
    assert refusal.value.fields == {"param": "prompt", "limit": 100, "read": 101}


def test_a_file_may_be_longer_than_a_text() -> None:
    disposition = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
    assert parse(disposition, b"x" * 1000, b"\r\n") == {"f": Upload("a", None, b"x" * 1000)}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (part("prompt").replace(b"x", b"\xff"), "prompt"),
        (part("prompt").replace(b"x", b"\xed\xa0\x80"), "prompt"),
    ],
)
def test_a_text_that_is_not_utf_8_is_refused(body: bytes, param: str) -> None:
    with pytest.raises(UnusableText) as refusal:
        parse(body)
    assert refusal.value.fields == {"param": param, "reason": "is not valid UTF-8"}


@laws
@given(st.dictionaries(NAMES, TEXTS, min_size=1, max_size=5), st.binary())
def test_any_fields_that_httpx_encodes_come_back_equal(texts: dict[str, str], data: bytes) -> None:
    files = {"input_reference": ("a.png", data, "image/png")}
    request = httpx2.Request("POST", "http://localhost", data=texts, files=files)
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    fields = parse_multipart(request.read(), boundary, 1_000_000)
    assert fields == {**texts, "input_reference": Upload("a.png", "image/png", data)}


SYNTAX = [
    b"--b",
    b"--",
    b"\r\n",
    b"\n",
    b"\r",
    b":",
    b";",
    b'"',
    b"=",
    b"name",
    b"filename",
    b"\xff",
]
PIECES = [
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
    b"\r\n--b\r\n",
    b"\r\n--b--\r\n",
]
FRAGMENTS = st.sampled_from(SYNTAX + PIECES)


@laws
@given(st.lists(FRAGMENTS | st.binary(max_size=8), max_size=12).map(b"".join))
@example(b"--b\r\n\r\n\r\n--b \r\n\r\n\r\n--b--")
def test_arbitrary_bytes_raise_nothing_but_request_errors(body: bytes) -> None:
    with suppress(RequestError):
        assert isinstance(parse_multipart(body, b"b", 100), dict)


def test_an_upload_shows_how_long_it_is_and_not_what_is_in_it() -> None:
    assert repr(Upload("a.png", None, b"secret")) == "Upload('a.png', None, 6 bytes)"
