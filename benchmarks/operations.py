"""The operations that are measured: the requests as they are sent, and what an answer must be."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import islice

BOUNDARY = "----fauxreel-benchmark"
IMAGE_BYTES = 256 * 1024
LISTED = 20
_BOUNDARIES = 6000
WIDTH, HEIGHT = 720, 1280

_FIELDS = {"prompt": "A red kite over a lake", "model": "sora-2", "seconds": "4"}
_FIELDS["size"] = f"{WIDTH}x{HEIGHT}"


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a server: some that are retrieved, and one whose file is downloaded."""

    ids: Sequence[str]
    finished: str
    clip_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether an answer is what was asked for.

    Args:
        measurable: Whether its speed can be compared at all.
        note: What is different.
    """

    measurable: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation by its name.

    Args:
        requests: The requests as on the wire, sent in turn.
        fits: What an answer to one of them is worth.
    """

    name: str
    requests: Callable[[Jobs], Sequence[bytes]]
    fits: Callable[[Answer, Jobs], Fit]


def http(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as bytes, as clients of the API send it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer sk-1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "Accept: */*", "", ""]).encode() + body


def form(image: bytes = b"", boundary: str = BOUNDARY) -> bytes:
    """The fields of a create as multipart, with an image where there is one."""
    delimiter = f"--{boundary}\r\nContent-Disposition: form-data; name="
    parts = [f'{delimiter}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in _FIELDS.items()]
    if image:
        head = f'{delimiter}"input_reference"; filename="first.png"\r\nContent-Type: image/png\r\n'
        parts.append(f"{head}\r\n".encode() + image + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


@cache
def png(size: int = IMAGE_BYTES) -> bytes:
    """A grey image in the size of the videos, of exactly so many bytes."""
    # What cannot be compressed comes first, and makes up most of the bytes.
    noisy = (size - 4096) // (WIDTH + 1)
    noise = _noise(noisy * WIDTH)
    rows = [b"\0" + noise[at : at + WIDTH] for at in range(0, len(noise), WIDTH)]
    rows += [bytes(WIDTH + 1)] * (HEIGHT - noisy)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    before = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    after = _chunk(b"IDAT", zlib.compress(b"".join(rows), 1)) + _chunk(b"IEND", b"")
    padding = size - len(before) - len(after) - len(_chunk(b"tEXt", b"pad\0"))
    return before + _chunk(b"tEXt", b"pad\0" + b"x" * padding) + after


def _noise(count: int) -> bytes:
    def numbers(state: int = 1) -> Iterator[int]:
        while True:
            state = (state * 1103515245 + 12345) % 2**31
            yield state >> 16 & 0xFF

    return bytes(islice(numbers(), count))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _refused(answer: Answer) -> Fit | None:
    return None if answer.status in (200, 206) else Fit(False, f"answers {answer.status}")


def _is_job(answer: Answer, jobs: Jobs) -> Fit:
    del jobs
    return _refused(answer) or Fit("id" in json.loads(answer.body))


def _is_list(answer: Answer, jobs: Jobs) -> Fit:
    del jobs
    if refused := _refused(answer):
        return refused
    count = len(json.loads(answer.body)["data"])
    return Fit(True, "" if count == LISTED else f"lists {count} jobs")


def _is_clip(answer: Answer, jobs: Jobs) -> Fit:
    if refused := _refused(answer):
        return refused
    count = len(answer.body)
    return Fit(True) if count == jobs.clip_bytes else Fit(False, f"no file, {count} bytes")


def _is_part(answer: Answer, jobs: Jobs) -> Fit:
    if answer.status == 200:
        return Fit(False, "no ranges")
    if refused := _refused(answer):
        return refused
    return Fit(len(answer.body) == jobs.clip_bytes // 2)


def _content(jobs: Jobs) -> Sequence[bytes]:
    return [http("GET", f"/v1/videos/{jobs.finished}/content")]


def _part(jobs: Jobs) -> Sequence[bytes]:
    half = f"bytes=0-{jobs.clip_bytes // 2 - 1}"
    return [http("GET", f"/v1/videos/{jobs.finished}/content", Range=half)]


def _create(body: bytes, content_type: str) -> Sequence[bytes]:
    return [http("POST", "/v1/videos", body, Content_Type=content_type)]


_MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def _boundaries(_: Jobs) -> Sequence[bytes]:
    """More creates with a boundary each, as clients send them, than anybody remembers."""
    creates: list[bytes] = []
    for number in range(_BOUNDARIES):
        boundary = sha256(b"%d" % number).hexdigest()[:32]
        kind = f"multipart/form-data; boundary={boundary}"
        creates += _create(form(boundary=boundary), kind)
    return creates


OPERATIONS = (
    Operation(
        "retrieve", lambda jobs: [http("GET", f"/v1/videos/{one}") for one in jobs.ids], _is_job
    ),
    Operation("list", lambda _: [http("GET", f"/v1/videos?limit={LISTED}")], _is_list),
    Operation(
        "create, JSON",
        lambda _: _create(json.dumps(_FIELDS).encode(), "application/json"),
        _is_job,
    ),
    Operation("create, multipart", lambda _: _create(form(), _MULTIPART), _is_job),
    Operation("create, own boundaries", _boundaries, _is_job),
    Operation("create, 256 KiB image", lambda _: _create(form(png()), _MULTIPART), _is_job),
    Operation("content", _content, _is_clip),
    Operation("content, half by Range", _part, _is_part),
)
