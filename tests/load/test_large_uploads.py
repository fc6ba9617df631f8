"""Large uploads at the same time, and one client that polls."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from alone import KEY, Alone, alone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]

MEGABYTE = 2**20
UPLOADS = 6
MEGABYTES = 63

HEAD = (
    b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nvision\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
)
END = b"\r\n--b--\r\n"
LENGTH = len(HEAD) + MEGABYTES * MEGABYTE + len(END)


def body() -> Iterator[bytes]:
    yield HEAD
    for number in range(MEGABYTES):
        yield bytes([number]) * MEGABYTE
    yield END


def upload(server: Alone) -> str:
    """The id of a large file."""
    headers = {
        **KEY,
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(LENGTH),
    }
    with closing(server.connected()) as connection:
        connection.request("POST", "/v1/files", body(), headers)
        answer = connection.getresponse()
        assert answer.status == 200
        return str(json.loads(answer.read())["id"])


def download(server: Alone, file_id: str) -> bool:
    """Whether the file is whole."""
    with closing(server.connected()) as connection:
        connection.request("GET", f"/v1/files/{file_id}/content", headers=KEY)
        answer = connection.getresponse()
        pieces = (answer.read(MEGABYTE) for _ in range(MEGABYTES + 1))
        expected = [bytes([number]) * MEGABYTE for number in range(MEGABYTES)]
        return all(one == other for one, other in zip(pieces, [*expected, b""], strict=True))


def test_large_uploads_at_once_need_little_memory() -> None:
    with alone("--max-files-mb", "1000") as server, ThreadPoolExecutor(UPLOADS) as threads:
        path = f"/v1/videos/{server.ask('POST', '/v1/videos', prompt='x')['id']}"
        poller = server.poller(path)
        next(poller)
        before = server.memory()
        uploads = [threads.submit(upload, server) for _ in range(UPLOADS)]
        polls: list[float] = []
        while not all(one.done() for one in uploads):
            polls.append(next(poller))
        ids = [one.result() for one in uploads]
        held = server.memory("VmHWM") - before
        downloads = [threads.submit(download, server, one) for one in ids]
        assert all(one.result() for one in downloads)
        held_with_downloads = server.memory("VmHWM") - before
    print(
        f"{UPLOADS} times {MEGABYTES} MiB: {held / MEGABYTE:.0f} MiB in memory, "
        f"{held_with_downloads / MEGABYTE:.0f} MiB once they were downloaded; "
        f"{len(polls)} polls meanwhile, the slowest took {max(polls) * 1e3:.0f} ms"
    )
    assert held_with_downloads < UPLOADS * MEGABYTES * MEGABYTE / 8
