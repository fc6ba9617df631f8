"""The guard of speed: instructions of Python a request, compared with the accepted ones.

    make guard            fails when an operation takes more than is accepted
    make guard ACCEPT=1   accepts what is measured now

The numbers are the same on every machine, but not with every version of Python.
"""

import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.instructions import instructions

ACCEPTED = Path(__file__).with_name("accepted.json")
# Wide enough for another release of Starlette or uvicorn; a second look at each field is more.
_MARGIN = 0.15
_ACCEPT = "make guard ACCEPT=1"

Counts = Mapping[str, int]


def complaints(measured: Counts, accepted: Counts) -> list[str]:
    """What takes more instructions than is accepted, one sentence each."""
    return [
        f"{name}: {measured[name]} instructions a request, {_change(measured[name], before)} "
        f"the accepted {before}; at most {round(before * (1 + _MARGIN))} may pass."
        for name, before in accepted.items()
        if name in measured and measured[name] > before * (1 + _MARGIN)
    ]


def loose(measured: Counts, accepted: Counts) -> list[str]:
    """The operations of which the accepted number guards nothing any more, or that have none."""
    return [
        name
        for name, count in measured.items()
        if count < accepted.get(name, sys.maxsize) / (1 + _MARGIN)
    ]


def _change(measured: int, before: int) -> str:
    return f"{(measured / before - 1) * 100:+.0f} % of"


def main(arguments: list[str]) -> int:
    """Compares or accepts; gives the status to exit with."""
    measured = instructions()
    python = "{}.{}".format(*platform.python_version_tuple())
    known: dict[str, dict[str, int]] = json.loads(ACCEPTED.read_text())
    if arguments == ["--accept"]:
        known[python] = measured
        ACCEPTED.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
        print(f"accepted for Python {python}: {measured}")
        return 0
    accepted = known.get(python)
    if accepted is None:
        print(f"Nothing is accepted for Python {python}; `{_ACCEPT}` accepts what is measured now.")
        return 0
    for name, count in measured.items():
        print(f"{name:28} {count:7} instructions a request, accepted {accepted.get(name, 'none')}")
    if slower := complaints(measured, accepted):
        print(*slower, sep="\n", file=sys.stderr)
        print(f"If it has to be so: `{_ACCEPT}`, and say why in the commit.", file=sys.stderr)
        return 1
    if unguarded := loose(measured, accepted):
        print(
            f"Much faster than accepted, or new: {', '.join(unguarded)}; `{_ACCEPT}` keeps it so."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
