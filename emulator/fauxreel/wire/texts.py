"""The JSON of jobs that look the same as before, written once."""

from collections.abc import Callable

from fauxreel.looks import Seen
from fauxreel.memory import Memory

_MOST = 4096


class Texts:
    """Keeps what jobs were rendered as, for as long as the service shows the very same.

    Args:
        render: A job as JSON, which nothing but the job decides.
    """

    def __init__(self, render: Callable[[Seen], str]) -> None:
        self._render = render
        self._known: Memory[str, tuple[Seen, str]] = Memory(_MOST)

    def of(self, seen: Seen) -> str:
        """The job as JSON."""
        known = self._known.get(seen.video.id)
        if known is not None and known[0] is seen:
            return known[1]
        text = self._render(seen)
        self._known.keep(seen.video.id, (seen, text))
        return text
