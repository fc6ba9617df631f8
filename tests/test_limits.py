"""Limits as the services have them: requests a minute, jobs at once, money."""

import asyncio
import json
from dataclasses import dataclass
from decimal import Decimal

import openai
import pytest
from openai import OpenAI

from fauxreel import Emulator, ManualClock, create_app
from fauxreel.domain.refusals import RateLimited
from fauxreel.limits import Left, Limits, Quotas
from fauxreel.settings import resolve

OPENAI, AZURE = "/v1/videos", "/openai/v1/videos"
JOBS, PROXY = "/openai/v1/video/generations/jobs", "/litellm/v1/videos"
JOB = {"model": "sora-2", "prompt": "a cat"}
SORA_1 = {**JOB, "width": 480, "height": 480}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """The beginning of its message; nothing for a job."""
        return "" if self.status == 200 else self.json["error"]["message"][:8]

    @property
    def limits(self):
        """The headers about limits, without their prefix."""
        named = ((name.partition("x-ratelimit-"), value) for name, value in self.headers.items())
        return {before + after: value for (before, found, after), value in named if found}


class Asked:
    """An emulator in process whose clock stands still, and requests to it."""

    def __init__(self, runner, **settings):
        self._runner = runner
        self.clock = ManualClock()
        timed = {"queue_seconds": 10, "processing_seconds": 60}
        given = resolve({"seed": 7, **timed, **settings}).settings
        self.app = create_app(given, clock=self.clock)

    def __call__(self, method, path, body=None, key="sk-1", **headers):
        return self._runner.run(self._ask(method, path, body, key, headers))

    def create(self, path=OPENAI, key="sk-1", **more):
        return self("POST", path, {**(SORA_1 if path == JOBS else JOB), **more}, key)

    async def _ask(self, method, path, body, key, headers):
        given = {"host": "127.0.0.1", "authorization": f"Bearer {key}", **headers}
        if body is not None:
            given["content-type"] = "application/json"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        sent = []

        async def receive():
            data = b"" if body is None else json.dumps(body).encode()
            return {"type": "http.request", "body": data}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], found, b"".join(one["body"] for one in sent[1:]))


@pytest.fixture
def start():
    """Starts an emulator with settings of the test's own."""
    with asyncio.Runner() as runner:
        yield lambda **settings: Asked(runner, **settings)


def statuses(replies):
    return [reply.status for reply in replies]


# Requests a minute --------------------------------------------------------------------------------


def test_openai_refuses_the_request_above_the_limit_in_its_words(start):
    ask = start(requests_per_minute=2)
    assert statuses([ask.create(), ask.create()]) == [200, 200]
    ask.clock.advance(20)
    refused = ask.create()
    assert (refused.status, refused.json) == (
        429,
        {
            "error": {
                "message": "Rate limit reached for sora-2 on requests per min (RPM): Limit 2, "
                "Used 2, Requested 1. Please try again in 40s. "
                "Visit https://platform.openai.com/account/rate-limits to learn more.",
                "type": "requests",
                "param": None,
                "code": "rate_limit_exceeded",
            }
        },
    )
    assert (refused.headers["retry-after"], refused.headers["retry-after-ms"]) == ("40", "40000")
    assert refused.limits == {
        "limit-requests": "2",
        "remaining-requests": "0",
        "reset-requests": "40s",
    }


@pytest.mark.parametrize(("path", "created"), [(AZURE, 200), (JOBS, 201)])
def test_azure_refuses_at_its_gateway(start, path, created):
    ask = start(requests_per_minute=1)
    first = ask.create(path)
    ask.clock.advance(57.5)
    refused = ask.create(path)
    assert (first.status, refused.status) == (created, 429)
    assert refused.body == (
        b'{"error":{"code":"429","message": "Rate limit is exceeded. Try again in 3 seconds."}}'
    )
    assert (refused.headers["retry-after"], refused.headers["retry-after-ms"]) == ("3", "2500")
    assert refused.limits == {"limit-requests": "1", "remaining-requests": "0"}


