"""An emulator that remembers requests answers as one that reads each as if it were the first."""

import asyncio
import json
import random
import re
from functools import partial

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from fauxreel import Settings
from fauxreel.app import create_app
from fauxreel.protocols import protocol

REQUESTS = 500
# So many turns of the loop does an answer take at most that waits for nothing.
TURNS = 20

BASES = ("/v1/videos", "/openai/v1/videos", "/litellm/v1/videos", "/ns/one/v1/videos")
VARYING = ("traceparent", "X-Request-ID", "idempotency-key", "baggage", "sentry-trace")
VALUES = ("1", "2", "a=1,b=2", "a b", "", "x" * 100)
FIELDS = {
    "model": ("sora-2", "sora-2-pro", "none"),
    "prompt": ("A boat", "\u00e9", "", "A boat [[fauxreel fail=moderation_blocked]]"),
    "seconds": ("4", "8", "5"),
    "size": ("720x1280", "1x1"),
}
TEXT_TYPES = ("application/json", "application/json; charset=utf-8", "text/plain")
FORM_TYPES = (
    "multipart/form-data; boundary=%s", 'multipart/form-data; boundary="%s"',
    "multipart/form-data; boundary=%s; charset=utf-8", "multipart/form-data; boundary=z%s",
)  # fmt: skip
CONTROLS = (
    ("POST", "clock/advance", {"seconds": 3}),
    ("POST", "clock/advance", {"seconds": 3}),
    ("POST", "reset", None),
    ("POST", "rules", {"rules": "operation=list error=overloaded times=1"}),
    ("POST", "rules", {"rules": "operation=retrieve status=503 times=2"}),
    ("POST", "rules", {"rules": "operation=create error=rate_limit times=2"}),
    ("DELETE", "rules", None),
    ("PATCH", "settings", {"requests_per_minute": 20}),
    ("PATCH", "settings", {"requests_per_minute": None}),
    ("PATCH", "settings", {"queue_seconds": 5}),
)

JOURNAL = b"GET /_fauxreel/requests HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ID = re.compile(rb'"id": ?"(video_\w+=*)"')


class Transport(asyncio.Transport):
    """What was written to a client, until it is taken."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written, self.closed = b"", False

    def write(self, data):
        self.written += data

    def pause_reading(self):
        """Nothing is sent before all that came is answered."""

    resume_reading = pause_reading

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True


class Wire:
    """An emulator, and a client that sends it bytes."""

    def __init__(self, settings, *, remembers):
        config = Config(create_app(settings), log_config=None, date_header=False)
        config.load()
        kind = protocol("httptools", at_once=True)
        if not remembers:
            kind.shared.heads.find = lambda head: None
        self._make = partial(kind, config=config, server_state=ServerState(), app_state={})
        self._connection = self._transport = None

    async def ask(self, pieces):
        """All that is answered to what comes in so many pieces."""
        if self._connection is None:
            self._transport = Transport()
            self._connection = self._make(_loop=asyncio.get_running_loop())
            self._connection.connection_made(self._transport)
        for piece in pieces:
            self._connection.data_received(piece)
            await turns()
        got, self._transport.written = self._transport.written, b""
        if self._transport.closed:
            self._connection.connection_lost(None)
            self._connection = None
            await turns()
        return got


async def turns():
    for _ in range(TURNS):
        await asyncio.sleep(0)


def request(draw, ids):
    """A request of any kind: up to its body, and that."""
    headers = [("Authorization", f"Bearer sk-{draw.randrange(2)}")] if draw.random() < 0.9 else []
    headers += [(name, draw.choice(VALUES)) for name in VARYING if draw.random() < 0.15]
    if draw.random() < 0.05:
        headers.append(("X-Fauxreel", draw.choice(("status=429", "what"))))
    base, kind, body = draw.choice(BASES), draw.random(), b""
    if kind < 0.5:
        method, path = "POST", base
        content_type, body = content(draw)
        headers.append(("Content-Type", content_type))
    elif kind < 0.9:
        method, path = draw.choice(
            (("GET", base), ("GET", f"{base}?limit=2"), ("HEAD", base), ("POST", f"{base}/x"))
            + (("GET", f"{base}/{draw.choice(ids)}"),) * 4
            + (("DELETE", f"{base}/{draw.choice(ids)}"),)
        )
    else:
        method, path, said = draw.choice(CONTROLS)
        path = f"{draw.choice(('', '/ns/one'))}/_fauxreel/{path}"
        headers = [("Content-Type", "application/json")]
        body = b"" if said is None else json.dumps(said).encode()
    draw.shuffle(headers)
    if method == "POST" or body:
        headers.append(("Content-Length", str(len(body))))
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *map(": ".join, headers), "", ""]
    return "\r\n".join(lines).encode(), body


def content(draw):
    """The body of a create, and its type."""
    chosen = ("model", "prompt", *(name for name in ("seconds", "size") if draw.random() < 0.3))
    fields = {name: draw.choice(FIELDS[name]) for name in chosen}
    if draw.random() < 0.5:
        return draw.choice(TEXT_TYPES), json.dumps(fields, ensure_ascii=False).encode()
    boundary = draw.choice(("abc", "----a-b", f"{draw.getrandbits(64):x}"))
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    form = "".join([*parts, f"--{boundary}--\r\n"])
    usual = draw.random() < 0.8
    return draw.choice(FORM_TYPES[: 1 if usual else None]) % boundary, form.encode()


def pieces(draw, head, body):
    """The bytes of a request as they may come."""
    whole, kind = head + body, draw.random()
    if kind < 0.6 or (kind < 0.8 and not body):
        return [whole]
    cut = len(head) if kind < 0.8 else draw.randrange(1, len(whole))
    return [whole[:cut], whole[cut:]]


async def compare(seed):
    """What differs between the two, and how often each status was answered."""
    draw, ids, sent = random.Random(seed), ["video_none"], []
    settings = Settings(seed=seed, clock="manual")
    remembering, reading = (Wire(settings, remembers=one) for one in (True, False))
    statuses, different = {}, []
    for _ in range(REQUESTS):
        if not sent or draw.random() < 0.4:
            sent.append(request(draw, ids[-5:]))
        several = [draw.choice(sent[-40:]) for _ in range(draw.choice((1, 1, 1, 1, 3)))]
        came = pieces(draw, b"".join(a + b for a, b in several[1:]) + several[0][0], several[0][1])
        got, wanted = await remembering.ask(came), await reading.ask(came)
        if got != wanted:
            different.append((came, got, wanted))
        ids += [one.decode() for one in ID.findall(got)]
        statuses[got[9:12]] = statuses.get(got[9:12], 0) + 1
    journals = [await one.ask([JOURNAL]) for one in (remembering, reading)]
    if journals[0] != journals[1]:
        different.append(journals)
    return different, statuses


@pytest.fixture(autouse=True)
def _no_real_time(monkeypatch):
    """Real time stands still, so that no pause between two requests is longer than another."""
    monkeypatch.setattr("fauxreel.wire.endpoint.real_ns", lambda: 10**9)
    monkeypatch.setattr("fauxreel.wire.record.real_ns", lambda: 10**9)
    monkeypatch.setattr("fauxreel.space.real_now", lambda: 10**9)
    monkeypatch.setattr("fauxreel.wire.litellm_headers.real_now", lambda: 10**9)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_remembered_makes_no_difference(seed):
    different, statuses = asyncio.run(compare(seed))

    assert different == []
    assert statuses.keys() >= {b"200", b"400", b"401", b"404"}
