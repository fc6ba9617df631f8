"""Keys: four headers carry one, and each refusal has its words."""

import pytest

MALFORMED = (
    "Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.",
    "auth_error",
    "401",
)
MISSING = ("Authentication Error, No api key passed in.", "auth_error", "401")
REFUSED = ("No connected db.", "no_db_connection", "400")


def refusal(message, kind, code):
    return (
        int(code),
        f'{{"error":{{"message":"{message}","type":"{kind}","param":null,"code":"{code}"}}}}',
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer sk-1234"},
        {"Authorization": "bearer sk-1234"},
        {"x-litellm-api-key": "sk-1234"},
        {"x-litellm-api-key": "Bearer sk-1234"},
        {"api-key": "sk-1234"},
        {"x-api-key": "sk-1234"},
        {"Authorization": "Bearer sk-invalid", "x-litellm-api-key": "sk-1234"},
        {"api-key": "", "x-api-key": "sk-1234"},
    ],
)
def test_a_key_is_accepted(make_send, headers):
    send = make_send(keys="sk-1234,sk-other")
    reply = send("GET", "/litellm/v1/models", key=None, **headers)
    assert reply.status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, MISSING),
        ({"api-key": ""}, MISSING),
        ({"Authorization": "sk-1234"}, MALFORMED),
        ({"Authorization": "Bearer "}, MALFORMED),
        ({"Authorization": "Bearer sk-nope"}, REFUSED),
        ({"Authorization": "Bearer nope"}, REFUSED),
        ({"x-litellm-api-key": "sk-nope"}, REFUSED),
        ({"api-key": "sk-nope"}, REFUSED),
        ({"x-api-key": "Bearer sk-1234"}, REFUSED),
        ({"api-key": "Bearer sk-1234"}, REFUSED),
    ],
)
def test_a_key_is_refused_in_the_words_of_the_proxy(make_send, method, headers, words):
    send = make_send(keys="sk-1234")
    reply = send(method, "/litellm/v1/videos", key=None, **headers)
    assert (reply.status, reply.body.decode()) == refusal(*words)
    assert reply.proxy_headers == {}
    assert "www-authenticate" not in reply.headers


def test_keys_are_projects_of_their_own(make_send):
    send = make_send(keys="sk-1,sk-2")
    wrapped = send("POST", "/litellm/v1/videos", {"model": "sora-2", "prompt": "a"}).json["id"]
    path = f"/litellm/v1/videos/{wrapped}"
    assert [send("GET", path, key=f"Bearer sk-{number}").status for number in (1, 2)] == [200, 404]
