"""How two answers to the same call differ, where what nobody can foretell is matched by kind.

Files are compared by what they decode to, entries of lists by the names of their ids.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from fauxreel_contracts import media
from fauxreel_contracts.expect import shown
from fauxreel_contracts.foretold import NOWHERE, Names, foretold, header_value, type_of, typed
from fauxreel_contracts.wire import Answer

# Of the connection alone, or different from one second to the next.
_IGNORED = frozenset({"connection", "date", "keep-alive", "transfer-encoding"})
# Whatever they say, it is about the server's own house.
_BY_NAME = (
    "apim-",
    "azureml-",
    "cf-",
    "etag",
    "last-modified",
    "openai-organization",
    "openai-project",
    "server-timing",
    "set-cookie",
    "via",
    "x-envoy-",
    "x-ms-",
    "x-ratelimit-",
)


class Kind(StrEnum):
    """In what two answers differ."""

    ANSWER = "answer"  # one side gave none
    STATUS = "status"
    HEADER = "header"
    SHAPE = "shape"
    TYPE = "type"
    VALUE = "value"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them.

    Args:
        where: A header's name, or a path into the JSON such as `$.error.code`.
    """

    kind: Kind
    where: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, and how to read it.

    Args:
        crowded: Whether lists show videos that the run did not make.
    """

    answer: Answer
    names: Names
    crowded: bool = False


def differences(a: Seen, b: Seen) -> list[Difference]:
    """Everything in which the answers differ; empty if they are alike."""
    found: list[Difference] = []
    if a.answer.status != b.answer.status:
        found.append(Difference(Kind.STATUS, "", f"{a.answer.status}", f"{b.answer.status}"))
    found += _headers(a, b)
    found += _bodies(a, b)
    return found


# Headers


def _headers(a: Seen, b: Seen) -> Iterator[Difference]:
    ours, theirs = _by_name(a.answer), _by_name(b.answer)
    for name in sorted(ours.keys() | theirs.keys()):
        left, right = ours.get(name), theirs.get(name)
        if left == right or (left and right and name.startswith(_BY_NAME)):
            continue
        first, second = header_value(left, a.names), header_value(right, b.names)
        if first != second:
            yield Difference(Kind.HEADER, name, first, second)


def _by_name(answer: Answer) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers if name.lower() not in _IGNORED}


# Bodies


def _bodies(a: Seen, b: Seen) -> Iterator[Difference]:
    left, right = _kind_of_body(a.answer), _kind_of_body(b.answer)
    if left != right:
        yield Difference(Kind.SHAPE, "body", left, right)
    elif left == "JSON":
        yield from _documents(a, b)
    elif left == "a file":
        yield from _files(a.answer, b.answer)
    elif left == "text":
        yield from _texts(a, b)
    elif len(a.answer.body) != len(b.answer.body):  # a part of a file
        sizes = [f"{len(each.answer.body)}" for each in (a, b)]
        yield Difference(Kind.FILE, "bytes", *sizes)


def _kind_of_body(answer: Answer) -> str:
    if not answer.body:
        return "none"
    if answer.content_type.startswith(("video/", "image/")):
        return "a file" if answer.status == 200 else "a part of a file"
    try:
        answer.json()
    except ValueError:
        return "text"
    return "JSON"


def _documents(a: Seen, b: Seen) -> Iterator[Difference]:
    crowded = a.crowded or b.crowded
    ours, theirs = _own(a, crowded=crowded), _own(b, crowded=crowded)
    if _failed(a) is not _failed(b):
        keys = [", ".join(_object(each)) for each in (ours, theirs)]
        yield Difference(Kind.SHAPE, "$", *keys)
    else:
        yield from _values("$", ours, theirs, a.names, b.names)


def _failed(seen: Seen) -> bool:
    return seen.answer.status >= 400


def _texts(a: Seen, b: Seen) -> Iterator[Difference]:
    left = a.names.masked(a.answer.body.decode(errors="replace"))
    right = b.names.masked(b.answer.body.decode(errors="replace"))
    if left != right:
        yield Difference(Kind.VALUE, "body", shown(left), shown(right))


def _own(seen: Seen, *, crowded: bool) -> object:
    """The JSON; of a list only what the run made, as others' videos may stand among them."""
    whole = cast("object", seen.answer.json())
    body = _object(whole)
    if not isinstance(body.get("data"), list):
        return whole
    entries = cast("list[object]", body["data"])
    own = [entry for entry in entries if _id_in(entry) in seen.names.ids]
    ends = {
        name: f"the id of the {name[:-3]} one"
        for name, at in (("first_id", 0), ("last_id", -1))
        if name in body and entries and body[name] == _id_in(entries[at])
    }
    if crowded and isinstance(body.get("has_more"), bool):
        body = {**body, "has_more": True}
    return {**body, **ends, "data": own}


