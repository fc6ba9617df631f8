"""What clients upload to be used in videos: characters and files."""

from msgspec import Struct

from fauxreel.contents import Contents
from fauxreel.domain.video import Reference


class Character(Struct, frozen=True):
    """A character made from an uploaded video; its pixels are not kept.

    Args:
        created: Moment of creation, in emulated seconds since 1970.
    """

    id: str
    project: str
    name: str
    created: float
    reference: Reference | None


class StoredFile(Struct, frozen=True):
    """An uploaded file with its bytes.

    Args:
        data: Its contents; `data[:]` are the bytes.
        created: Moment of creation, in emulated seconds since 1970.
    """

    id: str
    project: str
    filename: str
    purpose: str
    data: Contents
    created: float
