"""What clients send again: too soon, too often, or though a job was made; at chosen moments."""

import pytest

from fauxreel.diagnostics import Diagnostics
from fauxreel.domain.operations import Operation
from fauxreel.retries import MOST_REQUESTS, RESENT_SECONDS, STORM_FAILURES
from fauxreel.watch import Watch
from requests_seen import request_with

# What the official SDK waits at least before each of its retries, in seconds.
LEAST_BACKOFF = [0.375, 0.75, 1.5, 3.0, 6.0, 6.0, 6.0]


@pytest.fixture
def watch():
    return Watch(Diagnostics())


def request(at, *, operation=Operation.CREATE, method="POST", path="/v1/videos", **known):
    """A request at so many seconds, answered a millisecond later."""
    started = round(at * 1_000_000_000)
    values = {"key": "key_1", "status": 200, "ended_ns": started + 1_000_000, **known}
    return request_with(method, path, operation, started, **values)


def create(at, prompt="a cat", **known):
    values = {"fields": {"prompt": prompt}, "accepted": True, "video_id": f"video_{at}", **known}
    return request(at, **values)


def refused(at, status=429, **known):
    return create(at, status=status, accepted=False, video_id=None, **known)


def failed(at, status=503, **known):
    path = "/v1/videos/video_1"
    return request(at, operation=Operation.RETRIEVE, method="GET", path=path, status=status, **known)  # fmt: skip


def retried(number, connection=0):
    """What an SDK that counts says of its n-th retry."""
    return {"retry": number, "counts_retries": True, "connection": connection}


def codes(watch, *requests):
    """What each request shows."""
    for one in requests:
        watch.see(one)
    return [one.diagnostics for one in requests]


# Paid duplicates -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [None, 500, 503, 429])
@pytest.mark.parametrize("again", [{}, retried(1)], ids=["again", "counted"])
def test_what_is_accepted_twice_after_a_failure_is_paid_for_twice(watch, status, again):
    assert codes(watch, create(0, status=status), create(1, **again)) == [[], ["paid-duplicate"]]


def test_a_retry_of_what_was_answered_is_a_duplicate_too(watch):
    assert codes(watch, create(0), create(1, **retried(1))) == [[], ["paid-duplicate"]]


def test_every_further_duplicate_counts(watch):
    attempts = [create(number, status=500, **retried(number)) for number in range(3)]
    assert codes(watch, *attempts) == [[], ["paid-duplicate"], ["paid-duplicate"]]


@pytest.mark.parametrize("again", [({}, {}), (retried(1), retried(2))], ids=["again", "counted"])
def test_a_refusal_in_between_does_not_hide_a_duplicate(watch, again):
    attempts = [create(0, status=500), refused(1, **again[0]), create(2, **again[1])]
    assert codes(watch, *attempts) == [[], [], ["paid-duplicate"]]


@pytest.mark.parametrize(
    "attempts",
    [
        pytest.param([create(0), create(1)], id="two on purpose"),
        pytest.param([create(0, status=500), create(1, "a dog")], id="another prompt"),
        pytest.param([create(0, status=500), create(1, key="key_2")], id="another key"),
        pytest.param([create(0, status=500), create(1, path="/v1/videos/edits")], id="another path"),
        pytest.param([refused(0, 500), create(1, **retried(1))], id="not accepted before"),
        pytest.param([create(0, status=500), refused(1, 400)], id="not accepted again"),
        pytest.param([create(0), refused(1), create(2, **retried(1))], id="retry of the refused one"),
        pytest.param([refused(0), create(1), create(2, **retried(1))], id="retry of an earlier one"),
        pytest.param([create(0, status=500), create(0.0005)], id="sent before the failure"),
        pytest.param([create(0), create(RESENT_SECONDS + 1, **retried(1))], id="long after an answer"),
        pytest.param([create(0, status=500), create(1, **retried(2))], id="the retry of another"),
        pytest.param([create(0, status=500, fields=None), create(1)], id="another body"),
    ],
)  # fmt: skip
def test_what_is_no_repetition_of_an_accepted_create_is_no_duplicate(watch, attempts):
    assert codes(watch, *attempts) == [[]] * len(attempts)


