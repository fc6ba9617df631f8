"""The LiteLLM proxy's dialect: its routes, credentials, headers and envelope.

The proxy is imagined in front of the same jobs, with a deployment `openai/MODEL` for each model
and another `azure/MODEL` in a group called `azure-MODEL` (evidence: measured, litellm 1.109.1).
"""

from collections.abc import Mapping
from decimal import Decimal

from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from fauxreel.domain.errors import MalformedCredentials, MissingCredentials, RequestError
from fauxreel.ids import RequestIds
from fauxreel.service import VideoService
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys, bearer_token
from fauxreel.wire.endpoint import Endpoint, Fallback
from fauxreel.wire.http import Answer, Exchange, Headers, first_header
from fauxreel.wire.litellm_documented import DocumentedOperations
from fauxreel.wire.litellm_operations import ProxyOperations
from fauxreel.wire.litellm_render import UpstreamFailed, render_error
from fauxreel.wire.litellm_targets import Target, Targets
from fauxreel.wire.references import References
from fauxreel.wire.videos import Manner

PREFIX = "/litellm"

_VERSION = b"1.109.1"
_ZERO_COSTS = (
    b"original", b"discount-amount", b"margin-amount", b"margin-percent", b"input", b"output",
    b"tool-usage",
)  # fmt: skip
_FRAME_HEADERS: Headers = [
    (b"vary", b"Origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
]
_KEY_HEADERS = (b"x-litellm-api-key", b"authorization", b"api-key", b"x-api-key")


class LiteLLM:
    """The proxy in front of the jobs of one service.

    Args:
        upstreams: What stands behind it, by provider.
        roots: The paths at which it answers, each with and without `/v1`.
        documented_roots: Where the four POST routes of the documentation are; none at all where
            it is to answer them with 405, as today's proxy does.
    """

    def __init__(
        self,
        service: VideoService,
        keys: Keys,
        limits: Limits,
        references: References,
        upstreams: Mapping[str, Manner],
        *,
        roots: tuple[str, ...],
        documented_roots: tuple[str, ...],
    ) -> None:
        self._keys = keys
        self._roots = roots
        self._documented_roots = documented_roots
        self._request_ids = RequestIds(service.space.seed, "litellm")
        self._spent: dict[str, Decimal] = {}
        targets = Targets(service.space.models, service.space.seed)
        operations = ProxyOperations(service, targets, limits, references, upstreams, self)
        self._paths = operations.paths()
        self._documented_paths = DocumentedOperations(operations).paths()

    def routes(self) -> list[Route]:
        """One route a path, with all its methods; the proxy answers no HEAD."""
        versioned = [root + version for root in self._roots for version in ("", "/v1")]
        return [
            Route(root + path, Endpoint(self, methods, head=False))
            for roots, paths in (
                (versioned, self._paths),
                (self._documented_roots, self._documented_paths),
            )
            for root in roots
            for path, methods in paths.items()
        ]

    def fallbacks(self) -> dict[str, ASGIApp]:
        """What answers where there is no route."""
        return {root: self.not_found() for root in self._roots if root}

    def not_found(self) -> ASGIApp:
        """What answers where there is no route."""
        return Fallback(self)

    # What an endpoint asks for -------------------------------------------------------------------

    def authenticate(self, scope: Scope) -> str:
        return self._keys.project(_key(scope))

    def render_error(self, error: RequestError) -> Answer:
        answer = render_error(error)
        if isinstance(error, UpstreamFailed):
            answer.headers.extend(self._error_headers(error))
        return answer

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Headers:
        """The framework's headers; the proxy's own stand with the answers that have them."""
        del answer, project, elapsed_ns
        return _FRAME_HEADERS

    # What the operations ask for -----------------------------------------------------------------

    def payer(self, scope: Scope) -> str:
        """The hashed key of an accepted request."""
        return self._keys.hashed(_key(scope))

    def headers(
        self,
        exchange: Exchange,
        target: Target | None,
        *,
        cost: Decimal | None,
        named: bool = True,
        itemised: bool = False,
    ) -> Headers:
        """The proxy's headers on a success (evidence: measured).

        Args:
            target: The deployment; None where the answer names none, as in lists.
            cost: What the call is booked at, in US dollars; None where no cost is given.
            named: Whether the deployment's model is named.
            itemised: Whether the parts of the cost are given.
        """
        payer = self.payer(exchange.scope)
        spent = self._spent.get(payer, Decimal(0)) + (cost or 0)
        if len(self._spent) < _MOST_KEYS or payer in self._spent:
            self._spent[payer] = spent
        pairs: Headers = [(b"call-id", self._request_ids.next_uuid().encode())]
        if target is not None and target.deployment:
            pairs.append((b"model-id", target.deployment.encode()))
            if named:
                pairs.append((b"model-name", f"{target.provider}/{target.model}".encode()))
            host = exchange.header(b"host") or b"127.0.0.1"
            pairs.append((b"model-api-base", b"http://%s/v1" % host))
        pairs.append((b"version", _VERSION))
        if cost is not None:
            pairs.append((b"response-cost", str(float(cost)).encode()))
        if itemised:
            pairs += [(b"response-cost-" + part, b"0.0") for part in _ZERO_COSTS]
        pairs += [
            (b"key-spend", str(float(spent)).encode()),
            (b"response-duration-ms", b"0.0"),
            (b"callback-duration-ms", b"0.0"),
        ]
        if target is not None and target.group:
            pairs.append((b"model-group", target.group.encode()))
        pairs += [(b"attempted-retries", b"0"), (b"attempted-fallbacks", b"0")]
        return [(b"x-litellm-" + name, value) for name, value in pairs]

    def _error_headers(self, error: UpstreamFailed) -> Headers:
        """Every header of the upstream under a prefix, then the proxy's own."""
        upstream_id = self._request_ids.next().encode()
        upstream = error.upstream
        pairs: Headers = [
            (b"llm_provider-content-type", upstream.content_type),
            (b"llm_provider-content-length", b"%d" % upstream.length),
            *((b"llm_provider-" + name, value) for name, value in upstream.headers),
            (b"llm_provider-x-request-id", upstream_id),
            (b"request-id", upstream_id),
            (b"x-litellm-call-id", self._request_ids.next_uuid().encode()),
        ]
        if error.target.deployment:
            name = f"{error.target.provider}/{error.target.model}".encode()
            pairs.append((b"x-litellm-model-name", name))
        return [
            *pairs,
            (b"x-litellm-version", _VERSION),
            (b"x-litellm-response-cost", b"0"),
            (b"x-litellm-key-spend", b"0.0"),
            (b"x-litellm-timeout", b"600.0"),
        ]


# Keys whose spending is remembered; further ones are always at what the call costs.
_MOST_KEYS = 10_000


def _key(scope: Scope) -> str:
    """The key of a request: four headers carry it, two of them with or without `Bearer`.

    Raises:
        MissingCredentials: There is none.
        MalformedCredentials: `Authorization` carries no bearer token.
    """
    for name in _KEY_HEADERS:
        value = first_header(scope, name)
        if value is None:
            continue
        if name == b"authorization":
            try:
                return bearer_token(scope)
            except MissingCredentials:
                raise MalformedCredentials from None
        text = value.decode("latin-1").strip()
        return text.removeprefix("Bearer ").strip()
    raise MissingCredentials
