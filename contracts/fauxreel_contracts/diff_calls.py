"""The calls that `contracts diff` sends to both targets: a table.

`{first}` and its like stand for ids that each side made; `{last}` for the last one on a page;
`{unknown}` for an id that nobody gave. Two steps make the shared videos and follow them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from fauxreel_contracts.budget import SHARED_COST
from fauxreel_contracts.clause import FREE, ONE_VIDEO, Cost, Shared
from fauxreel_contracts.session import SDK_DELETE
from fauxreel_contracts.wire import Headers


class Sends(StrEnum):
    """What a call may bring about."""

    ASKS = "asks"
    TRIES = "tries"  # is refused, unless the server takes what it should not
    MAKES = "makes"
    FOLLOWS = "follows"  # makes a shared video and polls it to its end
    DELETES = "deletes"  # the second shared video


class Body(StrEnum):
    """What a call carries."""

    NONE = "none"
    FORM = "form"
    JSON = "json"
    RAW = "raw"  # bytes that are said to be JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call.

    Args:
        name: What it is called in the report.
        path: Below the collection of videos; one that begins with `//` below the base URL.
        fields: Of the body, over those of a plain request if it is `plain`.
        keeps: The name of the id that its answer shows.
        keyed: Whether the key is sent along.
        cost: What it generates at worst.
        everywhere: Whether Azure's jobs have it, too.
    """

    name: str
    sends: Sends = Sends.ASKS
    method: str = "GET"
    path: str = ""
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Headers = ()
    body: Body = Body.NONE
    raw: bytes = b""
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    plain: bool = False
    shared: Shared | None = None
    keeps: str = ""
    keyed: bool = True
    cost: Cost = FREE
    everywhere: bool = False


WRONG_KEY = "sk-invalid-0123456789abcdef"
_made = partial(Step, sends=Sends.MAKES, method="POST", cost=ONE_VIDEO)
_bad = partial(Step, sends=Sends.TRIES, method="POST", cost=ONE_VIDEO, plain=True)
_UNKNOWN_SOURCE = {"prompt": "At night", "video": {"id": "{unknown}"}}
_SOURCE = {"prompt": "At night", "video": {"id": "{first}"}}

