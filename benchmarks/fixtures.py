"""What a fixture costs each test: video_api beside those of pytest-httpserver and respx.

    python -m venv bench
    bench/bin/pip install . openai pytest pytest-httpserver respx httpx
    bench/bin/python benchmarks/fixtures.py

Each case is a pytest run of its own over many small tests, in rounds of turning order. What is
done once, at the first test and after the last one, is not counted; an empty fixture is taken off.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROUNDS = 5
TESTS = 200
FEW_TESTS = 5  # of those that need half a second each
WARM_UP = 3

CONFTEST = f"""
import http.client, time, pytest

TIMES = []

@pytest.fixture
def empty():
    yield

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    TIMES.append(time.perf_counter())
    return (yield)

def pytest_sessionfinish(session, exitstatus):
    milliseconds = (TIMES[-1] - TIMES[{WARM_UP}]) / (len(TIMES) - 1 - {WARM_UP}) * 1000
    with open("result", "w") as file:
        file.write(str(milliseconds))

@pytest.fixture
def fresh_httpserver():
    from pytest_httpserver import HTTPServer

    with HTTPServer() as server:
        yield server

def get(port, path, key="sk-fauxreel"):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={{"Authorization": "Bearer " + key}})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read()
    connection.close()
"""

_GET_OURS = """
    port, path = video_api.base_url.removeprefix("http://127.0.0.1:").split("/", 1)
    get(int(port), "/" + path + "/videos")"""
_GET_HTTPSERVER = """
    {name}.expect_request("/v1/videos").respond_with_json({{"data": []}})
    get({name}.port, "/v1/videos")"""
_GET_RESPX = """
    respx_mock.get("http://api.test/v1/videos").respond(json={"data": []})
    assert CLIENT.get("http://api.test/v1/videos").status_code == 200"""

# By a word in a case's name: the package that it needs.
NEEDED = {"pytest-httpserver": "pytest_httpserver", "respx": "respx"}

# By name: the fixture, what stands above a test, and what the test does.
CASES = {
    "empty": ("empty", "", ""),
    "fauxreel, a namespace a test": ("video_api", "", ""),
    "fauxreel, a server a test": ("video_api", "@pytest.mark.fauxreel(own_server=True)", ""),
    "pytest-httpserver, one server": ("httpserver", "", ""),
    "pytest-httpserver, a server a test": ("fresh_httpserver", "", ""),
    "respx, no server": ("respx_mock", "@pytest.mark.respx(assert_all_called=False)", ""),
    "fauxreel, a namespace a test, GET": ("video_api", "", _GET_OURS),
    "fauxreel, a server a test, GET": (
        "video_api",
        "@pytest.mark.fauxreel(own_server=True)",
        _GET_OURS,
    ),
    "pytest-httpserver, one server, GET": (
        "httpserver",
        "",
        _GET_HTTPSERVER.format(name="httpserver"),
    ),
    "pytest-httpserver, a server a test, GET": (
        "fresh_httpserver",
        "",
        _GET_HTTPSERVER.format(name="fresh_httpserver"),
    ),
    "respx, no server, GET": ("respx_mock", "", _GET_RESPX),
}


def module(fixture, marker, body):
    tests = FEW_TESTS if fixture == "fresh_httpserver" else TESTS
    return f"""
import pytest
from conftest import get

CLIENT = None
if "{fixture}" == "respx_mock":
    import httpx

    CLIENT = httpx.Client()  # to make one takes 20 ms

{marker}
@pytest.mark.parametrize("number", range({tests + WARM_UP}))
def test_it({fixture}, number):
    pass{body}
"""


def measured(folder):
    """Milliseconds a test, all that pytest does for it counted."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull)
    done = subprocess.run(  # noqa: PLW1510 - the next line looks at the status
        (*command, "--rootdir", folder, folder), cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return float((folder / "result").read_text())


def rounds_of(cases, rounds):
    """Milliseconds a test by case, one number a round."""
    rows = {name: [] for name in cases}
    with TemporaryDirectory() as temporary:
        folders = {}
        for number, (name, case) in enumerate(cases.items()):
            folders[name] = Path(temporary) / f"case{number}"
            folders[name].mkdir()
            (folders[name] / "conftest.py").write_text(CONFTEST)
            (folders[name] / "test_case.py").write_text(module(*case))
        names = list(cases)
        for turn in range(rounds):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                rows[name].append(measured(folders[name]))
    return rows


def costs(rounds):
    """Milliseconds a test beyond an empty fixture, of the cases whose packages are installed."""
    there = {
        name: case
        for name, case in CASES.items()
        if all(find_spec(package) for word, package in NEEDED.items() if word in name)
    }
    rows = rounds_of(there, rounds)
    empty = rows.pop("empty")
    found = {}
    for name, times in rows.items():
        beyond = [mine - nothing for mine, nothing in zip(times, empty, strict=True)]
        found[name] = {"median": median(beyond), "low": min(beyond), "high": max(beyond)}
    return found


def report(rows):
    empty = rows.pop("empty")
    print(f"milliseconds a test, beyond {median(empty):.2f} for a test with an empty fixture;")
    print(f"median of {ROUNDS} rounds (lowest to highest), and ratio to pytest-httpserver's")
    for name, times in rows.items():
        beyond = [mine - nothing for mine, nothing in zip(times, empty, strict=True)]
        yardstick = "pytest-httpserver, one server" + (", GET" if name.endswith("GET") else "")
        pairs = zip(beyond, rows[yardstick], empty, strict=True)
        ratio = median(mine / (other - nothing) for mine, other, nothing in pairs)
        low, high = min(beyond), max(beyond)
        print(f"{name:42} {median(beyond):6.2f} ({low:.2f} to {high:.2f})  x {ratio:.1f}")


if __name__ == "__main__":
    report(rounds_of(CASES, ROUNDS))
