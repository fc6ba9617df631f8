"""Large forms go to disk while they arrive, and nobody can tell from the answers."""

import asyncio
import gc
import http.client
import io
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.requests import ClientDisconnect

from fauxreel import Emulator
from fauxreel.domain.errors import BodyTooLarge
from fauxreel.domain.paging import PageRequest
from fauxreel.resources import shipped
from fauxreel.spool import Spooled
from fauxreel.wire.spooling import read_spooled

ON_DISK = {"max_memory_body_bytes": 1024}
SETTINGS: dict[str, Any] = {
    "clock": "manual",
    "seed": 7,
    "queue_seconds": 0,
    "processing_seconds": 0,
    "accept_video_uploads": True,
    "max_body_bytes": 3 * 2**20,
    "max_text_bytes": 200_000,
}
KEY = {"Authorization": "Bearer sk-1"}


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Emulator, Emulator]]:
    with Emulator(**SETTINGS) as memory, Emulator(**SETTINGS, **ON_DISK) as disk:
        yield memory, disk


def image(kind: str, size: tuple[int, int] = (720, 1280)) -> bytes:
    """Noise, which no format makes small."""
    file = io.BytesIO()
    noise = Image.frombytes("L", (90, 160), bytes(i * i * 7919 % 251 for i in range(90 * 160)))
    noise.resize(size, Image.Resampling.NEAREST).convert("RGB").rotate(3).save(
        file, kind, quality=99
    )
    return file.getvalue()


PNG, JPEG, WEBP = image("png"), image("jpeg"), image("webp")
MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()


def text(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file(name: str, data: bytes, kind: str = "image/png", filename: str = "a.bin") -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}'
    return head.encode() + b"\r\n\r\n" + data


def form(*parts: bytes) -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


PROMPT = text("prompt", "a cat")
REFERENCE = partial(file, "input_reference")
VIDEO = file("video", MP4, "video/mp4")
WHOLE = form(PROMPT, REFERENCE(PNG))


def ask(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any, bytes]:
    kind = {"Content-Type": "multipart/form-data; boundary=b"} if body is not None else {}
    with closing(connected(emulator)) as connection:
        connection.request(method, path, body, {**KEY, **kind})
        answer = connection.getresponse()
        headers = {name.lower() for name, _ in answer.getheaders()}
        return answer.status, headers, answer.read()


def connected(emulator: Emulator) -> http.client.HTTPConnection:
    address = emulator.root_url.removeprefix("http://")
    return http.client.HTTPConnection(address, timeout=60)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param("/v1/videos", WHOLE, 200, id="png"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(JPEG, "image/jpeg")), 200, id="jpeg"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(WEBP, "image/webp")), 200, id="webp"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(MP4, "video/mp4")), 200, id="mp4"),
        pytest.param("/v1/videos", form(REFERENCE(PNG), PROMPT), 200, id="file-first"),
        pytest.param("/v1/videos", form(REFERENCE(PNG)), 400, id="no-prompt"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(PNG, "text/plain")), 400, id="type"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(MP4)), 200, id="mp4-called-png"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(PNG[:-900])), 400, id="cut-png"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(bytes(99_000))), 400, id="zeros"),
        pytest.param("/v1/videos", form(PROMPT, text("size", "1280x720"), REFERENCE(PNG)), 400, id="size"),
        pytest.param("/v1/videos", form(PROMPT, REFERENCE(PNG), REFERENCE(PNG)), 400, id="twice"),
        pytest.param("/v1/videos", form(text("prompt", "x" * 150_000)), 400, id="long-prompt"),
        pytest.param("/v1/videos", form(text("prompt", "x" * 200_001)), 413, id="too-long-text"),
        pytest.param("/v1/videos", WHOLE[:-3], 400, id="cut-form"),
        pytest.param("/v1/videos", b"\r\n" + WHOLE, 200, id="line-break-before"),
        pytest.param("/v1/videos", b"preamble" + WHOLE, 400, id="preamble"),
        pytest.param("/v1/videos", WHOLE + b"epilogue", 200, id="epilogue"),
        pytest.param("/v1/videos", form(PROMPT) + bytes(99_000), 200, id="long-epilogue"),
        pytest.param("/v1/videos/characters", form(text("name", "Ann"), VIDEO), 200, id="character"),
        pytest.param("/v1/videos/edits", form(PROMPT, VIDEO), 200, id="edit"),
        pytest.param("/v1/videos/edits", form(PROMPT, VIDEO[:-9000]), 400, id="edit-of-a-cut-mp4"),
        pytest.param(
            "/v1/videos/extensions", form(PROMPT, text("seconds", "4"), VIDEO), 200, id="extension"
        ),
        pytest.param("/v1/files", form(text("purpose", "vision"), file("file", MP4)), 400, id="a-video"),
        pytest.param(
            "/openai/v1/video/generations/jobs?api-version=preview",
            form(PROMPT, text("width", "720"), text("height", "1280"), text("model", "sora"),
                 text("inpaint_items", "[]"), file("files", PNG)),
            201,
            id="azure-jobs",
        ),
        pytest.param("/litellm/v1/videos", form(text("model", "sora-2"), PROMPT, REFERENCE(PNG)), 200, id="litellm"),
    ],
)  # fmt: skip
def test_a_form_on_disk_is_answered_like_one_in_memory(
    both: tuple[Emulator, Emulator], path: str, body: bytes, status: int
) -> None:
    memory, disk = (ask(one, "POST", path, body) for one in both)
    assert disk[0] == status
    assert disk == memory
    assert kept(both[1]) == kept(both[0])