_LIVES = (
    Step(
        name="create by a form",
        sends=Sends.FOLLOWS,
        shared=Shared.FIRST,
        keeps="first",
        cost=SHARED_COST,
        everywhere=True,
    ),
    Step(
        name="create by JSON",
        sends=Sends.FOLLOWS,
        shared=Shared.SECOND,
        keeps="second",
        cost=SHARED_COST,
        everywhere=True,
    ),
)
_RETRIEVES = (
    Step(name="retrieve", path="/{first}", everywhere=True),
    Step(name="retrieve an unknown id", path="/{unknown}", everywhere=True),
    Step(name="HEAD of a video", method="HEAD", path="/{first}"),
)
_LISTS = (
    Step(name="list", everywhere=True),
    Step(name="list, a page of one", query={"limit": 1}, keeps="last", everywhere=True),
    Step(name="list, the next page", query={"limit": 1, "after": "{last}"}, everywhere=True),
    Step(name="list, oldest first", query={"order": "asc", "limit": 100}),
    Step(name="list, limit 0", query={"limit": 0}),
    Step(name="list, limit 101", query={"limit": 101}),
    Step(name="list, limit many", query={"limit": "many"}),
    Step(name="list, unknown order", query={"order": "up"}),
    Step(name="list, after an unknown id", query={"after": "{unknown}"}),
)
_content = partial(Step, path="/{first}/content")
_CONTENTS = (
    _content(name="content"),
    _content(name="content, variant video", query={"variant": "video"}),
    _content(name="content, variant thumbnail", query={"variant": "thumbnail"}),
    _content(name="content, variant spritesheet", query={"variant": "spritesheet"}),
    _content(name="content, unknown variant", query={"variant": "poster"}),
    _content(name="content, a part", headers=(("Range", "bytes=4-11"),)),
    _content(name="content, a part behind its end", headers=(("Range", "bytes=999999999-"),)),
    _content(name="content, as the SDKs ask", headers=(("Accept", "application/binary"),)),
    Step(name="content of an unknown id", path="/{unknown}/content"),
)
_BAD_CREATES = (
    _bad(name="create without a prompt", body=Body.FORM, fields={"prompt": None}),
    _bad(name="create with a prompt that is null", body=Body.JSON, fields={"prompt": None}),
    _bad(
        name="create, 10 seconds",
        body=Body.FORM,
        fields={"seconds": "10"},
        cost=Cost(videos=1, seconds=10),
    ),
    _bad(name="create, seconds as a number", body=Body.JSON, fields={"seconds": 4}),
    _bad(name="create, size 1080x1080", body=Body.FORM, fields={"size": "1080x1080"}),
    _bad(name="create, size banana", body=Body.FORM, fields={"size": "banana"}),
    _bad(name="create, unknown model", body=Body.FORM, fields={"model": "no-such-model"}),
    _bad(name="create, unknown parameter", body=Body.FORM, fields={"colour": "blue"}),
    _bad(name="create by broken JSON", body=Body.RAW, raw=b'{"prompt": "a paper boat"'),
    _bad(name="create by an array", body=Body.RAW, raw=b'["a paper boat"]'),
    _bad(name="create by nothing", body=Body.RAW),
)
_DERIVED = (
    _made(
        name="remix",
        path="/{first}/remix",
        body=Body.JSON,
        fields={"prompt": "At night"},
        keeps="remix",
    ),
    _made(name="edit", path="/edits", body=Body.JSON, fields=_SOURCE, keeps="edit"),
    _made(
        name="extend",
        path="/extensions",
        body=Body.JSON,
        fields={**_SOURCE, "seconds": "4"},
        keeps="extension",
    ),
    _bad(
        name="remix an unknown id",
        path="/{unknown}/remix",
        body=Body.JSON,
        fields={"prompt": "At night"},
        plain=False,
    ),
    _bad(
        name="edit an unknown id",
        path="/edits",
        body=Body.JSON,
        fields=_UNKNOWN_SOURCE,
        plain=False,
    ),
    _bad(
        name="remix without a prompt",
        path="/{first}/remix",
        body=Body.JSON,
        plain=False,
    ),
)
_OTHERS = (
    Step(name="retrieve without a key", path="/{unknown}", keyed=False, everywhere=True),
    Step(
        name="retrieve with a wrong key",
        path="/{unknown}",
        keyed=False,
        headers=(("Authorization", f"Bearer {WRONG_KEY}"),),
        everywhere=True,
    ),
    Step(name="unknown path below a video", path="/{first}/file", everywhere=True),
    Step(name="unknown path", path="//no-such-path", everywhere=True),
    Step(name="PUT a video", method="PUT", path="/{first}", everywhere=True),
    Step(name="unknown character", path="/characters/char_123"),
)
_DELETES = (
    Step(name="delete", sends=Sends.DELETES, shared=Shared.SECOND, everywhere=True),
    Step(
        name="delete again",
        method="DELETE",
        path="/{second}",
        headers=SDK_DELETE,
        everywhere=True,
    ),
    Step(name="retrieve what was deleted", path="/{second}", everywhere=True),
    Step(name="content of what was deleted", path="/{second}/content"),
    Step(name="list after the deletion", query={"limit": 100}, everywhere=True),
    Step(
        name="delete an unknown id",
        method="DELETE",
        path="/{unknown}",
        headers=SDK_DELETE,
        everywhere=True,
    ),
)

STEPS: tuple[Step, ...] = (
    *_LIVES,
    *_RETRIEVES,
    *_LISTS,
    *_CONTENTS,
    *_BAD_CREATES,
    *_DERIVED,
    *_OTHERS,
    *_DELETES,
)
