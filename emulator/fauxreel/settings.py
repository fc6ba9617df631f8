"""All settings: one frozen object whose fields are the one table.

Flags, environment variables, the TOML file, the help, the docs and `fauxreel settings` all read
that table. Flags beat variables beat file beat default. Nothing else reads the environment.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from fauxreel.client_variables import URL_VARIABLE
from fauxreel.clock import ClockKind
from fauxreel.domain.timeline import REALISTIC, Curve, InPolls, InSeconds, Timeline
from fauxreel.spelling import nearest
from fauxreel.values import (
    Parse,
    ValueProblem,
    choice,
    number,
    origins,
    path,
    profiles,
    rules,
    seed,
    store,
    switch,
    table,
    text,
    texts,
    timeline,
    whole,
)

PREFIX = "FAUXREEL_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
# Variables that are no settings: the file, and where `fauxreel exec` says that it runs.
_NO_SETTINGS = (CONFIG_VARIABLE, URL_VARIABLE)

T = TypeVar("T")


class SettingError(Exception):
    """A bad setting: one line that names it, where it came from, and what is valid."""

    def __init__(self, message: str) -> None:
        # Keys and paths of users stand in it, and may hold any character.
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))


class Spec(Struct, frozen=True):
    """What the table says of one setting, beside its name and default.

    Args:
        live: Whether it may be changed while the emulator runs, for each namespace.
    """

    parse: Parse
    help: str
    secret: bool = False
    live: bool = False

    @property
    def valid(self) -> str:
        return self.parse.valid


def _setting(
    default: T,
    parse: Parse,
    help: str,  # noqa: A002 - the field's term
    *,
    secret: bool = False,
    live: bool = False,
) -> T:
    return field(default=default, metadata={"spec": Spec(parse, help, secret, live)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of an emulator, with its default."""

    host: str = _setting(
        "localhost",
        text,
        "address to listen on; localhost is 127.0.0.1 and, where there is one, ::1",
    )
    port: int = _setting(4010, whole(0, 65535), "port to listen on; 0 takes a free one")
    certfile: Path | None = _setting(
        None, path, "PEM file with a certificate: serves https in place of http"
    )
    keyfile: Path | None = _setting(
        None, path, "PEM file with the key of --certfile, if that file does not hold it too"
    )
    queue_seconds: float = _setting(0.5, number(0), "seconds a job waits in the queue", live=True)
    processing_seconds: float = _setting(2.0, number(0), "seconds a job is processed", live=True)
    timeline: str = _setting(
        "quick",
        timeline,
        "how jobs advance: quick and its variants take --queue-seconds and --processing-seconds, "
        "realistic is as observed in 2025, polls counts retrieves instead of seconds",
        live=True,
    )
    clock: ClockKind = _setting(
        ClockKind.SYSTEM,
        choice(ClockKind),
        "the time jobs live by: the machine's, faster (--speed), moved by hand, "
        "or moved by each retrieve of an unfinished job",
        live=True,
    )
    speed: float = _setting(
        10.0, number(0.001, 1_000_000), "how many times faster a scaled clock runs", live=True
    )
    seed: int | None = _setting(
        None, seed, "makes ids and files repeatable; without one they differ from run to run"
    )
    keys: tuple[str, ...] = _setting(
        (),
        texts,
        "the valid API keys, each a project of its own; without any, every plausible key is "
        "accepted and all share one project",
        secret=True,
    )
    models: Path | None = _setting(
        None, path, "TOML file with your own models: names, sizes, lengths, prices"
    )
    accept_user: bool = _setting(
        True, switch, "accept the parameter user, which the real API refuses"
    )
    profile: tuple[str, ...] = _setting(
        (),
        profiles,
        "what a surface looks like: as on the wire (the default), or as documentation-driven "
        "clients expect it (processing, url, duration, usage, numeric seconds, any model)",
    )
    root: str = _setting(
        "openai",
        choice(("openai", "litellm")),
        "whose API answers at / and /v1: OpenAI's, or the LiteLLM proxy's as under /litellm",
    )
    separate_surfaces: bool = _setting(
        False, switch, "give each surface jobs of its own, so that a mix-up is a 404"
    )
    azure_deployments: tuple[str, ...] = _setting(
        (), texts, "the Azure deployments that exist; without any, every name does"
    )
    azure_specified_routes: bool = _setting(
        False,
        switch,
        "serve Azure's edits, extensions and characters, which were specified but never seen",
    )
    litellm_documented_routes: bool = _setting(
        True,
        switch,
        "serve the four POST routes of LiteLLM's documentation, which today's proxy lacks (405)",
    )
    lenient: bool = _setting(
        False,
        switch,
        "let example ids such as video_123 exist, and take uploads that are no real media",
    )
    strict_clients: bool = _setting(
        False, switch, "end with status 3 if a client showed a defect that is an error"
    )
    input_reference: str = _setting(
        "any",
        choice(("any", "file", "object")),
        "which forms of input_reference are taken: file as in 2025, object as in 2026, or both",
    )
    accept_video_uploads: bool = _setting(
        False, switch, "let edits and extensions take an uploaded video, as few customers could"
    )
    fetch_image_urls: bool = _setting(
        False, switch, "fetch remote image_urls and check them; otherwise they are accepted unseen"
    )
    poll_after_ms: int | None = _setting(
        None,
        whole(0, 3_600_000),
        "milliseconds in openai-poll-after-ms on unfinished jobs; 0 sends none "
        "(default: 100, 1 under the auto clock, none with --timeline realistic)",
        live=True,
    )
    scenario: tuple[str, ...] = _setting(
        (),
        texts,
        "states of the world, by name; `fauxreel scenarios` lists them",
        live=True,
    )
    rules: tuple[object, ...] = _setting(
        (),
        rules,
        "faults and outcomes, as in `operation=create error=rate_limit times=2; stuck=99`",
    )
    scenarios: tuple[tuple[str, object], ...] = _setting(
        (),
        table,
        "scenarios of your own, by name: help, settings and rules (in the file only)",
    )
    phrases: bool = _setting(
        True,
        switch,
        "let prompts bring rules along, as in `a cat [[fauxreel stuck=99]]`",
        live=True,
    )
    files_dir: Path | None = _setting(
        None, path, "folder of files that rules of requests and the control API may serve as videos"
    )
    requests_per_minute: int | None = _setting(
        None,
        whole(1, 1_000_000),
        "requests a minute and project that may make a job",
        live=True,
    )
    concurrent_jobs: int | None = _setting(
        None, whole(1, 1_000_000), "unfinished jobs that a project may have", live=True
    )
    budget: float | None = _setting(
        None, number(0), "US dollars that all jobs of a namespace may cost together", live=True
    )
    limit_clock: str = _setting(
        "emulated",
        choice(("emulated", "real")),
        "the time in which --requests-per-minute counts minutes",
        live=True,
    )
    isolate: str = _setting(
        "none",
        choice(("none", "key")),
        "key gives each API key a namespace of its own: jobs, clock, rules, journal",
    )
    store: str = _setting(
        "memory",
        store,
        "where jobs, files, characters, the ledger and added rules are kept: in memory, or in "
        "sqlite:PATH, a file that outlives the emulator",
    )
    store_survives: str = _setting(
        "crash",
        choice(("crash", "power-loss")),
        "what takes nothing from the file of --store that a client was told of: the emulator's "
        "end, however sudden (crash), or the machine's as well (power-loss, slower)",
    )
    max_idle_polls: int = _setting(
        0,
        whole(0, 1_000_000),
        "after so many retrieves in a row of a job that nothing can move any more, answer 400 "
        "instead of letting the client poll for ever; 0 lets it (the pytest fixture: 50)",
        live=True,
    )
    max_requests: int = _setting(1000, whole(1, 100_000), "most requests kept in a journal")
    max_body_bytes: int = _setting(64 * 2**20, whole(1024), "largest request body, in bytes")
    max_text_bytes: int = _setting(
        21 * 2**20, whole(1024), "largest text part of a form and largest JSON body, in bytes"
    )
    max_memory_body_bytes: int = _setting(
        2**20,
        whole(1024),
        "largest form held in memory, in bytes; of a larger one, the files are on disk",
    )
    max_videos: int = _setting(2_000_000, whole(1), "most jobs held at a time")
    max_namespaces: int = _setting(1000, whole(0), "most namespaces (/ns/NAME) held at a time")
    max_files_mb: int = _setting(256, whole(1), "most megabytes of uploaded files held at a time")
    media_cache: Path | None = _setting(
        None,
        path,
        "folder for made clips (serve and demo: by default in the user's cache folder; "
        "elsewhere in memory only)",
    )
    media_cache_mb: int = _setting(
        512, whole(0), "most megabytes of made clips on disk; 0 keeps them in memory only"
    )
    media_memory_mb: int = _setting(256, whole(16), "most megabytes of clips in memory")
    allowed_hosts: tuple[str, ...] = _setting(
        (), texts, "further names by which the control API may be addressed, besides loopback"
    )
    control_token: str | None = _setting(
        None, text, "bearer token that the control API asks for", secret=True
    )
    cors_origins: tuple[str, ...] = _setting(
        (), origins, "origins whose pages may use the API surfaces from a browser; * is all"
    )
    log_level: str = _setting(
        "info", choice(("debug", "info", "error")), "how much goes to stderr; error: no access log"
    )
    log_format: str = _setting(
        "text", choice(("text", "json")), "how the ready line and the log are written"
    )

    @property
    def store_file(self) -> Path | None:
        """The file of the store; None for memory."""
        scheme, _, place = self.store.partition(":")
        return Path(place) if scheme == "sqlite" else None

    def job_timeline(self) -> Timeline:
        """The timeline of new jobs."""
        name, _, argument = self.timeline.partition(":")
        if name == "realistic":
            return REALISTIC
        if name == "polls":
            queued, processing = (int(part) for part in (argument or "1,2").split(","))
            return InPolls(queued, processing)
        if name == "stuck" and argument == "queued":
            return InSeconds(float("inf"), self.processing_seconds)
        stuck_at = int(argument) if name == "stuck" else None
        curve = Curve.LINEAR if name in ("quick", "stuck") else Curve(name)
        return InSeconds(self.queue_seconds, self.processing_seconds, curve, stuck_at)

    def changed(self) -> list[str]:
        """The names of the settings that are not the default."""
        return [name for name in SPECS if getattr(self, name) != DEFAULTS[name]]

    def documented(self, surface: str) -> bool:
        """Whether the surface (such as `/v1`) follows the documentation instead of the wire."""
        return f"{surface}=documented" in self.profile

    def poll_interval_ms(self) -> int | None:
        """What `openai-poll-after-ms` says, in milliseconds; None when it is not sent."""
        if self.poll_after_ms is not None:
            return self.poll_after_ms or None
        if self.clock is ClockKind.AUTO:
            return 1
        return None if self.timeline == "realistic" else 100


