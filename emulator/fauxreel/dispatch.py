"""From a path to its endpoint in a few dictionary look-ups, past Starlette's router.

The router tries one regular expression after another, so that each further route slows the
polls of all others; `python benchmarks/dispatch.py` prints the ratio (1.14 with 40 routes).
Namespaces with the same paths share one tree, and what answers is made when it is first asked
for, so that a namespace for each test is cheap.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.heads import SAME
from fauxreel.memory import Memory
from fauxreel.wire.http import Route
from fauxreel.wire.known import KNOWN, Known

# Where the application is that answers when nothing else does.
_DEFAULT = -1

# What the settings of an emulator make of the paths differs little between its namespaces.
_MOST_PLANS = 16
_MOST_KNOWN = 4096

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


class Made(Struct, frozen=True):
    """What answers at some paths.

    Args:
        routes: Paths of plain segments and `{parameters}`; a named segment wins over a parameter.
        below: What answers below a path where there is no route; the longest such path counts.
    """

    routes: Sequence[Route]
    below: Mapping[str, ASGIApp] = MappingProxyType({})


class Part(Struct, frozen=True):
    """Routes that belong together, made when one of them is first asked for.

    Args:
        make: Makes them.
        below: The first segments that its paths have; empty if that is not known.
    """

    make: Callable[[], Made]
    below: tuple[str, ...] = ()


class _Plan:
    """The paths of some parts: the numbers of their applications, one after another.

    A part of which the first segments are known is put in when one of them is asked for, so that
    a start need not import it.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.root = _Node()
        # By the numbers of applications.
        self.part_of: list[int] = []
        # By the numbers of parts.
        self.starts: dict[int, int] = {}
        self.away: dict[str, list[int]] = {}
        for number, part in enumerate(parts):
            for segment in part.below:
                self.away.setdefault(segment, []).append(number)
            if not part.below:
                self._put_in(number, part)

    def reach(self, segment: str, parts: Sequence[Part]) -> None:
        """Puts in those that have this segment.

        Args:
            parts: Those of whoever asks: it may be another one than this was made for.
        """
        for number in self.away.pop(segment):
            if number not in self.starts:
                self._put_in(number, parts[number])

    def _put_in(self, number: int, part: Part) -> None:
        made = part.make()
        routes, below = made.routes, made.below
        start = self.starts[number] = len(self.part_of)
        self.part_of += [number] * (len(routes) + len(below))
        for place, route in enumerate(routes, start):
            self.root.at(route.path).endpoint = place
        for place, path in enumerate(below, start + len(routes)):
            self.root.at(path).fallback = place


_plans: dict[Hashable, _Plan] = {}


def _plan_of(parts: Sequence[Part], alike: Hashable) -> _Plan:
    plan = _plans.get(alike)
    if plan is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        plan = _plans[alike] = _Plan(parts)
    return plan


class Dispatch:
    """Serves the routes of all parts; of two with the same path, the later one counts.

    Args:
        default: Makes what answers where there is no route.
        alike: What those have in common that have the same paths.
    """

    def __init__(
        self, parts: Sequence[Part], default: Callable[[], ASGIApp], alike: Hashable
    ) -> None:
        self._parts = parts
        self._default = default
        self._plan = _plan_of(parts, alike)
        self._root = self._plan.root
        self._apps: dict[int, ASGIApp] = {}
        # None, which is no request's, is no key of it.
        self._known: Memory[bytes | None, Known] = Memory(_MOST_KNOWN)

    @property
    def routes(self) -> list[Route]:
        """All routes."""
        return [route for part in self._parts for route in part.make().routes]

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers a request of HTTP."""
        known = self._known.get(scope.get(SAME))
        if known is None or not known.fits(scope):
            app = self._found(scope)
        else:
            app, scope["path_params"], scope[KNOWN] = known.app, known.parameters, known
        return app(scope, receive, send)

    def _found(self, scope: Scope) -> ASGIApp:
        """What answers; kept if there may be other requests like this one."""
        app, same = self._find(scope), scope.get(SAME)
        if same is not None:
            scope[KNOWN] = self._known.keep(same, Known(app, scope))
        return app

    def _find(self, scope: Scope) -> ASGIApp:
        if self._plan.away:
            self._reach(scope["path"])
        node, parameters = self._root, {}
        fallback = _DEFAULT
        before, segment = node, ""
        for at, segment in enumerate(scope["path"].split("/")[1:], 1):
            found = node.named.get(segment)
            if found is None:
                found = node.parameter
                if found is None or not segment:
                    return self._app(fallback)
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
        return self._app(fallback if node.endpoint is None else node.endpoint)

    def _reach(self, path: str) -> None:
        segment = path[1:].partition("/")[0]
        if segment in self._plan.away:
            self._plan.reach(segment, self._parts)

    def _app(self, number: int) -> ASGIApp:
        return self._apps.get(number) or self._made(number)

    def _made(self, number: int) -> ASGIApp:
        """What has this number, made with the others of its part."""
        if number == _DEFAULT:
            app = self._apps[_DEFAULT] = self._default()
            return app
        part = self._plan.part_of[number]
        made = self._parts[part].make()
        apps = [*(route.app for route in made.routes), *made.below.values()]
        if len(apps) != self._plan.part_of.count(part):
            raise RuntimeError("What is said to be alike has other paths.")
        self._apps.update(enumerate(apps, self._plan.starts[part]))
        return self._apps[number]

    def _takes(self, node: _Node, scope: Scope) -> bool:
        """Whether an endpoint there knows the method."""
        if node.endpoint is None:
            return False
        return scope["method"] in getattr(self._app(node.endpoint), "methods", ())


async def not_http(scope: Scope, receive: Receive, send: Send) -> None:
    """What a server wants that is no request of HTTP."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000, "reason": ""})
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
