"""The words of the LiteLLM proxy: its own errors, and how it wraps those of its upstream.

(evidence: measured, litellm 1.109.1, where nothing else is said)
"""

from collections.abc import Mapping

from msgspec import Struct

from fauxreel.domain import errors
from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.wire.litellm_targets import GroupIsNoText


class ProxyWording(Struct, frozen=True):
    """How one of the proxy's own errors reads."""

    status: int
    message: str
    type: str
    evidence: Evidence
    param: str | None = None


_MEASURED = Evidence(Grade.MEASURED, "litellm proxy", "2026-11", "version 1.109.1, run locally")

_INFERRED = Evidence(Grade.INFERRED, "litellm proxy", "", "no such answer was measured")

PROXY_WORDINGS: Mapping[type[errors.RequestError], ProxyWording] = {
    errors.MissingCredentials: ProxyWording(
        401, "Authentication Error, No api key passed in.", "auth_error", _MEASURED
    ),
    errors.MalformedCredentials: ProxyWording(
        401,
        "Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.",
        "auth_error",
        _MEASURED,
    ),
    errors.RefusedCredentials: ProxyWording(
        # With a database it is a 401 of other words (evidence: source).
        400,
        "No connected db.",
        "no_db_connection",
        _MEASURED,
    ),
    errors.UnknownModelGroup: ProxyWording(
        400,
        "/videos: Invalid model name passed in model={model}. Call `/v1/models` to view available "
        "models for your key.",
        "invalid_request_error",
        _MEASURED,
    ),
    GroupIsNoText: ProxyWording(
        400, "'model' must be a string.", "bad_request_error", _MEASURED, param="model"
    ),
    errors.MissingProxyParameter: ProxyWording(
        400,
        "{route}: Missing required parameter: '{param}'.",
        "invalid_request_error",
        _MEASURED,
        param="{param}",
    ),
    errors.UnreadableJson: ProxyWording(
        400,
        "Invalid JSON payload: {detail}",
        "invalid_request_error",
        _MEASURED,
        param="request_body",
    ),
    errors.NotAnObject: ProxyWording(
        400,
        "Invalid JSON payload: expected an object",
        "invalid_request_error",
        _MEASURED,
        param="request_body",
    ),
    errors.ProviderNotGiven: ProxyWording(
        400,
        "litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are "
        "trying to call. You passed model=\n Pass model as E.g. For 'Huggingface' inference "
        "endpoints pass in `completion(model='huggingface/starcoder',..)` Learn more: "
        "https://docs.litellm.ai/docs/providers",
        "invalid_request_error",
        _MEASURED,
    ),
    errors.BodyTooLarge: ProxyWording(
        413, "Request Entity Too Large: {reason}", "invalid_request_error", _INFERRED
    ),
    errors.StoreFull: ProxyWording(429, "{reason}", "throttling_error", _INFERRED),
    errors.MediaUnavailable: ProxyWording(500, "{reason}", "internal_server_error", _INFERRED),
    errors.StoreUnwritable: ProxyWording(500, "{reason}", "internal_server_error", _INFERRED),
    errors.Defect: ProxyWording(500, "{reason}", "internal_server_error", _INFERRED),
    errors.RequestError: ProxyWording(
        400, "Invalid request format: {reason}", "invalid_request_error", _INFERRED
    ),
}


class Wrapping(Struct, frozen=True):
    """How the proxy passes on an upstream error of one status."""

    openai: str
    type: str
    azure: str


_BAD_REQUEST = "BadRequestError: AzureException BadRequestError"

_AZURE_ELSE = "APIError: AzureException APIError"

# By status (evidence: measured).
WRAPPINGS: Mapping[int, Wrapping] = {
    400: Wrapping("BadRequestError: OpenAIException", "invalid_request_error", _BAD_REQUEST),
    401: Wrapping(
        "AuthenticationError: OpenAIException",
        "authentication_error",
        "AuthenticationError: AzureException AuthenticationError",
    ),
    403: Wrapping("BadRequestError: OpenAIException", "permission_error", _AZURE_ELSE),
    404: Wrapping(
        "NotFoundError: OpenAIException",
        "invalid_request_error",
        "NotFoundError: AzureException NotFoundError",
    ),
    408: Wrapping(
        "BadRequestError: OpenAIException",
        "invalid_request_error",
        "Timeout: AzureException Timeout",
    ),
    409: Wrapping("BadRequestError: OpenAIException", "invalid_request_error", _AZURE_ELSE),
    413: Wrapping("BadRequestError: OpenAIException", "invalid_request_error", _AZURE_ELSE),
    415: Wrapping("BadRequestError: OpenAIException", "invalid_request_error", _AZURE_ELSE),
    422: Wrapping("BadRequestError: OpenAIException", "invalid_request_error", _BAD_REQUEST),
    429: Wrapping(
        "RateLimitError: RateLimitError: OpenAIException",
        "throttling_error",
        "RateLimitError: AzureException RateLimitError",
    ),
    500: Wrapping(
        "InternalServerError: InternalServerError: OpenAIException",
        "internal_server_error",
        _AZURE_ELSE,
    ),
    502: Wrapping(
        "BadGatewayError: BadGatewayError: OpenAIException",
        "internal_server_error",
        "BadGatewayError: AzureException BadGatewayError",
    ),
    503: Wrapping(
        "ServiceUnavailableError: ServiceUnavailableError: OpenAIException",
        "internal_server_error",
        "ServiceUnavailableError: AzureException ServiceUnavailableError",
    ),
    504: Wrapping(
        "Timeout: Timeout Error: OpenAIException",
        "internal_server_error",
        "Timeout: AzureException Timeout",
    ),
}
