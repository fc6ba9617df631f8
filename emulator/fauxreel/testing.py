"""What the pytest plugin and other test frameworks need: one server, and namespaces on it."""

import socket
from collections.abc import Callable, Collection, Coroutine, Generator, Iterable, Mapping
from contextlib import contextmanager
from itertools import count
from os import environ
from typing import Any, TypeVar, cast

from fauxreel.catalogue import load_models
from fauxreel.diagnostics import Severity
from fauxreel.embed import Emulator
from fauxreel.handle import Handle as _Handle
from fauxreel.scenarios import applied
from fauxreel.server import CannotListen
from fauxreel.settings import SettingError, Settings, resolve
from fauxreel.space import Space
from fauxreel.tls import verify_files
from fauxreel.verdict import Snapshot

__all__ = ["CannotListen", "Handle", "Session", "SettingError", "guarding"]

T = TypeVar("T")

# What a fixture's emulator has other than the command's.
DEFAULTS: Mapping[str, object] = {"clock": "auto", "max_idle_polls": 50}

# Settings of a server, which a namespace on one cannot have.
_OF_SERVERS = frozenset(
    {
        "host",
        "port",
        "isolate",
        "models",
        "max_namespaces",
        "store",
        "store_survives",
        "media_cache",
        "media_cache_mb",
        "media_memory_mb",
    }
)

# Where the real services are or were, regions included (evidence: documented, openai and azure).
REAL_HOSTS = (
    "api.openai.com",
    ".api.openai.com",
    ".openai.azure.com",
    ".openai.azure.us",
    ".cognitiveservices.azure.com",
    ".services.ai.azure.com",
)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Handle(_Handle):
    """A namespace on the session's server, or a server of its own, in the hands of a test.

    Args:
        name: The namespace's; None for a server of its own.
    """

    def __init__(self, emulator: Emulator, space: Space, name: str | None = None) -> None:
        keys = space.settings.keys
        super().__init__(keys[0] if keys else emulator.api_key)
        self._emulator = emulator
        self._space = space
        self._name = name
        self._last: Snapshot | None = None
        self._said: set[str] = set()

    @property
    def root_url(self) -> str:
        """The address that the paths of all surfaces follow."""
        root = self._emulator.root_url
        return root if self._name is None else f"{root}/ns/{self._name}"

    @property
    def space(self) -> Space:
        """The namespace."""
        return self._space

    @property
    def serves(self) -> bool:
        """Whether it was not closed yet."""
        return self._emulator.serves

    def on_loop(self, function: Callable[[], T]) -> T:
        """Calls a function on the emulator's loop, and returns what it returns."""
        return self._emulator.on_loop(function)

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the emulator's loop, and returns what it returns."""
        return self._emulator.call(coroutine)

    def snapshot(self) -> Snapshot:
        """All of it as it is now, or was when it was closed."""
        return super().snapshot() if self._last is None else self._last

    def close(self) -> None:
        """Closes the clients and forgets the namespace; once it is closed, does nothing."""
        if self._last is None:
            self.close_clients()
            try:
                self._last = self.call(self._ended())
            finally:
                if self._name is None:
                    self._emulator.stop()

    async def _ended(self) -> Snapshot:
        if self._name is not None:
            self._emulator.app.namespaces.drop(self._name)
        self._space.watch.conclude()
        return await self.look()

    def new_errors(self) -> list[str]:
        """With `strict_clients`, what clients did that fails on the real service, said once."""
        if not self._space.settings.strict_clients:
            return []
        found = self.diagnostics if self._last is None else self._last.findings
        errors = {one.code for one in found if one.severity is Severity.ERROR}
        new = sorted(errors - self._said)
        self._said |= errors
        return new


class _Server(Emulator):
    """An emulator whose scenarios may change what the fixture's own defaults say."""

    def chosen(self, sources: Mapping[str, str]) -> Collection[str]:
        """The settings that somebody gave, and not the fixture for them."""
        return _chosen(sources, self.settings)


