"""From a path to its endpoint in a few dictionary look-ups, past Starlette's router.

The router tries one regular expression after another, so that each further route slows the
polls of all others; `python benchmarks/dispatch.py` prints the ratio (1.14 with 40 routes).
"""

from collections.abc import Iterable, Mapping

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

# A parameter that takes the rest of the path, slashes too: `{model:path}`.
_REST = ":path"


class _Node:
    """A place in a path: what may follow, and what answers here."""

    __slots__ = ("endpoint", "fallback", "named", "parameter", "parameter_name")

    def __init__(self) -> None:
        self.named: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.parameter_name = ""
        self.endpoint: ASGIApp | None = None
        self.fallback: ASGIApp | None = None

    def takes(self, scope: Scope) -> bool:
        """Whether an endpoint here knows the method."""
        return scope["method"] in getattr(self.endpoint, "methods", ())


class Dispatch:
    """Serves routes of plain segments and `{parameters}`; a named segment wins over a parameter.

    Args:
        default: What answers where there is no route.
        below: What answers instead below a path; the longest such path counts.
    """

    def __init__(
        self, routes: Iterable[Route], default: ASGIApp, below: Mapping[str, ASGIApp]
    ) -> None:
        self.routes = list(routes)
        self._default = default
        self._root = _Node()
        for route in self.routes:
            self._node(route.path).endpoint = route.app
        for path, app in below.items():
            self._node(path).fallback = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            endpoint = self._find(scope)
            await endpoint(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
        else:
            await _lifespan(receive, send)

    def _find(self, scope: Scope) -> ASGIApp:
        node, parameters = self._root, {}
        fallback = self._default
        before, segment = node, ""
        for at, segment in enumerate(scope["path"].split("/")[1:], 1):
            found = node.named.get(segment)
            if found is None:
                found = node.parameter
                if found is None or not segment:
                    return fallback
                name = node.parameter_name
                if name.endswith(_REST):
                    parameters[name.removesuffix(_REST)] = scope["path"].split("/", at)[at]
                    node = found
                    break
                parameters[name] = segment
            before, node = node, found
            fallback = node.fallback or fallback
        other = before.parameter
        if other not in (None, node) and other.takes(scope) and not node.takes(scope):
            # Of the two routes that have this path, this one knows the method.
            parameters[before.parameter_name] = segment
            node = other
        scope["path_params"] = parameters
        return node.endpoint or fallback

    def _node(self, path: str) -> _Node:
        """The place of a path, made if need be."""
        node = self._root
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node.parameter_name = segment[1:-1]
                node = node.parameter
            else:
                node = node.named.setdefault(segment, _Node())
        return node


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
