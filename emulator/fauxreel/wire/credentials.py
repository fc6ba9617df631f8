"""Which API keys are accepted, and how a refused one is shown.

Any key is accepted unless it cannot be one (`None`, an unexpanded variable) or begins with
`sk-invalid`, so that the 401 path can be tested without configuration. With a list of keys,
each of them is a project that sees only its own videos.
"""

import re
from collections.abc import Mapping, Sequence

from starlette.types import Scope

from fauxreel.domain.errors import MissingCredentials, RefusedCredentials
from fauxreel.ids import hashed_key
from fauxreel.memory import Memory

REFUSED_PREFIX = "sk-invalid"

# What programs send when nobody set a key: str(None), JSON null, a missing JavaScript value.
_NOT_KEYS = frozenset({"None", "null", "undefined"})
_UNEXPANDED = re.compile(
    r"\$\w+|\$?\{+\s*[\w.]+\s*\}+|\$\([^)]*\)|%\w+%|os\.environ(/\w+|\[.*\])|process\.env\.\w+"
)

# The headers that carry a key on one surface or another, the one that counts first.
_CARRIERS = (b"x-litellm-api-key", b"api-key", b"authorization", b"x-api-key")
KEY_HEADERS = frozenset(_CARRIERS)

_MOST_ACCEPTED = 1000

# The project of all keys when none are listed.
SHARED_PROJECT = ""


class Keys:
    """The keys of one surface.

    Args:
        keys: The valid ones; none means that any plausible key is valid.
        salt: Salts the hash by which keys appear outside their requests.
        population: Keeps the jobs of this surface apart from those of others; all that have
            the same one share theirs.
    """

    def __init__(self, keys: Sequence[str], salt: int, population: str = "") -> None:
        self._salt = salt
        # By the header as it came, so that those who poll are recognised at once.
        self._accepted: Memory[bytes, str] = Memory(_MOST_ACCEPTED)
        self._shared = population + SHARED_PROJECT
        self._projects: Mapping[str, str] = {
            key: population + hashed_key(salt, key) for key in keys
        }

    def hashed(self, key: str) -> str:
        """How the key appears anywhere outside its request."""
        return hashed_key(self._salt, key)

    @property
    def first(self) -> str:
        """The project of the first key; the shared one when none are listed."""
        return next(iter(self._projects.values()), self._shared)

    def project(self, key: str) -> str:
        """The project of the key.

        Raises:
            RefusedCredentials: The key is not valid.
        """
        project = self._projects.get(key)
        if project is not None:
            return project
        unset = key in _NOT_KEYS or _UNEXPANDED.fullmatch(key) is not None
        if self._projects or unset or key.startswith(REFUSED_PREFIX):
            raise RefusedCredentials(masked(key), unset=unset)
        return self._shared

    def bearer(self, scope: Scope) -> str:
        """The project of the key in the Authorization header.

        Raises:
            MissingCredentials, RefusedCredentials: As for `bearer_token` and `project`.
        """
        values = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(values) != 1:
            return self.project(bearer_token(scope))
        project = self._accepted.get(values[0])
        if project is None:
            project = self._accepted.keep(values[0], self.project(bearer_token(scope)))
        return project


def bearer_token(scope: Scope) -> str:
    """The token of the Authorization header.

    Raises:
        MissingCredentials: There is no such header, another scheme, or no token.
        RefusedCredentials: There are several such headers, which proxies join into one.
    """
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    if not values:
        raise MissingCredentials
    scheme, _, token = b", ".join(values).decode("latin-1").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise MissingCredentials
    if len(values) > 1:
        raise RefusedCredentials(masked(token))
    return token


def presented(headers: Mapping[bytes, bytes]) -> str:
    """The key that a request shows, on whatever surface, valid or not; empty without one."""
    for name in _CARRIERS:
        text = headers.get(name, b"").decode("latin-1").strip()
        if text:
            scheme, _, token = text.partition(" ")
            return token.strip() if scheme.lower() == "bearer" else text
    return ""


def masked(key: str) -> str:
    """A key as the real service shows it: the first five and the last two characters.

    `sk-ab***yz` and `None` in clear: verbatim, openai, 2025. Short keys masked entirely: inferred.
    """
    if key in _NOT_KEYS:
        return key
    if len(key) < 12:
        return "*" * len(key)
    return f"{key[:5]}***{key[-2:]}"
