"""The journal by the control API: what stands in it, what does not, filters and waits."""

import json
from urllib.parse import quote

import pytest
from dirty_equals import IsPartialDict, IsPositiveFloat

from fauxreel import Emulator

CREATE = {"prompt": "a cat"}
PNG_HEAD = b"\x89PNG\r\n\x1a\nsecret-pixels"


def requests(ask, query=""):
    return ask("GET", f"/_fauxreel/requests{query}").json["requests"]


def test_a_request_stands_in_the_journal_with_its_answer(ask):
    video = ask("POST", "/v1/videos", CREATE, User_Agent="me/1", X_Stainless_Retry_Count="2").json

    assert requests(ask) == [
        {
            "sequence": 1,
            "time": 1767225600.0,
            "method": "POST",
            "path": "/v1/videos",
            "query": "",
            "surface": "openai",
            "operation": "create",
            "key": "key_8d2762ab",
            "client": "me/1",
            "retry": 2,
            "video_id": video["id"],
            "fields": CREATE,
            "status": 200,
            "lost": False,
            "content_type": "application/json",
            "length": len(json.dumps(video, separators=(",", ":"))),
            "answer": video,
            "milliseconds": IsPositiveFloat,
            "rule": None,
            "faults": [],
            "degraded": False,
            "diagnostics": [],
        }
    ]


def test_each_surface_and_operation_has_its_name(ask):
    video = ask("POST", "/v1/videos", CREATE).json["id"]
    calls = [
        ("GET", "/v1/videos", "openai", "list"),
        ("GET", f"/videos/{video}", "openai", "retrieve"),
        ("HEAD", f"/v1/videos/{video}", "openai", "retrieve"),
        ("GET", f"/openai/v1/videos/{video}/content", "azure", "content"),
        ("GET", "/openai/v1/video/generations/jobs", "azure-jobs", "list"),
        ("GET", f"/litellm/v1/videos/{video}", "litellm", "retrieve"),
        ("DELETE", f"/v1/videos/{video}", "openai", "delete"),
        ("GET", "/v1/models/sora-2", "openai", "retrieve_model"),
        ("GET", "/v1/files", "openai", "list_files"),
        ("GET", "/nowhere", "openai", None),
        ("PUT", "/v1/videos", "openai", None),
        ("GET", "/openai/videos", "azure", None),
    ]
    for method, path, _, _ in calls:
        ask(method, path)

    found = [
        (entry["method"], entry["path"], entry["surface"], entry["operation"])
        for entry in requests(ask, "?after=1")
    ]
    assert found == calls


def test_the_job_is_named_by_its_raw_id_whoever_wrapped_it(ask):
    sent = {"model": "sora-2", **CREATE}
    wrapped = ask("POST", "/litellm/v1/videos", sent).json["id"]
    ask("GET", f"/litellm/v1/videos/{wrapped}")
    job = ask(
        "POST",
        "/openai/v1/video/generations/jobs",
        {"model": "sora", "prompt": "x", "width": 480, "height": 480},
    ).json["id"]
    ask("GET", f"/openai/v1/video/generations/jobs/{job}")
    ask("POST", "/v1/videos/edits", {"prompt": "x", "video": {"id": wrapped}})

    made, polled, created, polled_job, edited = (entry["video_id"] for entry in requests(ask))
    assert made == polled == edited
    assert made.startswith("video_")
    assert len(made) < len(wrapped)
    assert created == polled_job == job


