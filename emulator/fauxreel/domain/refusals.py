"""Refusals for which the request is not to blame: accounts, limits, outages.

Only rules and limits raise them; the words on the wire belong to the dialects.
"""

import math

from fauxreel.domain.errors import InvalidParameter, RequestError


class OrganizationNotVerified(RequestError):
    def __init__(self, model: str) -> None:
        super().__init__(f"The organisation may not use {model!r}.", model=model)


class Conflict(RequestError):
    def __init__(self) -> None:
        super().__init__("Something else changes the video.")


class WithRetry(RequestError):
    """A refusal that may say how many seconds to wait (`Retry-After`)."""

    def __init__(self, message: str, retry_after: float | None, **fields: object) -> None:
        wait = 0.0 if retry_after is None else retry_after
        super().__init__(message, retry_after=_whole(wait), wait=duration(wait), **fields)
        if retry_after is not None:
            self.headers = retry_headers(retry_after)


def retry_headers(seconds: float) -> tuple[tuple[str, str], ...]:
    """What tells a client to wait: whole seconds, as HTTP wants them, and milliseconds.

    Both, as Azure sends them (evidence: verbatim, azure); SDKs read the finer one first.
    """
    return (("retry-after", str(_whole(seconds))), ("retry-after-ms", str(round(seconds * 1000))))


def duration(seconds: float) -> str:
    """Seconds as the platform writes them: `120ms`, `8.64s`, `1m0s` (evidence: verbatim, openai,
    on other routes)."""
    milliseconds = round(seconds * 1000)
    if 0 < milliseconds < _SECOND:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60 * _SECOND)
    return f"{minutes}m{rest / _SECOND:g}s" if minutes else f"{rest / _SECOND:g}s"


def _whole(seconds: float) -> int:
    """Rounded up, but for what is lost when moments are subtracted."""
    return math.ceil(round(seconds, 3))


_SECOND = 1000


class RateLimited(WithRetry):
    """Too many requests a minute.

    Args:
        limit: How many there may be.
    """

    def __init__(self, model: str, retry_after: float, limit: int = 2) -> None:
        super().__init__(
            f"More than {limit} requests a minute.", retry_after, model=model, limit=limit
        )


class TooManyTasks(RequestError):
    def __init__(self) -> None:
        super().__init__("Too many running tasks.")


class QuotaExceeded(RequestError):
    def __init__(self) -> None:
        super().__init__("The quota is used up.")


class BillingLimitReached(RequestError):
    def __init__(self) -> None:
        super().__init__("The hard limit of billing is reached.")


class ModerationRefused(RequestError):
    def __init__(self) -> None:
        super().__init__("The request was blocked by moderation.")


class ServerFailed(RequestError):
    def __init__(self) -> None:
        super().__init__("The service failed.")


class BadGateway(RequestError):
    def __init__(self) -> None:
        super().__init__("Bad gateway.")


class Overloaded(WithRetry):
    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("The service is overloaded.", retry_after)


class GatewayTimeout(RequestError):
    def __init__(self) -> None:
        super().__init__("The service did not answer in time.")


class NeverEnds(RequestError):
    """A job that was polled again and again although nothing can move it any more.

    Args:
        reason: Why it cannot end.
    """

    headers = (("x-should-retry", "false"),)

    def __init__(self, video_id: str, polls: int, reason: str) -> None:
        super().__init__(
            f"Video {video_id!r} never ends: {reason}.",
            video_id=video_id,
            polls=polls,
            reason=reason,
        )


class Injected(RequestError):
    """An error that a rule asked for: a known one, or a bare status, with parts of it changed.

    Args:
        base: The known one; None for a bare status.
        parts: The parts that are other: `status`, `message`, `type`, `code`, `param`.
    """

    def __init__(
        self,
        base: RequestError | None,
        parts: dict[str, object],
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__("A rule asked for this error.")
        self.base = base
        self.parts = parts
        self.headers = headers


class BadRule(InvalidParameter):
    """A rule in a request that cannot be read.

    Args:
        place: Where it stands: the header's name, or `prompt`.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason, reason=reason)
