"""What only the LiteLLM proxy has: wrapped ids, its own errors, and those of its upstream."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import measured
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, json_call

_PROXY = measured("litellm proxy", "version 1.109.1, run locally, without a database")
_HEADERS = (
    "x-litellm-call-id",
    "x-litellm-model-id",
    "x-litellm-model-name",
    "x-litellm-model-api-base",
    "x-litellm-version",
    "x-litellm-response-cost",
    "x-litellm-model-group",
)
_GROUP = "fauxreel-no-such-group"
_INSIDE = (
    "litellm:custom_llm_provider:(openai|azure);model_id:[^;]+;video_id:video_[0-9A-Za-z_]+"
    ";deployment_id:[0-9a-f]{64}"
)


def _inside(wrapped: str) -> str:
    """What a wrapped id wraps."""
    text = wrapped.removeprefix("video_")
    return b64decode(text + "=" * (-len(text) % 4)).decode(errors="replace")


def _wraps(session: Session) -> None:
    answer = session.created()
    wrapped = expect.member(expect.body(answer), "id", str, answer)
    expect.matching(_inside(wrapped), _INSIDE, "what the id wraps", answer)


def _usage(session: Session) -> None:
    answer = session.created()
    wanted = {"duration_seconds": 4.0}
    expect.same(expect.body(answer).get("usage"), wanted, "`usage` of a new video", answer)
    last = session.life().last
    expect.same(expect.body(last).get("usage"), None, "`usage` of a retrieved one", last)


def _headers(session: Session) -> None:
    answer = session.created()
    missing = [name for name in _HEADERS if answer.header(name) is None]
    expect.true(not missing, f"the headers {', '.join(_HEADERS)}", f"no {missing}", answer)


def _group(session: Session) -> None:
    answer = expect.status(session.created(), 200)
    group = session.target.model
    expect.same(expect.body(answer).get("model"), group, "`model`, the group,", answer)


def _number(session: Session) -> None:
    answer = expect.status(session.create(session.plain_json(seconds=4)), 200)
    expect.same(expect.body(answer).get("seconds"), "4", "`seconds`", answer)


def _provider(session: Session) -> None:
    answer = session.get("/videos")
    found = expect.refusal(answer, 400)
    start = "litellm.BadRequestError: LLM Provider NOT provided."
    message = str(found.get("message"))
    expect.true(message.startswith(start), f"a message that begins {start!r}", message, answer)
    expect.same(found.get("code"), "400", "the error's `code`", answer)


def _unknown_upstream(session: Session) -> None:
    """The id of no video, wrapped as the proxy wraps: the upstream's 404 comes back in it."""
    real = _inside(session.life().id)
    provider, model, _, *rest = real.split(";")
    inside = ";".join([provider, model, f"video_id:video_{'0' * 48}", *rest])
    wrapped = "video_" + b64encode(inside.encode()).decode()
    _upstream(session.get(session.path(wrapped)), 404, "litellm.NotFoundError: ")


def _bad_seconds(session: Session) -> None:
    answer = session.refused(session.plain_form(seconds="7"))
    _upstream(answer, 400, "litellm.BadRequestError: ")


def _upstream(answer: Answer, status: int, start: str) -> None:
    """An error of the upstream in the proxy's envelope: its words survive in the text alone."""
    found = expect.refusal(answer, status)
    message = str(found.get("message"))
    expect.true(message.startswith(start), f"a message that begins {start!r}", message, answer)
    tail = "failed with the error above. No fallback was attempted."
    expect.true(message.endswith(tail), f"a message that ends {tail!r}", message, answer)
    expect.same(found.get("type"), "invalid_request_error", "the error's `type`", answer)
    expect.same(found.get("param"), None, "the error's `param`", answer)
    expect.same(found.get("code"), str(status), "the error's `code`", answer)


