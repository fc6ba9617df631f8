"""The command line: what it answers, and one clear line when it cannot."""

import os
import re
import subprocess
import sys

import pytest

from fauxreel import __version__
from fauxreel.cli import main
from fauxreel.settings import DEFAULTS, SPECS, flag, variable


def fauxreel(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fauxreel", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_version_is_one_line(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert end.value.code == 0
    assert capsys.readouterr() == (f"fauxreel {__version__}\n", "")


def test_the_module_runs_as_the_command():
    done = fauxreel("--version")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"fauxreel {__version__}\n", "")


def test_help_names_each_command(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    out, err = capsys.readouterr()

    assert (end.value.code, err) == (0, "")
    assert re.findall(r"^    (\w+)(?: |$)", out, re.MULTILINE) == [
        "serve",
        "exec",
        "wait",
        "settings",
        "demo",
        "inspect",
        "scenarios",
        "contracts",
        "explain",
        "fixtures",
    ]


def test_help_of_serve_names_each_setting_with_its_valid_values():
    done = fauxreel("serve", "--help", COLUMNS="1000")

    assert (done.returncode, done.stderr) == (0, "")
    for name, spec in SPECS.items():
        assert f"  {flag(name)}" in done.stdout
        assert spec.help in done.stdout
        assert isinstance(DEFAULTS[name], bool) or f"Valid: {spec.valid}" in done.stdout
    assert "--no-accept-user" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "the following arguments are required: COMMAND. `fauxreel --help` lists what there "),
        (["srve"], "argument COMMAND: invalid choice: 'srve' (choose from "),
        (["serve", "--quue-seconds", "1"], "--quue-seconds is not a setting. Did you mean --queue"),
        (["serve", "--poort=1"], "--poort is not a setting. Did you mean --port?"),
        (["settings", "--por", "1"], "--por is not a setting. Did you mean --port?"),
        (["settings", "--no-port"], "--no-port is not a setting."),
        (["serve", "--zz"], "--zz is not a setting. `fauxreel settings` lists them all."),
        (["serve", "--a\nb"], "--a\\nb is not a setting."),
        (
            ["serve", "-p", "1"],
            "unrecognized arguments: -p 1. `fauxreel serve --help` lists what there ",
        ),
        (["serve", "here"], "unrecognized arguments: here."),
        (["serve", "--port"], "argument --port: expected one argument. `fauxreel serve --help` "),
        (["serve", "--port", "x"], "--port: 'x' is not valid. Valid: a whole number from 0 to 655"),
        (["serve", "--port", "65536"], "--port: '65536' is not valid."),
        (["serve", "--queue-seconds", "nan"], "--queue-seconds: 'nan' is not valid. Valid: a num"),
        (["serve", "--clock", "slow"], "--clock: 'slow' is not valid. Valid: system, scaled, "),
        (["serve", "--timeline", "polls:1"], "--timeline: 'polls:1' is not valid. Valid: quick,"),
        (["serve", "--keys", "sk-secret,"], "--keys: the given value is not valid. Valid: texts "),
        (["serve", "--config", "no.toml"], "--config no.toml: cannot be read: No such file or "),
        (
            ["serve", "--timeline", "polls", "--queue-seconds", "1"],
            "--queue-seconds has no effect with the timeline 'polls' (--timeline): leave one of",
        ),
        (
            ["serve", "--speed", "2"],
            "--speed has an effect only with the clock 'scaled', and the clock is 'system'.",
        ),
        (["serve", "--models", "no.toml"], "--models no.toml: cannot be read: No such file or "),
        (["demo", "--outptu", "x"], "unrecognized arguments: --outptu x."),
        (["inspect"], "the following arguments are required: FILE. `fauxreel inspect --help` "),
        (["fixtures"], "the following arguments are required: ACTION. `fauxreel fixtures --help`"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(capsys, arguments, line):
    status = main(arguments)
    out, err = capsys.readouterr()

    assert (status, out) == (2, "")
    assert err.startswith(f"fauxreel: {line}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("FAUXREEL_X", "1", "variable FAUXREEL_X is not a setting."),
        (
            "FAUXREEL_POORT",
            "1",
            "variable FAUXREEL_POORT is not a setting. Did you mean FAUXREEL_P",
        ),
        ("FAUXREEL_PORT", "x", "variable FAUXREEL_PORT: 'x' is not valid. Valid: a whole number "),
        ("FAUXREEL_CONFIG", "no.toml", "--config no.toml: cannot be read: No such file or direct"),
        ("FAUXREEL_SPEED", "2", "variable FAUXREEL_SPEED has an effect only with the clock 'scal"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "exec", "settings"])
def test_a_bad_variable_is_one_line_and_status_2(command, name, value, line):
    rest = ("--", "echo") if command == "exec" else ()
    done = fauxreel(command, *rest, **{name: value})

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fauxreel: {line}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"port =", "--config {file}: is not TOML: Invalid value (at end of document)"),
        (b"\xff", "--config {file}: is not TOML: 'utf-8' codec can't decode byte 0xff in posi"),
        (b"poort = 1", "{file}: poort is not a setting. Did you mean port?"),
        (b"port = '1x'", "{file}: port: '1x' is not valid. Valid: a whole number from 0 to 65535."),
        (b"port = true", "{file}: port: True is not valid."),
        (b"[serve]\nport = 1", "{file}: serve is not a setting."),
        (b'"a\\nb" = 1', "{file}: a\\nb is not a setting."),
    ],
)
def test_a_bad_file_is_one_line_and_status_2(capsys, tmp_path, content, line):
    file = tmp_path / "fauxreel.toml"
    file.write_bytes(content)
    status = main(["settings", "--config", str(file)])
    out, err = capsys.readouterr()

    assert (status, out) == (2, "")
    assert err.startswith("fauxreel: " + line.format(file=file))
    assert err.count("\n") == 1


