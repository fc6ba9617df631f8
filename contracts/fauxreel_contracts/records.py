"""Reports for programs: JSON, as `report.schema.json` describes it, and JUnit."""

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from fauxreel_contracts.matrix import line_of
from fauxreel_contracts.result import Report, Result, Verdict

VERSION = 1


def as_json(reports: Sequence[Report]) -> str:
    """All reports as JSON."""
    return json.dumps(document(reports), ensure_ascii=False, indent=2) + "\n"


def document(reports: Sequence[Report]) -> dict[str, Any]:
    """All reports as plain values."""
    return {"version": VERSION, "targets": [_target(report) for report in reports]}


def _target(report: Report) -> dict[str, Any]:
    target = report.target
    return {
        "name": target.name,
        "url": target.base_url,
        "dialect": str(target.dialect),
        "profile": target.profile.name,
        "cost": {
            "worst_videos": report.worst_videos,
            "worst_dollars": round(report.worst_dollars, 4),
            "videos": report.videos,
            "dollars": round(report.dollars, 4),
        },
        "accidents": list(report.accidents),
        "unknown": list(report.unknown),
        "left_behind": list(report.left_behind),
        "interrupted": report.interrupted,
        "counts": {str(verdict): report.count(verdict) for verdict in Verdict},
        "results": [_result(each) for each in report.results],
    }


def _result(result: Result) -> dict[str, Any]:
    clause, evidence, found = result.clause, result.evidence, result.difference
    return {
        "id": clause.id,
        "title": clause.title,
        "topic": str(clause.topic),
        "severity": str(clause.severity),
        "evidence": {
            "grade": str(evidence.grade),
            "place": evidence.place,
            "source": evidence.source,
            "as_of": evidence.as_of,
        },
        "verdict": str(result.verdict),
        "seconds": round(result.seconds, 3),
        "note": result.note,
        "difference": None
        if found is None
        else {
            "expected": found.expected,
            "got": found.got,
            "why": found.why,
            "request": found.request,
            "answer": found.answer,
        },
    }


_FAILURES = (Verdict.DIFFERS, Verdict.BLOCKED)
_SKIPPED = (Verdict.LEFT_OUT, Verdict.UNTOLD, Verdict.KNOWN)


def as_junit(reports: Sequence[Report]) -> str:
    """All reports as JUnit's XML: a suite a target, a case a clause."""
    root = ET.Element("testsuites", name="fauxreel contracts")
    for report in reports:
        failures = sum(each.verdict in _FAILURES for each in report.results)
        skipped = sum(each.verdict in _SKIPPED for each in report.results)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=report.target.name,
            tests=str(len(report.results)),
            failures=str(failures),
            errors=str(report.count(Verdict.BROKEN)),
            skipped=str(skipped),
        )
        for each in report.results:
            _case(suite, report, each)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, report: Report, result: Result) -> None:
    clause = result.clause
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{report.target.name}.{clause.topic}",
        name=clause.id,
        time=f"{result.seconds:.3f}",
    )
    text = printable(line_of(result))
    if result.verdict in _FAILURES:
        failure = ET.SubElement(case, "failure", message=clause.title, type=clause.severity)
        failure.text = text
    elif result.verdict is Verdict.BROKEN:
        ET.SubElement(case, "error", message=printable(result.note)).text = text
    elif result.verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=printable(result.note or result.verdict))


def printable(text: str) -> str:
    """The text without characters that no XML may hold."""
    return "".join(c if c in "\t\n" or (c.isprintable() and c < "\ud800") else "�" for c in text)
