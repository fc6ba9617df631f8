"""The headers of the LiteLLM proxy: on successes, on its own errors, on those of its upstream.

(evidence: measured, litellm 1.109.1, where nothing else is said)
"""

from email.utils import formatdate

from fauxreel.clock import real_now
from fauxreel.domain.errors import (
    MissingProxyParameter,
    ProviderNotGiven,
    RequestError,
    UnknownModelGroup,
)
from fauxreel.domain.refusals import RateLimited
from fauxreel.headers import Headers
from fauxreel.ids import organization, project_id
from fauxreel.space import Space
from fauxreel.wire.litellm_render import (
    LackingParameter,
    NoDeployment,
    UnreadableReference,
    UpstreamFailed,
)
from fauxreel.wire.litellm_targets import AZURE, GroupIsNoText, Target
from fauxreel.wire.rate_limits import rate_limits

_VERSION = b"1.109.1"
_UNAUTHORIZED = 401
_ZERO_COSTS = (
    b"original", b"discount-amount", b"margin-amount", b"margin-percent", b"input", b"output",
    b"tool-usage",
)  # fmt: skip
_OWN_ERRORS = (
    UnknownModelGroup,
    MissingProxyParameter,
    ProviderNotGiven,
    NoDeployment,
    GroupIsNoText,
)


class ProxyHeaders:
    """Makes them."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._seed = space.seed
        self._ids = space.request_ids("litellm")

    def of_success(
        self,
        host: bytes,
        target: Target | None,
        *,
        cost: float | None,
        named: bool,
        itemised: bool,
    ) -> Headers:
        """Those of a success.

        Args:
            host: Where the upstream is said to be.
            target: The deployment; None where the answer names none, as in lists.
            cost: What the call is booked at, in US dollars; None where no cost is given.
            named: Whether the deployment's model is named.
            itemised: Whether the parts of the cost are given.
        """
        pairs: Headers = [(b"call-id", self._ids.next_uuid().encode())]
        if target is not None and target.deployment:
            pairs += _deployment(target) if named else _deployment(target)[:1]
            version = b"" if target.provider == AZURE else b"/v1"
            pairs.append((b"model-api-base", b"http://%s%s" % (host, version)))
        pairs.append((b"version", _VERSION))
        if cost is not None:
            pairs.append((b"response-cost", str(cost).encode()))
        if itemised:
            pairs += [(b"response-cost-" + part, b"0.0") for part in _ZERO_COSTS]
        pairs += [
            # Without a database the proxy knows of this call alone.
            (b"key-spend", str(cost or 0.0).encode()),
            (b"response-duration-ms", b"0.0"),
        ]
        if target is not None:
            pairs.append((b"callback-duration-ms", b"0.0"))
        if target is not None and target.group:
            pairs.append((b"model-group", target.group.encode()))
            pairs += [(b"attempted-retries", b"0"), (b"attempted-fallbacks", b"0")]
        return _prefixed(pairs)

    def of_error(self, error: RequestError) -> Headers:
        """Those of an error; none on what the framework answers, or on refused keys."""
        if isinstance(error, UpstreamFailed):
            return self._of_upstream(error)
        if isinstance(error, UnreadableReference):
            return self._failed_call(error.target, named=True)
        if not isinstance(error, _OWN_ERRORS):
            return []
        target = error.target if isinstance(error, LackingParameter) else None
        named = _deployment(target) if target is not None and target.deployment else []
        pairs: Headers = [(b"call-id", self._ids.next_uuid().encode()), *named, *_NOTHING_SPENT]
        return _prefixed(pairs)

    def _of_upstream(self, error: UpstreamFailed) -> Headers:
        """Every header of the upstream under a prefix, then the proxy's own."""
        upstream, given = error.upstream, dict(error.upstream.headers)
        azure = error.target.provider == AZURE
        common = self._common_of_azure() if azure else self._common_of_openai(error)
        if isinstance(error.__cause__, RateLimited):
            common += rate_limits(self._space, "azure" if azure else "openai", error.project)
        pairs: Headers = [
            (b"date", formatdate(real_now(), usegmt=True).encode("ascii")),
            (b"content-type", upstream.content_type),
            (b"content-length", b"%d" % upstream.length),
            *upstream.headers,
            *(pair for pair in common if pair[0] not in given),
        ]
        passed_on = [(b"llm_provider-" + name, value) for name, value in pairs]
        request_id = [(b"request-id", value) for name, value in pairs if name == b"x-request-id"]
        return [*passed_on, *request_id, *self._failed_call(error.target, named=error.named)]

    def _common_of_azure(self) -> Headers:
        return [
            (b"apim-request-id", self._ids.next_uuid().encode("ascii")),
            (b"x-content-type-options", b"nosniff"),
            (b"x-envoy-upstream-service-time", b"0"),
            (b"x-ms-region", b"East US 2"),
        ]

    def _common_of_openai(self, error: UpstreamFailed) -> Headers:
        """Refused credentials are nobody's, and their request has another kind of id."""
        refused = error.upstream.status == _UNAUTHORIZED
        request_id = self._ids.next_uuid() if refused else self._ids.next()
        account: Headers = [
            (b"openai-organization", organization(self._seed).encode("ascii")),
            (b"openai-project", project_id(self._seed, error.project).encode("ascii")),
            (b"openai-processing-ms", b"0"),
        ]
        return [
            (b"openai-version", b"2020-10-01"),
            (b"x-content-type-options", b"nosniff"),
            *(() if refused else account),
            (b"x-request-id", request_id.encode("ascii")),
        ]

    def _failed_call(self, target: Target, *, named: bool) -> Headers:
        """What stands on a call that went to the upstream, or nearly did."""
        name = _deployment(target)[1:] if named and target.deployment else []
        pairs = [(b"call-id", self._ids.next_uuid().encode()), *name, *_NOTHING_SPENT]
        return _prefixed([*pairs, (b"timeout", b"600.0")] if target.deployment else pairs)


_NOTHING_SPENT: Headers = [
    (b"version", _VERSION),
    (b"response-cost", b"0"),
    (b"key-spend", b"0.0"),
]


def _deployment(target: Target) -> Headers:
    """Its id and its model."""
    return [
        (b"model-id", target.deployment.encode()),
        (b"model-name", f"{target.provider}/{target.model}".encode()),
    ]


def _prefixed(pairs: Headers) -> Headers:
    return [(b"x-litellm-" + name, value) for name, value in pairs]
