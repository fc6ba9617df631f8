import asyncio
from typing import Any

import pytest

from fauxreel.domain.errors import BodyTooLarge, UnsupportedContentType
from fauxreel.wire.bodies import Encoding, Fields, Limits, read_fields
from fauxreel.wire.http import Exchange

FORM = b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na cat\r\n--b--\r\n'


def read(body: bytes, content_type: bytes | None) -> Fields:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [] if content_type is None else [(b"content-type", content_type)]
    scope = {"type": "http", "method": "POST", "headers": headers}
    return asyncio.run(read_fields(Exchange(scope, receive, ""), Limits(1000, 100, 1000)))


@pytest.mark.parametrize(
    ("content_type", "body", "encoding"),
    [
        (b"application/json", b'{"prompt": "a cat"}', Encoding.JSON),
        (b"Application/JSON", b'{"prompt": "a cat"}', Encoding.JSON),
        (b"application/json; charset=utf-8", b'{"prompt": "a cat"}', Encoding.JSON),
        (b"application/json;charset=UTF-8", b'{"prompt": "a cat"}', Encoding.JSON),
        (b" application/json ", b'{"prompt": "a cat"}', Encoding.JSON),
        (b"application/vnd.api+json", b'{"prompt": "a cat"}', Encoding.JSON),
        (b"application/x-www-form-urlencoded", b"prompt=a+cat", Encoding.URLENCODED),
        (b"APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8", b"prompt=a+cat", Encoding.URLENCODED),
        (b"multipart/form-data; boundary=b", FORM, Encoding.MULTIPART),
        (b'Multipart/Form-Data; charset=utf-8; Boundary="b"', FORM, Encoding.MULTIPART),
    ],
)
def test_the_content_type_says_how_a_body_is_read(
    content_type: bytes, body: bytes, encoding: Encoding
) -> None:
    assert read(body, content_type) == Fields({"prompt": "a cat"}, encoding)


@pytest.mark.parametrize("content_type", [None, b"", b"application/json", b"text/plain"])
def test_an_empty_body_is_no_parameters(content_type: bytes | None) -> None:
    assert read(b"", content_type) == Fields({}, Encoding.JSON)


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [
        (None, ""),
        (b"text/plain; charset=utf-8", "text/plain"),
        (b"application/xml", "application/xml"),
        (b"application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        (b"multipart/mixed; boundary=b", "multipart/mixed"),
        (b"json", "json"),
        (b"\xff;\xfe", "ÿ"),
    ],
)
def test_other_content_types_are_refused(content_type: bytes | None, shown: str) -> None:
    with pytest.raises(UnsupportedContentType) as refusal:
        read(b'{"prompt": "a cat"}', content_type)
    assert refusal.value.fields == {"content_type": shown}


@pytest.mark.parametrize(
    ("content_type", "size", "limit"),
    [
        (b"application/json", 101, 100),
        (b"application/x-www-form-urlencoded", 101, 100),
        (b"text/plain", 101, 100),
        (b"multipart/form-data; boundary=b", 1001, 1000),
    ],
)
def test_only_a_multipart_form_may_be_longer_than_a_text(
    content_type: bytes, size: int, limit: int
) -> None:
    with pytest.raises(BodyTooLarge) as refusal:
        read(b"x" * size, content_type)
    assert refusal.value.fields == {"limit": limit, "read": size}
