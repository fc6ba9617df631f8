"""A target: where to send, how to speak there, and how much it may cost.

It is named in `contracts.toml` or given as a URL. The key comes from an environment variable
alone, and only to an address that is safe to send it to.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fauxreel_contracts.dialect import SPEECH, Dialect, Speech, base_of, guess
from fauxreel_contracts.profile import Profile, ProfileError, first_problem, named
from fauxreel_contracts.wire import Secret

DEFAULT_FILE = Path("contracts.toml")
# What servers on the own machine are given that want some key, whichever.
_PLACEHOLDER = "sk-fauxreel-contracts"
_ALWAYS_LOCAL = frozenset({"localhost", "fauxreel"})


# A budget that is no number, or below nothing, would be no budget.
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class TargetError(Exception):
    """A target that cannot be used: one line that says why and what to do."""


class Options(BaseModel):
    """What `contracts.toml` or the command line may say of a target; all but `url` may be left out.

    Attributes:
        key_variable: The environment variable that holds the key.
        max_spend: US dollars that a run may cost at worst.
        pace_seconds: The least time between two requests.
        timeout_seconds: The longest that one answer may take.
        job_seconds: The longest that one job may take.
        poll_seconds: The time between two polls where the server does not say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: str
    dialect: Annotated[Dialect, Field(strict=False)] | None = None
    profile: str | None = None
    key_variable: str | None = None
    model: str | None = None
    max_spend: NotNegative | None = None
    price_per_second: NotNegative | None = None
    pace_seconds: NotNegative = 0.0
    timeout_seconds: Positive = 60.0
    job_seconds: Positive = 900.0
    poll_seconds: NotNegative | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A server, ready to be asked; what `Options` left out is settled."""

    name: str
    base_url: str
    dialect: Dialect
    profile: Profile
    secret: Secret | None
    model: str
    max_spend: float | None
    price_per_second: float
    pace_seconds: float
    timeout_seconds: float
    job_seconds: float
    poll_seconds: float

    @property
    def speech(self) -> Speech:
        return SPEECH[self.dialect]

    def fields(self) -> dict[str, object]:
        """What a plain request for a video says, but for its prompt."""
        return {"model": self.model, **self.speech.fields, **self.profile.fields}


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host in _ALWAYS_LOCAL or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def resolve(name: str, options: Options, environ: Mapping[str, str]) -> Target:
    """The target that the options describe.

    Raises:
        TargetError: They contradict each other, or would send a key in the clear.
    """
    _check_url(options.url.partition("?")[0])
    url = base_of(options.url)
    _check_url(url)
    dialect = options.dialect or guess(options.url)
    profile = _profile(options, dialect)
    if profile.dialect is not dialect:
        if options.dialect is not None:
            raise TargetError(
                f"{name}: profile {profile.name} speaks {profile.dialect}, not {dialect}."
            )
        dialect = profile.dialect
    local = is_loopback(url)
    return Target(
        name=name,
        base_url=url,
        dialect=dialect,
        profile=profile,
        secret=_secret(name, url, options.key_variable, environ, dialect),
        model=options.model or profile.model,
        max_spend=options.max_spend if options.max_spend is not None else None if local else 0.0,
        price_per_second=_given(options.price_per_second, profile.price_per_second),
        pace_seconds=options.pace_seconds,
        timeout_seconds=options.timeout_seconds,
        job_seconds=options.job_seconds,
        poll_seconds=_given(options.poll_seconds, 0.2 if local else 2.0),
    )


def _given(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _check_url(url: str) -> None:
    no_url = TargetError(f"{url!r} is no base URL. One looks like http://127.0.0.1:4010/v1.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets without an end, a port that is none
        raise no_url from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise no_url
    if parts.username or parts.password:
        raise TargetError("A base URL must not hold a key. Name its variable: --key-variable NAME.")
    if parts.query or parts.fragment:
        raise TargetError(f"{url!r} is no base URL: nothing may follow its path.")


def _profile(options: Options, dialect: Dialect) -> Profile:
    fallback = "litellm-proxy" if dialect is Dialect.LITELLM else str(dialect)
    try:
        return named(options.profile or fallback)
    except ProfileError as error:
        raise TargetError(str(error)) from None


def _secret(
    name: str, url: str, variable: str | None, environ: Mapping[str, str], dialect: Dialect
) -> Secret | None:
    header = SPEECH[dialect].key_header
    local = is_loopback(url)
    if variable is None:
        return Secret(_PLACEHOLDER, "ANY_KEY", header) if local else None
    if not (value := environ.get(variable, "")):
        raise TargetError(f"{name}: the environment variable {variable} is not set.")
    if not (value.isascii() and value.isprintable()):
        raise TargetError(f"{name}: {variable} holds characters that no header may have.")
    if not local and urlsplit(url).scheme != "https":
        raise TargetError(f"{name}: a key is not sent over plain http, but to this machine.")
    return Secret(value, variable, header)


def read_file(path: Path) -> dict[str, Options]:
    """The targets in a file, by name.

    Raises:
        TargetError: It cannot be read, or says something of a target that none has.
    """
    try:
        data = cast("dict[str, object]", tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TargetError(f"{path}: {error}") from None
    tables = data.get("targets")
    if set(data) != {"targets"} or not isinstance(tables, dict):
        raise TargetError(f"{path}: targets stand in tables such as [targets.mine].")
    found: dict[str, Options] = {}
    for name, table in cast("dict[str, object]", tables).items():
        try:
            found[name] = Options.model_validate(table)
        except ValidationError as error:
            raise TargetError(f"{path}: targets.{name}: {first_problem(error)}") from None
    return found


def targets_named(
    names: Sequence[str],
    given: Mapping[str, object],
    file: Path | None,
    environ: Mapping[str, str],
) -> list[Target]:
    """The targets of these names; what is given beats what the file says.

    Args:
        names: URLs, or names in the file.
        file: By default `contracts.toml`, if it is there.

    Raises:
        TargetError: One of them cannot be used.
    """
    known = read_file(file or DEFAULT_FILE) if file or DEFAULT_FILE.is_file() else {}
    found: list[Target] = []
    for name in names:
        if "://" in name:
            options = _options({**given, "url": name})
        elif name in known:
            options = _options({**known[name].model_dump(), **given})
        else:
            there = ", ".join(known) or "none"
            raise TargetError(f"{name!r} is neither a URL nor a target of the file ({there}).")
        found.append(resolve(name, options, environ))
    if "key_variable" in given and len({urlsplit(one.base_url).netloc for one in found}) > 1:
        raise TargetError(
            "One key is not sent to several servers: name the variable of each in contracts.toml."
        )
    return found


def _options(given: Mapping[str, object]) -> Options:
    try:
        return Options.model_validate(given)
    except ValidationError as error:
        raise TargetError(first_problem(error)) from None