def _object(value: object) -> dict[str, object]:
    """The value, if it is an object; an empty one otherwise."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _id_in(entry: object) -> str:
    return str(_object(entry).get("id"))


def _files(a: Answer, b: Answer) -> Iterator[Difference]:
    ours, theirs = _facts(a), _facts(b)
    for name in sorted(ours.keys() | theirs.keys()):
        left, right = ours.get(name, NOWHERE), theirs.get(name, NOWHERE)
        if left != right:
            yield Difference(Kind.FILE, name, left, right)


def _facts(answer: Answer) -> dict[str, str]:
    """What a file decodes to."""
    try:
        if answer.content_type.startswith("image/"):
            picture = media.picture(answer.body)
            return {"kind": picture.kind, "size": f"{picture.width}x{picture.height}"}
        movie = media.movie(answer.body)
    except media.Unreadable as error:
        return {"kind": f"unreadable: {error}"}
    codecs = ", ".join(sorted(movie.codecs))
    size = f"{movie.width}x{movie.height}"
    return {"kind": "mp4", "codecs": codecs, "size": size, "seconds": f"{movie.seconds:.0f}"}


# JSON


def _values(where: str, a: object, b: object, left: Names, right: Names) -> Iterator[Difference]:
    if type_of(a) != type_of(b):
        yield Difference(Kind.TYPE, where, typed(a, left), typed(b, right))
    elif isinstance(a, dict):
        yield from _objects(where, _object(cast("object", a)), _object(b), left, right)
    elif isinstance(a, list):
        pair = cast("list[object]", a), cast("list[object]", b)
        yield from _arrays(where, *pair, left, right)
    elif a != b:
        first, second = foretold(where, a, left), foretold(where, b, right)
        if first != second:
            yield Difference(Kind.VALUE, where, first, second)


def _arrays(
    where: str, a: list[object], b: list[object], left: Names, right: Names
) -> Iterator[Difference]:
    ours, theirs = _labelled(a, left), _labelled(b, right)
    if list(ours) != list(theirs):
        yield Difference(Kind.SHAPE, where, ", ".join(ours), ", ".join(theirs))
    for label in ours:
        if label in theirs and not _at_odds(ours[label], theirs[label]):
            yield from _values(f"{where}[{label}]", ours[label], theirs[label], left, right)


def _labelled(entries: list[object], names: Names) -> dict[str, object]:
    """The entries by the names of their ids, or else by their places."""
    return {
        f"{{{names.ids[video_id]}}}" if (video_id := _id_in(each)) in names.ids else f"{at}": each
        for at, each in enumerate(entries)
    }


def _at_odds(a: object, b: object) -> bool:
    """Whether two jobs are seen in different states, as one was made later."""
    return _object(a).get("status") != _object(b).get("status")


def _objects(
    where: str, a: Mapping[str, object], b: Mapping[str, object], left: Names, right: Names
) -> Iterator[Difference]:
    for name in a:
        if name not in b:
            yield Difference(Kind.SHAPE, f"{where}.{name}", typed(a[name], left), NOWHERE)
    for name in b:
        if name not in a:
            yield Difference(Kind.SHAPE, f"{where}.{name}", NOWHERE, typed(b[name], right))
    common, other = [name for name in a if name in b], [name for name in b if name in a]
    if common != other:
        yield Difference(Kind.SHAPE, f"{where}, order", ", ".join(common), ", ".join(other))
    for name in common:
        yield from _values(f"{where}.{name}", a[name], b[name], left, right)
