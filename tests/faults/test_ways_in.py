"""Rules by each way in: settings, file, header, prompt; and files that rules may serve."""

import json

import pytest
from openai import OpenAI

from fauxreel.settings import SettingError, resolve
from fauxreel.space import Space

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def one(running):
    """An emulator without rules of its own."""
    with running(clock="manual") as emulator:
        yield emulator


def statuses(em, count, rule=None, path="/v1/videos"):
    return [em.ask("GET", path, rule=rule).status for _ in range(count)]


# Settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rules",
    [
        "operation=list error=overloaded times=1; operation=list error=429 times=1",
        [
            {"operation": "list", "error": "overloaded", "times": 1},
            "operation=list error=429 times=1",
        ],
    ],
    ids=["text", "tables"],
)
def test_rules_of_the_settings_count_over_requests(open_emulators, rules):
    em = open_emulators(rules=rules)

    assert statuses(em, 3) == [503, 429, 200]
    assert em.space.rules.unfired() == []


@pytest.mark.parametrize(
    "toml",
    [
        'rules = "operation=list nth=2 error=503"',
        '[[rules]]\noperation = "list"\nnth = 2\nerror = 503\n[rules.headers]\nx-a = "b"',
    ],
    ids=["text", "tables"],
)
def test_rules_of_the_file_count_over_requests(open_emulators, tmp_path, toml):
    path = tmp_path / "fauxreel.toml"
    path.write_text(toml)
    em = open_emulators(config=path)

    assert statuses(em, 3) == [200, 503, 200]


def test_a_broken_rule_of_the_settings_is_one_clear_line():
    settings = resolve({"rules": "error=503; nth=0 error=503"}).settings
    with pytest.raises(
        SettingError, match=r"^rules\[1\]\.nth -> '0' is not valid\. Valid: a number"
    ):
        Space(settings, None)


# Headers -----------------------------------------------------------------------------------------


def test_an_sdk_that_retries_meets_the_rule_as_often_as_it_says(one):
    with OpenAI(
        base_url=f"http://127.0.0.1:{one.port}/v1",
        api_key="sk-1",
        max_retries=2,
        default_headers={"X-Fauxreel": "operation=list error=503 times=2 retry_after=0.01"},
    ) as client:
        videos = client.videos.list()
    one.settle()

    assert videos.object == "list"
    assert [request.status for request in one.requests()[-3:]] == [503, 503, 200]
    assert [request.retry for request in one.requests()[-3:]] == [0, 1, 2]


def test_a_header_given_twice_has_the_rules_of_both(one):
    rules = b"X-Fauxreel: error=418 operation=list\r\nX-Fauxreel: operation=content error=404\r\n"
    got, _ = one.raw(
        b"GET /v1/videos HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Authorization: Bearer sk-1\r\n%s\r\n" % rules
    )

    assert got.startswith(b"HTTP/1.1 418 ")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_header_may_be_in_any_encoding(one, encoding):
    reply = one.ask("GET", "/v1/videos", rule="error=503 message='größe'".encode(encoding))

    assert (reply.status, reply.json["error"]["message"]) == (503, "größe")


@pytest.mark.parametrize("rule", ["", " ", ";"])
def test_an_empty_header_changes_nothing(one, rule):
    assert statuses(one, 1, rule) == [200]


def test_a_rule_may_ask_for_another_header(one):
    rule = 'header.user-agent="^curl/" error=503'
    replies = [
        one.ask("GET", "/v1/videos", rule=rule, headers={"User-Agent": name})
        for name in ("curl/8", "wget")
    ]

    assert [reply.status for reply in replies] == [503, 200]


def test_a_rule_may_ask_for_what_the_job_is(one):
    video_id = one.video("a dog in the sun", model="sora-2-pro")
    found = [
        statuses(one, 1, rule, f"/v1/videos/{video_id}")[0]
        for rule in ("prompt=dog error=500", "prompt=cat error=500", "model=sora-2-pro error=502",
                     f"video={video_id} error=503", "video=video_1 error=503")
    ]  # fmt: skip

    assert found == [500, 200, 502, 503, 200]