def test_a_failure_pays_for_one_duplicate_only(watch):
    found = codes(watch, create(0, status=500), create(1), create(2))
    assert found == [[], ["paid-duplicate"], []]


def test_the_oldest_creates_are_forgotten_first(watch):
    lost = [create(0, str(number), status=500) for number in range(MOST_REQUESTS + 1)]
    found = codes(watch, *lost, create(1, "0"), create(1, "2"))
    assert found[-2:] == [[], ["paid-duplicate"]]


# Retry-After ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_before_its_time_ignores_what_was_told(watch, status):
    assert codes(watch, failed(0, status, retry_after=10.0), failed(7.9)) == [[], ["retry-after-ignored"]]  # fmt: skip


def test_a_retry_that_succeeds_before_its_time_ignores_it_as_well(watch):
    found = codes(watch, failed(0, retry_after=10.0), failed(1, 200), failed(2, 200))
    assert found == [[], ["retry-after-ignored"], []]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"retry_after": 10.0}, failed(8), id="about as told"),
        pytest.param({}, failed(0.1), id="nothing told"),
        pytest.param({"retry_after": 10.0}, failed(0.1, key="key_2"), id="another key"),
        pytest.param({"retry_after": 10.0}, refused(0.1), id="another request"),
        pytest.param({"retry_after": 10.0, "status": 400}, failed(0.1), id="nothing to try again"),
    ],
)
def test_a_request_that_may_be_sent_ignores_nothing(watch, first, second):
    assert codes(watch, failed(0, **first), second) == [[], []]


def test_a_loop_around_a_client_that_counts_ignores_it_on_its_connection(watch):
    loop = [refused(at, retry_after=10.0, **retried(0, 5000)) for at in (0, 1)]
    assert codes(watch, *loop) == [[], ["retry-after-ignored"]]


def test_parallel_requests_of_a_client_that_counts_know_nothing_of_each_other(watch):
    burst = [refused(at / 100, retry_after=2.0, **retried(0, at)) for at in range(20)]
    again = [refused(2 + at / 100, retry_after=2.0, **retried(1, at)) for at in range(20)]
    assert codes(watch, *burst, *again) == [[]] * 40


def test_an_sdk_that_comes_too_early_is_known_by_its_count(watch):
    found = codes(watch, refused(0, retry_after=2.0, **retried(0)), refused(1, **retried(1, 9)))
    assert found == [[], ["retry-after-ignored"]]


# Storms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [None, 408, 409, 429, 500, 502])
def test_failures_in_a_row_within_seconds_are_a_storm(watch, status):
    row = [failed(number / 4, status) for number in range(STORM_FAILURES)]
    assert codes(watch, *row) == [*([[]] * (STORM_FAILURES - 1)), ["retry-storm"]]


def test_a_storm_is_counted_each_time_that_so_many_came(watch):
    row = [failed(number / 10) for number in range(2 * STORM_FAILURES)]
    quiet = [[]] * (STORM_FAILURES - 1)
    assert codes(watch, *row) == [*quiet, ["retry-storm"], *quiet, ["retry-storm"]]


@pytest.mark.parametrize("status", [400, 401, 404])
def test_answers_that_one_does_not_try_again_make_no_storm(watch, status):
    assert codes(watch, *(failed(number / 10, status) for number in range(20))) == [[]] * 20


def test_a_success_ends_a_row_of_failures(watch):
    row = [failed(number / 10, 200 if number % 4 == 0 else 503) for number in range(20)]
    assert codes(watch, *row) == [[]] * 20


def test_the_backoff_of_the_official_sdks_is_no_storm(watch):
    moments = [sum(LEAST_BACKOFF[:number]) for number in range(8)]
    attempts = [failed(at, **retried(number)) for number, at in enumerate(moments)]
    assert codes(watch, *attempts) == [[]] * 8


def test_who_waits_as_told_makes_no_storm_however_often(watch):
    row = [failed(number / 10, retry_after=0.1) for number in range(20)]
    assert codes(watch, *row) == [[]] * 20


def test_different_requests_that_fail_make_no_storm(watch):
    burst = [refused(number / 100, fields={"prompt": str(number)}) for number in range(20)]
    assert codes(watch, *burst) == [[]] * 20
