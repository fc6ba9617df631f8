"""When to try again, and how long to wait before: the policy that the tests prove."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from openai import APIConnectionError, APIError, APIStatusError, RateLimitError

T = TypeVar("T")


@dataclass(frozen=True)
class Retries:
    """How often a call is tried, and the pauses between; many workers would add jitter.

    Args:
        attempts: With the first one.
        first_pause: In seconds; each further one is twice as long.
    """

    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 20.0

    def pause(self, attempt: int, told: float | None) -> float:
        """Seconds to wait after an attempt: what the service says, or longer."""
        own = min(self.longest_pause, self.first_pause * 2.0 ** (attempt - 1))
        return max(own, told or 0.0)

    def call(
        self,
        what: Callable[[], T],
        *,
        worth: Callable[[APIError], bool],
        sleep: Callable[[float], object],
    ) -> T:
        """Calls until it works, it is not worth a further attempt, or there were enough of them."""
        attempt = 1
        while True:
            try:
                return what()
            except APIError as error:
                if attempt == self.attempts or not worth(error):
                    raise
                sleep(self.pause(attempt, told(error)))
                attempt += 1


def refused_for_now(error: APIError) -> bool:
    """Whether the service did nothing and wants to be asked later: right for what costs money."""
    return isinstance(error, RateLimitError) and error.code != "insufficient_quota"


def passing(error: APIError) -> bool:
    """Whether it may work next time: right for what may be repeated, such as a retrieve."""
    if isinstance(error, APIStatusError) and error.status_code >= 500:
        return True
    return isinstance(error, APIConnectionError) or refused_for_now(error)


def told(error: APIError) -> float | None:
    """The seconds that the service wants to pass first; None where it does not say."""
    if not isinstance(error, APIStatusError):
        return None
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return float(error.response.headers[name]) / unit
        except (KeyError, ValueError):
            continue
    return None
