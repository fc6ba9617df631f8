"""The command line: what it runs, prints and returns."""

import json
import re
import subprocess
import sys

import pytest

from altered import QUICK, altered
from fauxreel import Emulator
from fauxreel_contracts.cli import main
from fauxreel_contracts.registry import CLAUSES


@pytest.fixture(scope="module")
def emulator():
    with Emulator(**QUICK) as running:
        yield running


def test_a_server_that_keeps_the_contract_is_a_success(emulator, capsys):
    status = main(["run", emulator.base_url, "--severity", "must", "--quiet"])

    out, err = capsys.readouterr()
    assert status == 0
    assert "must: 0 not held" in out
    assert re.search(r"; at worst [234] videos of (8|12|16) seconds, \$", err)


def test_a_must_that_differs_is_status_1(capsys):
    def refusing(passage):
        if passage.lists:
            passage.answer({"detail": "Not Found"}, 404)

    with altered(refusing) as erring:
        status = main(["run", erring.base_url, "--clause", "list.answer.shape"])

    out, err = capsys.readouterr()
    assert status == 1
    assert "✗ list.answer.shape [must, verbatim]" in out
    assert "    again    curl -sS -i http://127.0.0.1:" in out
    assert "✗\n" in err


def test_all_reports_are_written(emulator, tmp_path):
    names = ["json", "junit", "markdown", "html"]
    flags = [part for name in names for part in (f"--{name}", str(tmp_path / name))]

    status = main(["run", emulator.base_url, "--topic", "authentication", *flags])

    assert status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert all(path.read_text("utf-8").strip() for path in tmp_path.iterdir())


def test_targets_come_from_the_file_in_the_folder(emulator, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts.toml").write_text(f'[targets.mine]\nurl = "{emulator.base_url}"\n')

    status = main(["run", "mine", "--free", "--json", "r.json", "--quiet"])

    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert status == 0
    assert report["targets"][0]["name"] == "mine"
    assert report["targets"][0]["cost"]["videos"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nobody", "--config", "none.toml"], "none.toml: "),
        (["run", "http://127.0.0.1:1/v1", "--clause", "nope.*"], "No clause fits 'nope.*'."),
        (["run", "http://127.0.0.1:1/v1", "--profile", "nope"], "No profile 'nope'."),
        (
            ["run", "http://a.test/v1", "--key-variable", "FAUXREEL_NOT_SET"],
            "http://a.test/v1: the",
        ),
        (["explain", "nope"], "No clause 'nope'."),
        (["run", "http://127.0.0.1:1/v1"], "http://127.0.0.1:1/v1: GET /videos got no answer: "),
        (["run", "http://[::1/v1"], "'http://[::1/v1' is no base URL."),
        (["run", "http://127.0.0.1:99999/v1"], "'http://127.0.0.1:99999/v1' is no base URL."),
        (["run", "http://127.0.0.1:1/v1", "--json", "/nowhere/x.json"], "--json /nowhere/x.json: "),
        (["run", "http://127.0.0.1:1/v1", "--max-spend", "nan"], "max_spend: "),
        (["run", "http://127.0.0.1:1/v1", "--max-spend", "-1"], "max_spend: "),
        (["run", "http://127.0.0.1:1/v1", "--price-per-second", "-5"], "price_per_second: "),
        (["run", "http://127.0.0.1:1/v1", "--timeout-seconds", "0"], "timeout_seconds: "),
        (
            ["diff", "https://a.test/v1", "https://b.test/v1", "--key-variable", "PATH"],
            "One key is not sent to several servers: ",
        ),
    ],
)
def test_a_mistake_is_status_2_and_one_line(arguments, message, capsys):
    status = main(arguments)

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(f"fauxreel contracts: {message}")
    assert err.count("\n") == 1


def test_an_unknown_flag_is_status_2():
    with pytest.raises(SystemExit) as ended:
        main(["run", "http://127.0.0.1:1/v1", "--topic", "nope"])

    assert ended.value.code == 2


def test_a_clause_is_explained(capsys):
    assert main(["explain", "create.seconds.enum"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "create.seconds.enum: A length that no model makes, 10 seconds, is refused.",
        "Clients that send it learn of it by a video that they did not want.",
        "",
        "topic     validation",
        "severity  should: real clients were seen to rely on it",
        "dialects  openai, azure",
        "known     verbatim, openai, 2026-07: full body in the apiyi blog; the same in 2026",
        "          azure: verbatim, azure, 2026: refusals that users published",
        "needs     error_envelope=openai, seconds_checked",
        "costs     at worst 1 videos, 10 seconds",
    ]


@pytest.mark.parametrize(
    ("clause", "cost"),
    [
        ("list.answer.shape", "nothing"),
        ("content.video.own", "the first and second shared video (4 seconds each, once a run)"),
    ],
)
def test_what_a_clause_costs_is_explained(clause, cost, capsys):
    main(["explain", clause])

    assert capsys.readouterr().out.splitlines()[-1] == f"costs     {cost}"


def test_all_clauses_are_listed(capsys):
    assert main(["list"]) == 0

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        clause.id for clause in CLAUSES
    ]


def test_the_list_can_be_narrowed(capsys):
    main(["list", "--topic", "delete", "--severity", "must", "--dialect", "azure-jobs"])

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "delete.accepted",
        "delete.others.stay",
    ]


def test_ctrl_c_ends_a_run_with_130(capsys, monkeypatch):
    def interrupted(passage):
        raise KeyboardInterrupt

    with altered() as emulator:
        monkeypatch.setattr("fauxreel_contracts.check.curl", interrupted)
        monkeypatch.setattr("fauxreel_contracts.run.check", lambda session, clause: interrupted(0))
        status = main(["run", emulator.base_url, emulator.base_url, "--clause", "list.limit.100"])

    assert status == 130
    assert capsys.readouterr().out.splitlines()[-1] == "  interrupted"


def test_a_must_that_nobody_looked_at_is_said(emulator, capsys):
    status = main(["run", emulator.base_url, "--severity", "must", "--free", "--quiet"])

    out, _ = capsys.readouterr()
    assert status == 0
    assert re.search(r"must: 0 not held, 2\d not looked at \(.*\)", out)


def test_sigterm_deletes_what_was_made_as_ctrl_c_does():
    with Emulator(processing_seconds=60) as slow:
        command = (sys.executable, "-m", "fauxreel_contracts.cli", "run", slow.base_url, "--quiet")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            slow.requests.wait(1, seconds=30, operation="create")
            running.terminate()
            out, _ = running.communicate(timeout=30)

        assert (running.returncode, slow.videos) == (130, [])
    assert "  interrupted" in out
