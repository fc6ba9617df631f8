"""An error answer: a preset in the words of each dialect, or any status and text."""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from fauxreel.faults.conditions import header_name
from fauxreel.faults.kind import Kind, Option, Slot
from fauxreel.faults.plan import ErrorSpec, Plan
from fauxreel.faults.presets import PRESETS
from fauxreel.faults.rule import Draw
from fauxreel.values import Parse, ValueProblem, number, text, whole


class Error(Struct, frozen=True):
    spec: ErrorSpec
    headers: tuple[tuple[str, str], ...] = ()

    def shape(self, plan: Plan, draw: Draw) -> Plan:
        del draw
        return replace(plan, error=self.spec, headers=(*plan.headers, *self.headers))


def _read(raw: object) -> str | int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueProblem
    if isinstance(raw, str) and raw in PRESETS:
        return raw
    return cast("int", _status(raw))


_status = whole(400, 599)


def _make(
    value: str | int,
    *,
    status: int | None = None,
    message: str | None = None,
    type: str | None = None,  # noqa: A002 - the wire's name
    code: str | None = None,
    param: str | None = None,
    retry_after: float | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Error:
    preset = value if isinstance(value, str) else None
    if preset is None:
        if status is not None:
            raise ValueProblem(f"the status is {value} and {status}: leave one out")
        status = int(value)
    return Error(ErrorSpec(preset, status, message, type, code, param, retry_after), headers)


def _read_headers(raw: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, Mapping):
        raise ValueProblem
    pairs: list[tuple[str, str]] = []
    for key, value in cast("Mapping[object, object]", raw).items():
        name = header_name(key).lower()
        if name in _FRAMING:
            raise ValueProblem(
                f"{name} is changed by content_type, truncate, malformed_chunk alone"
            )
        text = str(value).strip()
        if not (text.isascii() and text.isprintable()):
            raise ValueProblem(f"{name} must be of one line of ASCII")
        pairs.append((name, text))
    return tuple(pairs)


# Given twice, or wrong, they are no answer that a server lets pass.
_FRAMING = frozenset({"content-length", "transfer-encoding", "content-type"})


KIND = Kind(
    "error",
    Slot.ANSWER,
    Parse(_read, f"a status from 400 to 599, or one of {', '.join(PRESETS)}"),
    _make,
    "answers with an error in the words of the surface",
    "operation=create error=rate_limit times=2",
    {
        "status": Option(_status, "another status than the preset's"),
        "message": Option(text, "another message"),
        "type": Option(text, "another type"),
        "code": Option(text, "another code"),
        "param": Option(text, "another param"),
        "retry_after": Option(
            number(0, 86_400), "seconds in `Retry-After` (and, in milliseconds, `retry-after-ms`)"
        ),
        "headers": Option(
            Parse(_read_headers, "a table of names and texts, in text `headers.NAME=VALUE`"),
            "further headers of the answer",
        ),
    },
)
