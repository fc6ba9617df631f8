"""What happened, in lines for people."""

from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.inspection import Job, Usage
from fauxreel.story import brief, several, timeline
from fauxreel.verdict import Snapshot
from fauxreel.wire.litellm_ids import WrappedId
from requests_seen import request_with

A, B = "video_" + "a" * 40 + "00000001", "video_" + "b" * 40 + "00000002"


def request(sequence, path, operation=None, *, method="GET", at=0.0, time=0.0, **facts):
    facts = {"status": 200, "ended_ns": 0, **facts}
    start = int(at * 1e9)
    return request_with(method, path, operation, start, sequence=sequence, time=time, **facts)


def poll(sequence, video_id, state, **facts):
    path = f"/ns/here/v1/videos/{video_id}"
    return request(sequence, path, Operation.RETRIEVE, state=state, **facts)


def test_polls_without_news_share_a_line_even_where_two_clients_take_turns():
    lines = timeline(
        [
            poll(1, A, Status.QUEUED),
            poll(2, B, Status.QUEUED, at=0.1, time=1),
            poll(3, A, Status.QUEUED, at=0.2, time=2.04),
            poll(4, B, Status.PROCESSING, at=0.3, time=30),
            poll(5, A, Status.QUEUED, at=12, time=3000.5),
        ]
    )

    shared = "200 queued; 3 times, to #5 at +12.000s (+3000.5s)"
    assert lines == [
        f"  +0.000s  (+0s) #1 GET /v1/videos/video_…00000001 -> {shared}",
        "  +0.100s  (+1s) #2 GET /v1/videos/video_…00000002 -> 200 queued",
        "  +0.300s (+30s) #4 GET /v1/videos/video_…00000002 -> 200 processing",
    ]


def test_what_is_between_two_polls_parts_them_and_so_does_what_is_special():
    special = {"rule": "rule_1", "faults": ("latency",)}
    lines = timeline(
        [
            poll(1, A, Status.QUEUED),
            request(2, "/v1/videos", Operation.LIST),
            poll(3, A, Status.QUEUED),
            poll(4, A, Status.QUEUED, **special),
            poll(5, A, Status.QUEUED, retry=2),
            poll(6, A, Status.QUEUED, diagnostics=["polling-too-fast"]),
        ]
    )

    assert [line.partition("-> ")[2] for line in lines] == [
        "200 queued",
        "200",
        "200 queued",
        "200 queued, rule_1 fired: latency",
        "200 queued, retry 2 of its client",
        "200 queued, defect polling-too-fast",
    ]


def test_answers_that_are_lost_imitated_or_under_way_say_so():
    refusal = {"status": 404, "content_type": "application/json"}
    lines = timeline(
        [
            request(1, "/v1/videos", status=None),
            request(2, "/v1/videos", status=None, ended_ns=None),
            request(3, "/v1/videos", rule="rule_1", faults=("reset",), degraded=True),
            request(4, "/x", **refusal, body=b'{"error":{"message":"No such page."}}'),
            request(5, "/x", **refusal, body=b'{"message":"No."}'),
            request(6, "/x", **refusal, body=b"[]"),
            request(7, "/x", **refusal, body=b"{"),
        ]
    )

    assert [line.partition("-> ")[2] for line in lines] == [
        "nothing, or not all of it",
        "under way",
        "200, rule_1 fired: reset (imitated)",
        "404 'No such page.'",
        "404 'No.'",
        "404",
        "404",
    ]


def test_an_id_that_a_proxy_wrapped_is_told_as_the_raw_one():
    wrapped = str(WrappedId("openai", "sora-2", A))
    (line,) = timeline([request(1, f"/litellm/v1/videos/{wrapped}/content", video_id=A)])

    assert line == "  +0.000s #1 GET /litellm/v1/videos/video_…00000001/content -> 200"


def test_queries_are_told_and_long_paths_are_cut():
    signed = request(1, "/v1/videos/video_1/content")
    signed.query = b"signature=(hidden)&variant=video"
    first, second = timeline([signed, request(2, "/" + "x" * 999)])

    assert "?signature=(hidden)&variant=video -> 200" in first
    assert len(second) < 250


def test_a_long_story_is_cut_in_the_middle_and_says_what_is_missing():
    lines = timeline([request(n, f"/{n}") for n in range(11, 111)])

    assert lines[0] == "  10 earlier ones are not kept (max_requests)"
    assert lines[30] == "  … 41 lines left out"
    assert (len(lines), lines[-1]) == (61, "  +0.000s #110 GET /110 -> 200")
    assert timeline([]) == ["  no requests"]


def test_texts_are_brief():
    assert brief(f"GET /ns/a-b/v1/videos/{A} (x)") == "GET /v1/videos/video_…00000001 (x)"
    assert brief("/nsx/ns/b/v1/videos/video_1") == "/nsx/ns/b/v1/videos/video_1"
    assert (several(1, "job"), several(0, "job")) == ("1 job", "0 jobs")


def test_many_jobs_are_counted():
    jobs = [
        Job(f"video_{n}", Status.QUEUED, 0, "sora-2", "x" * 99, 4, "", "openai", None, False, None)
        for n in range(32)
    ]
    story = Snapshot("http://here", [], [], jobs, [], Usage(3.2, ())).story().splitlines()

    assert story[0] == "http://here: 0 requests, 32 jobs, $3.20 not spent"
    assert story[-2:] == [f"  video_29 is queued at 0%: {'x' * 60}", "  … 2 more jobs"]


def test_a_download_under_way_is_none_yet():
    asked = request(7, "/v1/videos/video_1/content", Operation.CONTENT, status=None, ended_ns=None)
    asked.video_id = "video_1"
    thumbnail = request(8, "/openai/v1/video/generations/gen_1/content/thumbnail")
    thumbnail.operation, thumbnail.video_id = Operation.CONTENT, "task_1"
    seen = Snapshot("http://here", [asked, thumbnail], [], [], [], Usage(0, ()))

    assert seen.not_downloaded("video_1") == [
        "video_1 was asked for, and not downloaded: #7 is under way"
    ]
    assert seen.not_downloaded("task_1") == ["task_1 was not downloaded: there is no such job"]
    assert seen.not_downloaded("task_1", "thumbnail") == []
