"""The variables that point clients at an emulator."""

import os
import subprocess
import sys

import pytest

from fauxreel.client_variables import client_variables


@pytest.mark.parametrize(
    ("environ", "upper", "lower"),
    [
        ({}, "127.0.0.1,localhost,::1", "127.0.0.1,localhost,::1"),
        (
            {"NO_PROXY": "a.test, localhost"},
            "a.test,localhost,127.0.0.1,::1",
            "a.test,localhost,127.0.0.1,::1",
        ),
        (
            {"NO_PROXY": "a.test", "no_proxy": "b.test"},
            "a.test,127.0.0.1,localhost,::1",
            "b.test,127.0.0.1,localhost,::1",
        ),
        ({"no_proxy": "*"}, "*", "*"),
    ],
)
def test_proxies_are_told_to_leave_loopback_alone(environ, upper, lower):
    found = client_variables("http://127.0.0.1:4010", "sk-1", environ)

    assert (found["NO_PROXY"], found["no_proxy"]) == (upper, lower)


def test_another_address_is_kept_from_proxies_too():
    found = client_variables("http://192.0.2.7:4010", "sk-1", {})

    assert found["NO_PROXY"] == "127.0.0.1,localhost,::1,192.0.2.7"


def test_the_variables_can_be_printed_for_scripts():
    done = subprocess.run(
        (sys.executable, "-m", "fauxreel.client_variables", "http://127.0.0.1:4010"),
        capture_output=True,
        text=True,
        check=True,
    )

    expected = client_variables("http://127.0.0.1:4010", "sk-fauxreel", os.environ)
    assert done.stdout.splitlines() == [f"{name}={value}" for name, value in expected.items()]
