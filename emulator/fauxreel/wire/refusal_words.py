"""The words of refusals that only rules and limits make, for OpenAI and for Azure.

None of them was ever seen on a video route of api.openai.com but the one about verification; what
is said of others comes from other routes of the same platforms.
"""

from collections.abc import Mapping

from fauxreel.domain import errors, refusals
from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.wire.azure_words import AzureWording, Layer
from fauxreel.wire.wording import SERVER_ERROR, Wording


def _inferred(place: str, reason: str) -> Evidence:
    return Evidence(Grade.INFERRED, place, "", reason)


_PLATFORM = _inferred("openai", "the platform's words on other routes")
# Of limits on requests, beside `invalid_request_error` and `server_error`.
_OF_LIMITS = "requests"

REFUSALS: Mapping[type[errors.RequestError], Wording] = {
    refusals.OrganizationNotVerified: Wording(
        403,
        "Your organization must be verified to use the model `{model}`. Please go to: "
        "https://platform.openai.com/settings/organization/general and click on Verify "
        "Organization. If you just verified, it can take up to 15 minutes for access to propagate.",
        Evidence(Grade.VERBATIM, "openai", "2025", "on POST /v1/videos"),
    ),
    errors.DeploymentNotFound: Wording(
        404,
        "The model `{name}` does not exist or you do not have access to it.",
        _PLATFORM,
        code="model_not_found",
    ),
    refusals.Conflict: Wording(
        409,
        "The video is being changed by another request. Please try again.",
        _inferred("openai", "a 409 is missed in a gateway's documentation; no text was seen"),
    ),
    refusals.RateLimited: Wording(
        429,
        "Rate limit reached for {model} on requests per min (RPM): Limit {limit}, Used {limit}, "
        "Requested 1. Please try again in {wait}. Visit "
        "https://platform.openai.com/account/rate-limits to learn more.",
        _inferred("openai", "the platform's words on other routes, which name the organisation"),
        code="rate_limit_exceeded",
        type=_OF_LIMITS,
    ),
    refusals.TooManyTasks: Wording(
        429,
        "Too many running tasks",
        _inferred("openai", "the words are Azure's; the type of theirs was seen on Azure alone"),
        type=_OF_LIMITS,
    ),
    refusals.QuotaExceeded: Wording(
        429,
        "You exceeded your current quota, please check your plan and billing details. For more "
        "information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors.",
        _PLATFORM,
        code="insufficient_quota",
        type="insufficient_quota",
    ),
    refusals.BillingLimitReached: Wording(
        400,
        "Billing hard limit has been reached",
        _inferred("openai", "as on images; for videos the message is reported, not the status"),
        code="billing_hard_limit_reached",
    ),
    refusals.ModerationRefused: Wording(
        400,
        "Your request was blocked by our moderation system.",
        _inferred("openai", "the job's error, which some report as a 400"),
        code="moderation_blocked",
    ),
    refusals.ServerFailed: Wording(
        500,
        "The server had an error while processing your request. Sorry about that!",
        _PLATFORM,
        type=SERVER_ERROR,
    ),
    refusals.BadGateway: Wording(
        502, "Bad gateway.", _inferred("openai", "no body was seen"), type=SERVER_ERROR
    ),
    refusals.Overloaded: Wording(
        503,
        "The engine is currently overloaded, please try again later.",
        _inferred("openai", "the platform's words; 503s on content were seen without bodies"),
        type=SERVER_ERROR,
    ),
    refusals.GatewayTimeout: Wording(
        504, "Gateway timeout.", _inferred("openai", "no body was seen"), type=SERVER_ERROR
    ),
    refusals.NeverEnds: Wording(
        400,
        "Video '{video_id}' was retrieved {polls} times in a row and can never end: {reason}.",
        _inferred("openai", "a guard of the emulator for tests; --max-idle-polls sets it"),
        code="fauxreel_never_ends",
    ),
    refusals.BadRule: Wording(
        400,
        "{reason}",
        _inferred("openai", "a rule of the emulator that cannot be read"),
        code="fauxreel_rule",
    ),
}

_GATEWAY_FAILED = _inferred("azure", "in the gateway's envelope; no body was seen")

AZURE_REFUSALS: Mapping[type[errors.RequestError], AzureWording] = {
    refusals.OrganizationNotVerified: AzureWording(
        403,
        Layer.GATEWAY,
        "Access denied due to Virtual Network/Firewall rules.",
        _inferred("azure", "a 403 stands for network rules (documented); words of other routes"),
        code="AccessDenied",
    ),
    refusals.RateLimited: AzureWording(
        429,
        Layer.GATEWAY_SPACED,
        "Rate limit is exceeded. Try again in {retry_after} seconds.",
        Evidence(Grade.VERBATIM, "azure", "2025", "the gateway, on other routes"),
        code="429",
    ),
    refusals.TooManyTasks: AzureWording(
        429,
        Layer.USER,
        "Too many running tasks",
        Evidence(Grade.VERBATIM, "azure", "2026", "above about two running jobs"),
    ),
    refusals.QuotaExceeded: AzureWording(
        429,
        Layer.GATEWAY,
        "You exceeded your current quota, please check your plan and billing details.",
        _inferred("azure", "after OpenAI's words; no such answer was seen"),
        code="insufficient_quota",
    ),
    refusals.ModerationRefused: AzureWording(
        400,
        Layer.FILTER,
        "The response was filtered due to the prompt triggering Azure OpenAI's content management "
        "policy. Please modify your prompt and retry. To learn more about our content filtering "
        "policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
        _inferred("azure", "verbatim on chat; that videos were refused at once is reported"),
        code="content_filter",
    ),
    refusals.ServerFailed: AzureWording(
        500, Layer.GATEWAY, "Internal server error", _GATEWAY_FAILED, code="500"
    ),
    refusals.BadGateway: AzureWording(
        502, Layer.GATEWAY, "Bad gateway", _GATEWAY_FAILED, code="502"
    ),
    refusals.Overloaded: AzureWording(
        503, Layer.GATEWAY, "The service is temporarily unavailable", _GATEWAY_FAILED, code="503"
    ),
    refusals.GatewayTimeout: AzureWording(
        504, Layer.GATEWAY, "The operation was timeout.", _GATEWAY_FAILED, code="Timeout"
    ),
}
