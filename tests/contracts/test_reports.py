"""What is written of a run: for people, and for programs."""

import json
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from altered import QUICK, altered, clause
from fauxreel import Emulator
from fauxreel_contracts.matrix import markdown, opening, terminal
from fauxreel_contracts.page import html
from fauxreel_contracts.records import as_json, as_junit, printable
from fauxreel_contracts.registry import CLAUSES, select
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import Run, run
from fauxreel_contracts.target import Options, resolve

KEY = "sk-secret-of-the-test"
PATTERNS = ["create.answer.*", "create.seconds.enum*", "list.answer.shape", "authentication.key"]
PROFILE = """
dialect = "openai"
source = "a test"
[capabilities]
fields_missing = ["prompt"]
[deviations]
"create.answer.types" = "seconds is a number"
"""


def erring(passage):
    if passage.creates and passage.status == 200:
        passage.answer({**passage.json, "seconds": 4, "zoom": f"<b>|{KEY}\x1b"})


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """One target that errs, with a profile that knows of some of it, and one that does not."""
    profile = tmp_path_factory.mktemp("profiles") / "odd.toml"
    profile.write_text(PROFILE)
    clauses = select(PATTERNS)
    with altered(erring) as odd, Emulator(**QUICK) as even:
        options = Options(url=odd.base_url, profile=str(profile), key_variable="MINE")
        return [
            run(resolve("odd", options, {"MINE": KEY}), clauses),
            run(resolve("even", Options(url=even.base_url), {}), clauses),
        ]


def verdicts(report):
    return {result.clause.id: result.verdict for result in report.results}


def test_what_a_profile_knows_of_differs_as_known_and_the_rest_newly(reports):
    assert verdicts(reports[0]) == {
        "create.answer.types": Verdict.KNOWN,
        "create.answer.keys": Verdict.LEFT_OUT,
        "create.answer.order": Verdict.DIFFERS,
        "create.answer.no-extras": Verdict.HOLDS,
        "create.answer.nulls": Verdict.HOLDS,
        "create.seconds.enum": Verdict.HOLDS,
        "create.seconds.enum.words": Verdict.HOLDS,
        "list.answer.shape": Verdict.HOLDS,
        "authentication.key": Verdict.HOLDS,
    }
    assert set(verdicts(reports[1]).values()) == {Verdict.HOLDS}


def test_only_a_must_that_newly_differs_is_a_failure(reports):
    assert [report.fails() for report in reports] == [False, False]
    assert [report.fails(strict=True) for report in reports] == [False, False]


def test_a_must_that_differs_is_a_failure():
    with altered(erring) as emulator:
        report = run(resolve("x", Options(url=emulator.base_url), {}), select(PATTERNS))

    assert report.fails()


def test_strictly_a_should_is_a_failure_too():
    def unlisted(passage):
        if passage.lists:
            passage.answer({**passage.json, "data": [], "has_more": False})

    with altered(unlisted) as emulator:
        report = run(resolve("x", Options(url=emulator.base_url), {}), select(["list.contains"]))

    assert (report.fails(), report.fails(strict=True)) == (False, True)


def test_what_needs_a_video_that_was_not_made_is_blocked_and_a_failure():
    def refusing(passage):
        if passage.creates:
            passage.answer({"error": {"message": "no"}}, 500)

    with altered(refusing) as emulator:
        target = resolve("x", Options(url=emulator.base_url), {})
        report = run(target, select(["create.form", "content.video"]))

    assert report.fails()
    assert [(result.verdict, result.note) for result in report.results] == [
        (Verdict.DIFFERS, ""),
        (
            Verdict.BLOCKED,
            'the first shared video was not made: 500 {"error":{"message":"no"}}',
        ),
    ]


