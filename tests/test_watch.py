"""Defects that show over several requests: constructed requests, at chosen moments."""

import pytest
from openai import BadRequestError

from fauxreel import Emulator
from fauxreel.diagnostics import Diagnostics
from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.watch import LOOKS_AFTER_END, MOST_JOBS, Watch
from requests_seen import request_with

ENDED = [Status.COMPLETED, Status.FAILED]


@pytest.fixture
def diagnostics():
    return Diagnostics()


@pytest.fixture
def watch(diagnostics):
    return Watch(diagnostics)


def request(operation, method, path, at=0.0, **known):
    """A request at so many seconds, answered a millisecond later."""
    started = round(at * 1_000_000_000)
    values = {"key": "key_1", "status": 200, "ended_ns": started + 1_000_000, **known}
    return request_with(method, path, operation, started, **values)


def create(at=0.0, video_id="video_1", **known):
    fields = {"prompt": "a cat"}
    values = {"fields": fields, "video_id": video_id, "accepted": True, **known}
    return request(Operation.CREATE, "POST", "/v1/videos", at, **values)


def poll(at=0.0, state=Status.PROCESSING, video_id="video_1", method="GET", **known):
    values = {"video_id": video_id, "state": state, **known}
    return request(Operation.RETRIEVE, method, f"/v1/videos/{video_id}", at, **values)


def content(at=0.0, video_id="video_1", method="GET", **known):
    path = f"/v1/videos/{video_id}/content"
    return request(Operation.CONTENT, method, path, at, video_id=video_id, **known)


def expired(at=0.0, **known):
    return content(at, status=404, error="VideoExpired", **known)


def codes(watch, *requests):
    """What each request shows."""
    for one in requests:
        watch.see(one)
    return [one.diagnostics for one in requests]


def concluded(watch, diagnostics):
    watch.conclude()
    return {found.code: (found.count, found.places) for found in diagnostics.findings()}


def test_a_poll_earlier_than_told_is_too_fast_and_stands_in_the_journal(watch, diagnostics):
    found = codes(watch, poll(0, poll_after_ms=1000), poll(0.79, poll_after_ms=1000))
    assert found == [[], ["polling-too-fast"]]
    (seen,) = diagnostics.findings()
    assert (seen.code, seen.count, seen.places) == ("polling-too-fast", 1, ["GET /v1/videos/video_1"])  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"poll_after_ms": 1000}, {"at": 0.8}, id="about as told"),
        pytest.param({}, {"at": 0.001}, id="nothing told"),
        pytest.param({"poll_after_ms": 9}, {"at": 0.001}, id="too short to be kept"),
        pytest.param({"poll_after_ms": 1000}, {"at": 0.1, "key": "key_2"}, id="another key"),
        pytest.param({"poll_after_ms": 1000}, {"at": 0.1, "video_id": "video_2"}, id="another job"),
        pytest.param({"poll_after_ms": 1000}, {"at": 0.1, "method": "HEAD"}, id="HEAD"),
        pytest.param({"poll_after_ms": 1000, "method": "HEAD"}, {"at": 0.1}, id="after HEAD"),
    ],
)
def test_a_poll_that_may_be_is_no_defect(watch, first, second):
    assert codes(watch, poll(**first), poll(**second)) == [[], []]


@pytest.mark.parametrize(
    "failure",
    [{"status": 503, "state": None}, {"status": None, "ended_ns": 2}, {"status": 500}],
    ids=["an error", "a lost answer", "an error after all"],
)
def test_a_poll_after_a_failed_one_was_told_nothing(watch, failure):
    polls = [poll(0, poll_after_ms=1000), poll(1, **failure), poll(1.1, poll_after_ms=1000)]
    assert codes(watch, *polls) == [[], [], []]


def test_a_failed_poll_of_an_unknown_job_is_nothing(watch):
    assert codes(watch, poll(0, None, status=404), poll(0.1, None, status=404)) == [[], []]