SPECS: Mapping[str, Spec] = {one.name: one.metadata["spec"] for one in fields(Settings)}
DEFAULTS: Mapping[str, object] = {
    one.name: one.default for one in fields(Settings) if one.default is not MISSING
}


class Resolved(Struct, frozen=True):
    """Settings, and for each one that is not the default where it came from."""

    settings: Settings
    sources: Mapping[str, str]


def flag(name: str) -> str:
    """The flag of a setting: `--queue-seconds`."""
    return f"--{name.replace('_', '-')}"


def variable(name: str) -> str:
    """The environment variable of a setting: `FAUXREEL_QUEUE_SECONDS`."""
    return PREFIX + name.upper()


def resolve(
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
) -> Resolved:
    """Settings from flags, the environment and a TOML file, in that order of precedence.

    Args:
        flags: Values by setting name, as text or already typed.
        environ: The environment; variables that begin with `FAUXREEL_` are read.
        config: The file; `FAUXREEL_CONFIG` names one too.

    Raises:
        SettingError: A setting is unknown, bad, or clashes with another.
    """
    environ = environ or {}
    config = config or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, raw, source in (
        *_from_file(config),
        *_from_environment(environ),
        *((name, raw, flag(name)) for name, raw in (flags or {}).items() if raw is not None),
    ):
        if name not in SPECS:
            raise SettingError(_unknown(source, name, str))
        values[name] = parsed(name, raw, source)
        sources[name] = source
    settings = Settings(**values)
    refuse_clashes(settings, sources)
    return Resolved(settings, sources)


