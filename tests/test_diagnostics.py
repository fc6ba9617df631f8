"""Defects of clients: found in requests, said once, counted, listed, and told at the end."""

import http.client
import json
import logging
import subprocess
import sys

import pytest

from fauxreel import Emulator
from fauxreel.cli import main
from fauxreel.diagnostics import DIAGNOSTICS, Diagnostics, Severity
from fauxreel.ids import generation_id
from fauxreel.settings import SettingError, resolve
from openai_requests import as_json


@pytest.fixture
def emulator():
    with Emulator(timeline="stuck:50", seed=1, max_text_bytes=2000) as emulator:
        yield emulator


def ask(emulator, method, path, body=None, key="sk-1", **headers):
    address = emulator.root_url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Authorization": f"Bearer {key}", **named})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def codes(emulator):
    found = ask(emulator, "GET", "/_fauxreel/diagnostics")["diagnostics"]
    return {one["code"]: (one["severity"], one["count"], one["places"]) for one in found}


FILE = (
    '--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n'
    '--b\r\nContent-Disposition: form-data; name="input_reference"; filename="a.png"\r\n\r\n'
    "x\r\n--b--\r\n"
)
BYTES = (
    b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n'
    b'--b\r\nContent-Disposition: form-data; name="input_reference"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n"
)
LARGE = FILE.replace('; filename="a.png"', "").replace(
    "\r\n\r\nx\r\n--b--", f"\r\n\r\n{'x' * 3000}\r\n--b--"
)
# What a place names beside the request.
PARAMETERS = {
    "integer-seconds": " (seconds)",
    "text-as-reference": " (input_reference)",
    "file-without-name": " (input_reference)",
    "file-without-type": " (input_reference)",
    "unknown-parameter": " (fps)",
}
WRAPPED = (
    "video_bGl0ZWxsbTpjdXN0b21fbGxtX3Byb3ZpZGVyOm9wZW5haTttb2RlbF9pZDpzb3JhLTI7dmlkZW9faWQ6eA=="
)


@pytest.mark.parametrize(
    ("code", "method", "path", "request_"),
    [
        ("key-not-set", "GET", "/v1/videos", {"key": "None"}),
        ("key-not-set", "GET", "/openai/v1/videos", {"key": "${AZURE_KEY}"}),
        ("integer-seconds", "POST", "/v1/videos", as_json({"prompt": "x", "seconds": 8})),
        ("text-as-reference", "POST", "/v1/videos", as_json({"prompt": "x", "input_reference": "a.png"})),
        ("file-without-type", "POST", "/v1/videos", {"body": FILE, "content_type": "multipart/form-data; boundary=b"}),
        ("file-without-name", "POST", "/v1/videos", {"body": BYTES, "content_type": "multipart/form-data; boundary=b"}),
        ("file-without-name", "POST", "/v1/videos", {"body": LARGE, "content_type": "multipart/form-data; boundary=b"}),
        ("content-by-post", "POST", "/v1/videos/video_1/content", {}),
        ("glued-api-version", "GET", "/openai/v1/videos?api-version=preview%2Fvideo_1", {}),
        ("azure-path-without-v1", "GET", "/openai/videos?api-version=preview", {}),
        ("doubled-version", "GET", "/v1/v1/videos", {}),
        ("undecoded-gateway-id", "GET", f"/v1/videos/{WRAPPED}", {}),
        ("undecoded-gateway-id", "GET", f"/v1/videos/{WRAPPED}/content", {}),
        ("unknown-parameter", "POST", "/v1/videos", as_json({"prompt": "x", "fps": 30})),
    ],
)  # fmt: skip
def test_a_defect_is_named_counted_and_said_once(emulator, caplog, code, method, path, request_):
    for _ in range(2):
        ask(emulator, method, path, **request_)
    place = f"{method} {path.partition('?')[0]}{PARAMETERS.get(code, '')}"
    assert codes(emulator) == {code: ("error", 2, [place])}
    assert [code in record.getMessage() for record in caplog.records] == [True]


def test_content_too_early_and_too_late_are_told_apart():
    with Emulator(clock="manual", seed=1) as emulator:
        video_id = ask(emulator, "POST", "/v1/videos", **as_json({"prompt": "x"}))["id"]
        content = f"/v1/videos/{video_id}/content"
        ask(emulator, "GET", content)
        ask(emulator, "POST", "/_fauxreel/clock/advance", **as_json({"seconds": 5000}))
        ask(emulator, "GET", content)
        assert list(codes(emulator)) == ["content-too-early", "content-too-late"]


@pytest.mark.parametrize("path", ["/v1", "/openai/v1", "/litellm/v1"])
def test_content_of_a_failed_job_is_not_too_early_but_in_vain(path):
    with Emulator(queue_seconds=0, processing_seconds=0, rules="fail=server_error") as emulator:
        job = as_json({"prompt": "x", "model": "sora-2"})
        video_id = ask(emulator, "POST", f"{path}/videos", **job)["id"]
        ask(emulator, "GET", f"{path}/videos/{video_id}/content")
        assert list(codes(emulator)) == ["content-of-failed-job"]


