"""What clients send in the wrong place, and the journal does not keep: neither keys nor files."""

import json

import pytest

from fauxreel import Emulator

FORM = "multipart/form-data; boundary=b"
CONTENTS = "first line of a file\nsecond line of it"


def part(name, text):
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'


def form(**parts):
    return ("".join(part(*one) for one in parts.items()) + "--b--\r\n").encode()


def test_keys_in_query_and_body_stand_neither_in_the_journal_nor_in_the_story(ask, emulator):
    ask("GET", "/v1/videos?api-key=SECRETQ1&code=SECRETQ2&api-version=preview&limit=2")
    body = {
        "prompt": "a cat",
        "api_key": "sk-BODYKEY",
        "extra_headers": {"Authorization": "Bearer SECRETB1"},
        "size": "sk-ECHOED-12345678",
    }
    ask("POST", "/v1/videos", body)
    ask("POST", "/litellm/v1/videos", {"model": "sora-2", **body})

    first, second, _ = ask("GET", "/_fauxreel/requests").json["requests"]
    assert first["query"] == "api-key=(hidden)&code=(hidden)&api-version=preview&limit=2"
    assert second["fields"] == {
        "prompt": "a cat",
        "api_key": "(hidden)",
        "extra_headers": {"Authorization": "(hidden)"},
        "size": "sk-(hidden)",
    }
    told = [json.dumps(ask("GET", "/_fauxreel/requests").json), emulator.snapshot().story()]
    for kept in (*told, repr(list(emulator.requests))):
        assert "SECRET" not in kept
        assert "BODYKEY" not in kept
        assert "ECHOED" not in kept


def test_an_answer_that_repeats_a_hidden_value_is_kept_without_it(ask):
    ask("POST", "/_fauxreel/rules", {"rules": [{"error": 400, "message": "No such key: CAFEBABE"}]})
    ask("GET", "/v1/videos?key=CAFEBABE")

    (entry,) = ask("GET", "/_fauxreel/requests").json["requests"]
    assert entry["answer"]["error"]["message"] == "No such key: (hidden)"


@pytest.mark.parametrize("name", ["input_reference", "video", "last_frame"])
def test_a_file_sent_as_text_is_not_kept(ask, emulator, name):
    answered = ask(
        "POST", "/v1/videos/edits", form(prompt="a", **{name: CONTENTS}), Content_Type=FORM
    )

    (entry,) = ask("GET", "/_fauxreel/requests").json["requests"]
    assert entry["fields"][name].startswith(f"… ({len(CONTENTS)} characters, ")
    assert entry["video_id"] is None
    assert answered.status == entry["status"] == 400
    kept = json.dumps(entry) + repr(list(emulator.requests)) + emulator.snapshot().story()
    assert "line of" not in kept


def test_the_contents_of_a_file_are_not_kept_as_an_answer(ask, emulator):
    upload = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n'
        b'Content-Type: application/json\r\n\r\n{"inner": "words"}\r\n--b--\r\n'
    )
    file = ask("POST", "/v1/files", upload, Content_Type=FORM).json["id"]
    ask("POST", "/_fauxreel/rules", {"rules": "content_type=application/json"})
    read = ask("GET", f"/v1/files/{file}/content")

    assert read.headers["content-type"] == "application/json"
    assert read.body == b'{"inner": "words"}'
    assert emulator.requests[-1].answer is None


def test_an_entry_is_small_however_large_the_request_was(ask, emulator):
    nested = {str(n): {str(m): ["x" * 400] * 50 for m in range(20)} for n in range(7)}
    ask("POST", "/v1/videos?" + "q=1&" * 5000, {"prompt": "a", "nested": nested})
    ask("GET", "/" + "p" * 30_000)

    for entry in ask("GET", "/_fauxreel/requests").json["requests"]:
        assert len(json.dumps(entry, ensure_ascii=False)) < 40_000
        assert "…" in (entry["path"] + entry["query"])


def test_one_key_has_one_name_in_all_namespaces(ask_of):
    with Emulator(seed=1, isolate="key") as emulator:
        ask_of(emulator, "GET", "/v1/models")
        ask_of(emulator, "GET", "/ns/other/v1/models")
        spaces = emulator.app.spaces()
        keys = {request.key for space in spaces for request in space.journal.requests()}
        (path,) = {request.path for space in spaces[1:2] for request in space.journal.requests()}

    (key,) = keys
    assert path == f"/ns/{key}/v1/models"