def verified(settings: Settings) -> Settings:
    """Settings that were made in Python, as if they had been read: `clock="manual"` is a clock.

    Raises:
        SettingError: One is bad, or clashes with another.
    """
    names = settings.changed()
    values: dict[str, Any] = {name: parsed(name, getattr(settings, name), name) for name in names}
    read = replace(settings, **values)
    refuse_clashes(read, {name: name for name in names})
    return read


def _from_file(config: Path | None) -> list[tuple[str, object, str]]:
    if config is None:
        return []
    found = table_of(config, "--config")
    return [(name, raw, f"{config}: {name}") for name, raw in found.items()]


def table_of(path: Path, option: str) -> dict[str, Any]:
    """What stands in a TOML file.

    Args:
        option: What named it, for messages.

    Raises:
        SettingError: It cannot be read, or is none.
    """
    import tomllib  # few starts have such a file

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{option} {path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{option} {path}: is not TOML: {error}") from None


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, object, str]]:
    known = {variable(name): name for name in SPECS}
    found: list[tuple[str, object, str]] = []
    for key, raw in environ.items():
        if not key.startswith(PREFIX) or key in _NO_SETTINGS:
            continue
        if key not in known:
            # Compared without the prefix: by it alone every variable resembles every other.
            bare = key.removeprefix(PREFIX).lower()
            raise SettingError(_unknown(f"variable {key}", bare, variable))
        found.append((known[key], raw, f"variable {key}"))
    return found


