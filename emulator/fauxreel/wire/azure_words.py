"""The words of Azure's errors where they differ from OpenAI's, and which layer says them.

Two layers answer behind one host: the gateway (`{"error":{"code","message"}}`, or flat with
`statusCode`), and a FastAPI service behind it (`{"detail"}` for an unrouted path, OpenAI's
envelope for what a user did wrong) (evidence: reported, azure, 2026; each body verbatim).
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from fauxreel.domain import errors
from fauxreel.domain.evidence import Evidence, Grade

USER_ERROR = "video_generation_user_error"


class Layer(StrEnum):
    """Which envelope an error comes in."""

    GATEWAY = "gateway"  # {"error":{"code":…,"message":…}}
    GATEWAY_SPACED = "gateway, with a space"  # the same, with one space before the message
    FLAT = "flat"  # {"statusCode":…,"message":…}
    SERVICE = "service"  # {"detail":…}
    USER = "user"  # OpenAI's envelope
    FILTER = "filter"  # the same, and what the content filter found


class AzureWording(Struct, frozen=True):
    """How one error reads on Azure."""

    status: int
    layer: Layer
    message: str
    evidence: Evidence
    code: str | None = None


def _seen(as_of: str, source: str, grade: Grade = Grade.VERBATIM) -> Evidence:
    return Evidence(grade, "azure", as_of, source)


AZURE_WORDINGS: Mapping[type[errors.RequestError], AzureWording] = {
    errors.RefusedCredentials: AzureWording(
        401,
        Layer.GATEWAY,
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide "
        "a valid key for an active subscription and use a correct regional API endpoint for your "
        "resource.",
        _seen("2025-11", "BerriAI/litellm#16568, #16861, on POST /openai/v1/videos"),
        code="401",
    ),
    errors.RefusedToken: AzureWording(
        401,
        Layer.FLAT,
        "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired.",
        _seen("2025", "missing or invalid bearer token"),
    ),
    errors.MissingCredentials: AzureWording(
        401,
        Layer.FLAT,
        "Unauthorized. Access token is missing, invalid, audience is incorrect "
        "(https://cognitiveservices.azure.com), or have expired.",
        _seen("2025", "missing or invalid bearer token"),
    ),
    errors.UnsupportedApiVersion: AzureWording(
        400,
        Layer.GATEWAY,
        "api-version query parameter is not allowed when using /v1 path",
        _seen("2025", "several issues, for dated versions"),
        code="BadRequest",
    ),
    errors.NoSuchResource: AzureWording(
        404,
        Layer.GATEWAY_SPACED,
        "Resource not found",
        _seen("2025", "/openai/deployments/…, a wrong content path; /openai/videos is inferred"),
        code="404",
    ),
    errors.NoSuchRoute: AzureWording(
        404,
        Layer.SERVICE,
        "Not Found",
        _seen("2026-09", "an unrouted path below /openai/v1"),
    ),
    errors.MethodNotAllowed: AzureWording(
        405,
        Layer.SERVICE,
        "Method Not Allowed",
        Evidence(Grade.INFERRED, "azure", "", "what FastAPI says"),
    ),
    errors.DeploymentNotFound: AzureWording(
        404,
        Layer.USER,
        "The API deployment '{name}' for this resource does not exist. If you created the "
        "deployment within the last 5 minutes, please wait a moment and try again.",
        _seen("2026-06", "MicrosoftLearning/mslearn-ai-vision#81"),
    ),
    errors.ReferenceSizeMismatch: AzureWording(
        400,
        Layer.USER,
        "Inpaint image must match the requested width and height",
        _seen("2026", "MicrosoftLearning/mslearn-ai-vision PR 78"),
    ),
}
