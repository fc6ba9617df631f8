"""What a video looks like in JSON: keys, types and order, the same wherever one is shown."""

from collections.abc import Mapping
from typing import Any

from fauxreel_contracts import expect
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

# In the order of the wire: id, object, created_at, status, then by alphabet.
KEYS = (
    "id",
    "object",
    "created_at",
    "status",
    "completed_at",
    "error",
    "expires_at",
    "model",
    "progress",
    "prompt",
    "remixed_from_video_id",
    "seconds",
    "size",
)
PROXY_KEYS = (
    "id",
    "object",
    "status",
    "created_at",
    "completed_at",
    "expires_at",
    "error",
    "progress",
    "remixed_from_video_id",
    "seconds",
    "size",
    "model",
    "usage",
)
JOB_KEYS = (
    "object",
    "id",
    "status",
    "created_at",
    "finished_at",
    "expires_at",
    "generations",
    "prompt",
    "model",
    "n_variants",
    "n_seconds",
    "height",
    "width",
    "failure_reason",
)
_BY_DIALECT: Mapping[Dialect, tuple[str, ...]] = {
    Dialect.OPENAI: KEYS,
    Dialect.AZURE: KEYS,
    Dialect.LITELLM: PROXY_KEYS,
    Dialect.AZURE_JOBS: JOB_KEYS,
}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "object": str,
    "created_at": int,
    "status": str,
    "progress": int,
    "model": str,
    "seconds": str,
    "size": str,
}
_JOB_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "object": str,
    "created_at": int,
    "status": str,
    "generations": list,
    "model": str,
    "n_variants": int,
    "n_seconds": int,
    "height": int,
    "width": int,
}


def keys(session: Session) -> tuple[str, ...]:
    """The keys that a video has in the target's dialect, in their order."""
    return _BY_DIALECT[session.target.dialect]


def check_types(session: Session, video: Mapping[str, Any], at: Answer) -> None:
    """The keys that SDKs declare are there, with the types that they declare."""
    jobs = session.target.dialect is Dialect.AZURE_JOBS
    for name, kind in (_JOB_TYPES if jobs else _TYPES).items():
        expect.member(video, name, kind, at)
    expect.true(video["id"], "an `id` that is not empty", video["id"], at)
    expect.same(video["object"], "video.generation.job" if jobs else "video", "`object`", at)


def check_keys(session: Session, video: Mapping[str, Any], at: Answer) -> None:
    """All keys are there, those without a value with null."""
    expect.keys(video, keys(session), at)


def check_order(session: Session, video: Mapping[str, Any], at: Answer) -> None:
    """The keys are these, in this order, and no others."""
    expect.same(tuple(video), keys(session), "the keys in their order", at)