def test_the_proxy_wraps_the_refusal_of_its_upstream_and_what_it_says_of_the_limit(start):
    ask = start(requests_per_minute=1)
    first, refused = ask.create(PROXY), ask.create(PROXY)
    assert (first.status, first.limits) == (200, {})
    assert (refused.status, refused.json["error"]["type"]) == (429, "throttling_error")
    message = refused.json["error"]["message"]
    assert message.startswith("litellm.RateLimitError: RateLimitError: OpenAIException - ")
    assert "Please try again in 1m0s." in message
    assert refused.limits == {
        "llm_provider-limit-requests": "1",
        "llm_provider-remaining-requests": "0",
        "llm_provider-reset-requests": "1m0s",
    }
    assert refused.headers["llm_provider-retry-after"] == "60"
    assert "retry-after" not in refused.headers


def test_the_proxy_passes_on_what_azure_says_of_the_limit(start):
    ask = start(requests_per_minute=1)
    ask.create(AZURE)
    refused = ask.create(PROXY, model="azure-sora-2")
    message = refused.json["error"]["message"]
    assert message.startswith("litellm.RateLimitError: AzureException RateLimitError - ")
    assert refused.limits == {
        "llm_provider-limit-requests": "1",
        "llm_provider-remaining-requests": "0",
    }


def test_each_create_says_what_is_left_of_the_minute(start):
    ask = start(requests_per_minute=3)
    told = []
    for _ in range(3):
        told.append(ask.create().limits)
        ask.clock.advance(0.5)
    assert [one["remaining-requests"] for one in told] == ["2", "1", "0"]
    assert {one["reset-requests"] for one in told} == {"1m0s"}


@pytest.mark.parametrize(
    ("seconds", "reset"),
    [(0.01, "59.99s"), (51.36, "8.64s"), (59, "1s"), (59.88, "120ms"), (60, "0s")],
)
def test_the_reset_is_when_nothing_counts_any_more(start, seconds, reset):
    ask = start(requests_per_minute=3)
    ask.create()
    ask.clock.advance(seconds)
    # A request that is refused for what it says is not counted, but told.
    assert ask.create(seconds="7").limits["reset-requests"] == reset


def test_nothing_is_limited_unless_a_setting_says_so(start):
    ask = start()
    replies = [ask.create(path) for path in (OPENAI, AZURE, JOBS, PROXY) for _ in range(5)]
    assert {reply.status for reply in replies} == {200, 201}
    assert [reply.limits for reply in replies] == [{}] * 20


def test_only_requests_that_would_make_a_job_count(start):
    ask = start(requests_per_minute=1)
    name = ask.create().json["id"]
    ask.clock.advance(59)
    gets = [ask("GET", OPENAI + rest) for rest in ("", f"/{name}", "/video_x") for _ in range(3)]
    assert {reply.status for reply in gets} == {200, 404}
    assert ask("GET", f"{OPENAI}/{name}/content").status == 404
    assert ask("DELETE", f"{OPENAI}/{name}").status == 200
    assert [reply.limits for reply in gets] == [{}] * 9
    assert ask.create().status == 429


def test_the_minute_is_a_window_that_slides(start):
    ask = start(requests_per_minute=2)
    found = []
    for _ in range(9):
        found.append(ask.create().status)
        ask.clock.advance(20)
    # At 0 s and 20 s, at 60 s and 80 s, and so on: never three within a minute.
    assert found == [200, 200, 429] * 3


def test_a_refused_request_does_not_count_and_one_sent_again_does(start):
    ask = start(requests_per_minute=1)
    ask.create()
    for _ in range(5):
        ask.clock.advance(11)
        assert ask.create().status == 429
    ask.clock.advance(5)
    assert statuses([ask.create(), ask.create()]) == [200, 429]


def test_a_bad_request_does_not_count(start):
    ask = start(requests_per_minute=1)
    assert statuses([ask.create(seconds="7"), ask.create(), ask.create()]) == [400, 200, 429]


