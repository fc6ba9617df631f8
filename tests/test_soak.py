"""An emulator that is used for long takes no more memory at the end, and answers to the last.

`make nightly` lasts twenty minutes; SOAK_SECONDS sets another time.
"""

import os
import sys
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection

import pytest
from prometheus_client.parser import text_string_to_metric_families as read_text

from soaking import CAPS, QUICK, Served, Soaked, serving, soak

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

# In twenty minutes less than a hundred bytes for each job of the second half.
MOST_GROWTH_BYTES = 4 * 2**20
CONNECTIONS = 4
# Jobs that are there all the time, so that lists have something to show.
STANDING = 200


def asked(served: Served, method: str, path: str, body: str | None = None) -> str:
    """What the control API answers."""
    with closing(HTTPConnection(served.address, timeout=10)) as connection:
        connection.request(method, f"/_fauxreel{path}", body, {"Content-Type": "application/json"})
        return connection.getresponse().read().decode()


def counted(served: Served) -> tuple[dict[str, float], float]:
    """The requests that the emulator answered, by operation, and the jobs that it holds."""
    said = asked(served, "GET", "/metrics")
    samples = [one for family in read_text(said) for one in family.samples]
    requests: Counter[str] = Counter()
    for one in samples:
        if one.name == "fauxreel_requests_total":
            assert one.labels["status"] == "200", one
            requests[one.labels["operation"]] += one.value
    return dict(requests), sum(one.value for one in samples if one.name == "fauxreel_jobs")


def soaks(seconds):
    with serving(*CAPS, *QUICK) as served:
        asked(served, "POST", "/videos", f'{{"count": {STANDING}}}')
        soaked = soak(served, seconds, connections=CONNECTIONS)
        assert soaked.errors == []
        print(soaked.told())
        requests, jobs = counted(served)

    assert requests == dict(soaked.requests)
    assert jobs == STANDING
    assert soaked.growth_bytes < MOST_GROWTH_BYTES


@pytest.mark.parametrize(
    ("sizes", "growth"),
    [
        ([10, 20, 30, 40, 50, 50, 50, 50, 50], 0),
        ([50, 50, 50, 50, 50, 52, 54, 56, 58], 8),
        ([50, 50, 50, 50, 51, 49, 50, 49, 51], 0),
    ],
    ids=["caps that fill", "a leak", "noise"],
)
def test_growth_is_that_of_the_second_half(sizes, growth):
    soaked = Soaked([(at, size) for at, size in enumerate(sizes)], Counter(), 0, [])

    assert soaked.growth_bytes == pytest.approx(growth)


@pytest.mark.slow
def test_memory_stays_flat_for_twenty_seconds():
    soaks(20)


@pytest.mark.nightly
def test_memory_stays_flat_for_twenty_minutes():
    soaks(float(os.environ.get("SOAK_SECONDS", "1200")))
