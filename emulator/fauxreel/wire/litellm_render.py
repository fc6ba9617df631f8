"""Writing the LiteLLM proxy's answers: jobs with its own keys, and errors in its envelope."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fauxreel.domain.errors import (
    MethodNotAllowed,
    MissingProxyParameter,
    NoSuchRoute,
    RequestError,
    UnknownModelGroup,
)
from fauxreel.domain.paging import Page
from fauxreel.domain.video import Status, Video
from fauxreel.looks import Seen
from fauxreel.wire.http import Answer
from fauxreel.wire.litellm_ids import WrappedId
from fauxreel.wire.litellm_targets import AZURE, OPENAI, Target
from fauxreel.wire.litellm_words import PROXY_WORDINGS, WRAPPINGS
from fauxreel.wire.openai_render import DOCUMENTED, WIRE
from fauxreel.wire.openai_render import render_video as render_upstream_video
from fauxreel.wire.videos import Manner

_INVALID = "invalid_request_error"


def render_video(seen: Seen, wrapped: str, group: str, *, booked: bool) -> str:
    """A job as the proxy's `VideoObject`: a fixed key order, no prompt (evidence: measured).

    Args:
        wrapped: Its id as the proxy gives it out.
        group: The model group of the request.
        booked: Whether this answer books the cost: creates and remixes do.
    """
    video, view = seen.video, seen.view
    error = None if view.error is None else {"code": view.error.code, "message": view.error.message}
    return compact(
        {
            "id": wrapped,
            "object": "video",
            "status": WIRE[view.status],
            "created_at": int(video.created),
            "completed_at": view.completed_at,
            "expires_at": view.expires_at,
            "error": error,
            "progress": view.progress,
            # The raw id, not a wrapped one (evidence: measured).
            "remixed_from_video_id": video.source_id,
            "seconds": str(video.seconds),
            "size": video.size,
            "model": group,
            "usage": {"duration_seconds": float(video.seconds)} if booked else None,
        }
    )


def render_documented(seen: Seen, wrapped: str, group: str) -> str:
    """A job with the eight keys and the state words of LiteLLM's documentation."""
    video = seen.video
    usage = {
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "total_tokens": 0,
        "duration_seconds": float(video.seconds),
    }
    body: dict[str, Any] = {
        "id": wrapped,
        "object": "video",
        "status": DOCUMENTED[seen.view.status],
        "created_at": int(video.created),
        "model": group,
        "size": video.size,
        "seconds": str(video.seconds),
        "usage": usage,
    }
    if seen.view.status is Status.FAILED and seen.view.error is not None:
        error = seen.view.error
        body["error"] = {"code": error.code, "message": error.message}
    return compact(body)


def render_list(page: Page[Seen], provider: str) -> str:
    """A page with the upstream's keys, all ids wrapped without a deployment; the source's stays
    raw (evidence: measured, through azure)."""

    def wrap(video: Video) -> str:
        return str(WrappedId(provider, video.model, video.id))

    data = [
        {**json.loads(render_upstream_video(seen)), "id": wrap(seen.video)} for seen in page.items
    ]
    return compact(
        {
            "object": "list",
            "data": data,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
            "has_more": page.has_more,
        }
    )


def render_model(group: str) -> dict[str, object]:
    """A model group as the proxy lists it (evidence: measured)."""
    return {
        "id": group,
        "object": "model",
        "created": 1677610602,
        "owned_by": "openai",
        "mode": "video_generation",
    }


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_answer(body: str, status: int = 200) -> Answer:
    return Answer(status, (body.encode("utf-8"),))


class UpstreamFailed(RequestError):
    """An error of the proxy's upstream, as the upstream says it.

    Args:
        project: Whose call it was.
        named: Whether the headers name the deployment's model.
    """

    def __init__(
        self, error: RequestError, target: Target, manner: Manner, project: str, *, named: bool
    ) -> None:
        super().__init__(str(error))
        self.upstream = manner.render_error(error)
        self.target = target
        self.project = project
        self.named = named


