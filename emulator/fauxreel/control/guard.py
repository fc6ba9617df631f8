"""Who may talk to the control API: no web page, no other machine, nobody without the token.

A browser sends the Host it was given and the Origin it stands on, so both are checked from the
first day: a page on the internet must not be able to steer an emulator on somebody's desk.
"""

import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.types import Scope

from fauxreel.wire.http import first_header

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Refused(Exception):
    """A request that the control API does not serve: the status and why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Guard:
    """The rules of one emulator.

    Args:
        allowed_hosts: Names besides loopback by which it may be addressed.
        token: What `Authorization: Bearer` must carry; None for nothing.
    """

    def __init__(self, allowed_hosts: Sequence[str], token: str | None) -> None:
        self._hosts = _LOOPBACK | {_host_name(host) or host for host in allowed_hosts}
        self._token = token

    def check(self, scope: Scope) -> None:
        """
        Raises:
            Refused: The request is not served.
        """
        host = _host_name(_text(scope, b"host"))
        if host is not None and host not in self._hosts:
            raise Refused(
                403,
                "host_not_allowed",
                f"The control API is not served to the host {host!r}; "
                "name it in --allowed-hosts if that is meant.",
            )
        origin = _text(scope, b"origin")
        if origin is not None and _origin_name(origin) not in self._hosts:
            raise Refused(
                403,
                "origin_not_allowed",
                f"The control API is not served to pages of {origin!r}.",
            )
        if self._token is not None and not self._has_token(scope):
            raise Refused(
                401,
                "token_required",
                "The control API asks for its token: Authorization: Bearer TOKEN.",
            )

    def _has_token(self, scope: Scope) -> bool:
        given = first_header(scope, b"authorization") or b""
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())


def _text(scope: Scope, name: bytes) -> str | None:
    value = first_header(scope, name)
    return None if value is None else value.decode("latin-1")


def _host_name(header: str | None) -> str | None:
    """The name in a Host header, without its port; None when there is no header (HTTP/1.0)."""
    if header is None:
        return None
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return header


def _origin_name(header: str) -> str | None:
    """The name in an Origin header; None for `null` and for what is no origin."""
    try:
        return urlsplit(header).hostname
    except ValueError:
        return None
