"""The proxy's ids: where a video came from, in base64."""

import re

import pytest


@pytest.mark.parametrize(
    ("group", "provider"),
    [
        pytest.param("sora-2", "openai", id="openai"),
        pytest.param("azure-sora-2", "azure", id="azure"),
    ],
)
def test_an_id_says_provider_model_raw_id_and_deployment(send, text_of, raw_of, group, provider):
    created = send("POST", "/litellm/v1/videos", {"model": group, "prompt": "a cat"})
    wrapped = created.json["id"]
    deployment = created.headers["x-litellm-model-id"]
    raw = send("GET", "/v1/videos").json["data"][0]["id"]
    assert re.fullmatch("[0-9a-f]{64}", deployment)
    assert raw_of(wrapped) == raw
    assert text_of(wrapped) == (
        f"litellm:custom_llm_provider:{provider};model_id:sora-2;"
        f"video_id:{raw};deployment_id:{deployment}"
    )


def test_raw_ids_are_those_of_the_upstream(create, raw_of):
    assert re.fullmatch("video_[0-9a-f]{48}", raw_of(create()))
    assert re.fullmatch("video_[0-9a-f]{32}", raw_of(create(model="azure-sora-2")))


def test_an_id_stays_the_same_over_retrieves(send, create, clock):
    wrapped = create()
    found = [send("GET", f"/litellm/v1/videos/{wrapped}").json["id"]]
    clock.advance(70)
    found.append(send("GET", f"/litellm/v1/videos/{wrapped}").json["id"])
    assert found == [wrapped, wrapped]


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda wrapped: wrapped.rstrip("="), id="padding lost"),
        pytest.param(lambda wrapped: wrapped.rstrip("=") + "%3D", id="escaped padding"),
        pytest.param(lambda wrapped: wrapped + "%253D", id="padding escaped twice"),
    ],
)
@pytest.mark.parametrize("group", ["sora-2", "azure-sora-2"])
def test_spoiled_padding_is_forgiven(send, create, group, spoiled):
    wrapped = create(model=group)
    found = send("GET", f"/litellm/v1/videos/{spoiled(wrapped)}")
    assert (found.status, found.json["id"]) == (200, wrapped)


def test_an_id_without_a_deployment_finds_the_same_video(send, completed, raw_of, wrap):
    raw = raw_of(completed)
    listed = wrap(f"litellm:custom_llm_provider:openai;model_id:sora-2;video_id:{raw}")
    found = send("GET", f"/litellm/v1/videos/{listed}")
    assert (found.status, found.json["id"]) == (200, completed)


def test_further_parts_of_an_id_are_passed_over(send, completed, text_of, wrap):
    longer = wrap(f"{text_of(completed)};served_model:sora-2;requested_model:sora-2")
    assert send("GET", f"/litellm/v1/videos/{longer}").json["id"] == completed


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/{id}/remix", {"prompt": "bluer"}, id="remix"),
        pytest.param("/edits", {"prompt": "bluer", "video": {"id": "{id}"}}, id="edits"),
        pytest.param("/edits", {"prompt": "bluer", "video": "{id}"}, id="edits, id as a text"),
        pytest.param(
            "/extensions",
            {"prompt": "on", "seconds": "4", "video": {"id": "{id}"}},
            id="extensions",
        ),
    ],
)
def test_what_is_made_from_a_video_gets_a_new_id_of_the_same_form(
    send, completed, text_of, raw_of, path, body
):
    named = {"{id}": completed}
    video = body.get("video")
    if video is not None:
        given = {"id": completed} if isinstance(video, dict) else named[video]
        body = {**body, "video": given}
    reply = send("POST", "/litellm/v1/videos" + path.format(id=completed), body)
    wrapped = reply.json["id"]
    assert reply.status == 200
    assert raw_of(wrapped) != raw_of(completed)
    assert text_of(wrapped).replace(raw_of(wrapped), raw_of(completed)) == text_of(completed)
    assert reply.json["remixed_from_video_id"] == raw_of(completed)