@pytest.mark.parametrize("state", ENDED)
def test_looks_after_the_end_are_a_defect_once_they_are_too_many(watch, state):
    looks = [poll(number, state) for number in range(LOOKS_AFTER_END + 3)]
    last = [["polling-after-end"]] * 2
    assert codes(watch, poll(0), *looks) == [[], *([[]] * (LOOKS_AFTER_END + 1)), *last]


def test_looks_after_a_pause_are_counted_anew(watch):
    rhythm = [moment + second for moment in (0, 100, 200) for second in (0, 1, 2)]
    assert codes(watch, *(poll(at, Status.COMPLETED) for at in rhythm)) == [[]] * 9


def test_expired_content_is_asked_for_again_only_when_it_is_the_same(watch):
    other = expired(1)
    other.query = b"variant=thumbnail"
    found = codes(watch, expired(0), other, expired(2, key="key_2"), expired(3))
    assert found == [[], [], [], ["expired-again"]]


def test_of_one_job_only_so_many_expired_downloads_are_remembered(watch):
    refused = [expired(number) for number in range(9)]
    for number, one in enumerate(refused):
        one.query = b"variant=%d" % number
    again = expired(10)
    again.query = b"variant=8"
    assert codes(watch, *refused, again) == [[]] * 10


def test_content_that_failed_otherwise_is_no_repetition(watch):
    errors = [content(at, status=404, error="VideoNotReady") for at in range(2)]
    assert codes(watch, *errors) == [[], []]


def test_a_job_polled_to_the_middle_is_a_stopped_poll(watch, diagnostics):
    last = poll(1)
    codes(watch, create(), poll(0, Status.QUEUED), last)
    assert concluded(watch, diagnostics) == {"poll-stopped": (1, ["GET /v1/videos/video_1"])}
    assert last.diagnostics == ["poll-stopped"]


@pytest.mark.parametrize(
    ("after", "place"),
    [
        pytest.param([], "POST /v1/videos (video_1)", id="never looked at"),
        pytest.param([poll(0), poll(1, Status.COMPLETED)], "GET /v1/videos/video_1", id="completed"),
        pytest.param([poll(1, Status.COMPLETED, status=None)], "POST /v1/videos (video_1)", id="lost"),
        pytest.param([poll(1, Status.COMPLETED), content(2, status=None)], "GET /v1/videos/video_1", id="lost content"),
        pytest.param([poll(1, Status.COMPLETED), content(2, method="HEAD")], "GET /v1/videos/video_1", id="HEAD"),
        pytest.param([poll(1, Status.COMPLETED), content(2, status=503)], "GET /v1/videos/video_1", id="content failed"),
    ],
)  # fmt: skip
def test_a_job_without_a_download_was_never_collected(watch, diagnostics, after, place):
    codes(watch, create(), *after)
    assert concluded(watch, diagnostics) == {"never-collected": (1, [place])}


DELETED = request(Operation.DELETE, "DELETE", "/v1/videos/video_1", 2, video_id="video_1")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([poll(1), content(2)], id="collected"),
        pytest.param([content(2, status=206)], id="collected in part"),
        pytest.param([content(2, status=302)], id="led elsewhere"),
        pytest.param([poll(1), poll(2, Status.FAILED)], id="failed"),
        pytest.param([poll(1), DELETED], id="deleted"),
    ],
)
def test_a_job_that_was_dealt_with_is_no_defect(watch, diagnostics, after):
    codes(watch, create(), *after)
    assert concluded(watch, diagnostics) == {}


def test_a_job_that_another_was_made_from_was_of_use(watch, diagnostics):
    path = "/v1/videos/edits"
    known = {"video_id": "video_2", "source_id": "video_1", "accepted": True}
    codes(watch, create(), request(Operation.EDIT, "POST", path, 1, **known), content(2, "video_2"))
    assert concluded(watch, diagnostics) == {}


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param([poll(0), poll(1)], id="no request made it"),
        pytest.param([create(status=500)], id="the client knows no id"),
        pytest.param([create(status=None)], id="the answer was lost"),
        pytest.param([create(status=400, accepted=False, video_id=None)], id="refused"),
    ],
)
def test_jobs_that_no_client_knows_of_do_not_count_at_the_end(watch, diagnostics, unknown):
    codes(watch, *unknown)
    assert concluded(watch, diagnostics) == {}


