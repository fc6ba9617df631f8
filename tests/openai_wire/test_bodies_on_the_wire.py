"""Answers byte for byte: key order, nulls, escapes, headers."""

import re


def test_a_queued_video_has_its_keys_in_the_order_of_the_wire(send):
    reply = send(
        "POST", "/v1/videos", '{"prompt":"aurora \\u00e9 \\"x\\"","size":"1280x720"}',
        content_type="application/json",
    )  # fmt: skip
    video_id = reply.json["id"]
    assert reply.status == 200
    assert reply.body.decode() == (
        f'{{"id":"{video_id}","object":"video","created_at":1767225600,"status":"queued",'
        '"completed_at":null,"error":null,"expires_at":null,"model":"sora-2","progress":0,'
        '"prompt":"aurora é \\"x\\"","remixed_from_video_id":null,"seconds":"4","size":"1280x720"}'
    )


def test_a_completed_video_expires_an_hour_after_its_end(send, completed):
    assert send("GET", f"/v1/videos/{completed}").body.decode() == (
        f'{{"id":"{completed}","object":"video","created_at":1767225600,"status":"completed",'
        '"completed_at":1767225670,"error":null,"expires_at":1767229270,"model":"sora-2",'
        '"progress":100,"prompt":"a cat","remixed_from_video_id":null,"seconds":"4",'
        '"size":"720x1280"}'
    )


def test_a_failed_video_has_an_error_and_no_end(send, emulator):
    video_id = send("POST", "/v1/videos", "prompt=a+cat", content_type=FORM).json["id"]
    body = (
        '{"status":"failed","error":{"code":"moderation_blocked",'
        '"message":"Your request was blocked by our moderation system."}}'
    )
    send("POST", f"/_fauxreel/videos/{video_id}/force", body, content_type="application/json")
    assert send("GET", f"/v1/videos/{video_id}").body.decode() == (
        f'{{"id":"{video_id}","object":"video","created_at":1767225600,"status":"failed",'
        '"completed_at":null,"error":{"code":"moderation_blocked",'
        '"message":"Your request was blocked by our moderation system."},"expires_at":null,'
        '"model":"sora-2","progress":0,"prompt":"a cat","remixed_from_video_id":null,'
        '"seconds":"4","size":"720x1280"}'
    )


def test_a_list_has_its_keys_in_the_order_of_the_wire(send, completed):
    video = send("GET", f"/v1/videos/{completed}").body.decode()
    assert send("GET", "/v1/videos").body.decode() == (
        f'{{"object":"list","data":[{video}],"first_id":"{completed}","has_more":false,'
        f'"last_id":"{completed}"}}'
    )
    assert send("GET", "/v1/videos?limit=0").body.decode() == (
        '{"object":"list","data":[],"first_id":null,"has_more":true,"last_id":null}'
    )


def test_a_deletion_has_its_keys_in_the_order_of_the_wire(send, completed):
    # As openai-python sends it: a content type, and nothing of it.
    reply = send("DELETE", f"/v1/videos/{completed}", content_type="application/json")
    assert reply.body.decode() == (
        f'{{"id":"{completed}","object":"video.deleted","deleted":true}}'
    )


def test_a_model_is_listed_as_the_real_service_did(send):
    reply = send("GET", "/v1/models")
    assert reply.body.decode().startswith(
        '{"object":"list","data":[{"id":"sora-2","object":"model","created":1759708615,'
        '"owned_by":"system"},{"id":"sora-2-pro","object":"model","created":1759708663,'
    )


def test_answers_carry_the_closed_list_of_headers(send):
    headers = send("GET", "/v1/videos").headers
    assert sorted(headers) == [
        "content-length",
        "content-type",
        "date",
        "openai-organization",
        "openai-processing-ms",
        "openai-project",
        "openai-version",
        "x-content-type-options",
        "x-request-id",
    ]
    assert headers["content-type"] == "application/json"
    assert headers["openai-version"] == "2020-10-01"
    assert re.fullmatch(r"user-[0-9a-f]{24}", headers["openai-organization"])
    assert re.fullmatch(r"proj_[0-9a-f]{24}", headers["openai-project"])
    assert re.fullmatch(r"\d+", headers["openai-processing-ms"])
    assert re.fullmatch(r"req_[0-9a-f]{32}", headers["x-request-id"])


def test_a_refused_key_learns_nothing_of_the_account(send):
    headers = send("GET", "/v1/videos", Authorization="Bearer sk-invalid").headers
    assert "openai-organization" not in headers
    assert "openai-project" not in headers
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-request-id"])


def test_a_missing_key_is_asked_for(send):
    reply = send("GET", "/v1/videos", Authorization="Basic c2stMTo=")
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == 'Bearer realm="OpenAI API"'
    assert reply.body.decode() == (
        '{"error":{"message":"Missing bearer authentication in header",'
        '"type":"invalid_request_error","param":null,"code":null}}'
    )


def test_post_to_generations_is_the_real_405(send):
    reply = send("POST", "/v1/videos/generations", "{}", content_type="application/json")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, DELETE, HEAD")
    assert reply.body.decode() == (
        '{"error":{"message":"Invalid method for URL (POST /v1/videos/generations)",'
        '"type":"invalid_request_error","param":null,"code":null}}'
    )


FORM = "application/x-www-form-urlencoded"
