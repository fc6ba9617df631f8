"""The strict reader of forms answers as python-multipart does, or not at all."""

import random
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.domain.errors import RequestError
from fauxreel.spool import Spool
from fauxreel.wire.multipart import Upload, read_fully, read_strictly
from fauxreel.wire.strict_form import texts

# Machines stall; a slow example is no finding.
laws = settings(deadline=None, max_examples=300)

TEXT_LIMIT = 40
HEADS = [
    b'Content-Disposition: form-data; name="prompt"',
    b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\nContent-Type: image/png',
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=model",
    b'content-disposition:form-data; name="a[b]"; filename="k.png"; filename*=UTF-8\'\'%e2%82%ac.png',
    b'Content-Disposition: form-data; name="f"; filename="C:\\\\cats\\\\a;\\"b.png"',
    b'Content-Disposition: FORM-DATA ; name="x" ; filename=',
    b'Content-Disposition: form-data; name="\xff"; filename="\xff"',
    b'Content-Disposition: form-data; name=""',
    b"Content-Disposition: attachment; name=a",
    b'A:\r\nB: \r\nC:   x  \r\nContent-Disposition: form-data; name="a"',
    b"".join(b"H%d: x\r\n" % i for i in range(7)) + b'Content-Disposition: form-data; name="a"',
    b"".join(b"H%d: x\r\n" % i for i in range(8)) + b'Content-Disposition: form-data; name="a"',
    b'Content-Disposition: form-data; name="' + b"a" * 4030 + b'"',
    b'Content-Disposition: form-data; name="' + b"a" * 4180 + b'"',
    b"no colon",
    b": no name",
    b"",
]
TEXT_HEADS = [
    b'Content-Disposition: form-data; name="%s"' % name for name in (b"a", b"model", b"_x")
]
DATA = [
    b"",
    b"x",
    b"a cat",
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n--",
    b"\r\n--b",
    b"--b--",
    b"\xff\x00",
    b"y" * 41,
]
ENDS = [b"--b--\r\n", b"--b--", b"--b--\r\n\r\n", b"--b-", b"--b", b"", b"--b--x", b"--b \t\r\n"]
STARTS = [b"", b"\r\n", b"\r\nx", b"preamble\r\n"]
INSERTS = [
    b"\r\n--b\r\n",
    b"\r\n--b--",
    b"--b",
    b"\r",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"-",
    b":",
    b"\0",
    b'"',
]


def outcome(read: Any, body: Any, boundary: bytes = b"b", limit: int = TEXT_LIMIT) -> object:
    try:
        return read(body, boundary, limit)
    except RequestError as error:
        return type(error).__name__, error.fields


def form(draw: random.Random) -> bytes:
    """A form, mostly a good one, in which some bytes may be wrong."""
    plain, usual = draw.random() < 0.4, draw.random() < 0.7
    body = b"" if plain or usual else draw.choice(STARTS)
    usual_heads = draw.choice((HEADS[:5], [*TEXT_HEADS, HEADS[2]]))
    heads = TEXT_HEADS if plain else usual_heads if usual else HEADS
    for head in draw.sample(heads, draw.randrange(4)) + draw.choices(heads, k=draw.randrange(2)):
        body += b"--b\r\n" + head + b"\r\n\r\n" + draw.choice(DATA) + b"\r\n"
    body += draw.choice(ENDS[:1] if plain else ENDS[:2] if usual else ENDS)
    for _ in range(draw.choice((0, 0, 1, 1, 2, 4))):
        at = draw.randrange(len(body) + 1)
        change = draw.choice([*INSERTS, b"", bytes([draw.randrange(256)])])
        body = body[:at] + change + body[at + draw.choice((0, 0, 1, 2, 9)) :]
    return body


def spooled(body: bytes) -> Any:
    spool = Spool(0).add(body)
    spool.write()
    return spool.whole()


def judge(body: bytes) -> tuple[bool, bool]:
    """Whether the strict readers, of forms and of plain texts, had an answer: the right one."""
    for limit in (TEXT_LIMIT, 10_000):
        strict, full = (outcome(read, body, limit=limit) for read in (read_strictly, read_fully))
        assert strict is None or strict == full
    plain = texts(body, b"b")
    assert plain is None or list(plain.items()) == full
    return strict is not None, plain is not None


@laws
@given(st.randoms(use_true_random=False))
def test_what_is_read_strictly_is_read_the_same_in_full(draw: random.Random) -> None:
    judge(form(draw))