def test_the_end_is_told_once(watch, diagnostics):
    codes(watch, create())
    watch.conclude()
    assert concluded(watch, diagnostics) == {"never-collected": (1, ["POST /v1/videos (video_1)"])}


def test_a_refused_delete_deletes_nothing(watch, diagnostics):
    refused = request(Operation.DELETE, "DELETE", "/v1/videos/video_1", video_id="video_1")
    refused.status = 401
    codes(watch, create(), refused)
    assert list(concluded(watch, diagnostics)) == ["never-collected"]


def test_the_oldest_jobs_are_forgotten_first(watch, diagnostics):
    codes(
        watch,
        *(create(at, f"video_{at}", fields={"prompt": str(at)}) for at in range(MOST_JOBS + 2)),
    )
    found = concluded(watch, diagnostics)
    assert found["never-collected"][0] == MOST_JOBS
    assert found["never-collected"][1][0] == "POST /v1/videos (video_2)"


def test_clearing_forgets_everything(watch, diagnostics):
    codes(watch, create(status=500), create(), poll(0, poll_after_ms=1000))
    watch.clear()
    assert codes(watch, poll(0.1), create(0.2, retry=1)) == [[], []]
    watch.clear()
    assert concluded(watch, diagnostics) == {}


def test_requests_that_no_operation_has_are_not_looked_at(watch, diagnostics):
    codes(watch, *(request(None, "GET", "/nowhere", status=503) for _ in range(9)))
    assert concluded(watch, diagnostics) == {}


@pytest.mark.parametrize(
    ("surface", "found"),
    [("openai", ["deprecated-field"]), ("azure", ["deprecated-field"]), ("litellm", [])],
)
def test_a_user_is_a_field_that_the_api_does_not_have(watch, surface, found):
    made = create(fields={"prompt": "a cat", "user": "u"})
    made.surface = surface
    assert codes(watch, made) == [found]


@pytest.mark.parametrize(
    ("surface", "found"), [("openai", ["deprecated-route"]), ("azure", []), ("litellm", [])]
)
def test_a_remix_is_a_deprecated_route_on_openai_alone(watch, surface, found):
    path = "/v1/videos/video_1/remix"
    remix = request(Operation.REMIX, "POST", path, accepted=True, video_id="video_2")
    remix.surface = surface
    assert codes(watch, remix) == [found]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ({"image_url": "https://example.com/a.png"}, ["image-url-not-fetched"]),
        ({"image_url": "HTTP://example.com/a.png"}, ["image-url-not-fetched"]),
        ({"image_url": "data:image/png,… (9 characters, 00)"}, []),
        ({"file_id": "file-1"}, []),
        ({"filename": "a.png", "content_type": "image/png", "length": 1, "digest": "00"}, []),
        (None, []),
    ],
)
def test_only_a_remote_address_is_accepted_unseen(watch, reference, found):
    made = create(fields={"prompt": "a cat", "input_reference": reference})
    assert codes(watch, made) == [found]


def test_where_addresses_are_fetched_there_is_nothing_to_note(diagnostics):
    made = create(fields={"input_reference": {"image_url": "https://example.com/a.png"}})
    assert codes(Watch(diagnostics, fetches=True), made) == [[]]


def test_what_was_refused_shows_no_field_that_was_accepted(watch):
    refused = create(fields={"user": "u"}, accepted=False, status=400)
    assert codes(watch, refused) == [[]]


def test_a_client_whose_polling_the_emulator_ended_did_not_stop_it():
    with Emulator(clock="manual", max_idle_polls=2) as emulator:
        with pytest.raises(BadRequestError):
            emulator.client.videos.create_and_poll(prompt="a cat")

        emulator.space.watch.conclude()

        assert emulator.diagnostics == []
