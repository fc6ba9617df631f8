"""Keys: how they are sent, and what a wrong or a missing one is answered. All of it is free."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, verbatim
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Headers

# No key of anybody; the emulator, which takes any other, refuses what begins so.
WRONG = "sk-invalid-0123456789abcdef"
_ENVELOPE = ("auth_required", "error_envelope=openai")
_SHOWN = "sk-in***ef"
_AZURE = (Dialect.AZURE, Dialect.AZURE_JOBS)
_PROXY = measured("litellm proxy", "version 1.109.1, run locally, without a database")
_SEEN = verbatim("openai", "BerriAI/litellm#17016, on /v1/videos/{id}/content")
_GATEWAY = verbatim("azure", "BerriAI/litellm#16568 and #16861, on POST /openai/v1/videos")
_DENIED = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
    "valid key for an active subscription and use a correct regional API endpoint for your "
    "resource."
)
_UNAUTHORIZED = (
    "Unauthorized. Access token is missing, invalid, audience is incorrect "
    "(https://cognitiveservices.azure.com), or have expired."
)


def _asked(session: Session, *headers: tuple[str, str]) -> Answer:
    """The list, asked for with these headers in place of the key."""
    return session.get(_path(session), keyed=False, headers=headers)


def _path(session: Session) -> str:
    """A path that needs a key on every server, and tells nothing of anybody."""
    if session.target.dialect is Dialect.LITELLM:
        return "/models"  # the proxy would ask api.openai.com for a video that it has not wrapped
    return session.path(UNKNOWN[session.target.dialect])


def _wrong(session: Session) -> Headers:
    name, form = session.target.speech.key_header
    return ((name, form.format(WRONG)),)


def _right_key(session: Session) -> None:
    if session.target.secret is None:
        raise Inconclusive("the target has no key")
    answer = session.get(_path(session))
    expect.true(answer.status not in (401, 403), "the key to be taken", answer.status, answer)


def _wrong_key(session: Session) -> None:
    expect.status(_asked(session, *_wrong(session)), 401)


def _wrong_key_facts(session: Session) -> None:
    answer = _asked(session, *_wrong(session))
    expect.error(answer, 401, type="invalid_request_error", param=None, code="invalid_api_key")


def _wrong_key_words(session: Session) -> None:
    message = (
        f"Incorrect API key provided: {_SHOWN}. You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    expect.error(_asked(session, *_wrong(session)), 401, message=message)


def _hides_the_key(session: Session) -> None:
    answer = _asked(session, *_wrong(session))
    expect.true(WRONG.encode() not in answer.body, "the key masked", "it stands there", answer)


def _no_key(session: Session) -> None:
    expect.status(_asked(session), 401)


def _no_key_words(session: Session) -> None:
    answer = _asked(session)
    expect.error(
        answer,
        401,
        message="Missing bearer authentication in header",
        type="invalid_request_error",
        param=None,
        code=None,
    )


def _challenge(session: Session) -> None:
    answer = expect.status(_asked(session), 401)
    wanted = 'Bearer realm="OpenAI API"'
    expect.same(answer.header("www-authenticate"), wanted, "`www-authenticate`", answer)


def _denied(session: Session) -> None:
    answer = expect.status(_asked(session, ("api-key", WRONG)), 401)
    wanted = {"error": {"code": "401", "message": _DENIED}}
    expect.same(dict(expect.body(answer)), wanted, "the answer", answer)


def _unauthorized(session: Session) -> None:
    answer = expect.status(_asked(session), 401)
    wanted = {"statusCode": 401, "message": _UNAUTHORIZED}
    expect.same(dict(expect.body(answer)), wanted, "the answer", answer)


def _taken_as(session: Session, name: str, form: str) -> None:
    if session.target.secret is None:
        raise Inconclusive("the target has no key")
    answer = session.get(_path(session), key_header=(name, form))
    expect.true(answer.status not in (400, 401, 403), f"the key in `{name}`", answer.status, answer)


def _bearer_on_azure(session: Session) -> None:
    _taken_as(session, "Authorization", "Bearer {}")


def _other_headers_of_the_proxy(session: Session) -> None:
    for name, form in (
        ("x-litellm-api-key", "{}"),
        ("x-litellm-api-key", "Bearer {}"),
        ("api-key", "{}"),
        ("x-api-key", "{}"),
    ):
        _taken_as(session, name, form)


def _proxy_no_key(session: Session) -> None:
    expect.error(
        _asked(session),
        401,
        message="Authentication Error, No api key passed in.",
        type="auth_error",
        param=None,
        code="401",
    )


def _proxy_no_bearer(session: Session) -> None:
    expect.error(
        _asked(session, ("Authorization", WRONG)),
        401,
        message="Authentication Error, Malformed API Key passed in. "
        "Ensure Key has `Bearer ` prefix.",
        type="auth_error",
        param=None,
        code="401",
    )


def _proxy_wrong_key(session: Session) -> None:
    expect.error(
        _asked(session, *_wrong(session)),
        400,
        message="No connected db.",
        type="no_db_connection",
        param=None,
        code="400",
    )


_key = partial(
    Clause,
    topic=Topic.AUTHENTICATION,
    evidence=_SEEN,
    needs=("auth_required",),
)
_proxy = partial(_key, evidence=_PROXY, dialects=(Dialect.LITELLM,))

CLAUSES = (
    _key(
        id="authentication.key",
        title="The key is taken in the header in which the SDKs send it",
        severity=Severity.MUST,
        check=_right_key,
        evidence=documented("openai", "API reference"),
        dialects=tuple(Dialect),
        needs=(),
        why="Nothing works otherwise.",
    ),
    _key(
        id="authentication.wrong",
        title="A wrong key is a 401",
        severity=Severity.SHOULD,
        check=_wrong_key,
        dialects=(Dialect.OPENAI, *_AZURE),
        evidence_by_dialect={Dialect.AZURE: _GATEWAY, Dialect.AZURE_JOBS: _GATEWAY},
        why="The SDKs raise AuthenticationError by the status.",
    ),
    _key(
        id="authentication.wrong.facts",
        title="The error has the code `invalid_api_key`",
        severity=Severity.SHOULD,
        check=_wrong_key_facts,
        needs=_ENVELOPE,
        why="Clients tell it from other 401s by the code.",
    ),
    _key(
        id="authentication.wrong.words",
        title="The error shows the first five and the last two characters of the key",
        severity=Severity.SHOULD,
        check=_wrong_key_words,
        needs=_ENVELOPE,
        why="LiteLLM looks for `Incorrect API key provided`.",
    ),
    _key(
        id="authentication.wrong.masked",
        title="The error never shows the whole key",
        severity=Severity.SHOULD,
        check=_hides_the_key,
        dialects=tuple(Dialect),
        why="Keys end in logs.",
    ),
    _key(
        id="authentication.missing",
        title="No key is a 401",
        severity=Severity.SHOULD,
        check=_no_key,
        dialects=tuple(Dialect),
        evidence=verbatim("openai", "answers of other routes", "2026-07"),
        why="The SDKs raise AuthenticationError by the status.",
    ),
    _key(
        id="authentication.missing.words",
        title="No key is answered in the words of the newer routes",
        severity=Severity.MAY,
        check=_no_key_words,
        needs=_ENVELOPE,
        evidence=inferred("openai", "verbatim on the newer routes; videos were not seen"),
    ),
    _key(
        id="authentication.missing.challenge",
        title="No key is answered with `www-authenticate`",
        severity=Severity.MAY,
        check=_challenge,
        evidence=verbatim("openai", "answers of other routes", "2026-07"),
    ),
    _key(
        id="authentication.azure.denied",
        title="A wrong `api-key` is answered by the gateway",
        severity=Severity.SHOULD,
        check=_denied,
        evidence=_GATEWAY,
        dialects=_AZURE,
        why="Clients of Azure parse the gateway's envelope.",
    ),
    _key(
        id="authentication.azure.unauthorized",
        title="No key is answered flat, with `statusCode`",
        severity=Severity.SHOULD,
        check=_unauthorized,
        evidence=verbatim("azure", "missing or invalid bearer token", "2025"),
        dialects=_AZURE,
        why="Clients of Azure parse the flat form, too.",
    ),
    _key(
        id="authentication.azure.bearer",
        title="The key is taken as a bearer token, too",
        severity=Severity.MUST,
        check=_bearer_on_azure,
        evidence=documented("azure", "the examples with `OpenAI(base_url=…/openai/v1/)`"),
        dialects=_AZURE,
        why="Microsoft's examples use the plain OpenAI client.",
    ),
    _proxy(
        id="authentication.proxy.missing",
        title="No key is answered in the proxy's words",
        severity=Severity.SHOULD,
        check=_proxy_no_key,
        why="Clients of the proxy parse its envelope.",
    ),
    _proxy(
        id="authentication.proxy.bearer",
        title="A key without `Bearer` is refused",
        severity=Severity.MAY,
        check=_proxy_no_bearer,
    ),
    _proxy(
        id="authentication.proxy.wrong",
        title="A wrong key is a 400 of the missing database",
        severity=Severity.MAY,
        check=_proxy_wrong_key,
    ),
    _proxy(
        id="authentication.proxy.headers",
        title="The key is taken in `x-litellm-api-key`, `api-key` and `x-api-key`, too",
        severity=Severity.SHOULD,
        check=_other_headers_of_the_proxy,
        why="Clients of other providers send those.",
    ),
)