def kept(emulator: Emulator) -> Any:
    """What the journal has of the last request, and the last job's reference."""
    fields = [request.fields for request in emulator.space.journal.requests()]
    page = emulator.call(emulator.space.store.page(None, PageRequest(1)))
    return fields[-1], [record.video.reference for record in page.items]


def test_a_file_on_disk_is_kept_given_back_and_referred_to(both: tuple[Emulator, Emulator]) -> None:
    told: list[list[Any]] = []
    for emulator in both:
        made = ask(
            emulator, "POST", "/v1/files", form(text("purpose", "vision"), file("file", PNG))
        )
        file_id = json.loads(made[2])["id"]
        reference = form(PROMPT, text("input_reference[file_id]", file_id))
        asked = [
            ("GET", f"/v1/files/{file_id}"),
            ("GET", f"/v1/files/{file_id}/content"),
            ("HEAD", f"/v1/files/{file_id}/content"),
            ("POST", "/v1/videos", reference),
            ("GET", "/v1/files"),
            ("DELETE", f"/v1/files/{file_id}"),
            ("GET", f"/v1/files/{file_id}/content"),
        ]
        told.append([made, *(ask(emulator, *one) for one in asked)])
    assert [one[0] for one in told[1]] == [200, 200, 200, 200, 200, 200, 200, 404]
    assert told[1][2][2] == PNG
    assert told[1] == told[0]


def test_a_file_on_disk_comes_slowly_and_cut_off_like_one_in_memory(
    both: tuple[Emulator, Emulator],
) -> None:
    form_of_file = form(text("purpose", "vision"), file("file", PNG))
    file_id = json.loads(ask(both[1], "POST", "/v1/files", form_of_file)[2])["id"]
    for rule in ("drip=0.05", "corrupt=0"):
        both[1].space.add_rules(f"operation=file_content {rule} times=1", "here")
        answer = ask(both[1], "GET", f"/v1/files/{file_id}/content")
        assert (answer[0], answer[2] == PNG) == (200, True)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_nothing_stays_on_disk_once_requests_are_answered(both: tuple[Emulator, Emulator]) -> None:
    gc.collect()
    gc.disable()
    try:
        before = unnamed_files()
        headers = {**KEY, "Content-Type": "multipart/form-data; boundary=b"}
        with closing(connected(both[1])) as connection:
            for body in (WHOLE[:-3], form(REFERENCE(PNG)), WHOLE):
                connection.request("POST", "/v1/videos", body, headers)
                connection.getresponse().read()
            # The connection stays open, and with it what the server has of the last request.
            for thread in [one for one in threading.enumerate() if one.name == "fauxreel work"]:
                thread.join()
            ask(both[1], "GET", "/v1/videos")
            assert unnamed_files() == before
    finally:
        gc.enable()


def unnamed_files() -> int:
    links = list(Path("/proc/self/fd").iterdir())
    return sum("(deleted)" in str(link.readlink()) for link in links if link.is_symlink())


def read(messages: list[dict[str, Any]], limit: int = 100, memory: int = 10) -> Any:
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    scope = {"type": "http", "headers": []}
    return asyncio.run(read_spooled(scope, receive, limit, memory))


def request(*pieces: bytes) -> list[dict[str, Any]]:
    more = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    return [*more[:-1], {**more[-1], "more_body": False}]


def test_a_body_is_in_memory_up_to_the_limit() -> None:
    assert read(request(b"abc")) == b"abc"
    assert read(request(b"abcde", b"fghij")) == b"abcdefghij"
    whole = read(request(b"abcde", b"fghijk", b"l"))
    assert isinstance(whole, Spooled)
    assert whole[:] == b"abcdefghijkl"
    assert read(request(bytes(60), bytes(40)))[:] == bytes(100)


@pytest.mark.parametrize(
    "pieces", [(bytes(101),), (bytes(60), bytes(41)), (bytes(60), bytes(60), bytes(60))]
)
def test_a_body_beyond_the_limit_is_refused(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(BodyTooLarge):
        read(request(*pieces))


def test_a_client_that_leaves_leaves_nothing_behind() -> None:
    with pytest.raises(ClientDisconnect):
        read([*request(bytes(50), b"")[:1], {"type": "http.disconnect"}])
