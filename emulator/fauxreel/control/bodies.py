"""What the control API takes, as pydantic models; loaded with the first request that has one."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fauxreel.domain.errors import FauxreelError
from fauxreel.domain.size import LONGEST_SECONDS

Text = Annotated[str, Field(min_length=1, max_length=32_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Advance(_Body):
    """How far to move the clock."""

    seconds: Annotated[float, Field(ge=0, le=10 * 366 * 86_400, allow_inf_nan=False)]


class Error(_Body):
    """The error of a failed job."""

    code: Text = "video_generation_failed"
    message: Text = "Video generation failed due to an internal error."


class Seed(_Body):
    """Jobs to put into the store, in a state of one's choice.

    Args:
        progress: Where a processing job stands, or where a failed one stopped.
        prompt: One for all; without one each job gets a believable prompt of its own.
        api_key: Whose jobs they are, when `--keys` lists keys.
    """

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    status: Literal["queued", "processing", "completed", "failed", "expired"] = "completed"
    progress: Annotated[int, Field(ge=0, le=99)] = 50
    prompt: Text | None = None
    model: Text = "sora-2"
    seconds: Annotated[int, Field(ge=1, le=LONGEST_SECONDS)] | None = None
    size: Text | None = None
    error: Error = Error()
    api_key: Text | None = None


class Force(_Body):
    """How to end a job by hand."""

    status: Literal["completed", "failed"] = "completed"
    error: Error = Error()


B = TypeVar("B", bound=_Body)


class BadBody(FauxreelError):
    """A body that does not fit: one line that names the place, the value and the way out."""


def read(kind: type[B], value: Any) -> B:
    """The body as its model.

    Raises:
        BadBody: It does not fit.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        valid = ", ".join(kind.model_fields)
        raise BadBody(
            f"{place} -> {first['input']!r:.200}: {first['msg']}. Valid keys: {valid}."
        ) from None
