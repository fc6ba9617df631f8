"""Reports for people: the matrix of targets in the terminal, and as Markdown."""

from collections.abc import Sequence

from fauxreel_contracts.budget import Plan
from fauxreel_contracts.clause import Severity, Topic
from fauxreel_contracts.result import Report, Result, Verdict
from fauxreel_contracts.target import Target

MARKS = {
    Verdict.HOLDS: "✓",
    Verdict.DIFFERS: "✗",
    Verdict.KNOWN: "≠",
    Verdict.BLOCKED: "▪",
    Verdict.UNTOLD: "?",
    Verdict.LEFT_OUT: "-",
    Verdict.BROKEN: "!",
}
_TOLD = (Verdict.DIFFERS, Verdict.KNOWN, Verdict.BLOCKED, Verdict.UNTOLD, Verdict.BROKEN)


def opening(target: Target, plan: Plan) -> str:
    """What is said of a run before it starts."""
    cost = f"at worst {plan.videos} videos of {plan.seconds} seconds, ${plan.dollars:.2f}"
    return f"{target.name}: {len(plan.chosen)} clauses against {target.base_url}; {cost}"


def terminal(reports: Sequence[Report]) -> str:
    """A row a topic, a column a target; then each difference."""
    parts = [_table(reports), *(_differences(report) for report in reports)]
    return "\n\n".join([*filter(None, parts), *map(summary, reports)])


def _musts(report: Report) -> str:
    """How the clauses went without which an SDK breaks; what nobody looked at is said, too."""

    def count(*verdicts: Verdict) -> int:
        return sum(report.count(verdict, Severity.MUST) for verdict in verdicts)

    parts = [f"{count(Verdict.DIFFERS, Verdict.BLOCKED, Verdict.BROKEN)} not held"]
    if known := count(Verdict.KNOWN):
        parts.append(f"{known} as known")
    if unseen := count(Verdict.LEFT_OUT, Verdict.UNTOLD):
        reasons = {
            one.note.partition(":")[0]
            for one in report.results
            if one.verdict is Verdict.LEFT_OUT and one.clause.severity is Severity.MUST
        }
        parts.append(f"{unseen} not looked at ({'; '.join(sorted(filter(None, reasons)))})")
    return ", ".join(parts)


def summary(report: Report) -> str:
    """The last lines about one target: what holds, what it did cost, what is left."""
    counts = report.counts()
    found = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    lines = [f"{report.target.name}: {found or 'nothing ran'}; must: {_musts(report)}"]
    lines.append(f"  made {report.videos} videos, ${report.dollars:.2f}")
    lines += [f"  should have been refused: {line}" for line in report.accidents]
    lines += [f"  perhaps a video: {line}" for line in report.unknown]
    lines += [f"  left behind: {line}" for line in report.left_behind]
    if report.interrupted:
        lines.append("  interrupted")
    return "\n".join(lines)


def _table(reports: Sequence[Report]) -> str:
    names = [report.target.name for report in reports]
    rows = [["topic", *names]]
    for topic in Topic:
        cells = [_cell(report, topic) for report in reports]
        if any(cells):
            rows.append([topic, *cells])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cell(report: Report, topic: Topic) -> str:
    of_topic = [each for each in report.results if each.clause.topic is topic]
    counted = [
        (mark, sum(each.verdict is verdict for each in of_topic)) for verdict, mark in MARKS.items()
    ]
    return " ".join(f"{mark}{number}" for mark, number in counted if number)


def _differences(report: Report) -> str:
    blocks = [line_of(each) for each in report.results if each.verdict in _TOLD]
    head = f"{report.target.name} ({report.target.base_url})"
    return "\n\n".join([head, *blocks]) if blocks else ""


def line_of(result: Result) -> str:
    """A result that does not hold, in full."""
    clause = result.clause
    head = f"{MARKS[result.verdict]} {clause.id} [{clause.severity}, {result.evidence.grade}]"
    lines = [f"{head} {clause.title}: {result.verdict}"]
    if result.note:
        lines.append(f"    {result.note}")
    if (found := result.difference) is not None:
        lines += [f"    expected {found.expected}", f"    got      {found.got}"]
        lines += [f"    why      {found.why}"] if found.why else []
        lines += [f"    known    {result.evidence.place}: {result.evidence.source}"]
        lines += [f"    again    {found.request}"] if found.request else []
    return "\n".join(lines)


def markdown(reports: Sequence[Report]) -> str:
    """The same as a page: a row a clause, a column a target, then each difference."""
    names = [report.target.name for report in reports]
    told = [line.strip() for report in reports for line in summary(report).split("\n")]
    lines = ["# Contract of the video API", "", *(f"- {escaped(line)}" for line in told), ""]
    lines += [_row(["clause", "severity", "grade", *names]), _row(["---"] * (len(names) + 3))]
    lines += [_clause_row(clause_id, reports) for clause_id in ids(reports)]
    lines += ["", ", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items()), ""]
    for report in reports:
        lines += _sections(report)
    return "\n".join(lines).rstrip("\n") + "\n"


def ids(reports: Sequence[Report]) -> list[str]:
    """The ids of all clauses in the reports, in their order."""
    return list(dict.fromkeys(each.clause.id for report in reports for each in report.results))


def _clause_row(clause_id: str, reports: Sequence[Report]) -> str:
    found = [_of(report, clause_id) for report in reports]
    some = next(each for each in found if each is not None)
    cells = [MARKS[each.verdict] if each else "" for each in found]
    return _row([f"`{clause_id}`", some.clause.severity, some.evidence.grade, *cells])


def _of(report: Report, clause_id: str) -> Result | None:
    return next((each for each in report.results if each.clause.id == clause_id), None)


def _sections(report: Report) -> list[str]:
    told = [each for each in report.results if each.verdict in _TOLD]
    if not told:
        return []
    lines = [f"## {escaped(report.target.name)}", ""]
    for each in told:
        lines += [f"### `{each.clause.id}`: {each.verdict}", "", each.clause.title + ".", ""]
        if each.note:
            lines += [escaped(each.note), ""]
        if (found := each.difference) is not None:
            lines += [f"- expected: {escaped(found.expected)}", f"- got: {escaped(found.got)}"]
            lines += [f"- why: {escaped(found.why)}"] if found.why else []
            lines += ["", *_fenced(found.request), *_fenced(found.answer)]
    return lines


def _fenced(text: str) -> list[str]:
    return ["````text", text, "````", ""] if text else []


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """The text in one line that no table or tag breaks."""
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")
