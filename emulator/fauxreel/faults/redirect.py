"""A redirect, to another address or to the same one once more."""

from fauxreel.faults.kind import Kind, Option, Slot, optional
from fauxreel.faults.replaced import Replaced
from fauxreel.values import Parse, ValueProblem, choice

_STATUSES = choice(("301", "302", "303", "307", "308"))
# `wire` puts the address of the request in its place.
SAME = "{same}"


def _read(raw: object) -> str:
    if not isinstance(raw, str) or not raw.startswith(("http://", "https://", "/")):
        raise ValueProblem
    if not (raw.isascii() and raw.isprintable()) or " " in raw:
        raise ValueProblem
    return raw


def _make(value: str | None, *, status: str = "302") -> Replaced:
    return Replaced(int(status), "text/plain", b"", (("location", value or SAME),))


KIND = Kind(
    "redirect",
    Slot.ANSWER,
    optional(Parse(_read, "an address that begins with http://, https:// or /"), "same"),
    _make,
    "redirects to an address, or to the same one again",
    "operation=content redirect=same times=1",
    {
        "status": Option(
            Parse(lambda raw: _STATUSES(str(raw)), _STATUSES.valid), "the status; 302 without it"
        )
    },
)