class Session:
    """One server for many tests; it starts with the first one.

    Args:
        lines: Settings as `NAME=VALUE`; of two with the same name, the later one counts.

    Raises:
        SettingError: One is unknown or wrong, or names a file, a scenario or a rule that is.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._settings = {**DEFAULTS, **dict(_pair(line) for line in lines)}
        resolved = resolve(self._settings)
        # What would else be found in the first test, and in every other one.
        applied(resolved.settings, _chosen(resolved.sources, resolved.settings))
        verify_files(resolved.settings)
        load_models(resolved.settings.models)
        self._usual = resolve({**self._settings, "port": 0})
        self._server: Emulator | None = None
        self._numbers = count(1)
        self._shared: str | None = None
        self._before: dict[str, str | None] = {}

    def open(
        self,
        settings: Mapping[str, object] | None = None,
        *,
        own_server: bool = False,
        shared: bool = False,
    ) -> Handle:
        """A namespace with these settings; where it takes one, a server of its own.

        Args:
            settings: By name; None takes back what the session says.
            shared: Whether it is the one that the process's variables point at, if they do.

        Raises:
            SettingError: One is unknown or wrong.
            CannotListen: The port that they name is taken.
        """
        given = dict(settings or {})
        # No two servers have one port: that of the session is the session's.
        wanted = {**self._settings, "port": 0, **given}
        if own_server or _OF_SERVERS & given.keys():
            emulator = _Server(**cast("Any", wanted)).start()
            return Handle(emulator, emulator.space)
        # Most tests ask for nothing of their own.
        resolved = resolve(wanted) if given else self._usual
        server = self._started()
        name = (self._shared if shared else None) or f"test-{next(self._numbers)}"
        chosen = _chosen(resolved.sources, resolved.settings)
        namespace = server.app.namespaces.made(name, resolved.settings, chosen)
        server.on_loop(lambda: server.app.namespaces.put(name, namespace))
        return Handle(server, namespace.space, name)

    def set_environment(self) -> None:
        """Starts the server and lets the process's variables point at it until `close`.

        They point at one namespace, which each test that shares it gets anew: what an SDK read
        when it was imported stays right.
        """
        if self._shared is not None:
            return
        self._shared = "session"
        handle = self.open(shared=True)
        given = self.variables(handle)
        self._before = {name: environ.get(name) for name in given}
        _set(given)

    def variables(self, handle: Handle, *, guarded: bool = False) -> dict[str, str | None]:
        """The variables by which code meets the handle; None for those that must not be there.

        Args:
            guarded: Whether the real hosts, too, are to be reached without a proxy, so that the
                guard sees it.
        """
        said = ",".join(environ.get(name, "") for name in ("NO_PROXY", "no_proxy"))
        hosts = [host.strip() for host in said.split(",") if host.strip()]
        direct = ",".join(dict.fromkeys([*hosts, *_LOOPBACK, *(REAL_HOSTS if guarded else ())]))
        return {
            **handle.environment(),
            "AZURE_OPENAI_AD_TOKEN": None,  # would win over the key
            "NO_PROXY": direct,
            "no_proxy": direct,
        }

    def close(self) -> None:
        """Ends the server, and puts the variables back."""
        _set(self._before)
        self._before = {}
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _started(self) -> Emulator:
        if self._server is None:
            # Its seed is its namespaces': what derives from one differs from test to test.
            wanted = {"port": 0, **self._settings, "seed": None}
            self._server = _Server(**cast("Any", wanted)).start()
        return self._server


@contextmanager
def guarding() -> Generator[list[str], None, None]:
    """Refuses to look up the hosts of the real services, and notes which were asked for.

    It covers name look-ups by `socket.getaddrinfo`, which the HTTP libraries of Python make, with
    threads and with asyncio. It covers neither uvloop, nor other resolvers (pycurl, aiodns), nor
    connections that are open already, nor other processes. A proxy looks names up itself:
    `Session.variables` lets clients that read the environment reach these hosts without one.
    """
    reached: list[str] = []
    real = socket.getaddrinfo

    def refusing(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        name = name.lower().rstrip(".")
        if any(name == one or (one[0] == "." and name.endswith(one)) for one in REAL_HOSTS):
            reached.append(name)
            raise socket.gaierror(
                socket.EAI_NONAME, f"a test with video_api may not reach {name} (fauxreel)"
            )
        return real(host, *rest, **named)

    socket.getaddrinfo = refusing
    try:
        yield reached
    finally:
        socket.getaddrinfo = real


def _chosen(sources: Mapping[str, str], settings: Settings) -> set[str]:
    """The settings that somebody gave: not those that are the fixture's own defaults."""
    ours = {name for name, value in DEFAULTS.items() if getattr(settings, name) == value}
    return {*sources} - ours


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            environ.pop(name, None)
        else:
            environ[name] = value


def _pair(line: str) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not equals:
        raise SettingError(f"{line!r} is not NAME=VALUE, as in scenario=flaky.")
    return name.strip().replace("-", "_"), value.strip()
