"""What the control API answers, as pydantic models: for its document, and to check it by."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, RootModel, WithJsonSchema

from fauxreel.control.setting_schemas import all_settings


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Health(_Answer):
    status: str
    version: str


class Metrics(RootModel[str]):
    """Lines of a format of Prometheus."""


class Done(_Answer):
    status: str


class Document(RootModel[dict[str, Any]]):
    """An OpenAPI document."""


class Settings(RootModel[Annotated[dict[str, Any], WithJsonSchema(all_settings())]]):
    """All settings by name; secrets read `(set)`."""


class Clock(_Answer):
    """Moments are seconds since 1970 by the emulator's clock."""

    kind: str
    now: float
    frozen: bool


class Transition(_Answer):
    time: float
    sequence: int
    transition: str


class Advanced(Clock):
    """The time, and what happened to jobs on the way, in order."""

    has_more: bool
    due: list[Transition]


class Rule(_Answer):
    """A rule in force: what it does, how many requests it matched, and at how many it fired."""

    id: str
    text: str
    names: list[str]
    origin: str
    added: float
    matched: int
    fired: int


class Rules(_Answer):
    rules: list[Rule]


class Firing(_Answer):
    """That a rule fired: at which request of the journal."""

    rule: str
    text: str
    request: int
    time: float


class History(_Answer):
    history: list[Firing]


class Request(_Answer):
    """A request and its answer, without credentials and contents of files."""

    sequence: int
    time: float
    method: str
    path: str
    query: str
    surface: str | None
    operation: str | None
    key: str
    client: str
    retry: int
    video_id: str | None
    fields: dict[str, Any] | None
    status: int | None
    lost: bool
    content_type: str
    length: int
    answer: Any
    milliseconds: float | None
    rule: str | None
    faults: list[str]
    degraded: bool
    diagnostics: list[str]


class Requests(_Answer):
    total: int
    requests: list[Request]


class Diagnostic(_Answer):
    code: str
    severity: str
    count: int
    places: list[str]
    seen: str
    why: str
    remedy: str


class Diagnostics(_Answer):
    diagnostics: list[Diagnostic]


class Account(_Answer):
    surface: str
    model: str
    key: str
    jobs: int
    seconds: int
    dollars: float


class Usage(_Answer):
    dollars: float
    accounts: list[Account]


class JobError(_Answer):
    code: str
    message: str


class Reference(_Answer):
    content_type: str
    width: int
    height: int
    length: int
    digest: str


class Video(_Answer):
    id: str
    sequence: int
    project: str
    surface: str
    status: str
    progress: int
    expired: bool
    created: float
    completed_at: int | None
    expires_at: int | None
    error: JobError | None
    model: str
    prompt: str
    seconds: int
    size: str
    source_id: str | None
    reference: Reference | None


class Videos(_Answer):
    counts: dict[str, int]
    has_more: bool
    videos: list[Video]


class Ids(_Answer):
    ids: list[str]


class Reason(_Answer):
    code: str
    message: str


class Failure(_Answer):
    """Every error of the control API."""

    error: Reason