def test_settings_are_listed_with_value_source_flag_and_variable(capsys):
    status = main(["settings"])
    out, err = capsys.readouterr()

    assert (status, err) == (0, "")
    listed = re.findall(
        r"^(\w+) = .*   \[default\]\n    (.*)\n    (\S+), (\w+)\. ", out, re.MULTILINE
    )
    assert listed == [(name, spec.help, flag(name), variable(name)) for name, spec in SPECS.items()]


def test_each_setting_says_where_it_comes_from(tmp_path):
    file = tmp_path / "fauxreel.toml"
    file.write_text('port = 1\nhost = "ci"\nseed = 3\nallowed_hosts = ["a", "b"]\n')
    flags = ("--config", str(file), "--seed", "5", "--no-accept-user")
    done = fauxreel("settings", *flags, FAUXREEL_PORT="2", FAUXREEL_SEED="4")

    values = dict(re.findall(r"^(\w+) = (.*\])$", done.stdout, re.MULTILINE))
    assert {name: value for name, value in values.items() if "[default]" not in value} == {
        "host": f"ci   [{file}: host]",
        "port": "2   [variable FAUXREEL_PORT]",
        "seed": "5   [--seed]",
        "accept_user": "false   [--accept-user]",
        "allowed_hosts": f"a, b   [{file}: allowed_hosts]",
    }


def test_secrets_are_never_printed(capsys):
    main(["settings", "--keys", "sk-one,sk-two", "--control-token", "t0ps3cret"])
    out, err = capsys.readouterr()

    assert "keys = (set)   [--keys]\n" in out
    assert "control_token = (set)   [--control-token]\n" in out
    assert not re.search("sk-one|sk-two|t0ps3cret", out + err)


def test_a_variable_may_name_the_file(tmp_path):
    file = tmp_path / "fauxreel.toml"
    file.write_text("queue_seconds = 7\n")
    done = fauxreel("settings", FAUXREEL_CONFIG=str(file))

    assert f"queue_seconds = 7.0   [{file}: queue_seconds]\n" in done.stdout


@pytest.mark.parametrize("arguments", [["settings"], ["--help"], ["--version"]])
def test_a_reader_that_has_gone_is_no_traceback(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    environment = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    with os.fdopen(writer) as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "fauxreel", *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
            env=environment,
        )

    assert (done.returncode, done.stderr) == (1, b"")


def test_fixtures_that_cannot_be_written_are_one_line_and_status_1(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    status = main(["fixtures", "build", "--output", str(tmp_path / "file" / "media")])
    out, err = capsys.readouterr()

    assert (status, out) == (1, "")
    assert err.startswith("fauxreel: ")
    assert err.count("\n") == 1


def test_a_demo_without_the_sdk_names_the_extra():
    statements = (
        "import sys; sys.modules['openai'] = None\n"
        "from fauxreel.cli import main; sys.exit(main(['demo']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", statements], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "fauxreel: the demo needs the package 'openai': pip install 'fauxreel[demo]'\n",
    )


def test_a_kit_that_cannot_be_loaded_is_one_line(capsys, monkeypatch):
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: ())

    assert main(["contracts", "list"]) == 2
    _, err = capsys.readouterr()
    assert err.startswith("fauxreel: the contract kit cannot be loaded (")
    assert err.count("\n") == 1
