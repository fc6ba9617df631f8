"""Pages of other origins: on the API surfaces if they are named, on the control API never."""

import json
from http.client import HTTPConnection

import pytest

from fauxreel import Emulator

PAGE = "http://localhost:3000"
OTHER = "https://example.com"
ASKED = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang",
}
PATHS = [
    "/v1/videos",
    "/videos",
    "/v1/videos/video_1/content",
    "/openai/v1/videos",
    "/openai/v1/video/generations/jobs",
    "/litellm/v1/videos",
    "/v1/nothing",
    "/ns/one/v1/videos",
]
CONTROL = ["/_fauxreel/reset", "/_fauxreel/health", "/_fauxreel", "/ns/one/_fauxreel/videos"]


def send(emulator, method, path, body=None, **headers):
    connection = HTTPConnection(emulator.root_url.removeprefix("http://"), timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, {"Authorization": "Bearer sk-1", **named})
        answer = connection.getresponse()
        told = answer.read()
        answered = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, answered, json.loads(told) if told[:1] == b"{" else told
    finally:
        connection.close()


def cors(headers):
    return {name: value for name, value in headers.items() if name.startswith("access-control-")}


@pytest.fixture(scope="module")
def emulator():
    with Emulator(cors_origins=PAGE) as emulator:
        yield emulator


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_is_answered_on_every_path_of_the_api(emulator, path):
    status, headers, _ = send(emulator, "OPTIONS", path, Origin=PAGE, **ASKED)

    assert status == 200
    assert cors(headers) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY",
        "access-control-allow-headers": ASKED["Access-Control-Request-Headers"],
        "access-control-max-age": "600",
    }


def test_a_preflight_from_the_internet_to_this_machine_is_answered(emulator):
    asked = {**ASKED, "Access-Control-Request-Private-Network": "true"}
    status, headers, _ = send(emulator, "OPTIONS", "/v1/videos", Origin=PAGE, **asked)

    assert (status, headers["access-control-allow-private-network"]) == (200, "true")


def test_a_preflight_makes_no_namespace(emulator):
    before = len(emulator.app.spaces())
    send(emulator, "OPTIONS", "/ns/never-used/v1/videos", Origin=PAGE, **ASKED)

    assert len(emulator.app.spaces()) == before


def test_another_origin_is_refused(emulator):
    status, headers, _ = send(emulator, "OPTIONS", "/v1/videos", Origin=OTHER, **ASKED)
    _, answered, _ = send(emulator, "GET", "/v1/videos", Origin=OTHER)

    assert (status, "access-control-allow-origin" in headers) == (400, False)
    assert "access-control-allow-origin" not in answered


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("GET", "/v1/videos", "Bearer sk-1", 200),
        ("GET", "/v1/videos", "Bearer sk-invalid", 401),
        ("GET", "/v1/videos/video_1", "Bearer sk-1", 404),
        ("PATCH", "/v1/videos", "Bearer sk-1", 405),
        ("GET", "/ns/one/v1/videos", "Bearer sk-1", 200),
    ],
)
def test_answers_and_errors_can_be_read_by_the_page(emulator, method, path, key, status):
    answered, headers, _ = send(emulator, method, path, Origin=PAGE, Authorization=key)

    assert answered == status
    assert headers["access-control-allow-origin"] == PAGE
    assert headers["vary"] == "Origin"
    exposed = headers["access-control-expose-headers"].split(", ")
    assert {"*", "openai-poll-after-ms", "retry-after", "x-request-id"} <= set(exposed)
    assert "x-request-id" in headers


def test_a_page_creates_a_job_and_is_told_when_to_poll(emulator):
    body, typed = json.dumps({"prompt": "a cat"}), {"Content-Type": "application/json"}
    created, allowed, video = send(emulator, "POST", "/v1/videos", body, Origin=PAGE, **typed)
    _, headers, _ = send(emulator, "GET", f"/v1/videos/{video['id']}", Origin=PAGE)

    assert (created, allowed["access-control-allow-origin"]) == (200, PAGE)
    assert headers["openai-poll-after-ms"] == "100"


@pytest.mark.parametrize("path", CONTROL)
@pytest.mark.parametrize("origins", [PAGE, "*"])
@pytest.mark.parametrize("method", ["OPTIONS", "GET", "POST"])
def test_the_control_api_names_no_origin(path, origins, method):
    with Emulator(cors_origins=origins) as emulator:
        status, headers, _ = send(emulator, method, path, Origin=OTHER, **ASKED)

    assert cors(headers) == {}
    assert (status == 200) == (path == "/_fauxreel/health" and method == "GET")


def test_all_origins_are_allowed_by_a_star():
    with Emulator(cors_origins="*") as emulator:
        preflight = send(emulator, "OPTIONS", "/v1/videos", Origin=OTHER, **ASKED)
        answer = send(emulator, "GET", "/v1/videos", Origin=OTHER)

    assert (preflight[0], answer[0]) == (200, 200)
    assert preflight[1]["access-control-allow-origin"] == "*"
    assert answer[1]["access-control-allow-origin"] == "*"


def test_without_the_setting_no_answer_names_an_origin():
    with Emulator() as emulator:
        preflight = send(emulator, "OPTIONS", "/v1/videos", Origin=PAGE, **ASKED)
        answer = send(emulator, "GET", "/v1/videos", Origin=PAGE)

    assert (preflight[0], cors(preflight[1])) == (405, {})
    assert (answer[0], cors(answer[1]), "vary" in answer[1]) == (200, {}, False)