@laws
@given(st.randoms(use_true_random=False))
def test_a_form_on_disk_is_read_like_one_in_memory(draw: random.Random) -> None:
    body = form(draw)
    assert outcome(read_strictly, spooled(body)) == outcome(read_strictly, body)
    assert outcome(read_fully, spooled(body)) == outcome(read_fully, body)


@pytest.mark.slow
def test_a_quarter_million_forms_are_read_the_same_in_full() -> None:
    draw = random.Random(20261120)
    judged = [judge(form(draw)) for _ in range(250_000)]
    strict, plain = (sum(answers) / len(judged) for answers in zip(*judged, strict=True))
    # A reader that never answers would be right, too.
    assert 0.2 < strict < 0.8
    assert 0.05 < plain < 0.4


FILE = b"\x89PNG\r\n--\x00"


def httpx_form() -> tuple[bytes, bytes]:
    """As openai-python sends it."""
    files = {"input_reference": ("a.png", FILE, "image/png")}
    request = httpx2.Request("POST", "http://localhost", data={"prompt": "a cat"}, files=files)
    return request.read(), request.headers["content-type"].partition("boundary=")[2].encode()


def written(boundary: bytes, text: bytes, file: bytes, end: bytes = b"\r\n") -> tuple[bytes, bytes]:
    parts = [text + b"\r\n\r\na cat", file + b"\r\n\r\n" + FILE]
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return body + b"--" + boundary + b"--" + end, boundary


CLIENTS = [
    pytest.param(httpx_form(), id="openai-python"),
    pytest.param(
        written(
            b"----formdata-undici-012345678901",
            b'Content-Disposition: form-data; name="prompt"',
            b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
            b"Content-Type: image/png",
        ),
        id="node",
    ),
    pytest.param(
        written(
            b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab",
            b'Content-Disposition: form-data; name="prompt"',
            b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
            b"Content-Type: image/png",
        ),
        id="go",
    ),
    pytest.param(
        written(
            b"------------------------d74496d66958873e",
            b'Content-Disposition: form-data; name="prompt"',
            b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
            b"Content-Type: image/png",
        ),
        id="curl",
    ),
    pytest.param(
        written(
            b"01234567-89ab-cdef-0123-456789abcdef",
            b"Content-Type: text/plain; charset=utf-8\r\n"
            b"Content-Disposition: form-data; name=prompt",
            b"Content-Type: image/png\r\n"
            b"Content-Disposition: form-data; name=input_reference; filename=a.png; "
            b"filename*=utf-8''a.png",
        ),
        id="dotnet",
    ),
    pytest.param(
        written(
            b"01234567-89ab-cdef-0123-456789abcdef",
            b'Content-Disposition: form-data; name="prompt"\r\nContent-Length: 5',
            b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
            b"Content-Type: image/png\r\nContent-Length: 9",
        ),
        id="java",
    ),
    pytest.param(
        written(
            b"===============7330845974216740156==",
            b'Content-Disposition: form-data; name="prompt"',
            b'Content-Disposition: form-data; name="input_reference"; filename="a.png"\r\n'
            b"Content-Type: image/png",
            end=b"",
        ),
        id="no-last-line-break",
    ),
]


@pytest.mark.parametrize("client", CLIENTS)
def test_what_clients_send_is_read_strictly(client: tuple[bytes, bytes]) -> None:
    body, boundary = client
    upload = Upload("a.png", "image/png", FILE)
    fields = [("prompt", "a cat"), ("input_reference", upload)]
    assert outcome(read_strictly, body, boundary) == fields
    assert outcome(read_fully, body, boundary) == fields


PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'


@pytest.mark.parametrize(
    ("body", "boundary"),
    [
        pytest.param(b"", b"b", id="empty"),
        pytest.param(b"--b--\r\n", b"b", id="no-parts"),
        pytest.param(b"\r\n" + PART + b"--b--", b"b", id="line-break-before"),
        pytest.param(PART + b"--b--\r\nepilogue", b"b", id="epilogue"),
        pytest.param(PART + b"--b \r\n" + PART[5:] + b"--b--", b"b", id="padding"),
        pytest.param(PART + b"--bc\r\n--b--", b"b", id="data-like-a-boundary"),
        pytest.param(PART.replace(b"--b", b"--b c") + b"--b c--", b"b c", id="space-in-a-boundary"),
        pytest.param(PART * 129 + b"--b--", b"b", id="129-parts"),
    ],
)
def test_what_is_unusual_is_left_to_the_full_reader(body: bytes, boundary: bytes) -> None:
    assert read_strictly(body, boundary, TEXT_LIMIT) is None
