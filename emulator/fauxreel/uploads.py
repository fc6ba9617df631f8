"""Characters and files: what clients upload once and name later."""

import re
import sys

from msgspec.structs import replace

from fauxreel.contents import Contents
from fauxreel.domain.assets import Character, StoredFile
from fauxreel.domain.errors import CharacterNotFound, FauxreelError, FileNotFound, StoreFull
from fauxreel.domain.paging import Page, PageRequest
from fauxreel.domain.video import Reference
from fauxreel.ids import character_id, file_id
from fauxreel.space import Space

# The ids of documentation and generated tests, which `--lenient` lets exist.
_EXAMPLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def is_example(item_id: str, kind: str) -> bool:
    """Whether an id is one that documentation uses, such as `video_123`."""
    return item_id.startswith(f"{kind}_") and bool(_EXAMPLE.fullmatch(item_id[len(kind) + 1 :]))


class Characters:
    """The characters of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    async def create(self, project: str, name: str, reference: Reference | None) -> Character:
        """Stores a character; it can be used at once (the real service took minutes).

        Raises:
            StoreFull: The store holds as many as it may.
        """
        created = self._space.clock.now()

        def make(sequence: int) -> tuple[str, Character]:
            new_id = character_id(self._space.seed, sequence)
            return new_id, Character(new_id, project, name, created, reference)

        return await self._space.store.characters.add(project, make)

    async def get(self, project: str, wanted: str) -> Character:
        """
        Raises:
            CharacterNotFound: There is no such character in the project.
        """
        character = await self._space.store.characters.get(project, wanted)
        if character is None:
            if not (self._space.lenient and is_example(wanted, "char")):
                raise CharacterNotFound(wanted)
            character = Character(wanted, project, "x", self._space.clock.now(), None)
        return character


class Files:
    """The files of one space, their bytes where they arrived: in memory, or in a file."""

    def __init__(self, space: Space) -> None:
        self._space = space

    async def create(self, project: str, filename: str, purpose: str, data: Contents) -> StoredFile:
        """Stores a file.

        Raises:
            StoreFull: There is no room for it.
        """
        space = self._space
        if space.file_bytes + len(data) > space.most_file_bytes:
            raise StoreFull(space.most_file_bytes, "bytes of files", "max_files_mb")
        created = space.clock.now()

        def make(sequence: int) -> tuple[str, StoredFile]:
            new_id = file_id(space.seed, sequence)
            return new_id, StoredFile(new_id, project, filename, purpose, data, created)

        space.file_bytes += len(data)
        try:
            return await space.store.files.add(project, make)
        except FauxreelError:
            space.file_bytes -= len(data)
            raise

    async def get(self, project: str, wanted: str, param: str = "id") -> StoredFile:
        """A file, by the id in the named parameter.

        Raises:
            FileNotFound: There is no such file in the project.
        """
        stored = await self._space.store.files.get(project, wanted)
        if stored is None:
            raise FileNotFound(wanted, param)
        return stored

    async def page(
        self, project: str, request: PageRequest, purpose: str | None
    ) -> Page[StoredFile]:
        """A page of the project's files, all or those of one purpose."""
        files = self._space.store.files
        if purpose is None:
            return await files.page(project, request)
        rest = await files.page(project, replace(request, limit=sys.maxsize))
        matching = [stored for stored in rest.items if stored.purpose == purpose]
        return Page(matching[: request.limit], has_more=len(matching) > request.limit)

    async def delete(self, project: str, wanted: str) -> None:
        """
        Raises:
            FileNotFound: There is no such file in the project.
        """
        stored = await self.get(project, wanted)
        if await self._space.store.files.remove(project, wanted):
            self._space.file_bytes -= len(stored.data)