def test_a_server_that_is_not_there_differs_in_everything():
    with Emulator() as gone:
        url = gone.base_url
    report = run(resolve("x", Options(url=url), {}), select(["create.form", "list.answer.shape"]))

    assert [result.verdict for result in report.results] == [Verdict.DIFFERS] * 2
    assert report.results[1].difference.got.startswith("GET /videos got no answer: ")
    assert report.unknown == ("POST /videos",)


def test_a_defect_of_a_clause_is_told_apart_and_a_failure():
    with Emulator(**QUICK) as emulator:
        target = resolve("x", Options(url=emulator.base_url), {})
        report = run(target, [clause("create.broken", check=lambda session: 1 / 0)])

    assert [(result.verdict, result.note) for result in report.results] == [
        (Verdict.BROKEN, "ZeroDivisionError: division by zero")
    ]
    assert report.fails()


def test_json_is_as_its_schema_says(reports):
    schema = json.loads((files("fauxreel_contracts") / "report.schema.json").read_text("utf-8"))
    document = json.loads(as_json(reports))

    jsonschema.Draft202012Validator(schema).validate(document)
    assert [target["name"] for target in document["targets"]] == ["odd", "even"]
    assert len(document["targets"][0]["results"]) == 9


def test_junit_has_a_suite_a_target_and_a_case_a_clause(reports):
    root = ET.fromstring(as_junit(reports))

    assert [dict(suite.attrib) for suite in root] == [
        {"name": "odd", "tests": "9", "failures": "1", "errors": "0", "skipped": "2"},
        {"name": "even", "tests": "9", "failures": "0", "errors": "0", "skipped": "0"},
    ]
    (failure,) = root.iter("failure")
    assert failure.attrib["type"] == "may"
    assert "create.answer.order" in failure.text


def test_a_character_that_no_xml_holds_is_replaced():
    assert printable("a\x1bb\ttab\n") == "a�b\ttab\n"


class Page(HTMLParser):
    """The tags of a page that would load something, and its rows."""

    def __init__(self):
        super().__init__()
        self.loads, self.rows = [], 0

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
        self.loads += [name for name, _ in attrs if name in ("src", "href")]


def test_html_needs_nothing_else_and_has_a_row_a_clause(reports):
    text = html(reports)
    page = Page()
    page.feed(text)

    assert (page.loads, page.rows) == ([], 10)
    assert "<b>" not in text
    assert "curl -sS -i http://" in text


@pytest.mark.parametrize("write", [as_json, as_junit, markdown, html, terminal])
def test_no_report_holds_the_key(reports, write):
    text = write(reports)

    assert KEY not in text
    assert "$MINE" in text


def test_a_row_of_markdown_stays_one_row(reports):
    rows = [line for line in markdown(reports).splitlines() if line.startswith("| `")]

    assert rows[0] == "| `create.answer.types` | must | verbatim | ≠ | ✓ |"
    assert len(rows) == 9


def test_the_terminal_shows_targets_side_by_side_and_each_difference_in_full(reports):
    lines = terminal(reports).splitlines()

    assert lines[:2] == ["topic           odd          even", "create          ✓2 ✗1 ≠1 -1  ✓5"]
    head = "≠ create.answer.types [must, verbatim] What the SDKs declare is there"
    assert f"{head}, with the types that they declare: differs as known" in lines
    assert "    expected `seconds` to be a string" in lines
    assert "    got      4" in lines
    assert lines[-1] == "  made 1 videos, $0.40"


def test_what_a_run_costs_at_worst_is_said_before_it():
    target = resolve("it", Options(url="http://127.0.0.1:1/v1"), {})

    assert opening(target, Run(target, select(["create.seconds.enum"])).plan) == (
        "it: 1 clauses against http://127.0.0.1:1/v1; at worst 1 videos of 10 seconds, $1.00"
    )


def test_every_clause_can_be_reported_as_left_out():
    target = resolve("far", Options(url="https://a.test/v1"), {})
    chosen = Run(target, CLAUSES).plan.chosen

    assert all(clause.free for clause in chosen)
