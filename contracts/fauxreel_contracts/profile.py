"""What is known of a kind of server: which parts of the API it claims, and how it differs.

A profile is data, `profiles/NAME.toml`. A capability that a profile does not mention is that of
its dialect's original. Deviations let a run say "differs as known" in place of "newly differs".
"""

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fauxreel_contracts.dialect import Dialect

Flag = bool | int | str | list[str]
# What a need says of a list that must be empty.
NOTHING = "[]"


class ProfileError(Exception):
    """A profile that is not there or cannot be read."""


class Profile(BaseModel):
    """One kind of server.

    Attributes:
        source: How its flags came to be known.
        price_per_second: US dollars for a second of video; 0 if it costs nothing.
        fields: What a plain request for a video says here, where it differs from the dialect's.
        capabilities: Flags, by name; those of the dialect's original where one is missing.
        deviations: What differs, by the id of a clause or a pattern such as `list.*`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    dialect: Dialect
    source: str
    model: str = "sora-2"
    price_per_second: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.10
    fields: dict[str, str | int] = {}
    capabilities: dict[str, Flag] = {}
    deviations: dict[str, str] = {}

    def flag(self, name: str) -> Flag:
        """The value of a capability."""
        if name in self.capabilities:
            return self.capabilities[name]
        return CAPABILITIES[name].get(self.dialect, CAPABILITIES[name][Dialect.OPENAI])

    def lacks(self, needs: tuple[str, ...]) -> str:
        """The first of these needs that the server does not claim; empty if it claims all."""
        return next((need for need in needs if not self._has(need)), "")

    def deviation(self, clause_id: str) -> str:
        """How the server is known to differ there; empty if it is not."""
        matching = (p for p in self.deviations if p == clause_id or fnmatchcase(clause_id, p))
        return next((self.deviations[pattern] for pattern in matching), "")

    def _has(self, need: str) -> bool:
        name, _, wanted = need.partition("=")
        value = self.flag(name)
        if not wanted:
            return bool(value)
        if isinstance(value, list):
            return wanted in value if value else wanted == NOTHING
        return str(value) == wanted


def _same(
    openai: Flag,
    *,
    azure: Flag | None = None,
    jobs: Flag | None = None,
    litellm: Flag | None = None,
) -> Mapping[Dialect, Flag]:
    own = {Dialect.AZURE: azure, Dialect.AZURE_JOBS: jobs, Dialect.LITELLM: litellm}
    given = {dialect: flag for dialect, flag in own.items() if flag is not None}
    return {Dialect.OPENAI: openai, **given}


# What a server can claim, and what the originals did. The names are those of the flags that the
# differences between servers imply; a value is a switch, a status, or a word.
CAPABILITIES: Mapping[str, Mapping[Dialect, Flag]] = {
    "create_json": _same(True),
    "create_multipart": _same(True),
    "create_status": _same(200, jobs=201),
    "model_required": _same(False, azure=True, jobs=True, litellm=True),
    "model_checked": _same(True),
    "seconds_number_ok": _same(False, jobs=True, litellm=True),
    "seconds_checked": _same(True),
    "size_checked": _same(True),
    "unknown_refused": _same(True),
    "prompt_echoed": _same(True, litellm=False),
    "fields_missing": _same([]),
    "reports_in_progress": _same(True),
    "reports_progress": _same(True, jobs=False),
    "failed_retrieve_is_http_error": _same(False),
    "error_object": _same("code+message"),
    "not_ready_status": _same(404),
    "failed_content_status": _same(404),
    "variants": _same("real", jobs="none", litellm="drops"),
    "variant_video_accepted": _same(True),
    "range": _same(True, litellm=False),
    "content_types": _same(["video/mp4"]),
    "delete": _same(True, litellm=False),
    "delete_shape": _same("video.deleted", jobs="none", litellm="none"),
    "delete_aborts": _same(True),
    "list": _same("cursors", litellm="provider"),
    "list_default_limit": _same(20, jobs=10),
    "list_limit0": _same("ok"),
    "bad_after": _same("empty"),
    "remix": _same(True, jobs=False),
    "edits": _same(True, azure=False, jobs=False),
    "extensions": _same(True, azure=False, jobs=False),
    "characters": _same(True, azure=False, jobs=False),
    "references": _same(True),
    "reference_files": _same(True),
    "reference_objects": _same(True),
    "files": _same(True, azure=False, jobs=False, litellm=False),
    "models": _same(True, jobs=False),
    "sound": _same(True),
    "sync": _same(False),
    "pro": _same(True, azure=False, jobs=False, litellm=False),
    "snapshots": _same(True, azure=False, jobs=False, litellm=False),
    "error_envelope": _same("openai", litellm="openai"),
    "auth_required": _same(True),
    "id_pattern": _same(
        "video_[0-9a-f]{48}",
        azure="video_[0-9a-f]{32}",
        jobs="task_[0-9a-hjkmnp-tv-z]{26}",
        litellm="video_[A-Za-z0-9+/]+=*",
    ),
}


def names() -> list[str]:
    """The profiles that come along."""
    folder = files("fauxreel_contracts") / "profiles"
    return sorted(Path(each.name).stem for each in folder.iterdir() if each.name.endswith(".toml"))


@cache
def named(name: str) -> Profile:
    """A profile that comes along, or one read from the path of a file.

    Raises:
        ProfileError: There is no such profile, or it cannot be read.
    """
    if name in names():
        text = (files("fauxreel_contracts") / "profiles" / f"{name}.toml").read_text("utf-8")
        return parse(text, name)
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return parse(path.read_text("utf-8"), path.stem)
    known = ", ".join(names())
    raise ProfileError(f"No profile {name!r}. There are {known}, or give the path of a .toml file.")


def parse(text: str, name: str) -> Profile:
    """A profile from TOML.

    Raises:
        ProfileError: It is no TOML, or says something that no profile says.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
        profile = Profile.model_validate({"name": name, **data})
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"Profile {name}: {error}.") from None
    except ValidationError as error:
        raise ProfileError(f"Profile {name}: {first_problem(error)}") from None
    unknown = sorted(set(profile.capabilities) - set(CAPABILITIES))
    if unknown:
        known = ", ".join(CAPABILITIES)
        raise ProfileError(f"Profile {name}: no capability {unknown[0]!r}. There are {known}.")
    return profile


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong, in a line."""
    problem = error.errors()[0]
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}." if place else f"{problem['msg']}."
