"""Late, slow and stalled answers as a client sees them over a real socket, on both protocols."""

from contextlib import closing
from time import perf_counter

import pytest

from fauxreel.faults.latency import LogNormal
from fauxreel.faults.plan import Plan
from fauxreel.faults.rule import Draw
from running import (
    LISTED,
    content,
    head_and_body,
    received,
    request_bytes,
)

pytestmark = pytest.mark.usefixtures("quiet", "serves_on")


def seconds_of(em, rule, path="/v1/videos"):
    started = perf_counter()
    reply = em.ask("GET", path, rule=rule)
    assert reply.status == 200
    return perf_counter() - started, reply


def test_a_fixed_latency_is_waited_for(em):
    assert seconds_of(em, "latency=0.15")[0] >= 0.15


def test_a_uniform_latency_is_at_least_its_least(em):
    assert seconds_of(em, "latency=uniform(0.1,0.2)")[0] >= 0.1


def test_a_lognormal_latency_is_what_was_drawn(em):
    rule = "latency=lognormal(0.1,0.1)"
    draw = Draw(em.space.seed, f"X-Fauxreel {rule}", 1)
    expected = LogNormal(0.1, 0.1).shape(Plan(), draw).delay
    assert 0.05 < expected < 0.2
    assert seconds_of(em, rule)[0] >= expected


def test_an_error_can_be_late(em):
    started = perf_counter()
    reply = em.ask(*LISTED, rule="latency=0.1 error=503")

    assert (reply.status, perf_counter() - started >= 0.1) == (503, True)


@pytest.mark.parametrize(
    "rule",
    [
        "latency=600",
        "stall=forever",
        "stall=600",
        "drip=6000",
        "bandwidth=1",
        "drip=6000 truncate=50%",
        "drip=6000 stall=1 at=50%",
        "drip=10 stall=0 at=0",
    ],
)
def test_a_client_that_stops_waiting_ends_the_wait(em, video, rule):
    with pytest.raises(TimeoutError):
        em.ask("GET", content(video[0]), rule=rule, timeout=0.1)

    assert em.last().lost


def test_a_stall_delays_the_answer(em):
    assert seconds_of(em, "stall=0.1")[0] >= 0.1


def test_a_stall_in_mid_body_delays_the_rest(em, video):
    seconds, reply = seconds_of(em, "stall=0.1 at=10%", content(video[0]))

    assert (seconds >= 0.1, reply.body == video[1]) == (True, True)


def test_a_stall_for_ever_in_mid_body_keeps_the_rest(em, video):
    with closing(em.connect(timeout=0.2)) as client:
        client.sendall(request_bytes("GET", content(video[0]), "stall=forever at=1000"))
        got, end = received(client)

    assert end == "silent"
    assert head_and_body(got)[1] == video[1][:1000]
    assert em.last().lost


def test_a_drip_comes_in_time_and_whole(em, video):
    seconds, reply = seconds_of(em, "drip=0.2", content(video[0]))

    assert (seconds >= 0.2, reply.body == video[1]) == (True, True)


def test_a_bandwidth_is_kept(em, video):
    seconds, reply = seconds_of(em, f"bandwidth={len(video[1]) * 5}", content(video[0]))

    assert (seconds >= 0.2, reply.body == video[1]) == (True, True)


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        ("drip=0.4 truncate=50%", 0.2),
        ("drip=0.4 reset at=50%", 0.2),
        ("drip=0.2 stall=0.1 at=50%", 0.3),
    ],
)
def test_a_slow_answer_can_end_like_any_other(em, video, rule, least):
    started = perf_counter()
    got, _ = em.raw(request_bytes("GET", content(video[0]), rule, more="Connection: close\r\n"))
    body = head_and_body(got)[1]

    whole = len(video[1])
    assert perf_counter() - started >= least
    assert body == video[1][: whole if "stall" in rule else round(whole / 2)]
