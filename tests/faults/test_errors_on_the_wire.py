"""Errors and wrong answers as a client sees them over a real socket, on both protocols."""

import http.client
import json

import httpx2
import pytest

from fauxreel.faults.presets import PRESETS
from running import (
    KEY,
    LISTED,
    SURFACES,
    content,
    head_and_body,
    request_bytes,
)

pytestmark = pytest.mark.usefixtures("quiet", "serves_on")


def test_an_error_has_the_parts_that_the_rule_says(em):
    rule = (
        'error=rate_limit status=430 message="Slow, please" type=t code=c param=p '
        "retry_after=1.5 headers.X-Why=because"
    )
    reply = em.ask(*LISTED, rule=rule)

    assert reply.status == 430
    assert reply.json == {
        "error": {"message": "Slow, please", "type": "t", "param": "p", "code": "c"}
    }
    waits = {name: reply.headers[name] for name in ("retry-after", "retry-after-ms", "x-why")}
    assert waits == {"retry-after": "2", "retry-after-ms": "1500", "x-why": "because"}
    assert em.last().status == 430


def test_an_error_of_a_bare_status_can_say_when_to_come_back(em):
    reply = em.ask(*LISTED, rule="error=503 retry_after=0.25")

    waits = (reply.headers["retry-after"], reply.headers["retry-after-ms"])
    assert (reply.status, waits) == (503, ("1", "250"))


@pytest.mark.parametrize("status", [400, 418, 499, 599])
def test_an_error_may_have_any_status_of_an_error(em, status):
    assert em.ask(*LISTED, rule=f"error={status}").status == status


def test_a_header_of_a_rule_takes_the_place_of_the_usual_one(em):
    rule = "error=500 headers.x-request-id=req_1 headers.empty="
    got, _ = em.raw(request_bytes(*LISTED, rule, more="Connection: close\r\n"))

    head, _ = head_and_body(got)
    assert head.count(b"x-request-id") == 1
    assert b"\r\nx-request-id: req_1" in head
    assert b"\r\nempty:" in head


def test_an_error_after_acceptance_leaves_a_job_behind(em):
    reply = em.ask(
        "POST", "/v1/videos", {"prompt": "lost"}, rule="error=server_error accepted=true"
    )
    request = em.last()

    assert (reply.status, request.accepted) == (500, True)
    assert em.ask("GET", f"/v1/videos/{request.video_id}").json["prompt"] == "lost"


def test_an_error_instead_leaves_no_job_behind(em):
    reply = em.ask("POST", "/v1/videos", {"prompt": "a cat"}, rule="error=server_error")

    assert (reply.status, em.last().accepted) == (500, False)


def test_a_connection_lost_after_acceptance_leaves_a_job_behind(em):
    with pytest.raises(http.client.RemoteDisconnected):
        em.ask("POST", "/v1/videos", {"prompt": "lost"}, rule="disconnect accepted=true")
    request = em.last()

    assert (request.accepted, request.status, request.lost) == (True, None, True)
    assert em.ask("GET", f"/v1/videos/{request.video_id}").status == 200


def test_a_request_refused_by_itself_is_not_accepted(em):
    reply = em.ask("POST", "/v1/videos", {"prompt": ""}, rule="error=server_error accepted=true")

    assert (reply.status, em.last().accepted) == (400, False)


@pytest.mark.parametrize("rule", ["corrupt=7", "corrupt=1%", "corrupt=100%", "corrupt=999999999"])
def test_exactly_so_many_bytes_are_wrong(em, video, rule):
    video_id, data = video
    body = em.ask("GET", content(video_id), rule=rule).body

    amount = rule.partition("=")[2]
    count = round(len(data) * int(amount[:-1]) / 100) if "%" in amount else int(amount)
    wrong = sum(one != other for one, other in zip(body, data, strict=True))
    assert wrong == min(count, len(data))


def test_an_empty_answer_is_a_200_of_nothing(em):
    reply = em.ask(*LISTED, rule="empty")

    assert (reply.status, reply.headers["content-length"], reply.body) == (200, "0", b"")


def test_a_wrong_content_type_stands_over_the_right_body(em, video):
    reply = em.ask("GET", content(video[0]), rule='content_type="text/plain; charset=utf-8 "')

    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert (reply.status, reply.body == video[1]) == (200, True)


def test_json_can_come_where_a_file_belongs(em, video):
    reply = em.ask("GET", content(video[0]), rule="json_body")

    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json["error"]["type"] == "invalid_request_error"
    assert not {"etag", "accept-ranges", "content-disposition"} & reply.headers.keys()


@pytest.mark.parametrize("status", [200, 400, 502, 599])
def test_an_html_page_can_come_instead(em, status):
    reply = em.ask(*LISTED, rule=f"html={status}")

    assert (reply.status, reply.headers["content-type"]) == (status, "text/html")
    assert reply.body.startswith(b"<html>\r\n<head><title>%d " % status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_elsewhere(em, status):
    reply = em.ask(*LISTED, rule=f"redirect=https://other.test/x?y=1 status={status}")

    assert (reply.status, reply.headers["location"]) == (status, "https://other.test/x?y=1")


@pytest.mark.parametrize("prefix", ["", "/ns/redirected"])
def test_a_redirect_to_the_same_place_is_followed_to_the_answer(em, prefix):
    url = f"http://127.0.0.1:{em.port}{prefix}/v1/videos?limit=1"
    rule = f"redirect=same times=1{' header=accept' if prefix else ''}"
    reply = httpx2.get(url, headers={**KEY, "X-Fauxreel": rule}, follow_redirects=True)

    first = reply.history[0]
    assert (first.status_code, first.headers["location"]) == (302, url)
    assert (reply.status_code, reply.json()["object"]) == (200, "list")


def test_what_is_missing_at_first_is_there_later(em):
    video_id = em.video()
    rule = "operation=retrieve missing=3"

    before = em.ask("GET", f"/v1/videos/{video_id}", rule=rule)
    em.advance(2.9)
    still = em.ask("GET", f"/v1/videos/{video_id}", rule=rule)
    em.advance(0.2)
    after = em.ask("GET", f"/v1/videos/{video_id}", rule=rule)

    assert [one.status for one in (before, still, after)] == [404, 404, 200]
    assert before.json["error"]["message"] == f"Video with id '{video_id}' not found."


def test_content_can_be_missing_after_completion(open_emulators):
    em = open_emulators(
        clock="manual", processing_seconds=10, rules="operation=content missing=3 since=completion"
    )
    video_id = em.video()
    statuses = []
    for seconds in (0, 10.5, 2, 1):
        em.advance(seconds)
        statuses.append(em.ask("GET", content(video_id)).status)

    # The first is what any unfinished job answers; its rule is not that of the list.
    assert statuses == [404, 404, 404, 200]
    assert [one.rule for one in em.requests()[1:]] == [None, "rule_1", "rule_1", None]


@pytest.mark.parametrize("path", SURFACES.values(), ids=SURFACES)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_the_status_that_its_help_says(em, preset, path):
    reply = em.ask("GET", path, rule=f"error={preset}")

    assert str(reply.status) == PRESETS[preset].help[:3]
    assert json.dumps(reply.json)
    assert em.last().faults == ("error",)


def test_a_rule_about_a_job_that_does_not_exist_matches_no_job(em):
    assert em.ask("GET", "/v1/videos/video_0", rule="prompt=. error=503").status == 404
