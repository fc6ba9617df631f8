"""The report as one HTML page that needs nothing else: targets side by side, with a filter."""

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from fauxreel_contracts.matrix import MARKS, ids, summary
from fauxreel_contracts.result import Report, Result


def html(reports: Sequence[Report]) -> str:
    """The page; its frame is `page.html`, in which each `{{name}}` is filled in once."""
    names = "".join(f"<th>{escape(report.target.name)}</th>" for report in reports)
    filled = {
        "summaries": "".join(_summary(report) for report in reports),
        "names": names,
        "rows": "".join(_row(clause_id, reports) for clause_id in ids(reports)),
        "legend": escape(", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())),
        "verdicts": json.dumps([str(verdict) for verdict in MARKS]),
    }
    frame = (files("fauxreel_contracts") / "page.html").read_text("utf-8")
    before, *rest = frame.split("{{")
    return before + "".join(filled[name] + text for name, text in _split(rest))


def _split(parts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [part.partition("}}") for part in parts]
    return [(name, text) for name, _, text in pairs]


def _summary(report: Report) -> str:
    return f"<pre>{escape(summary(report))}\n  {escape(report.target.base_url)}</pre>"


def _row(clause_id: str, reports: Sequence[Report]) -> str:
    found = [
        next((each for each in report.results if each.clause.id == clause_id), None)
        for report in reports
    ]
    some = next(each for each in found if each is not None)
    clause = some.clause
    words = {str(each.verdict) for each in found if each is not None}
    verdicts = escape(json.dumps(sorted(words)))
    return (
        f'<tr data-verdicts="{verdicts}" data-severity="{clause.severity}">'
        f"<td><code>{escape(clause.id)}</code><br>{escape(clause.title)}</td>"
        f"<td>{clause.severity}</td><td>{some.evidence.grade}</td>"
        f"{''.join(_cell(each) for each in found)}</tr>"
    )


def _cell(result: Result | None) -> str:
    if result is None:
        return "<td></td>"
    mark = f'<span title="{escape(result.verdict)}">{MARKS[result.verdict]}</span>'
    details = _details(result)
    kind = result.verdict.replace(" ", "-")
    if not details:
        return f'<td class="{kind}">{mark}</td>'
    return f'<td class="{kind}"><details><summary>{mark}</summary>{details}</details></td>'


def _details(result: Result) -> str:
    parts = [f"<p>{escape(result.note)}</p>"] if result.note else []
    if (found := result.difference) is not None:
        known = f"{result.evidence.place}: {result.evidence.source}"
        rows = (
            ("expected", found.expected),
            ("got", found.got),
            ("why", found.why),
            ("known", known),
        )
        listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
        parts.append(f"<dl>{listed}</dl>")
        parts += [f"<pre>{escape(text)}</pre>" for text in (found.request, found.answer) if text]
    return "".join(parts)
