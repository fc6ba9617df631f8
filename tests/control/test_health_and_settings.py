"""What the control API says of the emulator itself."""

import pytest

from fauxreel import __version__
from fauxreel.embed import Emulator
from fauxreel.settings import DEFAULTS


@pytest.mark.parametrize("path", ["/_fauxreel/health", "/_fauxreel/ready"])
def test_probes_are_told_the_version(ask, path):
    reply = ask("GET", path)

    assert (reply.status, reply.json) == (200, {"status": "ok", "version": __version__})
    assert {name: value for name, value in reply.headers.items() if name != "date"} == {
        "content-type": "application/json",
        "content-length": str(len(reply.body)),
        "cache-control": "no-store",
    }


def test_a_head_request_gets_the_headers_alone(ask):
    reply = ask("HEAD", "/_fauxreel/health")

    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-length"] == str(len(ask("GET", "/_fauxreel/health").body))


def test_settings_are_shown_as_they_stand(ask_of, tmp_path):
    models = tmp_path / "models.toml"
    models.write_text('[models.mine]\nseconds = [4]\nsizes = ["640x360"]\n')
    with Emulator(clock="manual", queue_seconds=3, seed=9, models=models) as emulator:
        reply = ask_of(emulator, "GET", "/_fauxreel/settings")

    defaults = {
        name: list(value) if isinstance(value, tuple) else value for name, value in DEFAULTS.items()
    }
    assert reply.status == 200
    assert reply.json == {
        **defaults,
        "port": 0,
        "clock": "manual",
        "queue_seconds": 3.0,
        "seed": 9,
        "models": str(models),
    }


def test_settings_hide_secrets(ask_of):
    with Emulator(keys="sk-one,sk-two", control_token="t0ps3cret") as emulator:
        reply = ask_of(emulator, "GET", "/_fauxreel/settings", Authorization="Bearer t0ps3cret")

    assert (reply.json["keys"], reply.json["control_token"]) == ("(set)", "(set)")
    assert b"sk-one" not in reply.body
    assert b"t0ps3cret" not in reply.body
