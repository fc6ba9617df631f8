"""`fauxreel exec`: what the command sees, what it leaves, and what is said when it has ended."""

import json
import os
import re
import socket
import sys

import pytest

from exec_children import ASK, DEFECT, GOOD, python
from fauxreel import Emulator
from fauxreel.cli import main

# Said when it is found, and once more in the summary.
NEVER_COLLECTED = r"INFO: .*client defect never-collected .*\n"
URL = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture
def run(capfd):
    """Runs the command in this process; its status, and what it and its child wrote."""

    def run(*arguments):
        status = main(["exec", *arguments])
        return status, *capfd.readouterr()

    return run


def test_the_command_finds_the_emulator_in_its_environment(run):
    before = dict(os.environ)
    status, out, err = run(*python("import json, os; print(json.dumps(dict(os.environ)))"))
    after = json.loads(out)
    root = after["FAUXREEL_URL"]

    assert (status, err) == (0, "")
    assert URL.fullmatch(root)
    assert after == before | {
        "OPENAI_BASE_URL": f"{root}/v1",
        "OPENAI_API_KEY": "sk-fauxreel",
        "OPENAI_API_VERSION": "preview",
        "AZURE_OPENAI_ENDPOINT": root,
        "AZURE_OPENAI_API_KEY": "sk-fauxreel",
        "AZURE_API_BASE": root,
        "AZURE_API_KEY": "sk-fauxreel",
        "FAUXREEL_URL": root,
        "NO_PROXY": "127.0.0.1,localhost,::1",
        "no_proxy": "127.0.0.1,localhost,::1",
    }


def test_the_first_of_the_valid_keys_is_the_commands(run):
    status, out, _ = run("--keys", "sk-one,sk-two", *python(GOOD))

    assert (status, out) == (0, "200\n")


def test_a_client_reaches_it_past_the_proxies_of_the_environment(run, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert run(*python(GOOD))[:2] == (0, "200\n")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_it_answers_by_name_and_by_address(run, host):
    assert run(*python(f"{ASK}print(ask('/videos', host={host!r}))"))[:2] == (0, "200\n")


def test_where_all_addresses_are_served_the_url_is_one_that_clients_can_use(run):
    status, out, _ = run("--host", "0.0.0.0", "--", "printenv", "FAUXREEL_URL")

    assert status == 0
    assert URL.fullmatch(out.strip())


def test_a_port_that_is_named_is_taken(run):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert run("--port", str(port), "--", "printenv", "FAUXREEL_URL") == (
        0,
        f"http://127.0.0.1:{port}\n",
        "",
    )


def test_a_command_of_ours_takes_the_variable_for_no_setting(run):
    status, _, err = run("--", sys.executable, "-m", "fauxreel", "settings")

    assert (status, err) == (0, "")


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143), ("exit 255", 255)],
)
def test_the_status_is_the_commands(run, script, status):
    assert run("--", "sh", "-c", script) == (status, "", "")


def test_a_command_that_is_not_there_is_one_line_and_status_127(run):
    assert run("--", "no-such-command", "x") == (
        127,
        "",
        "fauxreel: there is no command 'no-such-command'.\n",
    )


def test_a_command_that_is_no_program_is_one_line_and_status_126(run, tmp_path):
    plain, strange = tmp_path / "plain", tmp_path / "strange"
    plain.write_text("echo")
    strange.write_text("#!/no/such/interpreter\n")
    strange.chmod(0o755)

    assert run("--", str(plain)) == (
        126,
        "",
        f"fauxreel: '{plain}' cannot be run: Permission denied.\n",
    )
    assert run("--", str(strange)) == (
        126,
        "",
        f"fauxreel: '{strange}' cannot be run: its interpreter is not there.\n",
    )


SAVED = "INFO: $0.00 spent instead of $0.40\n"
SEEN = "WARNING: 'POST /v1/videos (seconds)': client defect integer-seconds (error): `seconds` was a number in a JSON body. Send \"8\" instead of 8.\n"
SUMMED = "WARNING: client defect integer-seconds (error): seen once, first in 'POST /v1/videos (seconds)'; `fauxreel explain integer-seconds` says more\n"


def test_what_was_saved_and_what_clients_did_wrong_is_said_at_the_end(run):
    status, out, err = run(*python(GOOD))
    assert (status, out) == (0, "200\n")
    assert re.fullmatch(NEVER_COLLECTED + re.escape(SAVED) + NEVER_COLLECTED, err)
    assert run(*python(DEFECT)) == (0, "400\n", SEEN + SUMMED)
    assert run("--log-level", "error", *python(DEFECT)) == (0, "400\n", "")


def test_requests_are_logged_when_that_is_asked_for(run):
    _, _, err = run("--log-level", "info", *python(GOOD))

    line = r"\d\d:\d\d:\d\d POST /v1/videos 200 \S+ms\n"
    told = NEVER_COLLECTED + line + re.escape(SAVED) + NEVER_COLLECTED
    assert re.fullmatch(told, err) or re.fullmatch(line + told.replace(line, ""), err)


def test_the_log_may_be_json(run):
    _, out, err = run("--log-format", "json", *python(GOOD))

    assert out == "200\n"
    lines = [json.loads(line) for line in err.splitlines()]
    assert lines[1] == {"level": "info", "message": "$0.00 spent instead of $0.40"}


@pytest.mark.parametrize(
    ("code", "status"), [(GOOD, 0), (DEFECT, 3), (f"{DEFECT}; sys.exit(7)", 7)]
)
def test_strict_clients_fail_a_command_that_succeeded(run, code, status):
    assert run("--strict-clients", *python(code))[0] == status


def test_a_taken_port_is_one_line_and_the_command_does_not_start(run):
    with Emulator() as emulator:
        port = emulator.root_url.rpartition(":")[2]
        status, out, err = run("--port", port, "--", "echo", "started")

    assert (status, out) == (1, "")
    assert err.startswith(f"fauxreel: cannot listen on 127.0.0.1 port {port}: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "no command stands after --: fauxreel exec [settings] -- COMMAND [ARGS]"),
        (("--",), "no command stands after --: fauxreel exec [settings] -- COMMAND [ARGS]"),
        (("--seed", "1", "--"), "no command stands after --: fauxreel exec [settings] -- COMM"),
        (("npm", "test"), "no command stands after --: fauxreel exec [settings] -- COMMAND ["),
        (("--sed", "1", "--", "echo"), "--sed is not a setting. Did you mean --seed?"),
        (
            ("x", "--", "echo"),
            "unrecognized arguments: x. `fauxreel exec --help` lists what there ",
        ),
        (("--seed", "x", "--", "echo"), "--seed: 'x' is not valid. Valid: a whole number from 0 "),
        (("--models", "no.toml", "--", "echo"), "--models no.toml: cannot be read: No such file"),
        (("--certfile", "no.pem", "--", "echo"), "--certfile no.pem: cannot be read: No such file"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(run, arguments, line):
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert err.startswith(f"fauxreel: {line}")
    assert err.count("\n") == 1


def test_what_follows_the_command_is_its_own(run):
    assert run("--", "echo", "--seed", "x", "--", "--help") == (0, "--seed x -- --help\n", "")
