"""Texts as the journal may keep them: without credentials, and without what files hold.

Secrets are known by the names that they stand under, and some by their shape.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote_plus

HIDDEN = "(hidden)"

_LONGEST_NAME = 200
_LONGEST_QUERY = 2000
# What is shorter stands in many a text by chance.
_SHORTEST_ECHO = 6

# `apiKey`, `API_KEY` and `api-key` have the same words.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SECRET_WORD = re.compile(
    "auth|authorization|bearer|cookie|credentials?|jwt|key|passphrase|passwd|password|pwd|sas|"
    "secret|sig|signature|token"
)
# Written as one word, or with others.
_SECRET_PART = re.compile("accesskey|accesstoken|apikey|authorization|credential|password|secret")
# As Azure Functions and OAuth have it; with other words it is a status or a language.
_SECRET_NAMES = frozenset({"code"})

_FILE_WORD = re.compile("audio|blob|bytes|files?|frames?|images?|mask|references?|videos?")
_BASE64 = re.compile("b(ase)?64", re.IGNORECASE)
# What is told about a file, and is none.
_ABOUT_FILES = re.compile(
    "count|detail|format|height|ids?|index|length|mode|name|number|quality|rate|role|seconds|size|"
    "type|width"
)

_IN_ADDRESS = re.compile(r"([?&;])([^=&?;#\s\"']{1,200})=([^&\s\"'#\\]+)")
_USER_IN_ADDRESS = re.compile(r"(://)[^/\s@\"']{1,500}@")
_PAIR = re.compile(r"""(["'])([^"'\\]{1,200})(\1\s*:\s*["'])((?:[^"'\\]|\\.)+)""")
_HEADER = re.compile(r"(?i)\b(authorization\s*[:=]\s*|(?:^|\n)\s*(?:bearer|basic)\s+(?=\S+\s*$)).+")
_SHAPED = re.compile(r"\b(sk-|eyJ)[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*")
_DATA = re.compile(r"(data:[\w.+/-]{0,100}(?:;[\w=.+-]{1,100})*,)[^\s\"']+", re.IGNORECASE)
# What a 401 shows of a key.
_SHOWN_KEY = re.compile(r"(API key provided: )\S+(?=\. )")


def words_of(name: str) -> list[str]:
    """The words of a name, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def names_secret(name: str) -> bool:
    """Whether what has this name may be a credential."""
    return _names_secret(name[:_LONGEST_NAME])


@lru_cache(maxsize=256)
def _names_secret(name: str) -> bool:
    words = words_of(name)
    joined = "".join(words)
    return (
        joined in _SECRET_NAMES
        or any(map(_SECRET_WORD.fullmatch, words))
        or _SECRET_PART.search(joined) is not None
    )


def names_file(name: str, *, within: bool = False) -> bool:
    """Whether what has this name may be a file.

    Args:
        within: Whether it is part of what may be a file.
    """
    return _names_file(name[:_LONGEST_NAME], within)


@lru_cache(maxsize=256)
def _names_file(name: str, within: bool) -> bool:
    words = words_of(name)
    if words and _ABOUT_FILES.fullmatch(words[-1]):
        return False
    named = any(map(_FILE_WORD.fullmatch, words)) or _BASE64.search(name)
    return within or bool(named)


def masked_text(text: str) -> str:
    """A text without the credentials and the embedded files that can be made out in it."""
    if not is_suspect(text):
        return text
    if "=" in text:
        text = _IN_ADDRESS.sub(_without_value, text)
    if "://" in text:
        text = _USER_IN_ADDRESS.sub(rf"\1{HIDDEN}@", text)
    if ":" in text:
        text = _DATA.sub(r"\1…", _PAIR.sub(_without_paired, text))
    return _SHAPED.sub(rf"\1{HIDDEN}", _HEADER.sub(rf"\1{HIDDEN}", text))


def is_suspect(text: str) -> bool:
    """Whether an expression below could find something: the texts of most requests need none."""
    if "=" in text or ":" in text or "sk-" in text or "eyJ" in text:
        return True
    folded = text.casefold()
    return "bearer" in folded or "basic" in folded


def masked_query(query: bytes) -> tuple[bytes, list[str]]:
    """The query of a request, and the values that are hidden in it."""
    hidden: list[str] = []
    if not query:
        return query, hidden
    parts: list[str] = []
    text = query.decode("latin-1")
    for part in text[:_LONGEST_QUERY].split("&"):
        name, equals, value = part.partition("=")
        given = unquote_plus(value if equals else name)
        secret = bool(equals) and names_secret(unquote_plus(name))
        if not given or not (secret or masked_text(given) != given):
            parts.append(part)
            continue
        hidden.append(given)
        parts.append(f"{name}={HIDDEN}" if equals else HIDDEN)
    end = "…" if len(text) > _LONGEST_QUERY else ""
    return ("&".join(parts)).encode("latin-1") + end.encode(), hidden


def masked_answer(body: bytes, hidden: Sequence[str]) -> bytes:
    """The JSON of an answer without credentials.

    Args:
        hidden: What the request was told without, and its answer is not to repeat.
    """
    if not (hidden or b"=" in body or b"sk-" in body or b"key provided" in body or b"eyJ" in body):
        return body
    text = body.decode("utf-8", "replace")
    for value in hidden:
        if len(value) >= _SHORTEST_ECHO:
            for escapes in (False, True):
                text = text.replace(json.dumps(value, ensure_ascii=escapes)[1:-1], HIDDEN)
    text = _SHOWN_KEY.sub(rf"\1{HIDDEN}", _IN_ADDRESS.sub(_without_value, text))
    return _SHAPED.sub(rf"\1{HIDDEN}", text).encode("utf-8", "surrogatepass")


def _without_value(found: re.Match[str]) -> str:
    if not names_secret(unquote_plus(found[2])):
        return found[0]
    return f"{found[1]}{found[2]}={HIDDEN}"


def _without_paired(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{found[3]}{HIDDEN}" if names_secret(found[2]) else found[0]
