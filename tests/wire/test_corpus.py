"""Some thousand mutations of a kept corpus of requests, raw over sockets, the same each time.

Each file of `corpus` is a request without its Content-Length: JSON, multipart, urlencoded and
media bodies, queries and headers, over all surfaces. What breaks the server goes in there.
"""

import random
import socket
from pathlib import Path

import pytest

from fauxreel import Emulator

pytestmark = pytest.mark.slow

SEED = 20261121
MUTATIONS = 3000
CORPUS = {path.stem: path.read_bytes() for path in sorted(Path(__file__).parent.glob("corpus/*"))}
SPLICES = [b"\0", b"\xff", b"\r\n", b"\n", b'"', b"{", b"[", b"%", b"&", b"=", b"--b", b":", b";"]
SPLICES += [b"\\ud800", b"\\u0000", b"1e999", b"-1", b"NaN", b"null", b"9" * 5000, b"[" * 2000]


@pytest.fixture(scope="module")
def emulator():
    with Emulator(clock="manual", seed=7, queue_seconds=0, processing_seconds=0) as emulator:
        yield emulator


def stored(emulator):
    space = emulator.app.space
    return sum(emulator.call(space.store.counts(space.clock.now())).values())


def mutated(draw, data):
    for _ in range(draw.choice((1, 1, 2, 5))):
        start = draw.randrange(len(data) + 1)
        stop = min(len(data), start + draw.choice((0, 0, 1, 4, 64)))
        splice = draw.choice((b"", draw.randbytes(2), draw.choice(SPLICES), data[start:stop] * 3))
        data = data[:start] + splice + data[stop:]
    return data


def request_of(draw, seed):
    head, _, body = seed.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    where = draw.choice(("line", "headers", "body", "body")) if body else "line"
    if where == "line":
        method, _, target = line.partition(b" ")
        target = target.removesuffix(b" HTTP/1.1")
        line = b"%s /%s HTTP/1.1" % (method, mutated(draw, target[1:]))
    elif where == "headers":
        headers = mutated(draw, headers)
    else:
        body = mutated(draw, body)
    return b"%s\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (line, headers, len(body), body)


def answered(emulator, request):
    """The status of the first answer; 0 when the server waits for more of the request."""
    host, _, port = emulator.root_url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=2) as connection:
        connection.sendall(request)
        try:
            start = connection.makefile("rb").readline()
        except TimeoutError:
            return 0
    return int(start.split()[1])


@pytest.mark.parametrize("name", CORPUS)
def test_a_seed_is_answered_as_it_stands(emulator, name):
    head, _, body = CORPUS[name].partition(b"\r\n\r\n")
    request = b"%s\r\nContent-Length: %d\r\n\r\n%s" % (head, len(body), body)
    assert answered(emulator, request) in (200, 201, 206, 400, 404)


def test_no_mutation_breaks_the_server_and_what_is_refused_is_not_stored(emulator, capfd, caplog):
    draw = random.Random(SEED)
    seeds = list(CORPUS.values())
    statuses, count = set(), stored(emulator)
    for number in range(MUTATIONS):
        request = request_of(draw, draw.choice(seeds))
        status = answered(emulator, request)
        assert status < 500, (number, status, request)
        statuses.add(status)
        after = stored(emulator)
        assert after == count or status in (0, 200, 201), (number, status, request)
        count = after
    assert statuses >= {200, 201, 400, 401, 404, 405}
    told = "".join(capfd.readouterr()) + caplog.text
    assert "Traceback" not in told
    assert "defect in the emulator" not in told
    assert answered(emulator, CORPUS["list"] + b"\r\n") == 200
