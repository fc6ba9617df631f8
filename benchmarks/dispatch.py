"""Polls of one job through our dispatch and through Starlette's router, in turn, in one process.

    python benchmarks/dispatch.py

Prints microseconds for a poll and the ratio; medians over paired rounds, no sockets.
"""

import asyncio
import json
from statistics import median
from time import perf_counter

from starlette.routing import Route, Router

from fauxreel import Settings, create_app

ROUNDS = 15
POLLS = 4000
HEADERS = [(b"host", b"localhost"), (b"authorization", b"Bearer sk-1")]


def scope(method, path):
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": HEADERS}


async def main():
    app = create_app(Settings(timeline="stuck:50"))
    routes = [Route(route.path, route.app) for route in app.dispatch.routes]
    router = Router(routes, redirect_slashes=False)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b'{"prompt":"x"}', "more_body": False}

    async def send(message):
        sent.append(message)

    create = scope("POST", "/v1/videos")
    create["headers"] = [*HEADERS, (b"content-type", b"application/json")]
    await app(create, receive, send)
    path = f"/v1/videos/{json.loads(sent[1]['body'])['id']}"

    async def measured(target):
        started = perf_counter()
        for _ in range(POLLS):
            sent.clear()
            await target(scope("GET", path), receive, send)
        return (perf_counter() - started) / POLLS * 1e6

    pairs = [(await measured(app.dispatch), await measured(router)) for _ in range(ROUNDS)]
    ours, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(their / our for our, their in pairs)
    print(f"dispatch {ours:.1f} us, Starlette's router {theirs:.1f} us a poll: ratio {ratio:.2f}")


asyncio.run(main())