SURFACES = {
    "openai": "/v1/videos",
    "azure": "/openai/v1/videos",
    "azure-jobs": "/openai/v1/video/generations/jobs?api-version=preview",
    "litellm": "/litellm/v1/videos",
}
JOB = {"width": 480, "height": 480, "n_seconds": 1}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("way", ["header", "prompt"])
def test_a_broken_rule_is_a_400_that_comes_whole_in_the_words_of_the_surface(one, surface, way):
    fields = {"prompt": "a", "model": "sora-2", **(JOB if surface == "azure-jobs" else {})}
    fields["model"] = "sora" if surface == "azure-jobs" else "sora-2"
    fields["prompt"] = "a cat [[fauxreel eror=503]]" if way == "prompt" else "a cat"
    reply = one.ask("POST", SURFACES[surface], fields, rule="eror=503" if way == "header" else None)

    place = "X-Fauxreel" if way == "header" else "prompt"
    told = json.dumps(reply.json)
    assert reply.status == 400
    assert f"{place}.eror is not a key. Did you mean error? Valid keys: surface, " in told
    assert " since, status, type." in told
    assert ("error" in reply.json) is (surface != "azure-jobs")


def test_a_broken_rule_names_its_place_in_the_parts_of_the_error(one):
    error = one.ask("GET", "/v1/videos", rule="nth=x error=503").json["error"]

    assert error == {
        "message": "X-Fauxreel.nth -> 'x' is not valid. Valid: a number from 1, or several.",
        "type": "invalid_request_error",
        "param": "X-Fauxreel",
        "code": "fauxreel_rule",
    }


@pytest.mark.parametrize("rule", ["x" * 4001, "pass;" * 65, "(" * 3000, "prompt=(a error=503"])
def test_a_header_beyond_the_limits_is_a_400(one, rule):
    reply = one.ask("GET", "/v1/videos", rule=rule)

    assert (reply.status, reply.json["error"]["code"]) == (400, "fauxreel_rule")


# Prompts -----------------------------------------------------------------------------------------


def test_a_phrase_counts_for_its_request_and_stays_in_the_prompt(one):
    prompt = "a cat [[fauxreel error=rate_limit times=1]]"
    replies = [one.ask("POST", "/v1/videos", {"prompt": prompt}) for _ in range(2)]

    assert [reply.status for reply in replies] == [429, 200]
    assert replies[1].json["prompt"] == prompt


def test_a_phrase_counts_for_later_requests_of_its_job(one):
    video_id = one.video("a cat [[fauxreel operation=retrieve error=bad_gateway times=1]]")
    other = one.video("a dog")

    assert statuses(one, 1, path=f"/v1/videos/{other}") == [200]
    assert statuses(one, 3, path=f"/v1/videos/{video_id}") == [502, 200, 200]


def test_a_phrase_counts_over_all_surfaces(one):
    video_id = one.video(
        "a cat [[fauxreel operation=content truncate=0 surface=azure; operation=content error=503]]"
    )

    assert statuses(one, 1, path=f"/v1/videos/{video_id}/content") == [503]
    got, end = one.raw(
        b"GET /openai/v1/videos/%s/content HTTP/1.1\r\nHost: x\r\napi-key: a\r\n\r\n"
        % video_id.encode()
    )
    assert (got.startswith(b"HTTP/1.1 200 "), got.endswith(b"\r\n\r\n"), end) == (
        True,
        True,
        "closed",
    )


def test_a_phrase_may_say_that_a_job_is_missing_at_first(one):
    video_id = one.video("a cat [[fauxreel missing=3]]")
    before = statuses(one, 1, path=f"/v1/videos/{video_id}")
    one.advance(3)

    assert before + statuses(one, 1, path=f"/v1/videos/{video_id}") == [404, 200]


def test_an_outcome_may_ask_for_the_source_of_a_remix(one):
    video_id = one.video()
    replies = [
        one.ask(
            "POST",
            f"/v1/videos/{video_id}/remix",
            {"prompt": "more"},
            rule=f"video={name} fail=internal_error",
        )
        for name in (video_id, "video_1")
    ]

    assert [reply.json["status"] for reply in replies] == ["failed", "completed"]


def test_phrases_can_be_switched_off(open_emulators):
    em = open_emulators(phrases=False)
    video_id = em.video("a cat [[fauxreel error=503]] [[fauxreel operation=retrieve error=503]]")

    assert statuses(em, 1, path=f"/v1/videos/{video_id}") == [200]


def test_the_header_wins_over_the_phrase_and_both_over_the_settings(open_emulators):
    em = open_emulators(rules="error=500")
    prompt = {"prompt": "a [[fauxreel error=501]]"}

    found = [
        em.ask("POST", "/v1/videos", prompt, rule="error=502").status,
        em.ask("POST", "/v1/videos", prompt).status,
        em.ask("POST", "/v1/videos", {"prompt": "a"}).status,
    ]
    assert found == [502, 501, 500]
    assert [request.rule for request in em.requests()] == ["X-Fauxreel", "prompt", "rule_1"]