def test_each_key_is_a_project_with_a_limit_of_its_own(start):
    ask = start(requests_per_minute=1, keys=("sk-a", "sk-b"))
    found = [ask.create(key=key).status for key in ("sk-a", "sk-b", "sk-a", "sk-b")]
    assert found == [200, 200, 429, 429]


def test_each_namespace_has_limits_of_its_own(start):
    ask = start(requests_per_minute=1)
    found = [ask.create(f"{at}{OPENAI}").status for at in ("", "/ns/a", "/ns/b", "/ns/a")]
    assert found == [200, 200, 200, 429]


@pytest.mark.parametrize("other", [AZURE, PROXY])
def test_surfaces_share_a_limit_unless_they_are_separate(start, other):
    for separate, status in ((False, 429), (True, 200)):
        ask = start(requests_per_minute=1, separate_surfaces=separate)
        assert statuses([ask.create(), ask.create(other)]) == [200, status]


def test_the_jobs_of_sora_1_have_a_limit_of_their_own(start):
    ask = start(requests_per_minute=1)
    found = statuses([ask.create(), ask.create(JOBS), ask.create(), ask.create(JOBS)])
    assert found == [200, 201, 429, 429]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/videos/{}/remix", {"prompt": "bluer"}),
        ("/v1/videos/edits", {"prompt": "bluer", "video": {"id": "{}"}}),
        ("/v1/videos/extensions", {"prompt": "on", "seconds": "4", "video": {"id": "{}"}}),
        ("/openai/v1/videos/{}/remix", {"prompt": "bluer"}),
    ],
)
def test_whatever_makes_a_job_of_a_job_counts(start, path, body):
    ask = start(requests_per_minute=1)
    name = ask.create().json["id"]
    ask.clock.advance(70)
    wanted = json.loads(json.dumps(body).replace("{}", name))
    replies = [ask("POST", path.format(name), wanted) for _ in range(2)]
    assert statuses(replies) == [200, 429]
    assert replies[0].limits["remaining-requests"] == "0"


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("/{}/remix", {"prompt": "bluer"}),
        ("/edits", {"prompt": "bluer", "video": {"id": "{}"}}),
        ("/extensions", {"prompt": "on", "seconds": "4", "video": {"id": "{}"}}),
    ],
)
def test_whatever_makes_a_job_of_a_job_counts_through_the_proxy(start, rest, body):
    ask = start(requests_per_minute=1)
    name = ask.create(PROXY).json["id"]
    ask.clock.advance(70)
    wanted = json.loads(json.dumps(body).replace("{}", name))
    replies = [ask("POST", PROXY + rest.format(name), wanted) for _ in range(2)]
    assert statuses(replies) == [200, 429]


def test_the_minutes_of_the_real_clock_do_not_pass_by_advancing(start):
    ask = start(requests_per_minute=1, limit_clock="real")
    ask.create()
    ask.clock.advance(3600)
    refused = ask.create()
    assert refused.status == 429
    assert 0 < int(refused.headers["retry-after-ms"]) <= 60_000


def test_a_reset_forgets_what_was_used(start):
    ask = start(requests_per_minute=1, concurrent_jobs=1, budget=0.4)
    assert statuses([ask.create(), ask.create()]) == [200, 429]
    assert ask("POST", "/_fauxreel/reset", {}).status in (200, 204)
    assert statuses([ask.create(), ask.create()]) == [200, 429]


# Jobs at once -------------------------------------------------------------------------------------


def test_openai_refuses_a_job_above_the_limit(start):
    ask = start(concurrent_jobs=2)
    assert statuses([ask.create(), ask.create()]) == [200, 200]
    refused = ask.create()
    assert (refused.status, refused.json) == (
        429,
        {
            "error": {
                "message": "Too many running tasks",
                "type": "requests",
                "param": None,
                "code": None,
            }
        },
    )
    assert (refused.limits, refused.headers.get("retry-after")) == ({}, None)


