"""What is left of a limit on requests, as headers; none where nothing is limited.

They were seen on other routes of the platforms (evidence: inferred for videos); the proxy keeps
those of its upstream to itself unless that fails (evidence: measured, litellm).
"""

from collections.abc import Mapping

from fauxreel.domain.refusals import duration
from fauxreel.headers import Headers
from fauxreel.space import Space

# Azure was not seen to say when its minute begins anew.
_TOLD: Mapping[str, tuple[str, ...]] = {
    "openai": ("limit", "remaining", "reset"),
    "azure": ("limit", "remaining"),
    "azure-jobs": ("limit", "remaining"),
}


def rate_limits(space: Space, surface: str, project: str) -> Headers:
    """The headers on what a surface answers to a request that would make a job."""
    left = space.limits.left(project)
    if left is None:
        return []
    values = {
        "limit": str(left.limit),
        "remaining": str(left.remaining),
        "reset": duration(left.reset),
    }
    return [
        (f"x-ratelimit-{name}-requests".encode("ascii"), values[name].encode("ascii"))
        for name in _TOLD.get(surface, ())
    ]
