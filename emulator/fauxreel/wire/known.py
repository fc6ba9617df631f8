"""What was found out about requests that begin with the same bytes, so that it is done once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Scope

from fauxreel.heads import READ
from fauxreel.journal import Request
from fauxreel.looks import Seen
from fauxreel.service import Origin

if TYPE_CHECKING:
    from fauxreel.wire.http import Answer

# Where the scope holds it, of a request of which a server knows that it begins like others.
KNOWN = "fauxreel.known"


class Known:
    """What holds in one namespace for all requests that are the same up to their bodies.

    Args:
        app: What answers them.
        scope: That of the first one, with the parameters in its path.
    """

    __slots__ = (
        "_target", "answer", "app", "body_type", "headers", "hidden", "origin",
        "parameters", "project", "query", "request", "seen",
    )  # fmt: skip

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self.app = app
        self.parameters: Mapping[str, str] = scope.get("path_params", {})
        self._target = scope["method"], scope["path"], scope["query_string"]
        # The first one of each name; a request may have some of its own.
        self.headers: Mapping[bytes, bytes] = dict(reversed(scope["headers"]))
        # Whose credentials they carry, once those were accepted.
        self.project: str | None = None
        # Where the jobs come from that they make.
        self.origin: Origin | None = None
        # How the journal describes them, and what it leaves out.
        self.request: Request | None = None
        self.hidden: list[str] = []
        # The parameters of their query.
        self.query: Mapping[str, str] | None = None
        # The type of their bodies, and the boundary of a form.
        self.body_type: tuple[bytes, bytes] | None = None
        # As what a job was shown last, and how it looked.
        self.answer: Answer | None = None
        self.seen: Seen | None = None

    def fits(self, scope: Scope) -> bool:
        """Whether nobody on the way here made another request of it."""
        target = scope["method"], scope["path"], scope["query_string"]
        return target == self._target and scope["headers"] is scope[READ]
