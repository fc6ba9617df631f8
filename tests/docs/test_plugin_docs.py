"""The documentation of the pytest plugin: its tests pass, its reports are real, it names all.

A `python` block that holds tests is run by pytest, in a folder with the `toml` block that stands
before it in the same section as its configuration. Where a `text` block with a report follows,
a test fails, and the report says so.
"""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from fauxreel import Emulator, pytest_plugin
from fauxreel.handle import Rules, Time
from fauxreel.inspection import Job, Requests, Usage
from fauxreel.journal import Filter, Request
from fauxreel.settings import SPECS
from fauxreel.testing import Handle

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "pytest.md"
# The blocks of this guide are files of an example, and test_app_example.py runs them.
FILES = ROOT / "docs" / "guides" / "replace-your-mocks.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"^(?:async )?def test_", re.MULTILINE)
PLUGIN = Path(pytest_plugin.__file__).read_text()


@dataclass(frozen=True)
class Example:
    place: str
    code: str
    configuration: str
    report: str


def examples():
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]):
        if page == FILES:
            continue
        for section in re.split(r"^## ", page.read_text(), flags=re.MULTILINE):
            yield from examples_of(
                f"{page.relative_to(ROOT)}: {section.partition(chr(10))[0]}", section
            )


def examples_of(place, section):
    blocks = FENCE.findall(section)
    for number, (language, code) in enumerate(blocks):
        if language != "python" or not TEST.search(code):
            continue
        before = [
            text for kind, text in blocks[:number] if kind == "toml" and "[tool.pytest" in text
        ]
        after = [
            text for kind, text in blocks[number + 1 :] if kind == "text" and "fauxreel" in text
        ]
        yield Example(f"{place} {number}", code, "".join(before[-1:]), "".join(after[:1]))


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Runs in this process forget what they import, so all that a test needs is imported before."""
    with Emulator() as emulator:
        emulator.client.videos.list()


def masked(text):
    """Without what differs from run to run: ids, moments, ports, and how long the rulers are."""
    text = re.sub(r"video_(…?)[0-9a-f]+", r"video_\1id", text)
    text = re.sub(r"\+\d+\.\d+s", "+0.0s", text)
    text = re.sub(r"127\.0\.0\.1:\d+(/ns/test-\d+)?", "127.0.0.1:port", text)
    return [re.sub(r"(-|=|_){3,}", "---", line).rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("example", [pytest.param(one, id=one.place) for one in examples()])
def test_an_example_for_pytest_does_what_it_says(example, pytester, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    pytester.makepyfile(test_example=example.code)
    pytester.path.joinpath("pyproject.toml").write_text(example.configuration)

    done = pytester.runpytest_inprocess("-o", "asyncio_default_fixture_loop_scope=function")

    outcomes = done.parseoutcomes()
    outcomes.pop("warnings", None)
    outcomes.pop("warning", None)
    if example.report:
        assert outcomes == {"failed": 1}
        shown = masked("\n".join(done.outlines))
        assert [line for line in masked(example.report) if line not in shown] == []
    else:
        assert set(outcomes) <= {"passed", "xfailed"}, done.outlines
        assert sum(outcomes.values()) >= len(TEST.findall(example.code))


def public(kind):
    names = {*dir(kind), *inspect.get_annotations(kind)}
    return sorted(name for name in names if not name.startswith("_"))


def names_in(heading):
    """The code at the beginning of each row or entry of a section of the reference."""
    section = re.search(
        rf"^## {heading}\n(.*?)(?=^## |\Z)", REFERENCE.read_text(), re.MULTILINE | re.DOTALL
    )[1]
    return sorted(
        name
        for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
        for name in re.findall(r"`(\w+)", row)
    )


# What a handle needs for itself, and what only those who build on it need.
INNER = {
    "call", "close", "close_clients", "look", "new_errors", "on_loop", "project", "serves", "space",
}  # fmt: skip


def test_the_reference_has_each_name_of_the_handle():
    sections = ["Addresses and clients", "What is to happen", "What came of it", "Assertions"]
    written = [name for heading in sections for name in names_in(heading)]

    assert sorted(written) == sorted({*public(Handle), "api_key"} - INNER)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Clock", Time),
        ("Rules", Rules),
        ("Requests", Requests),
        ("A request", Request),
        ("A job", Job),
        ("Usage", Usage),
    ],
)
def test_the_reference_has_each_name_of_a_part(heading, kind):
    assert names_in(heading) == public(kind)


def test_the_reference_says_what_requests_are_matched_by():
    text = REFERENCE.read_text()

    assert [name for name in Filter.__slots__ if f"`{name}`" not in text] == []


def test_the_reference_has_each_fixture():
    fixtures = re.findall(r"@pytest\.fixture\ndef (\w+)", PLUGIN)

    assert names_in("Fixtures") == sorted(fixtures)


def test_the_reference_has_each_option_of_pytest():
    flags = re.findall(r'addoption\(\s+"(.+?)"', PLUGIN)
    entries = re.findall(r'addini\(\s+"(\w+)"', PLUGIN)
    text = REFERENCE.read_text()

    assert flags
    assert entries
    assert [name for name in (*flags, *entries) if f"`{name}" not in text] == []


def test_the_reference_has_each_variable_that_is_set():
    with Emulator() as emulator:
        variables = emulator.environment()

    assert names_in("Variables") == sorted({*variables, "AZURE_OPENAI_AD_TOKEN", "NO_PROXY", "no_proxy"})  # fmt: skip


def test_the_settings_that_the_reference_names_exist():
    section = REFERENCE.read_text().partition("## Settings of a server")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", section)

    assert named
    assert [name for name in named if name not in SPECS] == []
