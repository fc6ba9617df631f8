"""From a path to its endpoint in a few dictionary look-ups, past Starlette's router.

The router tries one regular expression after another, so that each further route slows the
polls of all others; `python benchmarks/dispatch.py` prints the ratio (1.14 with 40 routes).
Namespaces with the same paths share one tree, so that a namespace for each test is cheap.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.wire.http import Route

# Where the application is that answers when nothing else does.
_DEFAULT = -1

# A parameter that takes the rest of the path, slashes too: `{model:path}`.
_REST = ":path"


class _Node:
    """A place in a path: what may follow, and the numbers of the applications that answer here."""

    __slots__ = ("endpoint", "fallback", "named", "parameter", "parameter_name")

    def __init__(self) -> None:
        self.named: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.parameter_name = ""
        self.endpoint: int | None = None
        self.fallback: int | None = None

    def at(self, path: str) -> "_Node":
        """The place of a path below this one, made if need be."""
        node = self
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node.parameter_name = segment[1:-1]
                node = node.parameter
            else:
                node = node.named.setdefault(segment, _Node())
        return node


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
        self._apps = [*(route.app for route in self.routes), *below.values(), default]
        self._root = _tree(tuple(route.path for route in self.routes), tuple(below))

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
        fallback = _DEFAULT
        before, segment = node, ""
        for at, segment in enumerate(scope["path"].split("/")[1:], 1):
            found = node.named.get(segment)
            if found is None:
                found = node.parameter
                if found is None or not segment:
                    return self._apps[fallback]
                name = node.parameter_name
                if name.endswith(_REST):
                    parameters[name.removesuffix(_REST)] = scope["path"].split("/", at)[at]
                    node = found
                    break
                parameters[name] = segment
            before, node = node, found
            if node.fallback is not None:
                fallback = node.fallback
        other = before.parameter
        if other not in (None, node) and self._takes(other, scope) and not self._takes(node, scope):
            # Of the two routes that have this path, this one knows the method.
            parameters[before.parameter_name] = segment
            node = other
        scope["path_params"] = parameters
        return self._apps[fallback if node.endpoint is None else node.endpoint]

    def _takes(self, node: _Node, scope: Scope) -> bool:
        """Whether an endpoint there knows the method."""
        if node.endpoint is None:
            return False
        return scope["method"] in getattr(self._apps[node.endpoint], "methods", ())


# What a server's settings make of the paths differs little between its namespaces.
@lru_cache(maxsize=16)
def _tree(routes: tuple[str, ...], below: tuple[str, ...]) -> _Node:
    """The tree of these paths; applications are numbered in the order of the paths."""
    root = _Node()
    for number, path in enumerate(routes):
        root.at(path).endpoint = number
    for number, path in enumerate(below, len(routes)):
        root.at(path).fallback = number
    return root


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
