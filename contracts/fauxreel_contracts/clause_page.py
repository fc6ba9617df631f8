"""The reference page of all clauses, written from their own table.

`python -m fauxreel_contracts.clause_page docs/reference/clauses.md` writes it; a test compares it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fauxreel_contracts.clause import Clause, Topic
from fauxreel_contracts.explain import MEANINGS, cost_of
from fauxreel_contracts.registry import CLAUSES

_HEAD = """# Clauses

This page is generated; `python -m fauxreel_contracts.clause_page docs/reference/clauses.md` writes it from the code.

These are the sentences of the contract that [`fauxreel contracts run`](../guides/certify-your-server.md) checks.
`fauxreel explain ID` says all about one: what breaks without it, and where it was seen.
The grade says how well it is known, in the words of the page of [fidelity](fidelity.md).
What it costs is what it can cost at worst, if the server accepts what it should refuse.

"""  # noqa: E501 - one sentence a line


def page() -> str:
    """The whole page."""
    meanings = _table(
        ("severity", "means", "clauses"),
        (
            (f"`{severity}`", meaning, str(sum(one.severity is severity for one in CLAUSES)))
            for severity, meaning in MEANINGS.items()
        ),
    )
    topics = (
        f"\n## {topic.value.capitalize()}\n\n{_clauses([c for c in CLAUSES if c.topic is topic])}"
        for topic in Topic
        if any(one.topic is topic for one in CLAUSES)
    )
    return _HEAD + meanings + "".join(topics)


def _clauses(clauses: Iterable[Clause]) -> str:
    return _table(
        ("id", "what holds", "severity", "grade", "dialects", "needs", "costs"),
        (
            (
                f"`{one.id}`",
                one.title,
                one.severity,
                f"{one.evidence.grade}, {one.evidence.place}",
                ", ".join(one.dialects),
                ", ".join(f"`{need}`" for need in one.needs),
                cost_of(one),
            )
            for one in clauses
        ),
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    cells = (" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in cells)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
