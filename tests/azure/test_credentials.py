"""Who may ask on Azure: api-key, bearer key, bearer token; each refusal to the letter."""

import pytest

VIDEOS = "/openai/v1/videos"
JOBS = "/openai/v1/video/generations/jobs"
REFUSED_KEY = (
    401,
    (
        '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API '
        "endpoint. Make sure to provide a valid key for an active subscription and use a correct "
        'regional API endpoint for your resource."}}'
    ),
)
REFUSED_TOKEN = (
    401,
    (
        '{"statusCode":401,"message":"Unauthorized. Access token is missing, invalid, audience is '
        'incorrect (https://cognitiveservices.azure.com), or have expired."}'
    ),
)

both = pytest.mark.parametrize("path", [VIDEOS, JOBS])


@both
@pytest.mark.parametrize(
    "credentials",
    [
        {"api_key": "key-1"},
        {"api_key": None, "Authorization": "Bearer key-1"},
        {"api_key": None, "Authorization": "bearer eyJ0eXAiOiJKV1QifQ.e30.c2ln"},
        {"api_key": "key-1", "Authorization": "Bearer eyJ0eXAiOiJKV1QifQ.e30.c2ln"},
        {"api_key": "key-1", "Authorization": "Bearer sk-invalid"},
    ],
    ids=["key", "bearer key", "token", "both", "the key counts"],
)
def test_keys_and_tokens_are_accepted(send, path, credentials):
    assert send("GET", path, **credentials).status == 200


@both
@pytest.mark.parametrize("key", ["sk-invalid-1", "None", "${AZURE_OPENAI_API_KEY}", "", "  "])
def test_a_refused_key_is_answered_by_the_gateway(send, path, key):
    reply = send("GET", path, api_key=key)
    assert reply.told == REFUSED_KEY
    assert len(reply.body) == 224
    assert send("GET", path, api_key=key, Authorization="Bearer key-1").told == REFUSED_KEY


@both
@pytest.mark.parametrize(
    "authorization",
    ["Bearer sk-invalid-1", "Bearer None", "Bearer ", "Basic a2V5LTE=", None],
    ids=["refused", "no token", "empty", "another scheme", "missing"],
)
def test_a_refused_or_missing_token_is_answered_flat(send, path, authorization):
    assert send("GET", path, api_key=None, Authorization=authorization).told == REFUSED_TOKEN


def test_a_listed_key_is_a_project_in_either_header(run, sender_of):
    send = sender_of(run(keys=("one", "two")))
    fields = {"model": "dep", "prompt": "a mug"}
    video_id = send("POST", VIDEOS, fields, api_key="one").json["id"]
    path = f"{VIDEOS}/{video_id}"
    assert send("GET", path, api_key=None, Authorization="Bearer one").status == 200
    assert send("GET", path, api_key="two").status == 404
    assert send("GET", VIDEOS, api_key="two").json["data"] == []
    assert send("GET", path, api_key="three").told == REFUSED_KEY
    assert send("GET", path, api_key=None, Authorization="Bearer three").told == REFUSED_TOKEN


def test_a_wrong_key_is_found_before_a_wrong_body(send):
    assert send("POST", VIDEOS, {}, api_key="sk-invalid").told == REFUSED_KEY


def test_refused_requests_leave_nothing(send):
    send("POST", VIDEOS, {"model": "dep", "prompt": "a mug"}, api_key="sk-invalid")
    assert send("GET", VIDEOS).json["data"] == []
    assert send("GET", "/_fauxreel/usage").json == {"dollars": 0.0, "accounts": []}
