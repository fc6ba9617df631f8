"""What the dialects do differently: paths, credentials, the words for the end of a job.

A row a dialect, so that a session can create, follow and delete a job in each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Dialect(StrEnum):
    """The API that a server claims to speak."""

    OPENAI = "openai"
    AZURE = "azure"
    AZURE_JOBS = "azure-jobs"
    LITELLM = "litellm"


@dataclass(frozen=True, slots=True)
class Speech:
    """How one dialect says what all of them say.

    Args:
        collection: Where jobs are created and listed, below the base URL.
        key_header: Name and form of the header that carries the key; `{}` is the key.
        states: All states of a job, in their order; the last ones end it.
        completed: The state of success.
        ended: The states that nothing follows.
        seconds: The name of the parameter for the length.
        fields: What a plain request for a video of four seconds says, but for model and prompt.
    """

    collection: str
    key_header: tuple[str, str]
    states: tuple[str, ...]
    completed: str
    ended: frozenset[str]
    seconds: str
    fields: Mapping[str, object]


_OPENAI = Speech(
    collection="/videos",
    key_header=("Authorization", "Bearer {}"),
    states=("queued", "in_progress", "completed", "failed"),
    completed="completed",
    ended=frozenset({"completed", "failed"}),
    seconds="seconds",
    fields={"seconds": "4", "size": "1280x720"},
)
_AZURE = Speech(
    collection="/videos",
    key_header=("api-key", "{}"),
    states=_OPENAI.states,
    completed="completed",
    ended=_OPENAI.ended,
    seconds="seconds",
    fields=_OPENAI.fields,
)
_JOBS = Speech(
    collection="/video/generations/jobs",
    key_header=("api-key", "{}"),
    states=("queued", "preprocessing", "running", "processing", "succeeded", "failed", "cancelled"),
    completed="succeeded",
    ended=frozenset({"succeeded", "failed", "cancelled"}),
    seconds="n_seconds",
    fields={"width": 480, "height": 480, "n_seconds": 4},
)

SPEECH: Mapping[Dialect, Speech] = {
    Dialect.OPENAI: _OPENAI,
    Dialect.AZURE: _AZURE,
    Dialect.AZURE_JOBS: _JOBS,
    Dialect.LITELLM: _OPENAI,
}

_JOBS_PATH = "/video/generations"


def guess(url: str) -> Dialect:
    """The dialect that is spoken below paths such as this one."""
    path = urlsplit(url).path.rstrip("/") + "/"
    if f"{_JOBS_PATH}/" in path:
        return Dialect.AZURE_JOBS
    if "/litellm/" in path:
        return Dialect.LITELLM
    return Dialect.AZURE if "/openai/v1/" in path else Dialect.OPENAI


def base_of(url: str) -> str:
    """The URL that paths are appended to: without what people copy along."""
    url = url.rstrip("/")
    for suffix in ("/jobs", _JOBS_PATH, "/videos"):
        url = url.removesuffix(suffix)
    return url