def test_azure_refuses_a_job_above_the_limit_in_the_words_of_the_service(start):
    ask = start(concurrent_jobs=1)
    ask.create(AZURE)
    refused = ask.create(AZURE)
    assert (refused.status, refused.body) == (
        429,
        (
            b'{"error":{"message":"Too many running tasks","type":"video_generation_user_error",'
            b'"param":null,"code":null}}'
        ),
    )


def test_a_place_is_free_once_a_job_has_ended(start):
    ask = start(concurrent_jobs=1)
    ask.create()
    ask.clock.advance(69)
    assert ask.create().status == 429
    ask.clock.advance(1)
    assert ask.create().status == 200


def test_a_job_that_fails_frees_its_place(start):
    ask = start(concurrent_jobs=1, rules="fail=server_error times=1")
    ask.create()
    assert ask.create().status == 429
    ask.clock.advance(70)
    assert ask.create().status == 200


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_job_that_is_ended_by_hand_frees_its_place(start, status):
    ask = start(concurrent_jobs=1)
    name = ask.create().json["id"]
    assert ask.create().status == 429
    assert ask("POST", f"/_fauxreel/videos/{name}/force", {"status": status}).status == 200
    assert ask.create().status == 200


def test_a_job_that_is_deleted_frees_its_place(start):
    ask = start(concurrent_jobs=1)
    name = ask.create().json["id"]
    assert ask("DELETE", f"{OPENAI}/{name}").status == 200
    assert statuses([ask.create(), ask.create()]) == [200, 429]


def test_a_job_that_is_refused_takes_no_place(start):
    ask = start(concurrent_jobs=2, max_videos=1)
    assert [ask.create().error for _ in range(3)] == ["", "The emul", "The emul"]


def test_jobs_at_once_are_counted_by_project_and_on_all_surfaces(start):
    ask = start(concurrent_jobs=1, keys=("sk-a", "sk-b"))
    found = [
        ask.create(path, key).status
        for path, key in ((PROXY, "sk-a"), (OPENAI, "sk-b"), (AZURE, "sk-a"), (PROXY, "sk-b"))
    ]
    assert found == [200, 200, 429, 429]


# Money --------------------------------------------------------------------------------------------


def test_openai_refuses_what_the_budget_does_not_pay(start):
    ask = start(budget=0.8)
    assert statuses([ask.create(), ask.create()]) == [200, 200]
    refused = ask.create()
    assert (refused.status, refused.json) == (
        429,
        {
            "error": {
                "message": "You exceeded your current quota, please check your plan and billing "
                "details. For more information on this error, read the docs: "
                "https://platform.openai.com/docs/guides/error-codes/api-errors.",
                "type": "insufficient_quota",
                "param": None,
                "code": "insufficient_quota",
            }
        },
    )
    assert ask.app.space.ledger.total == Decimal("0.80")


def test_azure_refuses_what_the_budget_does_not_pay_at_its_gateway(start):
    ask = start(budget=0)
    refused = ask.create(AZURE)
    assert (refused.status, refused.json) == (
        429,
        {
            "error": {
                "code": "insufficient_quota",
                "message": "You exceeded your current quota, please check your plan and billing "
                "details.",
            }
        },
    )


def test_a_cheaper_job_may_still_be_paid(start):
    ask = start(budget=1)
    dear = ask.create(model="sora-2-pro", size="1792x1024")
    assert statuses([dear, ask.create(), ask.create()]) == [429, 200, 200]
    assert statuses([ask.create(), ask.create()]) == [429, 429]


def test_all_surfaces_and_projects_spend_the_same_money(start):
    ask = start(budget=1.5, keys=("sk-a", "sk-b"))
    asked = ((PROXY, "sk-a"), (AZURE, "sk-b"), (OPENAI, "sk-b"), (OPENAI, "sk-a"), (PROXY, "sk-a"))
    assert [ask.create(*one).status for one in asked] == [200, 200, 200, 429, 429]


# Together with the rest ---------------------------------------------------------------------------