def _own(
    call: Callable[[Session], Call], message: str, param: str | None = None
) -> Callable[[Session], None]:
    """A check of an error that the proxy finds by itself."""

    def check(session: Session) -> None:
        expect.error(
            session.refused(call(session)),
            400,
            message=message,
            type="invalid_request_error",
            param=param,
            code="400",
        )

    return check


def _array(_: Session) -> Call:
    return json_call("/videos", ["a paper boat"])


def _raw_source(session: Session) -> None:
    source = str(session.completed()["id"])
    request = json_call(session.path(source, "remix"), {"prompt": "bluer"})
    answer = expect.status(session.created_by(request), 200)
    raw = _inside(source).partition("video_id:")[2].partition(";")[0]
    found = expect.body(answer).get("remixed_from_video_id")
    expect.same(found, raw, "`remixed_from_video_id`, the upstream's own id,", answer)


_proxy = partial(Clause, evidence=_PROXY, severity=Severity.MAY, dialects=(Dialect.LITELLM,))
_first = partial(_proxy, shares=(Shared.FIRST,), topic=Topic.CREATE)
_refused = partial(_proxy, topic=Topic.VALIDATION, cost=ONE_VIDEO)

CLAUSES = (
    _first(
        id="create.proxy.id",
        title="The proxy's id wraps provider, model, the upstream's id and the deployment",
        check=_wraps,
    ),
    _first(
        id="create.proxy.usage",
        title="`usage` has the length of a new video, and is null in one that is retrieved",
        severity=Severity.SHOULD,
        check=_usage,
        why="Spend is computed from it.",
    ),
    _first(
        id="create.proxy.group",
        title="`model` is the group that was asked for",
        check=_group,
    ),
    _first(
        id="headers.proxy.create",
        title="The headers tell deployment, version, group and cost",
        topic=Topic.HEADERS,
        severity=Severity.SHOULD,
        check=_headers,
        why="Spend is logged from them.",
    ),
    _proxy(
        id="create.proxy.number",
        title="`seconds` may be a number: the proxy sends it on as text",
        topic=Topic.CREATE,
        check=_number,
        cost=ONE_VIDEO,
    ),
    _proxy(
        id="list.proxy.provider",
        title="The list is refused unless a provider is named",
        topic=Topic.LIST,
        check=_provider,
    ),
    _first(
        id="retrieve.proxy.unknown",
        title="An unknown video is the upstream's 404, in the proxy's envelope",
        topic=Topic.RETRIEVE,
        severity=Severity.SHOULD,
        check=_unknown_upstream,
        why="The SDKs raise NotFoundError by the status.",
    ),
    _refused(
        id="validation.proxy.upstream",
        title="What the upstream refuses is refused, in the proxy's envelope",
        severity=Severity.SHOULD,
        check=_bad_seconds,
        why="Clients look for the upstream's words in the text.",
    ),
    _refused(
        id="validation.proxy.prompt",
        title="A request without a prompt is refused by the proxy itself",
        check=_own(
            lambda session: session.plain_form(prompt=None),
            "/videos: Missing required parameter: 'prompt'.",
            param="prompt",
        ),
    ),
    _refused(
        id="validation.proxy.group",
        title="A group that there is not is refused by the proxy itself",
        check=_own(
            lambda session: session.plain_form(model=_GROUP),
            f"/videos: Invalid model name passed in model={_GROUP}. Call `/v1/models` to view "
            "available models for your key.",
        ),
    ),
    _refused(
        id="validation.proxy.array",
        title="JSON that is an array is refused by the proxy itself",
        check=_own(_array, "Invalid JSON payload: expected an object", param="request_body"),
    ),
    _proxy(
        id="remix.proxy.source",
        title="A remix names its source by the upstream's own id",
        topic=Topic.REMIX,
        check=_raw_source,
        needs=("remix",),
        shares=(Shared.FIRST,),
        cost=ONE_VIDEO,
    ),
)