def test_content_of_an_azure_job_is_too_early_and_a_look_at_it_is_not():
    jobs = "/openai/v1/video/generations"
    with Emulator(clock="manual", seed=1) as emulator:
        job = as_json({"prompt": "x", "model": "sora", "width": 480, "height": 480, "n_seconds": 5})
        job_id = ask(emulator, "POST", f"{jobs}/jobs", **job)["id"]
        made = generation_id(job_id, 0)
        ask(emulator, "GET", f"{jobs}/{made}")
        assert codes(emulator) == {}
        ask(emulator, "GET", f"{jobs}/{made}/content/video")
        assert list(codes(emulator)) == ["content-too-early"]


def test_a_text_where_a_character_needs_a_file_is_named():
    with Emulator(seed=1) as emulator:
        form = FILE.replace("prompt", "name").replace("input_reference", "video")
        body = form.replace('; filename="a.png"', "")
        ask(emulator, "POST", "/v1/videos/characters", body, content_type="multipart/form-data; boundary=b")  # fmt: skip
        assert list(codes(emulator)) == ["text-as-reference"]


def test_the_proxy_shows_the_defects_of_what_it_passes_on(emulator):
    request = as_json({"model": "sora-2", "prompt": "x", "fps": 30})
    ask(emulator, "POST", "/litellm/v1/videos", **request)
    assert list(codes(emulator)) == ["unknown-parameter"]


def test_good_requests_and_other_errors_show_no_defect(emulator):
    ask(emulator, "POST", "/v1/videos", **as_json({"prompt": "x"}))
    ask(emulator, "POST", "/v1/videos", **as_json({"prompt": ""}))
    ask(emulator, "GET", "/v1/videos/video_x")
    ask(emulator, "GET", "/v1/nothing")
    assert codes(emulator) == {}


def test_a_reset_forgets_what_was_found(emulator):
    ask(emulator, "GET", "/v1/videos", key="null")
    ask(emulator, "POST", "/_fauxreel/reset")
    assert codes(emulator) == {}


def test_only_the_first_places_are_kept():
    diagnostics = Diagnostics()
    for number in range(9):
        diagnostics.note("unknown-parameter", f"POST /{number}")
    (found,) = diagnostics.findings()
    assert (found.count, found.places) == (9, [f"POST /{number}" for number in range(5)])
    assert diagnostics.has_errors()


def test_findings_of_two_places_are_added_up_without_a_word(caplog):
    total, one, other = Diagnostics(), Diagnostics(), Diagnostics()
    for number in range(4):
        one.note("unknown-parameter", f"POST /{number}")
        other.note("unknown-parameter", f"POST /{number + 2}")
    other.note("retry-storm", "GET /")
    caplog.clear()
    total.take(one)
    total.take(other)
    one.note("unknown-parameter", "POST /9")
    assert [(found.code, found.count, found.places) for found in total.findings()] == [
        ("unknown-parameter", 8, [f"POST /{number}" for number in range(5)]),
        ("retry-storm", 1, ["GET /"]),
    ]
    assert caplog.messages == []


def test_notes_are_said_more_quietly_than_errors_and_warnings(caplog):
    caplog.set_level(logging.INFO)
    diagnostics = Diagnostics()
    for code in ("never-collected", "retry-storm", "integer-seconds"):
        diagnostics.note(code, "GET /")
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "WARNING"]
    assert diagnostics.has_errors()


def test_every_diagnostic_says_what_why_and_what_to_do():
    for found in DIAGNOSTICS.values():
        assert found.severity in Severity
        assert all(text.endswith(".") for text in (found.seen, found.why, found.remedy))


def test_explain_tells_of_diagnostics_and_settings(capsys):
    assert main(["explain", "integer-seconds"]) == 0
    assert 'Send "8" instead of 8.' in capsys.readouterr().out
    assert main(["explain", "queue-seconds"]) == 0
    assert "FAUXREEL_QUEUE_SECONDS" in capsys.readouterr().out


def test_explain_of_nothing_known_suggests_the_nearest(capsys):
    assert main(["explain", "integer-second"]) == 2
    assert capsys.readouterr().err == (
        "fauxreel: 'integer-second' has no explanation. Did you mean integer-seconds?\n"
    )


def test_strict_and_lenient_exclude_each_other():
    with pytest.raises(SettingError, match="--lenient and --strict-clients exclude each other"):
        resolve({"lenient": True, "strict_clients": True})


@pytest.mark.parametrize(
    ("flags", "key", "status"),
    [
        (["--strict-clients"], "None", 3),
        (["--strict-clients"], "sk-1", 0),
        ([], "None", 0),
    ],
    ids=["strict with a defect", "strict without", "not strict"],
)
def test_serve_ends_with_status_3_only_when_strict_and_a_client_showed_an_error(flags, key, status):
    process = subprocess.Popen(
        [sys.executable, "-m", "fauxreel", "serve", "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = process.stdout.readline().split("//")[1].strip()
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("GET", "/v1/videos", headers={"Authorization": f"Bearer {key}"})
    connection.getresponse().read()
    connection.close()
    process.terminate()
    _, told = process.communicate(timeout=10)
    assert process.returncode == status
    assert ("client defect key-not-set (error): seen once" in told) is (key == "None")