def test_a_request_that_a_limit_refuses_uses_up_no_rule_of_outcomes(start):
    ask = start(requests_per_minute=1, rules="prompt=second fail=moderation_blocked times=1")
    assert statuses([ask.create(), ask.create(prompt="second")]) == [200, 429]
    ask.clock.advance(60)
    name = ask.create(prompt="second").json["id"]
    ask.clock.advance(70)
    assert ask("GET", f"{OPENAI}/{name}").json["status"] == "failed"


def test_a_request_that_is_accepted_in_spite_of_its_error_counts(start):
    ask = start(requests_per_minute=1, rules="error=server_error accepted=true times=1")
    assert statuses([ask.create(), ask.create()]) == [500, 429]


def test_a_request_that_a_rule_refuses_does_not_count(start):
    ask = start(requests_per_minute=1, rules="error=server_error times=1")
    assert statuses([ask.create(), ask.create(), ask.create()]) == [500, 200, 429]


def test_the_minute_counts_a_request_that_has_no_place(start):
    ask = start(requests_per_minute=2, concurrent_jobs=1)
    assert [ask.create().error for _ in range(3)] == ["", "Too many", "Rate lim"]


def test_the_sdk_raises_a_rate_limit_error_that_says_how_long_to_wait():
    with (
        Emulator(clock="manual", requests_per_minute=1) as emulator,
        OpenAI(base_url=emulator.base_url, api_key="sk-1", max_retries=0) as client,
    ):
        first = client.videos.with_raw_response.create(prompt="a cat")
        with pytest.raises(openai.RateLimitError) as raised:
            client.videos.create(prompt="a cat")
        assert (raised.value.code, raised.value.type) == ("rate_limit_exceeded", "requests")
        assert raised.value.response.headers["retry-after-ms"] == "60000"
        assert first.headers["x-ratelimit-remaining-requests"] == "0"
        assert len(client.videos.list().data) == 1


# What is kept -------------------------------------------------------------------------------------


def limits(now, **quotas):
    async def unfinished(video_id):
        return True

    made = Limits(now, unfinished)
    made.quotas = Quotas(**quotas)
    return made


def admit(limits, project):
    asyncio.run(limits.admit(project, "sora-2", Decimal(0), Decimal(0)))


def test_projects_that_asked_longest_ago_are_forgotten():
    kept = limits(lambda: 0.0, per_minute=1)
    for number in range(10_000):
        kept.left(f"project {number}")
    admit(kept, "project 0")
    kept.left("one more")
    assert len(kept._projects) == 10_000
    assert kept.left("project 0") == Left(1, 0, 60.0)
    assert "project 1" not in kept._projects


def test_no_more_requests_are_kept_than_the_limit_allows():
    kept = limits(lambda: 0.0, per_minute=3)
    for _ in range(3):
        admit(kept, "a")
    for _ in range(5):
        with pytest.raises(RateLimited):
            admit(kept, "a")
    assert len(kept._project("a").asked) == 3


def test_jobs_are_kept_only_where_they_are_limited():
    kept = limits(lambda: 0.0, per_minute=3)
    kept.started("a", "video_1")
    assert kept._project("a").running == []


def test_requests_that_another_clock_counted_do_not_count():
    moments = [1_790_000_000.0]
    kept = limits(lambda: moments[0], per_minute=1)
    admit(kept, "a")
    moments[0] = 1_767_225_600.0
    assert kept.left("a") == Left(1, 1, 0.0)


def test_a_lower_limit_waits_until_enough_has_passed():
    moments = [0.0]
    kept = limits(lambda: moments[0], per_minute=3)
    for moment in (0.0, 10.0, 20.0):
        moments[0] = moment
        admit(kept, "a")
    kept.quotas = Quotas(per_minute=1)
    with pytest.raises(RateLimited) as raised:
        admit(kept, "a")
    assert raised.value.headers == (("retry-after", "60"), ("retry-after-ms", "60000"))
    assert kept.left("a") == Left(1, 0, 60.0)
