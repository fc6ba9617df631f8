"""The parameters of a request as the journal keeps them: so much at most, whatever came.

Where something is left out, an ellipsis stands.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import cast

from fauxreel.masking import HIDDEN, is_suspect, masked_text, names_file, names_secret
from fauxreel.wire.multipart import Upload

# For all parameters of one request together.
MOST_ITEMS = 200
MOST_TEXT = 16 * 1024

# For a single text, a list or an object, and a whole number.
LONGEST_TEXT = 500
_MOST_ITEMS = 50
_DEEPEST = 4
_LONGEST_NUMBER_BITS = 1024

_MOST_HIDDEN = 50
_ELLIPSIS = "…"

_DATA = re.compile(r"data:(?:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100})*,)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^?#\s]+", re.IGNORECASE)
_ID = re.compile(r"(?:char|file|gen|image|img|task|video)[-_][A-Za-z0-9_=-]{1,480}")
# A number, or a size.
_NUMBER = re.compile(r"[\d.:x+-]{0,12}")


def is_id(text: str) -> bool:
    """Whether this is the name of a job or of a file, as services give them."""
    return _ID.fullmatch(text) is not None


class Keeper:
    """Keeps the parameters of one request.

    `hidden` has the texts that were left out, which the answer might repeat.
    """

    def __init__(self) -> None:
        self.hidden: list[str] = []
        self._items = MOST_ITEMS
        self._text = MOST_TEXT

    def kept(self, values: Mapping[str, object]) -> dict[str, object]:
        """The parameters, without credentials and the contents of files."""
        return self._table(values, 0, within=False)

    def _table(
        self, values: Mapping[str, object], depth: int, *, within: bool
    ) -> dict[str, object]:
        kept: dict[str, object] = {}
        for number, (name, value) in enumerate(values.items()):
            if not self._room(number):
                kept[_ELLIPSIS] = _ELLIPSIS
                break
            shown = self._shown(name)
            if names_secret(name):
                kept[shown] = self._without(value)
            else:
                kept[shown] = self._value(value, depth + 1, names_file(name, within=within))
        return kept

    def _list(self, values: list[object], depth: int, within: bool) -> list[object]:
        kept: list[object] = []
        for number, value in enumerate(values):
            if not self._room(number):
                kept.append(_ELLIPSIS)
                break
            kept.append(self._value(value, depth + 1, within))
        return kept

    def _room(self, number: int) -> bool:
        """Whether there is room for a further item."""
        if number >= _MOST_ITEMS or self._items <= 0 or self._text <= 0:
            return False
        self._items -= 1
        return True

    def _value(self, value: object, depth: int, within: bool) -> object:
        if isinstance(value, str):
            return self._file(value) if within else self._shown(value)
        if isinstance(value, Upload):
            return self._upload(value)
        if isinstance(value, dict | list) and depth >= _DEEPEST:
            return _ELLIPSIS
        if isinstance(value, dict):
            return self._table(cast("dict[str, object]", value), depth, within=within)
        if isinstance(value, list):
            return self._list(cast("list[object]", value), depth, within)
        if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER_BITS:
            return _ELLIPSIS
        return value

    def _upload(self, upload: Upload) -> dict[str, object]:
        return {
            "filename": self._shown(upload.filename),
            "content_type": upload.content_type and self._shown(upload.content_type),
            "length": len(upload.data),
            "digest": upload.digest(),
        }

    def _without(self, value: object) -> object:
        """What stands for a credential; what says that there is none may stay."""
        if value is None or value == "" or isinstance(value, bool):
            return value
        if isinstance(value, str):
            self._hide(value)
        return HIDDEN

    def _file(self, value: str) -> str:
        """A text where a file may be: only what is the name of one, or its address."""
        if is_id(value) or _NUMBER.fullmatch(value):
            return self._shown(value)
        if address := _ADDRESS.match(value):
            end = f"?{HIDDEN}" if address.end() < len(value) else ""
            return self._shown(address[0]) + end
        self._hide(value)
        return self._measured(_data_scheme(value), value)

    def _shown(self, value: str) -> str:
        """A text; a long one ends with its length and digest."""
        if scheme := _data_scheme(value):
            return self._measured(scheme, value)
        most = max(0, min(LONGEST_TEXT, self._text))
        if len(value) > most:
            return self._measured(masked_text(value[:most]), value)
        self._text -= len(value)
        return masked_text(value)

    def _measured(self, shown: str, value: str) -> str:
        digest = _digest(value.encode("utf-8", "surrogatepass"))
        told = f"{shown}{_ELLIPSIS} ({len(value)} characters, {digest})"
        self._text -= len(told)
        return told

    def _hide(self, value: str) -> None:
        if len(self.hidden) < _MOST_HIDDEN:
            self.hidden.append(value)


def are_plain(values: Mapping[str, object]) -> bool:
    """Whether there is nothing to leave out: those of most creates, which come at a high rate."""
    if not _PLAIN.issuperset(values):
        return False
    try:
        texts = "\n".join(cast("Iterable[str]", values.values()))
    except TypeError:  # one of them is no text
        return False
    return len(texts) <= LONGEST_TEXT and not is_suspect(texts)


# Parameters that name neither a credential nor a file; so few that no limit is reached.
_PLAIN = frozenset({"model", "prompt", "seconds", "size", "user"})


def _data_scheme(value: str) -> str:
    """The head of a `data:` URL, without its contents; empty for another text."""
    if value[:5].lower() != "data:":
        return ""
    found = _DATA.match(value)
    return "" if found is None else found[0][:LONGEST_TEXT]


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
