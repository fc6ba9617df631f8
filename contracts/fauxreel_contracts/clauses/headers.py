"""Headers of all answers: who answered, which request it was, when to ask again, what it is.

Those of the CDN in front of the service are no part of the contract.
"""

from collections.abc import Callable
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses.authentication import WRONG
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Evidence, Grade, documented, specified, verbatim
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_ELSEWHERE = verbatim("openai", "answers of other routes", "2026-07")
_CHAT = verbatim("azure", "copilot-camp#551, an answer of a chat", "2025")
_SPEC = specified("openai", "openai/openai-openapi, the schemas of videos")
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DURATION = r"(\d+(\.\d+)?(ms|[smhd]))+"
_REQUEST_ID = {Dialect.OPENAI: "x-request-id", Dialect.AZURE: "apim-request-id"}


def _list(session: Session) -> Answer:
    """An answer that every server has: the list."""
    return session.get(session.target.speech.collection)


def _refused(session: Session) -> Answer:
    """A 401."""
    name, form = session.target.speech.key_header
    headers = ((name, form.format(WRONG)),)
    answer = session.get(session.target.speech.collection, keyed=False, headers=headers)
    return expect.status(answer, 401)


def _not_found(session: Session) -> Answer:
    return expect.status(session.get(session.path(UNKNOWN[session.target.dialect])), 404)


def _shaped(
    name: str, pattern: str, of: Callable[[Session], Answer] = _list
) -> Callable[..., None]:
    """A check that an answer has a header of this form."""

    def check(session: Session) -> None:
        answer = of(session)
        expect.matching(answer.header(name), pattern, f"`{name}`", answer)

    return check


def _has_request_id(session: Session) -> None:
    name = _REQUEST_ID[session.target.dialect]
    for answer in (_list(session), _not_found(session)):
        expect.true(answer.header(name), f"a header `{name}`", answer.header(name), answer)


def _request_ids_differ(session: Session) -> None:
    name = _REQUEST_ID[session.target.dialect]
    first, second = _list(session), _list(session)
    found = second.header(name)
    expect.true(found, f"a header `{name}`", found, second)
    expect.true(found != first.header(name), "another id for another request", found, second)


def _no_account(session: Session) -> None:
    answer = _refused(session)
    for name in ("openai-organization", "openai-project"):
        expect.same(answer.header(name), None, f"`{name}` of a 401", answer)


def _poll_interval(session: Session) -> None:
    session.completed()
    for answer in session.life().answers:
        _sent(answer, "openai-poll-after-ms", r"\d+")


def _rate_limits(session: Session) -> None:
    answer = session.created()
    _sent(answer, "x-ratelimit-reset-requests", _DURATION)
    names = ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests")
    limit, left = (_sent(answer, name, r"\d+") for name in names)
    if limit is not None and left is not None:
        expect.true(int(left) <= int(limit), f"at most {limit} left", left, answer)


def _sent(answer: Answer, name: str, pattern: str) -> str | None:
    """The value of a header, which has this form if it is there at all."""
    value = answer.header(name)
    if value is not None:
        expect.matching(value, pattern, f"`{name}`", answer)
    return value


def _json_everywhere(session: Session) -> None:
    expect.content_type(_list(session), "application/json")
    expect.content_type(_not_found(session), "application/json")
    expect.content_type(_refused(session), "application/json")


_header = partial(
    Clause,
    topic=Topic.HEADERS,
    evidence=_ELSEWHERE,
    severity=Severity.MAY,
    needs=("list",),
)
_of_azure = partial(_header, evidence=_CHAT, dialects=(Dialect.AZURE,))
_NO_NEED: tuple[str, ...] = ()

CLAUSES = (
    _header(
        id="headers.json",
        title="JSON, of lists and of refusals, is called `application/json`",
        severity=Severity.SHOULD,
        check=_json_everywhere,
        evidence=_SPEC,
        dialects=_BOTH,
        needs=("list", "auth_required"),
        why="SDKs and gateways read an error's message only from what is called JSON.",
    ),
    _header(
        id="headers.request-id",
        title="Every answer has the id of its request",
        severity=Severity.SHOULD,
        check=_has_request_id,
        evidence_by_dialect={Dialect.AZURE: _CHAT},
        dialects=_BOTH,
        why="The SDKs show it as `_request_id`; support asks for it.",
    ),
    _header(
        id="headers.request-id.unique",
        title="Each request has an id of its own",
        severity=Severity.SHOULD,
        check=_request_ids_differ,
        evidence_by_dialect={Dialect.AZURE: _CHAT},
        dialects=_BOTH,
        why="Logs are searched by it.",
    ),
    _header(
        id="headers.request-id.form",
        title="The id of a request is `req_` and 32 hex digits",
        check=_shaped("x-request-id", "req_[0-9a-f]{32}"),
    ),
    _header(
        id="headers.request-id.refused",
        title="The id of a refused request is a UUID",
        check=_shaped("x-request-id", _UUID, _refused),
        needs=("list", "auth_required"),
    ),
    _header(
        id="headers.version",
        title="`openai-version` is `2020-10-01`",
        check=_shaped("openai-version", "2020-10-01"),
    ),
    _header(
        id="headers.organization",
        title="`openai-organization` names who asked",
        check=_shaped("openai-organization", ".+"),
    ),
    _header(
        id="headers.project",
        title="`openai-project` begins with `proj_`",
        check=_shaped("openai-project", "proj_.+"),
    ),
    _header(
        id="headers.account.refused",
        title="A 401 names no organization and no project",
        check=_no_account,
        needs=("list", "auth_required"),
    ),
    _header(
        id="headers.processing",
        title="`openai-processing-ms` is a whole number",
        check=_shaped("openai-processing-ms", r"\d+"),
    ),
    _header(
        id="headers.nosniff",
        title="`x-content-type-options` is `nosniff`",
        check=_shaped("x-content-type-options", "nosniff"),
        evidence_by_dialect={Dialect.AZURE: _CHAT},
        dialects=_BOTH,
    ),
    _header(
        id="headers.poll",
        title="`openai-poll-after-ms`, where it is sent, is a whole number",
        severity=Severity.MUST,
        check=_poll_interval,
        evidence=documented("openai", "the poll helpers of openai-python and openai-node"),
        dialects=(Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM),
        needs=_NO_NEED,
        shares=(Shared.FIRST,),
        why="`create_and_poll` makes an integer of it, and raises if it is none.",
    ),
    _header(
        id="headers.ratelimit",
        title="`x-ratelimit-…-requests`, where they are sent, are numbers and a duration",
        check=_rate_limits,
        evidence_by_dialect={
            Dialect.AZURE: Evidence(Grade.VERBATIM, "azure", "answers of chats", "2025")
        },
        dialects=_BOTH,
        needs=_NO_NEED,
        shares=(Shared.FIRST,),
    ),
    _of_azure(
        id="headers.azure.request-id",
        title="`apim-request-id` is a UUID",
        check=_shaped("apim-request-id", _UUID),
    ),
    _of_azure(
        id="headers.azure.charset",
        title="JSON is called `application/json; charset=UTF-8`",
        check=_shaped("content-type", "application/json; charset=UTF-8"),
    ),
    _of_azure(
        id="headers.azure.upstream",
        title="`x-envoy-upstream-service-time` is a whole number",
        check=_shaped("x-envoy-upstream-service-time", r"\d+"),
    ),
    _of_azure(
        id="headers.azure.region",
        title="`x-ms-region` names the region",
        check=_shaped("x-ms-region", ".+"),
    ),
)
