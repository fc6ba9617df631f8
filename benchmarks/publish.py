"""Writes the last run into the repository, and its tables into the documentation.

python -m benchmarks.publish            publishes the last `make bench` and `make load`
python -m benchmarks.publish --again    only writes the page anew, from what is published
"""

import json
import sys
from pathlib import Path

from benchmarks import tables
from benchmarks.crowd import LAST as LOAD
from benchmarks.goals import Result

_HERE = Path(__file__).parent
LATEST = _HERE / ".results" / "latest.json"
PUBLISHED = _HERE / "result.json"
PAGE = _HERE.parent / "docs" / "explanation" / "performance.md"

_END = "<!-- end -->"
_BLOCKS = {
    "conditions": tables.conditions,
    "goals": tables.goals,
    "operations": tables.operations,
    "processes": tables.processes,
    "memory": tables.memory,
    "fixtures": tables.fixtures,
    "load": tables.load,
}


def written(page: str, result: Result) -> str:
    """The page with the tables of a result between its marks."""
    for name, table in _BLOCKS.items():
        begin = f"<!-- measured: {name} -->"
        before, found, rest = page.partition(begin)
        if not found:
            raise ValueError(f"The page has no {begin}.")
        _, end, after = rest.partition(_END)
        page = f"{before}{begin}\n\n{table(result)}\n\n{end}{after}"
    return page


def published() -> Result:
    """The result that the repository has."""
    found: Result = json.loads(PUBLISHED.read_text())
    return found


def main(arguments: list[str]) -> None:
    if arguments != ["--again"]:
        result: Result = json.loads(LATEST.read_text())
        result["load"] = json.loads(LOAD.read_text()) if LOAD.exists() else []
        PUBLISHED.write_text(json.dumps(result, indent=1) + "\n")
    PAGE.write_text(written(PAGE.read_text(), published()))


if __name__ == "__main__":
    main(sys.argv[1:])
