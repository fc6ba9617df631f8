"""The LiteLLM proxy's dialect: its routes, credentials, headers and envelope.

The proxy is imagined in front of the same jobs, with a deployment `openai/MODEL` for each model
and another `azure/MODEL` in a group called `azure-MODEL` (evidence: measured, litellm 1.109.1).
"""

from collections.abc import Mapping

from starlette.types import ASGIApp, Scope

from fauxreel.domain.errors import (
    MalformedCredentials,
    MissingCredentials,
    RefusedCredentials,
    RequestError,
)
from fauxreel.headers import Headers
from fauxreel.service import VideoService
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys, masked
from fauxreel.wire.endpoint import Endpoint, Fallback
from fauxreel.wire.http import Answer, Exchange, Handler, Methods, Route, first_header
from fauxreel.wire.litellm_bodies import checked_body
from fauxreel.wire.litellm_characters import CharacterOperations
from fauxreel.wire.litellm_documented import DocumentedOperations
from fauxreel.wire.litellm_headers import ProxyHeaders
from fauxreel.wire.litellm_operations import ProxyOperations
from fauxreel.wire.litellm_render import render_error
from fauxreel.wire.litellm_targets import Target, Targets
from fauxreel.wire.references import References
from fauxreel.wire.videos import Manner

SURFACE = "litellm"

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
        self.name = SURFACE
        self.space = service.space
        self._keys = keys
        self._roots = roots
        self._documented_roots = documented_roots
        self._limits = limits
        self._headers = ProxyHeaders(service.space)
        targets = Targets(service.space.models, service.space.seed)
        operations = ProxyOperations(service, targets, limits, references, upstreams, self)
        self._paths = operations.paths() | CharacterOperations(operations).paths()
        self._documented_paths = DocumentedOperations(operations).paths()

    def routes(self) -> list[Route]:
        """One route a path, with all its methods; the proxy answers no HEAD."""
        versioned = [root + version for root in self._roots for version in ("", "/v1")]
        return [
            Route(root + path, self._endpoint(path, methods))
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
        """Nobody yet: the body comes first."""
        del scope
        return ""

    def render_error(self, error: RequestError) -> Answer:
        answer = render_error(error)
        answer.headers.extend(self._headers.of_error(error))
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
        cost: float | None,
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
        host = exchange.header(b"host") or b"127.0.0.1"
        return self._headers.of_success(host, target, cost=cost, named=named, itemised=itemised)

    def _endpoint(self, path: str, methods: Methods) -> Endpoint:
        return Endpoint(self, path, self._checked(methods), head=False, consults=False)

    def _checked(self, methods: Methods) -> Methods:
        return {method: self._body_first(handler) for method, handler in methods.items()}

    def _body_first(self, handler: Handler) -> Handler:
        """The handler after what the proxy looks at before it: the body, and only then the key."""

        async def handle(exchange: Exchange) -> Answer:
            receive = await checked_body(exchange, self._limits)
            project = self._keys.project(_key(exchange.scope))
            return await handler(Exchange(exchange.scope, receive, project))

        return handle


def _key(scope: Scope) -> str:
    """The key of a request: four headers carry it, two of them with `Bearer`.

    Raises:
        MissingCredentials: There is none.
        MalformedCredentials: `Authorization` names no scheme, or no key after it.
        RefusedCredentials: `Bearer` stands where no scheme belongs.
    """
    for name in _KEY_HEADERS:
        text = (first_header(scope, name) or b"").decode("latin-1").strip()
        if not text:
            continue
        scheme, _, token = text.partition(" ")
        if name == b"authorization":
            if scheme.lower() not in ("bearer", "basic") or not token.strip():
                raise MalformedCredentials
            return token.strip()
        if scheme != "Bearer":
            return text
        if name != b"x-litellm-api-key":
            raise RefusedCredentials(masked(text))
        return token.strip()
    raise MissingCredentials
