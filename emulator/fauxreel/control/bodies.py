"""What the control API takes, as pydantic models; loaded with the first request that has one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from fauxreel.clock import LONGEST_ADVANCE_SECONDS
from fauxreel.control.parameters import did_you_mean, is_not
from fauxreel.control.setting_schemas import live_settings
from fauxreel.domain.errors import FauxreelError
from fauxreel.domain.size import LONGEST_SECONDS
from fauxreel.faults.source import ascii_safe, quoted

Text = Annotated[str, Field(min_length=1, max_length=32_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Advance(_Body):
    """How far to move the clock."""

    seconds: Annotated[float, Field(ge=0, le=LONGEST_ADVANCE_SECONDS, allow_inf_nan=False)]


class Error(_Body):
    """The error of a failed job."""

    code: Text = "video_generation_failed"
    message: Text = "Video generation failed due to an internal error."


class Seed(_Body):
    """Jobs to put into the store, in a state of one's choice.

    Args:
        progress: Where a processing job stands, or where a failed one stopped.
        prompt: One for all; without one each job gets a believable prompt of its own.
        api_key: Whose jobs they are, when `--keys` lists keys; without it, the first key's.
    """

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    status: Literal["queued", "processing", "completed", "failed", "expired"] = "completed"
    progress: Annotated[int, Field(ge=0, le=99)] = 50
    prompt: Text | None = None
    model: Text = "sora-2"
    seconds: Annotated[int, Field(ge=1, le=LONGEST_SECONDS)] | None = None
    size: Text | None = None
    error: Error | None = None
    api_key: Text | None = None

    @model_validator(mode="after")
    def _only_what_counts(self) -> Self:
        _only_for(self, "error", ("failed",))
        _only_for(self, "progress", ("processing", "failed"))
        return self


# What is wrong with a rule is said by the grammar, in its own words.
_RULES = {
    "description": "Rules as text, a table, or a list of both.",
    "type": ["string", "object", "array"],
    "items": {"type": ["string", "object"]},
}


class AddRules(_Body):
    """Rules to add, as text or as tables."""

    rules: Annotated[Any, WithJsonSchema(_RULES)]


class ChangeSettings(RootModel[Annotated[dict[str, Any], WithJsonSchema(live_settings())]]):
    """Live settings by name; null takes a change back."""


class Force(_Body):
    """How to end a job by hand; cancelled is failed where a dialect has no word for it."""

    status: Literal["completed", "failed", "cancelled"] = "completed"
    error: Error | None = None

    @model_validator(mode="after")
    def _only_what_counts(self) -> Self:
        _only_for(self, "error", ("failed",))
        return self


def _only_for(body: Seed | Force, name: str, statuses: tuple[str, ...]) -> None:
    """What would be ignored is refused instead."""
    if name in body.model_fields_set and body.status not in statuses:
        words = " or ".join(statuses)
        raise ValueError(f"{name} goes with the status {words}, not with {body.status}")


B = TypeVar("B", bound=_Body)


class BadBody(FauxreelError):
    """A body that does not fit: one line that names the place, the value and the way out."""


def read(kind: type[B], value: Any) -> B:
    """The body as its model; no body is an empty one.

    Raises:
        BadBody: It does not fit.
    """
    try:
        return kind.model_validate({} if value is None else value)
    except ValidationError as error:
        raise BadBody(_sentence(kind, error)) from None


def _sentence(kind: type[BaseModel], error: ValidationError) -> str:
    """The first thing that is wrong, in plain words."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"]]
    place = ".".join(ascii_safe(part[:100]) for part in path) or "The body"
    if first["type"] == "value_error":
        return f"{first.get('ctx', {})['error']}."
    if first["type"] not in ("missing", "extra_forbidden"):
        return f"{place} -> {quoted(first['input'])} {is_not(_schema(kind, path), first['input'])}"
    keys = _schema(kind, path[:-1])["properties"]
    valid = f"Valid keys: {', '.join(keys)}."
    if first["type"] == "missing":
        return f"{place} is missing. {valid}"
    return f"{place} is not a key. {did_you_mean(path[-1], keys)}{valid}"


def _schema(kind: type[BaseModel], path: Sequence[str]) -> Mapping[str, Any]:
    """The schema of a place in a body, without its null."""
    whole = kind.model_json_schema()
    found = whole
    for part in path:
        found = found["properties"][part]
        found = found.get("anyOf", [found])[0]
        found = whole["$defs"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found
    return found
