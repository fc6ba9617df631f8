"""What the report of a failed test tells of its emulators."""

import re

SUITE = """
import pytest
from openai import NotFoundError, OpenAI

def test_it(video_api):
    video_api.fail_next("rate_limit", operation="create")
    video_api.next_answer(500, operation="list")
    with OpenAI() as client:
        video = client.videos.create(prompt="a cat in the rain")
        with pytest.raises(NotFoundError):
            client.videos.download_content(video.id)
        client.videos.poll(video.id)
        client.videos.download_content(video.id, variant="thumbnail").read()
    raise ZeroDivisionError
"""

STORY = r"""
-+ fauxreel -+
http://127\.0\.0\.1:\d+/ns/test-1: 8 requests, 1 job, \$0\.40 not spent
  \+0\.000s \(\+0s\) #1 POST /v1/videos -> 429 'Rate limit .*', rule_1 fired: error
  \+\d\.\d{3}s \(\+0s\) #2 POST /v1/videos -> 200, made video_…(\w{8}), retry 1 of its client
  \+\d\.\d{3}s \(\+0s\) #3 GET /v1/videos/video_…\1/content -> 404 .*, defect content-too-early
  \+\d\.\d{3}s \(\+0s\) #4 GET /v1/videos/video_…\1 -> 200 queued
  \+\d\.\d{3}s \(\+1s\) #5 GET /v1/videos/video_…\1 -> 200 processing; 2 times, to #6 at \+\d\.\d{3}s \(\+2s\)
  \+\d\.\d{3}s \(\+3s\) #7 GET /v1/videos/video_…\1 -> 200 completed
  \+\d\.\d{3}s \(\+3s\) #8 GET /v1/videos/video_…\1/content\?variant=thumbnail -> 200
  rule_1 fired 1x, matched 2 requests: error=rate_limit retry_after=0\.01 operation=create times=1
  rule_2 never fired, matched 0 requests: error=500 operation=list times=1
  video_\w+\1 is completed at 100%: a cat in the rain
  error content-too-early, once \(GET /v1/videos/video_…\1/content\): Poll until the status is .*
(?:-+ Captured log call -+|=+ short)
"""


def test_a_failed_test_tells_what_happened(suite):
    result = suite(SUITE)

    result.assert_outcomes(failed=1)
    assert re.search(STORY.strip(), result.stdout.str())


def test_each_emulator_is_told_of_once_and_those_of_tests_that_pass_are_not(suite):
    result = suite(
        """
        import pytest

        @pytest.fixture
        def broken():
            yield
            raise ZeroDivisionError

        def test_fails_twice(video_api, video_api_factory, broken):
            video_api_factory(own_server=True).seed(prompt="of the second")
            raise ZeroDivisionError

        def test_fails_at_the_end(broken, video_api):
            video_api.seed(prompt="of the third")

        def test_passes(video_api):
            pass
        """
    )

    result.assert_outcomes(passed=2, failed=1, errors=2)
    heads = re.findall(
        r"^http://127.*: 0 requests, (\d) jobs?, ", result.stdout.str(), re.MULTILINE
    )
    assert sorted(heads) == ["0", "1", "1"]


def test_a_job_that_can_never_end_fails_the_test_and_says_why(suite):
    result = suite(
        """
        import pytest

        @pytest.mark.fauxreel(rules="stuck=99")
        def test_stuck(video_api):
            video_api.client.videos.create_and_poll(prompt="a cat")

        @pytest.mark.fauxreel(clock="manual", poll_after_ms=1, max_idle_polls=5)
        def test_stands_still(video_api):
            video_api.azure_client.videos.create_and_poll(prompt="a cat", model="sora-2")
        """
    )

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "E*BadRequestError*was retrieved 50 times in a row and can never end: it is stuck, *",
            "* 51 requests, 1 job, *",
            "*rule_1 fired 1x, matched 1 request: stuck=99",
            "E*BadRequestError*was retrieved 5 times in a row and can never end: the clock *",
            "* 6 requests, 1 job, *",
        ]
    )


def test_a_failed_assertion_of_the_handle_shows_the_test_and_nothing_inside(suite):
    result = suite(
        """
        def test_it(video_api):
            video_api.assert_created_once()
        """,
        "-q",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            ">       video_api.assert_created_once()",
            "E       AssertionError: 0 jobs made, not 1 (tried by 0 requests)",
            "E       http://127.0.0.1:*/ns/test-1: 0 requests, 0 jobs, $0.00 not spent",
            "E         no requests",
        ]
    )
    assert "handle.py" not in result.stdout.str()


def test_what_a_client_never_did_is_said_in_the_log_at_the_end(suite):
    result = suite(
        """
        def test_it(video_api):
            video = video_api.client.videos.create(prompt="a cat")
            video_api.client.videos.retrieve(video.id)
            assert video_api.diagnostics == []
            raise ZeroDivisionError
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Captured log teardown*", "*client defect poll-stopped *"])
