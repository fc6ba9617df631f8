"""The default profile shows nothing of what only documentation has."""

import json

import pytest

from fauxreel import Emulator

WIRE_KEYS = [
    *("id", "object", "created_at", "status", "completed_at", "error", "expires_at", "model"),
    *("progress", "prompt", "remixed_from_video_id", "seconds", "size"),
]


@pytest.fixture
def emulator(clock, request):
    settings = {"queue_seconds": 10, "processing_seconds": 60}
    with Emulator(clock=clock, profile=request.param, **settings) as emulator:
        yield emulator


@pytest.mark.parametrize("emulator", [(), ("/v1=wire",)], indirect=True, ids=["default", "wire"])
def test_a_video_has_the_keys_and_words_of_the_wire_in_every_answer(send, completed, clock):
    body = json.dumps({"prompt": "x", "video": {"id": completed}})
    edited = send("POST", "/v1/videos/edits", body, content_type="application/json").json
    clock.advance(30)
    running = send("GET", f"/v1/videos/{edited['id']}").json
    listed = send("GET", "/v1/videos").json["data"]
    assert [list(video) for video in (edited, running, *listed)] == [WIRE_KEYS] * 4
    assert [video["status"] for video in (edited, running, *listed)] == [
        "queued", "in_progress", "in_progress", "completed",
    ]  # fmt: skip


@pytest.mark.parametrize("emulator", [()], indirect=True, ids=["default"])
def test_no_link_opens_a_video_of_the_wire_profile(send, completed):
    path = f"/v1/videos/{completed}/content?signature=.{'0' * 64}"
    assert send("GET", path, Authorization="").status == 401
