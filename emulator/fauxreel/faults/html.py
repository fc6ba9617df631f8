"""The HTML error page of a proxy that stands in front of the service."""

from fauxreel.faults.kind import Kind, Slot
from fauxreel.faults.replaced import Replaced
from fauxreel.values import Parse, whole

_TITLES = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


_ERRORS = whole(400, 599)


def _read(raw: object) -> object:
    return 200 if str(raw) == "200" else _ERRORS(raw)


def _page(status: int) -> Replaced:
    """A page as nginx writes them."""
    title = f"{status} {_TITLES.get(status, 'Error')}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Replaced(status, "text/html", page.encode("ascii"))


KIND = Kind(
    "html",
    Slot.ANSWER,
    Parse(_read, f"200, or {_ERRORS.valid}"),
    _page,
    "answers with the error page of a proxy and this status",
    "operation=content html=502 first=1",
)
