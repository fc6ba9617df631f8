"""`/v1/models/{id}`: what is known of a model, and what is said of none."""

import pytest


@pytest.mark.parametrize(
    ("name", "created"),
    [
        ("sora-2", 1759708615),
        ("sora-2-pro", 1759708663),
        ("sora-2-2025-10-06", 1759708800),
        ("sora-2-pro-2025-10-06", 1759708800),
        ("sora-2-2025-12-08", 1765152000),
    ],
)
@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_a_model_is_answered_as_the_list_has_it(send, prefix, name, created):
    reply = send("GET", f"{prefix}/models/{name}")
    assert reply.status == 200
    assert reply.body.decode() == (
        f'{{"id":"{name}","object":"model","created":{created},"owned_by":"system"}}'
    )
    assert reply.json in send("GET", f"{prefix}/models").json["data"]


@pytest.mark.parametrize("name", ["sora-1", "SORA-2", "sora-2%20", "%7Bmodel%7D", '"'])
def test_an_unknown_model_is_not_found_by_its_name(send, name):
    reply = send("GET", f"/v1/models/{name}")
    shown = name.replace("%20", " ").replace("%7B", "{").replace("%7D", "}")
    assert (reply.status, reply.json) == (
        404,
        {
            "error": {
                "message": f"The model '{shown}' does not exist",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_found",
            }
        },
    )


def test_a_model_cannot_be_changed(send):
    for method in ("POST", "DELETE", "PATCH"):
        reply = send(method, "/v1/models/sora-2")
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
