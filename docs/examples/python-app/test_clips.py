"""The application on good days and bad ones; no key, no network, and no waiting."""

from itertools import pairwise

import pytest
from clips import Clips, NoClip, Refused, TooSlow, Unsure
from fauxreel.media.inspect import inspect
from openai import APIConnectionError, OpenAI, RateLimitError
from retrying import Retries

# As the real one, but for the length of the pauses.
QUICK = Retries(attempts=3, first_pause=0.001)


@pytest.fixture
def client(video_api):
    # Nothing is configured: video_api has set OPENAI_BASE_URL and OPENAI_API_KEY.
    with OpenAI(max_retries=0) as client:
        yield client


@pytest.fixture
def clips(client):
    return Clips(client, retries=QUICK)


def test_a_clip_is_made(clips, video_api, tmp_path):
    video = clips.make("A paper boat", tmp_path / "boat.mp4")

    assert video.status == "completed"
    assert [path.name for path in tmp_path.iterdir()] == ["boat.mp4"]
    assert (tmp_path / "boat.mp4").read_bytes()[4:8] == b"ftyp"
    video_api.assert_resilient()


def test_each_caller_gets_the_right_clip(clips, tmp_path):
    one = clips.make("A paper boat", tmp_path / "one.mp4")
    two = clips.make("A tin train", tmp_path / "two.mp4")

    assert inspect(tmp_path / "one.mp4").stamp.id == one.id
    assert inspect(tmp_path / "two.mp4").stamp.id == two.id


def test_an_order_refused_for_now_is_sent_again(clips, video_api, tmp_path):
    video_api.next_answer("rate_limit", operation="create", times=2)

    clips.make("A paper boat", tmp_path / "boat.mp4")

    creates = video_api.requests.matching(operation="create")
    assert [request.status for request in creates] == [429, 429, 200]
    video_api.assert_resilient()


def test_an_order_is_given_up_when_refusals_do_not_end(clips, video_api):
    video_api.next_answer("rate_limit", operation="create", times=99)

    with pytest.raises(RateLimitError):
        clips.order("A paper boat")

    assert len(video_api.requests) == 3


def test_an_empty_account_is_asked_once(clips, video_api):
    video_api.next_answer("quota")

    with pytest.raises(RateLimitError, match="quota"):
        clips.order("A paper boat")

    assert len(video_api.requests) == 1


def test_a_moderated_prompt_is_told(clips, video_api):
    video_api.next_answer("moderation", operation="create")

    with pytest.raises(Refused, match="the prompt was refused"):
        clips.order("Something bad")

    assert len(video_api.requests) == 1


def test_a_moderated_result_is_told_and_nothing_is_downloaded(clips, video_api, tmp_path):
    video_api.next_job(fails="moderation_blocked", at=40)

    with pytest.raises(Refused, match="blocked by our moderation system"):
        clips.make("Something bad", tmp_path / "bad.mp4")

    assert video_api.requests.matching(operation="content") == []
    assert list(tmp_path.iterdir()) == []


def test_a_failed_job_is_told(clips, video_api, tmp_path):
    video_api.next_job(fails="video_generation_failed")

    with pytest.raises(NoClip, match="internal error"):
        clips.make("A paper boat", tmp_path / "boat.mp4")

    video_api.assert_created_once()


@pytest.mark.parametrize(
    "trouble",
    [{"error": "server_error"}, {"error": "bad_gateway"}, {"disconnect": True}],
    ids=["500", "502", "lost"],
)
def test_an_order_that_was_taken_although_it_failed_is_not_paid_twice(
    clips, video_api, tmp_path, trouble
):
    video_api.next_answer(**trouble, operation="create", accepted=True)

    clips.make("A paper boat", tmp_path / "boat.mp4")

    video_api.assert_created_once()
    video_api.assert_resilient()


def test_an_earlier_clip_is_not_taken_for_the_lost_one(clips, video_api):
    clips.order("A paper boat")
    video_api.next_answer("server_error", operation="create")

    with pytest.raises(Unsure):
        clips.order("A paper boat")


def test_errors_while_waiting_pass(clips, video_api, tmp_path):
    video_api.next_answer("bad_gateway", operation="retrieve")
    video_api.next_answer(reset=True, operation="retrieve")

    clips.make("A paper boat", tmp_path / "boat.mp4")

    video_api.assert_resilient()


def test_a_download_that_breaks_off_is_begun_again(clips, video_api, tmp_path):
    video_api.next_answer(truncate="50%", operation="content")

    video = clips.make("A paper boat", tmp_path / "boat.mp4")

    assert len(video_api.requests.matching(operation="content")) == 2
    video_api.assert_downloaded(video)
    video_api.assert_resilient()


def test_no_file_is_left_of_a_download_that_never_works(clips, video_api, tmp_path):
    video_api.next_answer(truncate="50%", operation="content", times=99)

    with pytest.raises(APIConnectionError):
        clips.make("A paper boat", tmp_path / "boat.mp4")

    assert list(tmp_path.iterdir()) == []


def test_an_expired_clip_is_told(clips, video_api, tmp_path):
    (video_id,) = video_api.seed(status="expired")

    with pytest.raises(NoClip, match="has expired"):
        clips.download(video_id, tmp_path / "boat.mp4")


# The next two see minutes pass in no time: while the application sleeps, the emulator's clock is
# moved. With poll_after_ms=0 the service does not say how often it wants to be asked.


@pytest.mark.fauxreel(clock="manual", poll_after_ms=0)
def test_a_job_that_hangs_is_given_up_after_ten_minutes(client, video_api):
    video_api.next_job(stuck=99)
    clock = video_api.clock
    clips = Clips(client, now=clock.now, sleep=clock.advance)
    started = clock.now()

    with pytest.raises(TooSlow) as caught:
        clips.wait(clips.order("A paper boat"))

    assert clock.now() - started == 600
    assert caught.value.video_id == video_api.videos[0].id


@pytest.mark.fauxreel(clock="manual", poll_after_ms=0, queue_seconds=60, processing_seconds=180)
def test_a_job_of_four_minutes_is_asked_for_less_and_less_often(client, video_api):
    clock = video_api.clock
    clips = Clips(client, now=clock.now, sleep=clock.advance)

    assert clips.wait(clips.order("A paper boat")).status == "completed"

    moments = [request.time for request in video_api.requests.matching(operation="retrieve")]
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 20


@pytest.mark.parametrize("seed", range(5))
def test_on_a_flaky_day_each_clip_is_made_or_its_lack_is_told(video_api_factory, tmp_path, seed):
    video_api = video_api_factory(scenario="flaky", seed=seed)
    made = []
    with OpenAI(base_url=video_api.base_url, api_key=video_api.api_key, max_retries=0) as client:
        clips = Clips(client, retries=QUICK)
        for name in ("one.mp4", "two.mp4", "three.mp4"):
            try:
                clips.make("A paper boat", tmp_path / name)
            except NoClip:
                continue
            made.append(name)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(made)
    video_api.assert_no_diagnostics()


def test_pauses_double_up_to_the_longest_and_obey_the_service():
    retries = Retries(first_pause=1, longest_pause=5)

    assert [retries.pause(attempt, None) for attempt in range(1, 6)] == [1, 2, 4, 5, 5]
    assert retries.pause(1, told=30.0) == 30.0
