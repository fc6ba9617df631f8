"""What the proxy answers to what succeeds, byte for byte."""

import pytest

STARTED = 1767225600


def written(wrapped, **changes):
    """A video as the proxy writes it, unless something is said of it."""
    said = {
        "status": '"queued"', "created_at": STARTED, "completed_at": "null",
        "expires_at": "null", "error": "null", "progress": 0, "source": "null", "seconds": 4,
        "size": "720x1280", "model": "sora-2", "usage": "null", **changes,
    }  # fmt: skip
    return (
        '{{"id":"{id}","object":"video","status":{status},"created_at":{created_at},'
        '"completed_at":{completed_at},"expires_at":{expires_at},"error":{error},'
        '"progress":{progress},"remixed_from_video_id":{source},"seconds":"{seconds}",'
        '"size":"{size}","model":"{model}","usage":{usage}}}'
    ).format(id=wrapped, **said)


def usage(seconds):
    return f'{{"duration_seconds":{seconds}}}'


@pytest.mark.parametrize("path", ["/litellm/v1/videos", "/litellm/videos"])
def test_create_answers_thirteen_keys_and_no_prompt(send, path):
    wanted = {"model": "sora-2", "prompt": "a cat", "seconds": "8", "size": "1280x720"}
    reply = send("POST", path, wanted)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.body.decode() == written(
        reply.json["id"], seconds=8, size="1280x720", usage=usage(8.0)
    )


def test_create_takes_a_number_for_seconds_as_the_form_it_sends_on_does(send):
    reply = send("POST", "/litellm/v1/videos", {"model": "sora-2", "prompt": "a", "seconds": 8})
    assert reply.body.decode() == written(reply.json["id"], seconds=8, usage=usage(8.0))


def test_create_takes_a_form(send, form):
    reply = send("POST", "/litellm/v1/videos", **form(model="sora-2", prompt="a cat"))
    assert reply.body.decode() == written(reply.json["id"], usage=usage(4.0))


def test_create_names_the_group_of_an_azure_deployment(send):
    reply = send("POST", "/litellm/v1/videos", {"model": "azure-sora-2", "prompt": "a cat"})
    assert reply.body.decode() == written(reply.json["id"], model="azure-sora-2", usage=usage(4.0))


def test_json_of_any_declared_type_is_read(send):
    reply = send("POST", "/litellm/v1/videos", '{"model":"sora-2","prompt":"a cat"}')
    assert reply.body.decode() == written(reply.json["id"], usage=usage(4.0))


def test_of_keys_that_stand_twice_the_later_one_counts(send):
    body = '{"model":"sora-2","prompt":"a","seconds":"4","seconds":"8"}'
    assert send("POST", "/litellm/v1/videos", body).json["seconds"] == "8"


def test_retrieve_of_a_queued_video_has_no_usage(send, create):
    wrapped = create()
    reply = send("GET", f"/litellm/v1/videos/{wrapped}")
    assert (reply.status, reply.body.decode()) == (200, written(wrapped))


def test_retrieve_of_a_video_in_progress_uses_the_word_of_the_upstream(send, create, clock):
    wrapped = create()
    clock.advance(40)
    reply = send("GET", f"/litellm/videos/{wrapped}")
    assert reply.body.decode() == written(wrapped, status='"in_progress"', progress=50)


@pytest.mark.parametrize(
    ("group", "expires_at"),
    [
        pytest.param("sora-2", STARTED + 70 + 3600, id="an hour after completion on openai"),
        pytest.param("azure-sora-2", STARTED + 86400, id="a day after creation on azure"),
    ],
)
def test_retrieve_of_a_completed_video_says_when_it_ended(send, create, clock, group, expires_at):
    wrapped = create(model=group)
    clock.advance(70)
    assert send("GET", f"/litellm/v1/videos/{wrapped}").body.decode() == written(
        wrapped,
        status='"completed"',
        completed_at=STARTED + 70,
        expires_at=expires_at,
        progress=100,
        model=group,
    )


def test_retrieve_of_a_failed_video_has_the_error_and_where_it_stopped(send, create, clock, raw_of):
    wrapped = create()
    clock.advance(34)
    message = "Your request was blocked by our moderation system."
    said = {"code": "moderation_blocked", "message": message}
    forced = {"status": "failed", "error": said}
    force = send("POST", f"/_fauxreel/videos/{raw_of(wrapped)}/force", forced)
    assert force.status == 200, force.body
    error = f'{{"code":"moderation_blocked","message":"{message}"}}'
    assert send("GET", f"/litellm/v1/videos/{wrapped}").body.decode() == written(
        wrapped, status='"failed"', error=error, progress=40
    )


def test_remix_names_the_raw_id_of_its_source_and_what_it_uses(send, completed, raw_of, form):
    source = f'"{raw_of(completed)}"'
    for request in ({"body": {"prompt": "bluer"}}, form(prompt="bluer")):
        reply = send("POST", f"/litellm/v1/videos/{completed}/remix", **request)
        assert reply.body.decode() == written(
            reply.json["id"], created_at=STARTED + 70, source=source, usage=usage(4.0)
        )


def test_remix_drops_the_length_and_the_model_that_it_is_told(send, completed):
    wanted = {"prompt": "bluer", "seconds": "12", "model": "sora-2-pro"}
    reply = send("POST", f"/litellm/v1/videos/{completed}/remix", wanted)
    assert (reply.json["seconds"], reply.json["model"]) == ("4", "sora-2")


def test_edits_and_extensions_have_no_usage(send, completed, raw_of):
    said = {"created_at": STARTED + 70, "source": f'"{raw_of(completed)}"'}
    video = {"id": completed}
    edit = send("POST", "/litellm/v1/videos/edits", {"prompt": "bluer", "video": video})
    wanted = {"prompt": "more", "seconds": "4", "video": video}
    extension = send("POST", "/litellm/v1/videos/extensions", wanted)
    assert edit.body.decode() == written(edit.json["id"], **said)
    assert extension.body.decode() == written(extension.json["id"], seconds=8, **said)


def test_the_models_are_the_groups_of_both_providers(send):
    reply = send("GET", "/litellm/v1/models")
    assert list(reply.json) == ["data", "object"]
    assert reply.json["data"][0] == {
        "id": "sora-2",
        "object": "model",
        "created": 1677610602,
        "owned_by": "openai",
        "mode": "video_generation",
    }
    assert {"sora-2-pro", "azure-sora-2", "azure-sora-2-pro"} < {
        model["id"] for model in reply.json["data"]
    }
