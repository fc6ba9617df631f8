"""What was found out about requests that came as the same bytes, so that it is found out once."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Scope

from fauxreel.journal import Request

# Where the scope holds it, of a request without a body that a server knows to be like others.
KNOWN = "fauxreel.known"


class Known:
    """What holds in one namespace for all requests with the same bytes.

    Args:
        app: What answers them.
        scope: That of the first one, with the parameters in its path.
    """

    __slots__ = ("_headers", "_target", "app", "hidden", "parameters", "project", "request")

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self.app = app
        self.parameters: Mapping[str, str] = scope.get("path_params", {})
        self._target = scope["method"], scope["path"], scope["query_string"]
        self._headers = scope["headers"]
        # Whose credentials they carry, once those were accepted.
        self.project: str | None = None
        # How the journal describes them, and what it leaves out.
        self.request: Request | None = None
        self.hidden: list[str] = []

    def fits(self, scope: Scope) -> bool:
        """Whether nobody on the way here made another request of it."""
        target = scope["method"], scope["path"], scope["query_string"]
        return target == self._target and scope["headers"] is self._headers