def parsed(name: str, raw: object, source: str) -> object:
    """The value of a setting.

    Args:
        source: Where it stands, for the message.

    Raises:
        SettingError: It is unknown, or not valid.
    """
    if name not in SPECS:
        raise SettingError(_unknown(source, name, str))
    spec = SPECS[name]
    try:
        return spec.parse(raw)
    except ValueProblem:
        shown = "the given value" if spec.secret else repr(raw)
        raise SettingError(f"{source}: {shown} is not valid. Valid: {spec.valid}.") from None


def _unknown(place: str, name: str, spelled: Callable[[str], str]) -> str:
    close = nearest(name, SPECS)
    hint = f" Did you mean {spelled(close)}?" if close else " `fauxreel settings` lists them all."
    return f"{place} is not a setting.{hint}"


def refuse_clashes(settings: Settings, sources: Mapping[str, str]) -> None:
    """Checks that settings go together.

    Args:
        sources: Where each one that is not the default was given.

    Raises:
        SettingError: One has no effect beside another.
    """
    name = settings.timeline.partition(":")[0]
    unused = {"realistic": ("queue_seconds", "processing_seconds")}
    unused["polls"] = unused["realistic"]
    if settings.timeline == "stuck:queued":
        unused["stuck"] = unused["realistic"]
    for other in unused.get(name, ()):
        if other in sources:
            raise SettingError(
                f"{sources[other]} has no effect with the timeline {settings.timeline!r} "
                f"({sources['timeline']}): leave one of the two out."
            )
    if settings.lenient and settings.strict_clients:
        raise SettingError(
            f"{sources['lenient']} and {sources['strict_clients']} exclude each other: "
            "what is let pass cannot be a defect."
        )
    if "speed" in sources and settings.clock is not ClockKind.SCALED:
        raise SettingError(
            f"{sources['speed']} has an effect only with the clock 'scaled', "
            f"and the clock is {settings.clock.value!r}."
        )
    if "store_survives" in sources and settings.store_file is None:
        raise SettingError(
            f"{sources['store_survives']} has no effect on a store in memory: "
            "name a file with --store sqlite:PATH."
        )
    if settings.keyfile is not None and settings.certfile is None:
        raise SettingError(
            f"{sources['keyfile']} has no effect without a certificate: name one with --certfile."
        )