def test_neither_credentials_nor_contents_of_files_are_kept(ask, emulator):
    boundary = "b"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na cat\r\n'
        b'--b\r\nContent-Disposition: form-data; name="input_reference"; filename="/home/me/a.png"'
        b"\r\nContent-Type: image/png\r\n\r\n" + PNG_HEAD + b"\r\n--b--\r\n"
    )
    form = f"multipart/form-data; boundary={boundary}"
    ask("POST", "/v1/videos", body, Content_Type=form, Authorization="Bearer sk-very-secret-key")
    url = "data:image/png;base64," + "QUJD" * 400
    ask("POST", "/v1/videos", {**CREATE, "input_reference": {"image_url": url}})
    ask("GET", "/v1/videos", Authorization="Bearer sk-invalid-abcdefgh")
    ask("GET", "/openai/v1/videos", api_key="sk-azure-secret")

    first, second, third, _ = requests(ask)
    assert first["fields"] == {
        "prompt": "a cat",
        "input_reference": {
            "filename": "/home/me/a.png",
            "content_type": "image/png",
            "length": len(PNG_HEAD),
            "digest": "5d8ef67e374cb0a1",
        },
    }
    assert second["fields"]["input_reference"]["image_url"].startswith(
        "data:image/png;base64,… (1622 characters, "
    )
    assert third["answer"]["error"]["message"] == (
        "Incorrect API key provided: (hidden). You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    kept = repr(emulator.app.space.journal.requests()) + json.dumps(requests(ask))
    for secret in ("very-secret", "azure-secret", "sk-test", "secret-pixels", "QUJDQUJD"):
        assert secret not in kept


def test_a_signed_link_is_hidden_in_query_and_answer(ask_of):
    with Emulator(
        clock="manual", profile="/v1=documented", queue_seconds=0, processing_seconds=0
    ) as emulator:
        video = ask_of(emulator, "POST", "/v1/videos", CREATE).json
        ask_of(emulator, "GET", video["url"].removeprefix(emulator.root_url))
        created, followed = ask_of(emulator, "GET", "/_fauxreel/requests").json["requests"]

    assert followed["query"] == "signature=(hidden)"
    assert created["answer"]["url"] == f"{video['url'].partition('?')[0]}?signature=(hidden)"


def test_long_texts_and_answers_are_cut(ask):
    ask("POST", "/v1/videos", {"prompt": "x" * 20_000})

    (entry,) = requests(ask)
    assert entry["fields"]["prompt"].startswith("x" * 500 + "… (20000 characters, ")
    assert entry["answer"] is None
    assert entry["length"] > 20_000


def test_the_journal_holds_the_last_requests(ask_of):
    with Emulator(max_requests=2) as emulator:
        for _ in range(3):
            ask_of(emulator, "GET", "/v1/models")
        entries = ask_of(emulator, "GET", "/_fauxreel/requests").json["requests"]

    assert [entry["sequence"] for entry in entries] == [2, 3]


def test_the_control_api_and_namespaces_stay_out_of_it(ask):
    ask("GET", "/_fauxreel/clock")
    ask("GET", "/ns/one/v1/models")

    assert requests(ask) == []
    assert [
        entry["path"] for entry in ask("GET", "/ns/one/_fauxreel/requests").json["requests"]
    ] == ["/ns/one/v1/models"]


@pytest.mark.parametrize(
    ("query", "sequences"),
    [
        ("", [1, 2, 3, 4]),
        ("?operation=create", [1, 3]),
        ("?status=404", [2]),
        ("?surface=azure", [3]),
        ("?method=GET", [2, 4]),
        ("?after=2", [3, 4]),
        ("?limit=1", [4]),
        ("?limit=0", []),
        ("?video_id=video_x", [2]),
        ("?key=key_8d2762ab&operation=create", [1, 3]),
        ("?rule=rule_1", []),
    ],
)
def test_requests_are_filtered(ask, query, sequences):
    ask("POST", "/v1/videos", CREATE)
    ask("GET", "/v1/videos/video_x")
    ask("POST", "/openai/v1/videos", {"model": "sora-2", **CREATE})
    ask("GET", "/v1/models")

    assert [entry["sequence"] for entry in requests(ask, query)] == sequences


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("status=x", "status -> 'x' is not a whole number from 100 to 599."),
        ("status=1000", "status -> '1000' is not a whole number from 100 to 599."),
        ("after=٣", "after -> '٣' is not a whole number from 0 to 9007199254740992."),
        (
            "surface=foo",
            "surface -> 'foo' is not valid. Valid: openai, azure, azure-jobs, litellm.",
        ),
        (
            "operation=creat&count=1&seconds=60",
            (
                "operation -> 'creat' is not valid. Did you mean create? Valid: create, list, retrieve, "
                "delete, content, remix, edit, extend, create_character, retrieve_character, list_models, "
                "retrieve_model, create_file, list_files, retrieve_file, delete_file, file_content, generation."
            ),
        ),
        (
            "method=get",
            "method -> 'get' is not valid. Valid: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS.",
        ),
        ("video_id=", "video_id -> '' is not a text of at least 1 character."),
        ("seconds=99", "seconds -> '99' is not a number from 0 to 60."),
        ("seconds=nan", "seconds -> 'nan' is not a number from 0 to 60."),
        ("seconds=9", "seconds goes with count."),
        ("count=1&seconds=6_0", "seconds -> '6_0' is not a number from 0 to 60."),
        ("count=-1", "count -> '-1' is not a whole number from 0 to 1000 (max_requests)."),
        ("count=1&seconds=nan", "seconds -> 'nan' is not a number from 0 to 60."),
        ("count=1&seconds=x", "seconds -> 'x' is not a number from 0 to 60."),
        (
            "colour=1",
            "colour is not a parameter. Valid: surface, operation, method, status, video_id, rule, key, after, limit, count, seconds.",
        ),
    ],
)
def test_a_bad_filter_is_refused(ask, query, message):
    reply = ask("GET", f"/_fauxreel/requests?{quote(query, safe='=&')}")

    assert reply.told == (400, "bad_request", message)


def test_a_filter_lets_all_through_that_have_no_key(ask):
    ask("GET", "/v1/models", Authorization="")

    assert [entry["key"] for entry in requests(ask, "?key=")] == [""]


def test_a_rule_and_its_faults_are_noted(ask):
    ask("POST", "/_fauxreel/rules", {"rules": "operation=list error=503 latency=0"})
    ask("GET", "/v1/videos")

    assert requests(ask) == [
        IsPartialDict(status=503, rule="rule_1", faults=["error", "latency"], lost=False)
    ]
