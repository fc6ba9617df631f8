"""Faults for requests of all shapes and surfaces: HEAD, kept, in a pipeline, half sent."""

import http.client
import json
from contextlib import closing

import pytest

from running import (
    KEY,
    LISTED,
    SURFACES,
    content,
    head_and_body,
    leave_at_once,
    request_bytes,
)

pytestmark = pytest.mark.usefixtures("quiet", "serves_on")


@pytest.mark.parametrize(
    "rule",
    [
        "truncate=10",
        "reset at=10",
        "malformed_chunk",
        "stall=forever at=3",
        "drip=60",
        "bandwidth=1",
    ],
)
def test_a_head_has_no_body_to_break_off(em, video, rule):
    plain = em.ask("HEAD", content(video[0]))
    reply = em.ask("HEAD", content(video[0]), rule=rule)

    assert (reply.status, reply.headers["content-length"]) == (200, str(len(video[1])))
    assert reply.headers.keys() == plain.headers.keys()


@pytest.mark.parametrize(("rule", "end"), [("disconnect", "closed"), ("reset", "reset")])
def test_a_head_can_lose_its_connection(em, rule, end):
    assert em.raw(request_bytes("HEAD", "/v1/videos", rule)) == (b"", end)


@pytest.mark.parametrize(
    "rule", ["error=503", "corrupt=3", "empty", "json_body", "html=502", "redirect", "latency=0.01"]
)
def test_a_head_gets_the_head_of_a_wrong_answer(em, video, rule):
    got = em.ask("GET", content(video[0]), rule=rule)
    head = em.ask("HEAD", content(video[0]), rule=rule)

    assert (head.status, head.body) == (got.status, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    "rule",
    ["truncate=10", "malformed_chunk", "reset at=1", "drip=60", "stall=60 at=1", "corrupt=1"],
)
def test_an_answer_without_a_body_stays_as_it_is(em, rule):
    path = "/openai/v1/video/generations/jobs{}?api-version=preview"
    fields = {"model": "sora", "prompt": "a", "width": 480, "height": 480, "n_seconds": 1}
    job_id = em.ask("POST", path.format(""), fields).json["id"]
    reply = em.ask("DELETE", path.format(f"/{job_id}"), rule=rule)

    assert (reply.status, reply.body, "content-type" in reply.headers) == (204, b"", False)


def test_a_fault_on_a_kept_connection_comes_after_good_answers(em):
    with closing(http.client.HTTPConnection("127.0.0.1", em.port)) as client:
        statuses = []
        for rule in (None, "error=503", "latency=0.01", None):
            client.request(*LISTED, headers={**KEY, **({"X-Fauxreel": rule} if rule else {})})
            answer = client.getresponse()
            answer.read()
            statuses.append(answer.status)
        client.request(*LISTED, headers={**KEY, "X-Fauxreel": "reset"})
        with pytest.raises(ConnectionResetError):
            client.getresponse()

    assert statuses == [200, 503, 200, 200]


@pytest.mark.parametrize(
    "rule", ["disconnect", "reset", "truncate=10", "reset at=10", "malformed_chunk"]
)
def test_what_waits_behind_a_broken_answer_is_lost_with_it(em, rule):
    first, second = request_bytes(*LISTED), request_bytes(*LISTED, rule)
    got, _ = em.raw(first + second + first + first)

    assert got.count(b"HTTP/1.1 200") == (1 if rule in ("disconnect", "reset") else 2)
    assert em.last().faults == (rule.split("=")[0].split()[0],)


@pytest.mark.parametrize("rule", ["stall=forever", "latency=600", "stall=forever at=3"])
@pytest.mark.parametrize("how", ["at once", "later"])
def test_a_client_that_leaves_with_requests_in_a_pipeline_leaves_nothing(em, rule, how):
    first, second = request_bytes(*LISTED, rule), request_bytes(*LISTED)
    client = em.connect()
    before = len(em.requests())
    client.sendall(first + second if how == "at once" else first)
    em.arrived(before + 1)
    if how == "later":
        client.sendall(second + b"GET /v1/vid")
    client.close()

    assert em.last().lost


def test_a_client_that_is_killed_ends_a_stall(em):
    client = em.connect()
    before = len(em.requests())
    client.sendall(request_bytes(*LISTED, "stall=forever"))
    em.arrived(before + 1)
    leave_at_once(client)

    assert em.last().lost


def test_a_slow_answer_in_a_pipeline_is_followed_by_the_next(em):
    slow, last = (
        request_bytes(*LISTED, "drip=0.05"),
        request_bytes(*LISTED, more="Connection: close\r\n"),
    )
    got, end = em.raw(slow + last)

    assert (got.count(b"HTTP/1.1 200"), end) == (2, "closed")


@pytest.mark.parametrize("rule", ["disconnect", "reset", "truncate=10", "error=503", "stall=0.01"])
def test_a_body_that_nobody_reads_does_no_harm(em, video, rule):
    body = b"x" * 300_000
    got, _ = em.raw(
        request_bytes("GET", content(video[0]), rule, body, more="Connection: close\r\n")
    )

    assert len(head_and_body(got)[1]) in (0, 10, len(video[1])) or b" 503 " in got


def test_a_client_that_leaves_in_its_own_body_meets_no_fault(em):
    with closing(em.connect()) as client:
        client.sendall(
            b"POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-1\r\n"
            b"Content-Type: application/json\r\nX-Fauxreel: reset\r\nContent-Length: 90\r\n\r\n{"
        )

    em.settle()
    assert em.last().rule is None


def test_a_fault_in_a_namespace_is_one_of_its_own(em):
    reply = em.ask("GET", "/ns/other/v1/videos", rule="error=503")
    with pytest.raises(http.client.RemoteDisconnected):
        em.ask("GET", "/ns/other/v1/videos", rule="disconnect")
    em.settle()

    _, other = em.app.spaces()[0], em.app.spaces()[-1]
    assert reply.status == 503
    assert [(one.path, one.faults) for one in em.requests(other)] == [
        ("/ns/other/v1/videos", ("error",)),
        ("/ns/other/v1/videos", ("disconnect",)),
    ]


@pytest.mark.parametrize("path", SURFACES.values(), ids=SURFACES)
def test_every_surface_answers_an_error_in_its_words(em, path):
    reply = em.ask("GET", path, rule="error=503 message=closed")

    assert reply.status == 503
    assert "closed" in json.dumps(reply.json)


@pytest.mark.parametrize("path", SURFACES.values(), ids=SURFACES)
@pytest.mark.parametrize(("rule", "end"), [("disconnect", "closed"), ("reset", "reset")])
def test_every_surface_can_lose_a_connection(em, path, rule, end):
    assert em.raw(request_bytes("GET", path, rule)) == (b"", end)


def test_the_litellm_proxy_wraps_what_its_upstream_answers(em):
    reply = em.ask(
        "POST", "/litellm/v1/videos", {"prompt": "a", "model": "sora-2"}, rule="error=rate_limit"
    )

    assert reply.status == 429
    assert reply.json["error"]["message"].startswith("litellm.RateLimitError: RateLimitError:")
    assert "Rate limit reached for sora-2" in reply.json["error"]["message"]


def test_the_litellm_proxy_breaks_off_its_files(em, video):
    got, end = em.raw(
        request_bytes("GET", f"/litellm/v1/videos/{video[0]}/content", "truncate=100")
    )

    assert (len(head_and_body(got)[1]), end) == (100, "closed")
