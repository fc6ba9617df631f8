"""`fauxreel wait`: returns when an emulator answers, for scripts that started one elsewhere."""

import json
import re
import ssl
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Event
from typing import cast
from urllib.parse import urlsplit

from msgspec import Struct

from fauxreel.clock import real_ns
from fauxreel.values import ValueProblem, number

_READY = "/_fauxreel/ready"
_MOST_BYTES = 1024
# What the base URL of a surface has after the emulator's root.
_SURFACE = re.compile(r"(?:/openai|/litellm)?(?:/v1)?/*$")
_PLAIN = re.compile(r"[!-~]+")
_PAUSE_SECONDS = 0.05
# How long an answer may take before it is asked for again.
_LEAST_SECONDS_A_TRY, _MOST_SECONDS_A_TRY = 0.5, 5.0
_pause = Event().wait


class BadTarget(Exception):
    """What cannot be waited for or with; the message is one line."""


class NotReady(Exception):
    """No emulator answered in time, or none ever will; the message is one line."""


class Target(Struct, frozen=True):
    """Where the emulator is.

    Args:
        url: As the user wrote it.
        path: Of the question whether it is ready.
        trust: Which certificates are accepted; None for http.
    """

    url: str
    host: str
    port: int
    path: str
    trust: ssl.SSLContext | None

    def connection(self, seconds: float) -> HTTPConnection:
        """A connection to it that gives up after so many seconds; no proxy is asked."""
        if self.trust is None:
            return HTTPConnection(self.host, self.port, timeout=seconds)
        return HTTPSConnection(self.host, self.port, timeout=seconds, context=self.trust)


def wait_for(url: str, timeout: str, cafile: Path | None, *, insecure: bool) -> None:
    """The command: its arguments as they were written.

    Raises:
        BadTarget: One makes no sense.
        NotReady: No emulator answered in time, or none ever will.
    """
    seconds = number(0)
    try:
        timeout_seconds = cast("float", seconds(timeout))
    except ValueProblem:
        raise BadTarget(f"--timeout: {timeout!r} is not valid. Valid: {seconds.valid}.") from None
    wait(target(url, cafile=cafile, insecure=insecure), timeout_seconds)


def target(url: str, *, cafile: Path | None = None, insecure: bool = False) -> Target:
    """The emulator of a URL, its root or a base URL for SDKs.

    Args:
        cafile: Certificates to accept besides the machine's own.
        insecure: Accept every certificate.

    Raises:
        BadTarget: The URL is none, or the file cannot be used.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError):
        raise _no_url(url) from None
    strange = parts.query or parts.fragment or "@" in parts.netloc or not _PLAIN.fullmatch(url)
    if not parts.hostname or strange:
        raise _no_url(url)
    trust = _trust(cafile, insecure=insecure) if parts.scheme == "https" else None
    return Target(url, parts.hostname, port, _SURFACE.sub("", parts.path, count=1) + _READY, trust)


def wait(
    emulator: Target,
    timeout_seconds: float,
    *,
    now_ns: Callable[[], int] = real_ns,
    pause: Callable[[float], object] = _pause,
) -> None:
    """Returns when the emulator says that it is ready; asks at least once.

    Args:
        now_ns: Any clock that runs on in real time.
        pause: Waits for so many seconds.

    Raises:
        NotReady: It did not in time, or its certificate is not accepted.
    """
    end = now_ns() + timeout_seconds * 1e9
    while True:
        left = (end - now_ns()) / 1e9
        problem = _problem(emulator, min(max(left, _LEAST_SECONDS_A_TRY), _MOST_SECONDS_A_TRY))
        if problem is None:
            return
        if now_ns() + _PAUSE_SECONDS * 1e9 > end:
            raise NotReady(
                f"no emulator was ready at {emulator.url} within {timeout_seconds:g} s: {problem}."
            )
        pause(_PAUSE_SECONDS)


def _problem(emulator: Target, seconds: float) -> str | None:
    """Why the emulator is not ready; None when it is."""
    with closing(emulator.connection(seconds)) as connection:
        try:
            connection.request("GET", emulator.path)
            answer = connection.getresponse()
            said = _json(answer.read(_MOST_BYTES))
            if answer.status == 200 and said.get("status") == "ok":
                return None
            if answer.status == 503 and (reason := _reason(said)) is not None:
                return reason
        except ssl.SSLCertVerificationError as error:
            raise NotReady(
                f"the certificate of {emulator.url} is not accepted: {error.verify_message}; "
                "--cafile names one that is, --insecure accepts all."
            ) from None
        except (OSError, HTTPException, UnicodeError) as error:
            return _said(error)
        return f"what answers there is no emulator (status {answer.status})"


def _said(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer came"
        case ssl.SSLError():
            return "what answers there speaks no TLS"
        case OSError(strerror=str(words)):
            return words.lower()
        case UnicodeError():
            return "no host has such a name"
        case _:
            return "what answers there speaks no HTTP, or https"


def _json(body: bytes) -> dict[str, object]:
    """The object that a body is, or an empty one."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, object]", said) if isinstance(said, dict) else {}


def _reason(said: dict[str, object]) -> str | None:
    """Why an emulator says that it is not ready; None where it is none that says so."""
    error = said.get("error")
    message = cast("dict[str, object]", error).get("message") if isinstance(error, dict) else None
    return f"it says: {message.rstrip('.')}" if isinstance(message, str) else None


def _trust(cafile: Path | None, *, insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if cafile is not None:
        try:
            context.load_verify_locations(cafile)
        except ssl.SSLError:
            raise BadTarget(f"--cafile {cafile}: holds no certificate in PEM form.") from None
        except OSError as error:
            raise BadTarget(f"--cafile {cafile}: cannot be read: {error.strerror}") from None
    return context


def _no_url(url: str) -> BadTarget:
    return BadTarget(
        f"{url!r} is no URL of an emulator. Valid: http://HOST:PORT or https://HOST:PORT, "
        "with or without /v1."
    )
