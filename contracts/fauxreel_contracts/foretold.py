"""What of an answer can be foretold: what cannot goes by its kind, so that two servers compare.

Ids that the run made go by their names, others by their form, moments and URLs by what they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fauxreel_contracts.expect import shown

_TIMES = range(1_000_000_000, 10**12)
_HEX = re.compile(r"[0-9a-f]{16,}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ID = re.compile(r"((?:[a-z]+_)*)([0-9A-Za-z+/-]{16,}={0,2})")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_HTTP_DATE = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
NOWHERE = "not there"


@dataclass(frozen=True, slots=True)
class Names:
    """What is called otherwise on each side, so that it can be told from what differs.

    Args:
        ids: The ids that were made, with their names.
        base: The path of the base URL.
    """

    ids: Mapping[str, str]
    base: str
    model: str

    def masked(self, text: str) -> str:
        """The text with names in place of what only this side has."""
        for video_id, name in self.ids.items():
            text = text.replace(video_id, f"{{{name}}}")
        # Behind a prefix, as of a gateway, a server may name the end of the path alone.
        ends = [self.base[at:] for at, each in enumerate(self.base) if each == "/"]
        if ends:
            text = re.sub(f"(?:{'|'.join(map(re.escape, ends))})/", "{base}/", text)
        text = text.replace(f"'{self.model}'", "'{model}'")
        text = "{model}" if text == self.model else text
        return _HEX.sub(_length_of, _UUID.sub("{uuid}", text))


def _length_of(match: re.Match[str]) -> str:
    return f"{{{len(match[0])} hex digits}}"


_TYPES: Mapping[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    dict: "an object",
    list: "an array",
    type(None): "null",
}


def type_of(value: object) -> str:
    return _TYPES[type(value)]


def typed(value: object, names: Names) -> str:
    return "null" if value is None else f"{type_of(value)}: {foretold('', value, names)}"


def foretold(where: str, value: object, names: Names) -> str:
    """The value, or the kind of a value that nobody can foretell."""
    if isinstance(value, str):
        return _text(value, names)
    if isinstance(value, int) and not isinstance(value, bool):
        if value in _TIMES:
            return "a moment"
        if where.endswith(".progress") and value in range(100):
            return "some progress"
    return names.masked(shown(value))


def _text(value: str, names: Names) -> str:
    if value in names.ids:
        return f"{{{names.ids[value]}}}, {form_of(value)}"
    if value.startswith(("http://", "https://")):
        return "a URL"
    if _MOMENT.fullmatch(value):
        return "a moment"
    return form_of(value) or shown(names.masked(value))


def form_of(value: str) -> str:
    """The form of an id, such as `video_ and 48 hex digits`; empty if it is none."""
    if _UUID.fullmatch(value):
        return "a UUID"
    match = _ID.fullmatch(value)
    if match is None or not any(each.isdigit() for each in match[2]) or "-" in match[2]:
        return ""
    prefix, rest = match[1], match[2]
    begin = f"{prefix} and " if prefix else ""
    if _HEX.fullmatch(rest):
        return f"{begin}{len(rest)} hex digits"
    return f"{begin}{len(rest)} letters and digits" if rest.islower() else f"{begin}base64"


def header_value(value: str | None, names: Names) -> str:
    if value is None:
        return NOWHERE
    if value.isdecimal():
        return "a number"
    if _HTTP_DATE.fullmatch(value):
        return "a date"
    return re.sub(r"/\d+$", "/{size}", form_of(value) or names.masked(value))
