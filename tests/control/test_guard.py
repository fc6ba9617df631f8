"""Who may talk to the control API, and in which form."""

import socket

import pytest

from fauxreel.clock import ManualClock
from fauxreel.embed import Emulator

CLOCK = "/_fauxreel/clock"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:4010", "127.0.0.1:1", "[::1]:80"])
def test_loopback_names_are_served(ask, host):
    assert ask("GET", CLOCK, Host=host).status == 200


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("example.com", "example.com"),
        ("localhost.example.com:80", "localhost.example.com"),
        ("127.0.0.1.nip.io", "127.0.0.1.nip.io"),
        ("user@example.com", "example.com"),
        ("[::1", "[::1"),
        ("", ""),
    ],
)
def test_a_foreign_host_is_refused(ask, host, name):
    assert ask("GET", CLOCK, Host=host).told == (
        403,
        "host_not_allowed",
        (
            f"The control API is not served to the host {name!r}; "
            "name it in --allowed-hosts if that is meant."
        ),
    )


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:8080"]
)
def test_pages_of_this_machine_are_served(ask, origin):
    assert ask("GET", CLOCK, Origin=origin).status == 200


@pytest.mark.parametrize(
    "origin", ["https://example.com", "null", "http://localhost.example.com", "http://[::1", ""]
)
def test_foreign_pages_are_refused(ask, origin):
    assert ask("POST", "/_fauxreel/reset", Origin=origin).told == (
        403,
        "origin_not_allowed",
        f"The control API is not served to pages of {origin!r}.",
    )


def test_allowed_hosts_are_served_too(ask_of):
    with Emulator(allowed_hosts="Emulator.test,ci") as emulator:
        statuses = [
            ask_of(emulator, "GET", CLOCK, Host=host, Origin=origin).status
            for host, origin in (
                ("emulator.test:4010", "http://emulator.test"),
                ("ci", "http://localhost"),
                ("localhost", "http://ci:3000"),
                ("other.test", "http://localhost"),
                ("localhost", "http://other.test"),
            )
        ]

    assert statuses == [200, 200, 200, 403, 403]


def test_probes_are_served_to_any_host(ask):
    assert ask("GET", "/_fauxreel/health", Host="10.0.0.7", Origin="http://10.0.0.7").status == 200


def test_a_request_without_a_host_is_served(emulator):
    host, port = emulator.root_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET {CLOCK} HTTP/1.0\r\n\r\n".encode())
        answer = connection.makefile("rb").readline()

    assert answer == b"HTTP/1.1 200 OK\r\n"


def test_a_control_token_is_asked_for_once_one_is_set(ask_of):
    with Emulator(control_token="t0p") as emulator:
        refused = [
            ask_of(emulator, "GET", CLOCK, Authorization=given)
            for given in ("Bearer sk-test", "Bearer t0", "t0p", "Bearer t0pp", "Bearer tü")
        ]
        served = ask_of(emulator, "GET", CLOCK, Authorization="Bearer t0p")
        probe = ask_of(emulator, "GET", "/_fauxreel/health")

    assert {reply.told for reply in refused} == {
        (
            401,
            "token_required",
            "The control API asks for its token: Authorization: Bearer TOKEN.",
        )
    }
    assert (served.status, probe.status) == (200, 200)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_bodies_are_json_only(ask, content_type):
    reply = ask("POST", f"{CLOCK}/advance", b'{"seconds": 1}', Content_Type=content_type)
    shown = content_type.partition(";")[0]

    assert reply.told == (415, "json_only", f"Bodies are application/json here, not {shown!r}.")
    assert ask("GET", CLOCK).json["now"] == 1767225600.0


def test_json_may_name_its_charset(ask):
    reply = ask(
        "POST", f"{CLOCK}/advance", b'{"seconds": 1}', Content_Type="Application/JSON; charset=utf8"
    )

    assert reply.status == 200


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "Expecting property name enclosed in double quotes"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0"),
        (b"[" * 100_000, ""),
        (b"1" * 5_000, "Exceeds the limit (4300 digits) for integer string conversion"),
    ],
    ids=["cut off", "not UTF-8", "deep", "long number"],
)
def test_broken_json_is_one_line(ask, body, reason):
    status, code, message = ask(
        "POST", f"{CLOCK}/advance", body, Content_Type="application/json"
    ).told

    assert (status, code) == (400, "not_json")
    assert message.startswith(f"The body is not JSON: {reason}")
    assert "\n" not in message


def test_a_body_of_more_than_a_mebibyte_is_refused(ask):
    status, code, message = ask(
        "POST", "/_fauxreel/videos", b" " * (2**20 + 1), Content_Type="application/json"
    ).told

    assert (status, code) == (413, "body_too_large")
    assert "1048576" in message


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", CLOCK, "GET, HEAD"),
        ("GET", "/_fauxreel/reset", "POST"),
        ("PUT", "/_fauxreel/videos", "GET, POST, HEAD"),
        ("POST", "/_fauxreel/health", "GET, HEAD"),
        ("OPTIONS", "/_fauxreel/settings", "GET, PATCH, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(ask, method, path, allowed):
    reply = ask(method, path)

    assert reply.told == (405, "method_not_allowed", f"{path} does not take {method}.")
    assert reply.headers["allow"] == allowed


def test_an_unknown_path_is_404(ask):
    assert ask("GET", "/_fauxreel/nothing").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{CLOCK}/freeze"),
        ("POST", f"{CLOCK}/resume"),
        ("POST", "/_fauxreel/reset"),
        ("DELETE", "/_fauxreel/rules"),
        ("GET", CLOCK),
    ],
)
def test_a_route_without_a_body_refuses_one(ask, method, path):
    ask("POST", "/_fauxreel/rules", {"rules": "error=503"})
    before = [ask("GET", one).json for one in (CLOCK, "/_fauxreel/rules")]
    replies = [ask(method, path, body) for body in ({"x": 1}, [], 0)]

    assert {reply.told for reply in replies} == {
        (400, "bad_request", f"{method} {path} takes no body.")
    }
    assert [ask("GET", one).json for one in (CLOCK, "/_fauxreel/rules")] == before


def test_an_empty_table_is_no_body(ask):
    assert ask("POST", "/_fauxreel/reset", {}).json == {"status": "ok"}


class BrokenClock(ManualClock):
    def freeze(self):
        raise RuntimeError("the spring is off")


def test_a_defect_is_an_error_in_json_and_one_line_in_the_log(ask_of, caplog):
    with Emulator(clock=BrokenClock()) as emulator:
        broken = ask_of(emulator, "POST", f"{CLOCK}/freeze")
        after = ask_of(emulator, "GET", CLOCK)

    assert broken.told == (500, "defect", "The emulator failed; its log says how.")
    assert after.status == 200
    assert [(one.levelname, one.getMessage(), one.exc_info) for one in caplog.records] == [
        (
            "ERROR",
            (
                "POST /_fauxreel/clock/freeze: defect in the emulator: RuntimeError: the spring is off "
                "(--log-level debug shows where)"
            ),
            None,
        )
    ]
