"""Fetching a remote image, when that is allowed: bounded in time and size, http and https only."""

from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
)

from fauxreel.clock import real_ns
from fauxreel.domain.errors import UnreachableUrl
from fauxreel.wire.multipart import Upload

_SECONDS = 10
_MOST_BYTES = 20 * 2**20
_CHUNK = 2**16

# Not urllib's default opener, which knows ftp and file as well, and proxies of the environment.
_HANDLERS = (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
)


def fetch(param: str, url: str) -> Upload:
    """The image at an address that begins with http:// or https://; blocks.

    Raises:
        UnreachableUrl: It does not answer with an image in time.
    """
    opener = OpenerDirector()
    for handler in _HANDLERS:
        opener.add_handler(handler())
    try:
        with opener.open(url, timeout=_SECONDS) as answer:
            data = _read(param, answer)
            content_type = answer.headers.get_content_type()
    except HTTPError as error:
        error.close()  # it is the answer, too
        raise UnreachableUrl(param, _in_one_line(error.reason)) from None
    except URLError as error:
        raise UnreachableUrl(param, _in_one_line(error.reason)) from None
    # What is no HTTP, or no URL after all, is an HTTPException and no OSError.
    except (HTTPException, OSError, ValueError) as error:
        raise UnreachableUrl(param, _in_one_line(error)) from None
    return Upload("", content_type, data)


def _read(param: str, answer: HTTPResponse) -> bytes:
    """The body, within the bounds; a time-out of the socket alone would let it drip for ever."""
    data = bytearray()
    deadline = real_ns() + _SECONDS * 1_000_000_000
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > _MOST_BYTES:
            raise UnreachableUrl(param, f"it has more than {_MOST_BYTES} bytes")
        if real_ns() > deadline:
            raise UnreachableUrl(param, f"it took more than {_SECONDS} s")
    return bytes(data)


def _in_one_line(reason: object) -> str:
    """Words on redirects that go round, and a server that speaks no HTTP, come in several."""
    return " ".join(str(reason).split())
