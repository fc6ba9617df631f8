"""The errors that a rule can ask for by name; the words are those of each dialect.

`wire.refusal_words` has the texts, each with its evidence.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from fauxreel.domain import errors, refusals
from fauxreel.domain.models import DEFAULT_MODEL
from fauxreel.faults.rule import Subject

_UNKNOWN = "video_0"


class Preset(Struct, frozen=True):
    """An error by name: for which request, and with which `Retry-After` in seconds."""

    help: str
    make: Callable[[Subject, float | None], errors.RequestError]


def _fixed(
    kind: Callable[[], errors.RequestError],
) -> Callable[[Subject, float | None], errors.RequestError]:
    """The same error for every request."""

    def make(subject: Subject, retry_after: float | None) -> errors.RequestError:
        del subject, retry_after
        return kind()

    return make


def _asked_path(subject: Subject) -> str:
    """The path that the service is asked for: through the proxy another than the proxy is."""
    if subject.surface != "litellm":
        return subject.path
    _, videos, rest = subject.path.partition("/videos")
    named, slash, part = rest.removeprefix("/").partition("/")
    if subject.video_id is not None and len(named) > len(subject.video_id):
        rest = f"/{subject.video_id}{slash}{part}"
    return f"/v1{videos}{rest}"


PRESETS: Mapping[str, Preset] = {
    "bad_key": Preset(
        "401, the key is refused",
        lambda subject, _: errors.RefusedCredentials("sk-fa***ke"),  # noqa: ARG005
    ),
    "unauthorized": Preset("401, no credentials", _fixed(errors.MissingCredentials)),
    "unverified": Preset(
        "403, the organisation is not verified",
        lambda subject, _: refusals.OrganizationNotVerified(subject.model or DEFAULT_MODEL),
    ),
    "not_found": Preset(
        "404, there is no such video",
        lambda subject, _: errors.VideoNotFound(subject.video_id or _UNKNOWN),
    ),
    "no_deployment": Preset(
        "404, there is no such model or deployment",
        lambda subject, _: errors.DeploymentNotFound(subject.model or DEFAULT_MODEL),
    ),
    "retired": Preset(
        "404, the API is no more",
        lambda subject, _: errors.NoSuchRoute(subject.method, _asked_path(subject)),
    ),
    "conflict": Preset("409, something else changes the video", _fixed(refusals.Conflict)),
    "rate_limit": Preset(
        "429, too many requests a minute",
        lambda subject, after: refusals.RateLimited(
            subject.model or DEFAULT_MODEL, 1.0 if after is None else after
        ),
    ),
    "quota": Preset("429, the account has no credit left", _fixed(refusals.QuotaExceeded)),
    "concurrency": Preset("429, too many jobs at once", _fixed(refusals.TooManyTasks)),
    "billing_limit": Preset("400, the hard limit of billing", _fixed(refusals.BillingLimitReached)),
    "moderation": Preset("400, refused before a job is made", _fixed(refusals.ModerationRefused)),
    "server_error": Preset("500, the service failed", _fixed(refusals.ServerFailed)),
    "bad_gateway": Preset(
        "502, in JSON; `html=502` is a proxy's page", _fixed(refusals.BadGateway)
    ),
    "overloaded": Preset(
        "503, overloaded",
        lambda subject, after: refusals.Overloaded(after),  # noqa: ARG005
    ),
    "timeout": Preset("504, the service did not answer in time", _fixed(refusals.GatewayTimeout)),
}
