"""Where settings come from, and what is said of a bad one."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from fauxreel.clock import ClockKind
from fauxreel.domain.timeline import REALISTIC, Curve, InPolls, InSeconds, Timeline
from fauxreel.settings import (
    DEFAULTS,
    SPECS,
    Resolved,
    SettingError,
    Settings,
    flag,
    resolve,
    variable,
    verified,
)


def config(folder: Path, text: str) -> Path:
    file = folder / "fauxreel.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> str:
    with pytest.raises(SettingError) as refused:
        resolve(flags, environ, file)
    message = str(refused.value)
    assert message.isprintable()
    return message


# Precedence ---------------------------------------------------------------------------------------


def test_without_anything_all_settings_are_the_defaults() -> None:
    assert resolve() == Resolved(Settings(), {})


def test_every_setting_has_a_default_and_help() -> None:
    assert set(DEFAULTS) == set(SPECS)
    assert all(spec.help and spec.valid for spec in SPECS.values())


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    file = config(tmp_path, "port = 1\nseed = 1\nqueue_seconds = 1")
    environ = {"FAUXREEL_PORT": "2", "FAUXREEL_SEED": "2"}
    assert resolve({"port": "3"}, environ, file) == Resolved(
        Settings(port=3, seed=2, queue_seconds=1.0),
        {
            "port": "--port",
            "seed": "variable FAUXREEL_SEED",
            "queue_seconds": f"{file}: queue_seconds",
        },
    )


def test_a_flag_that_is_not_given_leaves_the_others_their_say() -> None:
    found = resolve({"port": None}, {"FAUXREEL_PORT": "2"})
    assert found == Resolved(Settings(port=2), {"port": "variable FAUXREEL_PORT"})


def test_a_variable_names_the_file(tmp_path: Path) -> None:
    file = config(tmp_path, "port = 1")
    assert resolve(environ={"FAUXREEL_CONFIG": str(file)}).settings == Settings(port=1)


def test_the_file_that_is_handed_in_beats_the_one_that_a_variable_names(tmp_path: Path) -> None:
    file = config(tmp_path, "port = 1")
    environ = {"FAUXREEL_CONFIG": str(tmp_path / "none.toml")}
    assert resolve(environ=environ, config=file).settings == Settings(port=1)


def test_an_empty_variable_names_no_file() -> None:
    assert resolve(environ={"FAUXREEL_CONFIG": ""}).settings == Settings()


def test_other_peoples_variables_are_not_read() -> None:
    assert resolve(environ={"PORT": "1", "fauxreel_port": "2"}).settings == Settings()


def test_a_setting_is_spelled_as_flag_and_variable() -> None:
    spelled = (flag("queue_seconds"), variable("queue_seconds"))
    assert spelled == ("--queue-seconds", "FAUXREEL_QUEUE_SECONDS")


# Good values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("host", "0.0.0.0", "0.0.0.0"),
        ("port", "0", 0),
        ("port", 65535, 65535),
        ("queue_seconds", "0", 0.0),
        ("queue_seconds", "1.5", 1.5),
        ("queue_seconds", 2, 2.0),
        ("clock", "manual", ClockKind.MANUAL),
        ("clock", ClockKind.AUTO, ClockKind.AUTO),
        ("seed", "9223372036854775807", 2**63 - 1),
        ("keys", "sk-one", ("sk-one",)),
        ("keys", " sk-one , sk-two", ("sk-one", "sk-two")),
        ("keys", ["sk-one", "sk-two"], ("sk-one", "sk-two")),
        ("allowed_hosts", ("a.test", "b.test"), ("a.test", "b.test")),
        ("cors_origins", "*", ("*",)),
        (
            "cors_origins",
            "http://localhost:3000, null, https://[::1]:8443, tauri://localhost",
            ("http://localhost:3000", "null", "https://[::1]:8443", "tauri://localhost"),
        ),
        ("models", "models.toml", Path("models.toml")),
        ("models", Path("models.toml"), Path("models.toml")),
        ("models", "~/models.toml", Path.home() / "models.toml"),
        ("accept_user", "true", True),
        ("accept_user", "Yes", True),
        ("accept_user", "on", True),
        ("accept_user", "1", True),
        ("accept_user", True, True),
        ("accept_user", "FALSE", False),
        ("accept_user", "no", False),
        ("accept_user", "off", False),
        ("accept_user", "0", False),
        ("accept_user", False, False),
        ("timeline", "polls:0,1000", "polls:0,1000"),
        ("timeline", "stuck:99", "stuck:99"),
        ("log_level", "error", "error"),
        ("log_format", "json", "json"),
    ],
)
def test_a_good_value_is_read(name: str, raw: object, value: object) -> None:
    settings = resolve({name: raw}).settings
    found = getattr(settings, name)
    assert (found, type(found)) == (value, type(value))
    # Made in Python, of text or of what that was read as, it is the same.
    assert [verified(Settings(**{name: one})) for one in (raw, value)] == [settings] * 2
    assert type(getattr(verified(Settings(**{name: raw})), name)) is type(value)


def test_a_file_may_hold_every_type(tmp_path: Path) -> None:
    file = config(
        tmp_path,
        'host = "0.0.0.0"\nport = 80\nqueue_seconds = 1\nprocessing_seconds = 1.5\n'
        'clock = "scaled"\nspeed = 2\nkeys = ["a", "b"]\naccept_user = false\n',
    )
    assert resolve(config=file).settings == Settings(
        host="0.0.0.0",
        port=80,
        queue_seconds=1.0,
        processing_seconds=1.5,
        clock=ClockKind.SCALED,
        speed=2.0,
        keys=("a", "b"),
        accept_user=False,
    )


# Bad values ---------------------------------------------------------------------------------------

TIMELINES = (
    "quick, steps, sticky, realistic, polls, polls:QUEUED,PROCESSING, stuck:queued, "
    "stuck:PROGRESS (0 to 99)"
)
ORIGINS = "*, or origins such as http://localhost:3000 separated by commas"
BAD: list[tuple[str, object, str]] = [
    ("host", " ", "a text that is not empty"),
    ("host", 7, "a text that is not empty"),
    ("port", "eighty", "a whole number from 0 to 65535"),
    ("port", "-1", "a whole number from 0 to 65535"),
    ("port", 65536, "a whole number from 0 to 65535"),
    ("port", 80.0, "a whole number from 0 to 65535"),
    ("port", True, "a whole number from 0 to 65535"),
    ("certfile", "", "a path"),
    ("keyfile", "\0", "a path"),
    ("queue_seconds", "long", "a number of 0 or more"),
    ("queue_seconds", "-0.1", "a number of 0 or more"),
    ("queue_seconds", "nan", "a number of 0 or more"),
    ("queue_seconds", "inf", "a number of 0 or more"),
    ("queue_seconds", math.inf, "a number of 0 or more"),
    ("queue_seconds", 10**400, "a number of 0 or more"),
    ("queue_seconds", True, "a number of 0 or more"),
    ("queue_seconds", ["1"], "a number of 0 or more"),
    ("processing_seconds", "", "a number of 0 or more"),
    ("timeline", "slow", TIMELINES),
    ("timeline", "linear", TIMELINES),
    ("timeline", "quick:1", TIMELINES),
    ("timeline", "realistic:", TIMELINES),
    ("timeline", "polls:", TIMELINES),
    ("timeline", "polls:1", TIMELINES),
    ("timeline", "polls:1,2,3", TIMELINES),
    ("timeline", "polls:1,-2", TIMELINES),
    ("timeline", "polls:1,1001", TIMELINES),
    ("timeline", "polls:1, 2", TIMELINES),
    ("timeline", "polls:1,²", TIMELINES),
    ("timeline", "stuck", TIMELINES),
    ("timeline", "stuck:", TIMELINES),
    ("timeline", "stuck:100", TIMELINES),
    ("timeline", 5, TIMELINES),
    ("clock", "sundial", "system, scaled, manual, auto"),
    ("clock", ["system"], "system, scaled, manual, auto"),
    ("speed", "0", "a number from 0.001 to 1000000"),
    ("speed", 1e7, "a number from 0.001 to 1000000"),
    ("seed", "-1", "a whole number from 0 to 9223372036854775807"),
    ("seed", 2**63, "a whole number from 0 to 9223372036854775807"),
    ("seed", "9" * 5000, "a whole number from 0 to 9223372036854775807"),
    ("models", "", "a path"),
    ("models", 5, "a path"),
    ("models", "a\0b", "a path"),
    ("models", "~nobody-of-that-name/models.toml", "a path"),
    ("accept_user", "maybe", "true or false"),
    ("accept_user", 2, "true or false"),
    ("accept_user", [True], "true or false"),
    ("profile", "/v1=paper", "/v1=wire, /v1=documented"),
    ("profile", "/v1=wire,/v1=documented", "/v1=wire, /v1=documented"),
    ("max_namespaces", "-1", "a whole number of 0 or more"),
    ("strict_clients", "", "true or false"),
    ("root", "azure", "openai, litellm"),
    ("separate_surfaces", "maybe", "true or false"),
    ("azure_deployments", "a,,b", "texts separated by commas"),
    ("azure_specified_routes", "", "true or false"),
    ("litellm_documented_routes", "", "true or false"),
    ("lenient", "", "true or false"),
    ("input_reference", "image", "any, file, object"),
    ("accept_video_uploads", "some", "true or false"),
    ("fetch_image_urls", "never", "true or false"),
    ("poll_after_ms", "soon", "a whole number from 0 to 3600000"),
    ("poll_after_ms", 3_600_001, "a whole number from 0 to 3600000"),
    ("max_body_bytes", 1023, "a whole number of 1024 or more"),
    ("max_text_bytes", "1 MB", "a whole number of 1024 or more"),
    ("max_memory_body_bytes", "0", "a whole number of 1024 or more"),
    ("max_videos", "0", "a whole number of 1 or more"),
    ("max_files_mb", "0", "a whole number of 1 or more"),
    ("media_cache", "", "a path"),
    ("media_cache_mb", "-1", "a whole number of 0 or more"),
    ("media_memory_mb", "15", "a whole number of 16 or more"),
    ("scenario", "flaky,,slow", "texts separated by commas"),
    ("rules", "", "rules as text, or a list of tables"),
    ("rules", [5], "rules as text, or a list of tables"),
    ("rules", 5, "rules as text, or a list of tables"),
    ("scenarios", "mine", "a table in the file"),
    ("phrases", "maybe", "true or false"),
    ("files_dir", "", "a path"),
    ("requests_per_minute", 0, "a whole number from 1 to 1000000"),
    ("concurrent_jobs", 0, "a whole number from 1 to 1000000"),
    ("budget", -1, "a number of 0 or more"),
    ("limit_clock", "fast", "emulated, real"),
    ("isolate", "path", "none, key"),
    ("max_idle_polls", -1, "a whole number from 0 to 1000000"),
    ("max_requests", 0, "a whole number from 1 to 100000"),
    ("allowed_hosts", "a,,b", "texts separated by commas"),
    ("allowed_hosts", ["a", 5], "texts separated by commas"),
    *(
        ("store", raw, "memory, or sqlite: and the path of a file")
        for raw in (
            "disk",
            "sqlite:",
            "sqlite",
            "sqlite:a\0b",
            "redis:x",
            "sqlite::memory:",
            "sqlite:file:a?mode=memory",
            5,
        )
    ),
    ("store_survives", "anything", "crash, power-loss"),
    ("allowed_hosts", 5, "texts separated by commas"),
    ("cors_origins", "localhost:3000", ORIGINS),
    ("cors_origins", "http://localhost:3000/", ORIGINS),
    ("cors_origins", "http://LocalHost", ORIGINS),
    ("cors_origins", "http://a.test,", ORIGINS),
    ("log_level", "warning\n", "debug, info, error"),
    ("log_format", "xml", "text, json"),
]
BAD_SECRETS: list[tuple[str, object, str]] = [
    ("keys", "sk-secret,,", "texts separated by commas"),
    ("keys", ["sk-secret", 5], "texts separated by commas"),
    ("control_token", ["sk-secret"], "a text that is not empty"),
]


@pytest.mark.parametrize(("name", "raw", "valid"), BAD)
def test_a_bad_value_is_named_with_its_source_and_what_is_valid(
    name: str, raw: object, valid: str
) -> None:
    assert refusal({name: raw}) == f"{flag(name)}: {raw!r} is not valid. Valid: {valid}."


@pytest.mark.parametrize(("name", "raw", "valid"), BAD_SECRETS)
def test_a_bad_secret_is_not_repeated(name: str, raw: object, valid: str) -> None:
    assert refusal({name: raw}) == f"{flag(name)}: the given value is not valid. Valid: {valid}."


def test_every_setting_has_a_bad_value_here() -> None:
    assert {name for name, *_ in BAD + BAD_SECRETS} == set(SPECS)


def test_a_bad_variable_is_named() -> None:
    assert refusal(environ={"FAUXREEL_PORT": "x"}) == (
        "variable FAUXREEL_PORT: 'x' is not valid. Valid: a whole number from 0 to 65535."
    )


def test_a_bad_key_of_the_file_is_named(tmp_path: Path) -> None:
    file = config(tmp_path, 'port = "x"')
    assert refusal(file=file) == (
        f"{file}: port: 'x' is not valid. Valid: a whole number from 0 to 65535."
    )


def test_a_bad_value_is_refused_even_where_a_better_source_overrides_it() -> None:
    assert refusal({"port": 1}, {"FAUXREEL_PORT": "x"}).startswith("variable FAUXREEL_PORT: 'x'")


# Unknown settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("queue_second", "Did you mean queue_seconds?"),
        ("colour", "`fauxreel settings` lists them all."),
    ],
)
def test_an_unknown_flag_or_key_gets_a_hint(tmp_path: Path, name: str, hint: str) -> None:
    file = config(tmp_path, f"{name} = 1")
    assert refusal({name: "1"}) == f"{flag(name)} is not a setting. {hint}"
    assert refusal(file=file) == f"{file}: {name} is not a setting. {hint}"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("FAUXREEL_QUEUE_SECOND", "Did you mean FAUXREEL_QUEUE_SECONDS?"),
        ("FAUXREEL_port", "Did you mean FAUXREEL_PORT?"),
        ("FAUXREEL_COLOUR", "`fauxreel settings` lists them all."),
        ("FAUXREEL_", "`fauxreel settings` lists them all."),
    ],
)
def test_an_unknown_variable_gets_a_hint(name: str, hint: str) -> None:
    assert refusal(environ={name: "1"}) == f"variable {name} is not a setting. {hint}"


def test_an_unknown_key_cannot_start_a_line_of_its_own(tmp_path: Path) -> None:
    file = config(tmp_path, '"po\\nrt" = 1')
    assert refusal(file=file) == f"{file}: po\\nrt is not a setting. Did you mean port?"


# The file -----------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    assert refusal(file=file) == f"--config {file}: cannot be read: No such file or directory"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(file=tmp_path) == f"--config {tmp_path}: cannot be read: Is a directory"


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    file = config(tmp_path, "port: 80")
    assert refusal(file=file).startswith(f"--config {file}: is not TOML: ")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    file = config(tmp_path, "")
    file.write_bytes(b"\xff\xfe")
    assert refusal(file=file).startswith(f"--config {file}: is not TOML: ")


# Clashes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["queue_seconds", "processing_seconds"])
@pytest.mark.parametrize("timeline", ["realistic", "polls", "polls:1,2", "stuck:queued"])
def test_seconds_clash_with_a_timeline_that_takes_none(timeline: str, name: str) -> None:
    environ = {"FAUXREEL_TIMELINE": timeline}
    assert refusal({name: "1"}, environ) == (
        f"{flag(name)} has no effect with the timeline {timeline!r} "
        "(variable FAUXREEL_TIMELINE): leave one of the two out."
    )


@pytest.mark.parametrize("timeline", ["quick", "steps", "sticky", "stuck:45"])
def test_seconds_go_with_a_timeline_that_takes_them(timeline: str) -> None:
    flags = {"timeline": timeline, "queue_seconds": "1", "processing_seconds": "2"}
    assert resolve(flags).settings == Settings(
        timeline=timeline, queue_seconds=1.0, processing_seconds=2.0
    )


@pytest.mark.parametrize("clock", ["system", "manual", "auto"])
def test_a_speed_clashes_with_a_clock_that_is_not_scaled(clock: str) -> None:
    assert refusal({"clock": clock, "speed": "2"}) == (
        f"--speed has an effect only with the clock 'scaled', and the clock is {clock!r}."
    )


def test_a_key_clashes_with_no_certificate() -> None:
    assert refusal({"keyfile": "key.pem"}) == (
        "--keyfile has no effect without a certificate: name one with --certfile."
    )


def test_what_a_store_survives_clashes_with_memory() -> None:
    assert refusal({"store_survives": "power-loss"}) == (
        "--store-survives has no effect on a store in memory: name a file with --store sqlite:PATH."
    )


# What settings mean -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "timeline"),
    [
        ("quick", InSeconds(1.0, 3.0)),
        ("steps", InSeconds(1.0, 3.0, Curve.STEPS)),
        ("sticky", InSeconds(1.0, 3.0, Curve.STICKY)),
        ("realistic", REALISTIC),
        ("polls", InPolls(1, 2)),
        ("polls:3,0", InPolls(3, 0)),
        ("stuck:queued", InSeconds(math.inf, 3.0)),
        ("stuck:45", InSeconds(1.0, 3.0, stuck_at=45)),
    ],
)
def test_a_timeline_is_built(name: str, timeline: Timeline) -> None:
    settings = Settings(timeline=name, queue_seconds=1.0, processing_seconds=3.0)
    assert settings.job_timeline() == timeline


@pytest.mark.parametrize(
    ("poll_after_ms", "clock", "timeline", "interval"),
    [
        (None, ClockKind.SYSTEM, "quick", 100),
        (None, ClockKind.SCALED, "quick", 100),
        (None, ClockKind.MANUAL, "polls", 100),
        (None, ClockKind.AUTO, "quick", 1),
        (None, ClockKind.SYSTEM, "realistic", None),
        (None, ClockKind.AUTO, "realistic", 1),
        (0, ClockKind.SYSTEM, "quick", None),
        (0, ClockKind.AUTO, "quick", None),
        (250, ClockKind.AUTO, "quick", 250),
        (250, ClockKind.SYSTEM, "realistic", 250),
    ],
)
def test_the_poll_interval_follows_from_clock_and_timeline_unless_it_is_given(
    poll_after_ms: int | None, clock: ClockKind, timeline: str, interval: int | None
) -> None:
    settings = Settings(poll_after_ms=poll_after_ms, clock=clock, timeline=timeline)
    assert settings.poll_interval_ms() == interval
