"""The namespaces of one emulator by name, made when they are first asked for."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from fauxreel.assembly import Namespace
from fauxreel.diagnostics import Diagnostics
from fauxreel.settings import Settings
from fauxreel.space import Space

if TYPE_CHECKING:
    from fauxreel.store.archive import Archive

MakeNamespace = Callable[[str, Settings, Collection[str] | None], Namespace]


class Namespaces:
    """That of the root, and those that have names.

    Args:
        root: What is served outside of all others.
        make: Makes the namespace of a name, with these settings.
        given: The settings that somebody gave, which no scenario changes.
        archive: Keeps them for a later process; None to keep none.
    """

    def __init__(
        self,
        settings: Settings,
        root: Namespace,
        make: MakeNamespace,
        given: Collection[str] | None,
        archive: "Archive | None",
    ) -> None:
        self.root = root
        # What was found in those that had to make room.
        self.gone = Diagnostics()
        self._settings = settings
        self._make = make
        self._given = given
        self._archive = archive
        self._named: OrderedDict[str, Namespace] = OrderedDict()
        for name in () if archive is None else archive.names():
            self._named[name] = make(name, settings, given)

    @property
    def names(self) -> list[str]:
        """The names, that of the one which was longest unused first."""
        return list(self._named)

    def spaces(self) -> list[Space]:
        """The spaces of all of them, that of the root first."""
        return [self.root.space, *(namespace.space for namespace in self._named.values())]

    def made(
        self, name: str, settings: Settings, given: Collection[str] | None = None
    ) -> Namespace:
        """One with settings of its own, made on any thread; `put` serves it.

        Args:
            settings: Those of the server (host, port, certificates, logs) do not count.
            given: As for `create_app`.

        Raises:
            SettingError: A scenario or a rule is wrong.
        """
        return self._make(name, replace(settings, store="memory"), given)

    def put(self, name: str, namespace: Namespace) -> None:
        """Serves one from now on, in place of another of that name."""
        self.drop(name)
        self._named[name] = namespace

    def drop(self, name: str) -> None:
        """Forgets one and all that is in it, but for what it counted."""
        dropped = self._named.pop(name, None)
        if dropped is not None:
            dropped.space.tally.retire(self.root.space.tally)

    async def of(self, name: str) -> Namespace | None:
        """The one of that name, made if need be; None when there are too many."""
        if name in self._named:
            self._named.move_to_end(name)
        elif len(self._named) < self._settings.max_namespaces or await self._make_room():
            self._named[name] = self._make(name, self._settings, self._given)
        else:
            return None
        return self._named[name]

    async def _make_room(self) -> bool:
        """Forgets the longest unused one that holds no jobs; whether there was one."""
        for name, namespace in list(self._named.items()):
            space = namespace.space
            if not any((await space.store.counts(space.clock.now())).values()):
                space.watch.conclude()
                self.gone.take(space.diagnostics)
                self.drop(name)
                if self._archive is not None:
                    self._archive.drop(name)
                return True
        return False
