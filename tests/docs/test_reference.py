"""The reference names all there is: settings, errors, routes, commands, and no flag that is not.

Some pages are generated; after a change of their tables, write them again with
`python -m fauxreel.reference_pages docs/reference`.
"""

import argparse
import re
from pathlib import Path

import pytest

from fauxreel import pytest_plugin
from fauxreel.app import create_app
from fauxreel.cli import _parser
from fauxreel.control.readiness import Readiness
from fauxreel.control.routes import Control
from fauxreel.domain.models import Models
from fauxreel.faults.conditions import CONDITIONS, COUNTS
from fauxreel.faults.grammar import FAULTS, KINDS, OUTCOMES
from fauxreel.faults.outcomes import FAILURES
from fauxreel.faults.presets import PRESETS
from fauxreel.reference_pages import PAGES, write_pages
from fauxreel.scenarios import SCENARIOS
from fauxreel.settings import Settings
from fauxreel.space import Space
from fauxreel.wire.credentials import Keys
from fauxreel_contracts import pytest_plugin as contracts_plugin
from fauxreel_contracts.cli import parser as contracts_parser

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
WRITTEN = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
SECTION = re.compile(r"^## `(.+)`\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
# Flags of programs that the guides and the reports call beside ours.
OTHERS = {"--test", "--data-raw", "--form-string", "--openai"}
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]\b(?!-)")
# Those that the plugin gives to pytest.
PYTEST_FLAGS = {
    flag
    for plugin in (pytest_plugin, contracts_plugin)
    for flag in FLAG.findall(Path(plugin.__file__).read_text())
}


def sections(name):
    return dict(SECTION.findall((REFERENCE / name).read_text()))


def control_routes():
    settings = Settings()
    control = Control(Space(settings, Models()), settings, Keys((), 0), Readiness())
    return [
        f"{method} {route.path}"
        for route in control.routes()
        for method in route.app.operations
        if method != "HEAD"
    ]


def paths_of_surfaces():
    """The path of each route below the prefix of its surface, as the page of surfaces writes it."""
    prefix = re.compile(r"(/openai/v1/video/generations|/openai/v1|/litellm/v1|/litellm|/v1|)(?=/)")
    routes = create_app(Settings(azure_specified_routes=True)).dispatch.routes
    paths = {
        route.path for route in routes if not route.path.startswith(("/_fauxreel", "/openapi."))
    }
    names = re.compile(r"\{(?:video|character)_id\}")
    return sorted(
        {names.sub("{id}", prefix.sub("", path, count=1)).replace(":path", "") for path in paths}
    )


def commands(parser=None, name="fauxreel"):
    """Each command that does something, by its full name."""
    parser = parser or _parser()
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not groups:
        return {name: parser}
    return {
        full: command
        for group in groups
        for word, below in group.choices.items()
        for full, command in commands(below, f"{name} {word}").items()
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name, tmp_path):
    write_pages(tmp_path)
    assert (REFERENCE / name).read_text() == (tmp_path / name).read_text(), (
        f"docs/reference/{name} is out of date; write it again with "
        "`python -m fauxreel.reference_pages docs/reference`"
    )


def test_the_control_api_page_has_a_section_for_each_route():
    assert sorted(sections("control-api.md")) == sorted(control_routes())


@pytest.mark.parametrize("route", control_routes())
def test_a_route_of_the_control_api_has_an_example_that_calls_it(route):
    path = route.partition(" ")[2].removeprefix("/_fauxreel").replace("{video_id}", "$id")
    path = path.replace("{rule_id}", "$id")
    examples = re.findall(r"```bash\n(.*?)```", sections("control-api.md")[route], re.DOTALL)
    assert any(f"{path}\n" in e or f"{path} " in e or f'{path}"' in e for e in examples)


@pytest.mark.parametrize("path", paths_of_surfaces())
def test_the_page_of_surfaces_names_each_path(path):
    assert f" {path}`" in (REFERENCE / "surfaces.md").read_text()


def test_the_commands_page_has_a_section_for_each_command():
    assert sorted(sections("commands.md")) == sorted(commands())


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("faults.md", FAULTS),
        ("outcomes.md", OUTCOMES),
        ("scenarios.md", SCENARIOS),
    ],
)
def test_a_page_has_a_section_for_each_name(page, names):
    assert list(sections(page)) == list(names)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_section_of_a_fault_or_outcome_has_an_example_and_its_keys(kind):
    section = sections("faults.md" if kind.name in FAULTS else "outcomes.md")[kind.name]
    assert f"```text\n{kind.example}\n```" in section
    assert [name for name in kind.options if f"| `{name}` | " not in section] == []


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("faults.md", PRESETS),
        ("outcomes.md", FAILURES),
        ("rules.md", {*CONDITIONS, *COUNTS}),
        ("rules.md", {name for kind in KINDS.values() for name in kind.options}),
    ],
    ids=["errors", "failures", "conditions", "options"],
)
def test_a_page_names_each_key_and_value(page, names):
    text = (REFERENCE / page).read_text()
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", PRESETS)
def test_an_error_by_name_has_the_status_that_its_help_says(name):
    status = PRESETS[name].help.partition(",")[0]
    assert f"| `{name}` | {status} | " in (REFERENCE / "faults.md").read_text()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_flags_that_exist(page):
    kit = contracts_parser(["diff", "probe", "fuzz"])
    parsers = [_parser(), *commands().values(), *commands(kit, "fauxreel contracts").values()]
    known = {option for one in parsers for option in one._option_string_actions}
    known |= OTHERS | PYTEST_FLAGS
    # What stands in blocks of text shows mistakes, too.
    text = re.sub(r"^```text\n.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert sorted(set(FLAG.findall(text)) - known) == []
