"""A test with `video_api` may not reach the real services."""

import asyncio
import socket
import urllib.request

import pytest

from fauxreel.testing import REAL_HOSTS, guarding

SUITE = """
import asyncio
import socket
import urllib.error
import urllib.request

import pytest
from openai import APIConnectionError, AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI

REAL = "https://api.openai.com/v1"

def test_that_swallows_the_error(video_api):
    with OpenAI(base_url=REAL, max_retries=0) as client:
        with pytest.raises(APIConnectionError):
            client.videos.list()

@pytest.mark.asyncio
async def test_asynchronous(video_api):
    async with AsyncOpenAI(base_url=REAL, max_retries=0) as client:
        with pytest.raises(APIConnectionError):
            await client.videos.list()

def test_urllib_through_the_proxy_of_the_shell(video_api):
    with pytest.raises(urllib.error.URLError, match="may not reach me.openai.azure.com"):
        urllib.request.urlopen("http://me.openai.azure.com/openai/v1/videos")

def test_that_fails_anyway(video_api):
    urllib.request.urlopen("http://eu.api.openai.com/v1/videos")

@pytest.fixture
def cleaning(video_api):
    yield
    with pytest.raises(OSError):
        socket.create_connection(("API.OpenAI.com.", 443))

def test_at_the_end(cleaning):
    pass

def test_another_host(video_api):
    assert socket.getaddrinfo("127.0.0.1", 1)
    with pytest.raises(OSError, match="^((?!may not reach).)*$"):
        socket.getaddrinfo("not-api.openai.com.invalid", 443)
"""


def test_code_that_tries_to_reach_the_real_services_fails_its_test(suite, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    result = suite(SUITE, "--tb=short")

    result.assert_outcomes(passed=2, failed=4, errors=1)
    told = [line for line in result.outlines if line.startswith("The code tried")]
    assert [line.split(". video_api")[0].split("to reach ")[1] for line in told] == [
        "api.openai.com",  # at the end of test_at_the_end
        "api.openai.com",
        "api.openai.com",
        "me.openai.azure.com",
        "eu.api.openai.com",
    ]


@pytest.mark.parametrize(
    ("marker", "ini"), [("(guard=False)", ""), ("", "fauxreel_guard = false\n")]
)
def test_the_guard_can_be_switched_off(suite, marker, ini):
    result = suite(
        f"""
        import os
        import socket
        import pytest

        ASKED = socket.getaddrinfo

        @pytest.mark.fauxreel{marker}
        def test_it(video_api):
            assert socket.getaddrinfo is ASKED
            assert "openai.com" not in os.environ["NO_PROXY"]
        """,
        ini=ini,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("host", ["api.openai.com", b"eu.API.openai.com", "x.openai.azure.com."])
def test_a_look_up_of_a_real_host_is_refused_and_noted(host):
    before = socket.getaddrinfo
    with guarding() as reached, pytest.raises(socket.gaierror, match="may not reach"):
        socket.getaddrinfo(host, 443)

    assert len(reached) == 1
    assert socket.getaddrinfo is before


@pytest.mark.parametrize("host", ["127.0.0.1", b"::1", None])
def test_other_hosts_are_looked_up_as_ever(host):
    with guarding() as reached:
        found = socket.getaddrinfo(host, 80)

    assert found == socket.getaddrinfo(host, 80)
    assert reached == []


def test_an_asynchronous_look_up_is_refused():
    async def ask():
        await asyncio.get_running_loop().create_connection(asyncio.Protocol, "api.openai.com", 443)

    with guarding() as reached, pytest.raises(socket.gaierror):
        asyncio.run(ask())

    assert reached == ["api.openai.com"]


def test_clients_go_to_the_real_hosts_without_the_proxy_so_that_the_guard_sees_it(video_api):
    for host in REAL_HOSTS:
        assert urllib.request.proxy_bypass(f"x{host}" if host[0] == "." else host)
    assert not urllib.request.proxy_bypass("example.com")
