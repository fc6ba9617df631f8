"""What wrk is given, and what it prints."""

import pytest
from benchmarks.load import Load, WrkFailed, read_result, write_requests

SAID = """Running 1s test
RESULT {"requests": 30, "microseconds": 2000000, "bytes": 4000000, "p50": 1500, "p99": 9000, \
"max": 9100, "connect": 0, "read": 0, "write": 0, "status": 2, "timeout": 0}
bye"""


def test_the_result_is_read_from_what_wrk_prints():
    assert read_result(SAID) == Load(
        rate=15, p50_ms=1.5, p99_ms=9, megabytes=2, requests=30, errors={"status": 2}
    )


def test_no_result_shows_what_wrk_printed():
    with pytest.raises(WrkFailed, match="unable to connect"):
        read_result("unable to connect")


def test_each_request_stands_behind_its_length(tmp_path):
    write_requests(tmp_path / "requests", [b"GET /\r\n\r\n", b"x"])

    assert (tmp_path / "requests").read_bytes() == b"9\nGET /\r\n\r\n1\nx"