class LackingParameter(MissingProxyParameter):
    """A parameter that the proxy asks for, and where the call would have gone."""

    def __init__(self, route: str, param: str, target: Target | None) -> None:
        super().__init__(route, param)
        self.target = target


class CharacterIncomplete(RequestError):
    """A form without the file or the name, which the proxy's framework refuses.

    Args:
        missing: What is not there; a video that is a text is there, but no file.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("The form is not complete.")
        self.missing = tuple(missing)


class NoDeployment(RequestError):
    """A model group that a character is for, and that does not exist."""

    def __init__(self, group: str) -> None:
        super().__init__(
            f"litellm.BadRequestError: You passed in model={group}. There are no healthy "
            f"deployments for this model{tail(Target(OPENAI, '', group))}"
        )


class UnreadableReference(RequestError):
    """A reference as an object, on which the proxy fails before it calls its upstream."""

    def __init__(self, target: Target) -> None:
        name = "APIError: AzureException APIError"
        if target.provider != AZURE:
            name = "InternalServerError: InternalServerError: OpenAIException"
        super().__init__(
            f"litellm.{name} - Failed to send bytes into the underlying connection: "
            "AttributeError(\"'dict' object has no attribute 'read'\")" + tail(target)
        )
        self.target = target


def render_error(error: RequestError) -> Answer:
    """An error of the proxy, of its framework, or of its upstream."""
    if isinstance(error, UpstreamFailed):
        return _upstream_error(error)
    if isinstance(error, NoSuchRoute):
        return json_answer('{"detail":"Not Found"}', 404)
    if isinstance(error, MethodNotAllowed):
        answer = json_answer('{"detail":"Method Not Allowed"}', 405)
        # The framework names the first route of that path alone (evidence: measured).
        answer.headers.append((b"allow", error.allowed[0].encode("ascii")))
        return answer
    if isinstance(error, CharacterIncomplete):
        return json_answer(compact({"detail": _validation(error.missing)}), 422)
    if isinstance(error, NoDeployment):
        body = {"message": str(error), "type": _INVALID, "param": None, "code": "400"}
        return json_answer(compact({"error": body}), 400)
    return _own_error(error)


def _validation(missing: Sequence[str]) -> list[dict[str, object]]:
    if missing:
        return [
            {"type": "missing", "loc": ["body", name], "msg": "Field required"} for name in missing
        ]
    message = "Value error, Expected UploadFile, received: <class 'str'>"
    return [{"type": "value_error", "loc": ["body", "video"], "msg": message}]


def _own_error(error: RequestError) -> Answer:
    kinds = (kind for kind in type(error).__mro__ if kind in PROXY_WORDINGS)
    wording = PROXY_WORDINGS[next(kinds, RequestError)]
    detail = error.fields.get("reason", "")
    message = wording.message.format(
        reason=str(error), detail=detail, **_without_reason(error.fields)
    )
    body: dict[str, Any] = {
        "message": message,
        "type": wording.type,
        "param": wording.param and wording.param.format(**error.fields),
        "code": str(wording.status),
    }
    if isinstance(error, UnknownModelGroup):
        body["provider_specific_fields"] = {"error": message}
    return json_answer(compact({"error": body}), wording.status)


def _upstream_error(error: UpstreamFailed) -> Answer:
    """The upstream's status, and its body inside the message, byte for byte."""
    upstream, target = error.upstream, error.target
    status = upstream.status if upstream.status in WRAPPINGS else 500
    wrapping = WRAPPINGS[status]
    name = wrapping.azure if target.provider == AZURE else wrapping.openai
    message = f"litellm.{name} - {upstream.whole().decode('utf-8')}"
    message += tail(target)
    body = {"message": message, "type": wrapping.type, "param": None, "code": str(status)}
    return json_answer(compact({"error": body}), status)


def tail(target: Target) -> str:
    """What the proxy appends to an error of a deployment."""
    if target.group is None:
        return ""
    return (
        f"\n\nLiteLLM: model group '{target.group}' failed with the error above. "
        "No fallback was attempted."
    )


def _without_reason(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name != "reason"}
