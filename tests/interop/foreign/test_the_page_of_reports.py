"""docs/reports/README.md names what was run."""

import re
from pathlib import Path

import pytest

from fauxreel_contracts.profile import named

REPORTS = Path(__file__).parents[3] / "docs" / "reports"
PAGE = (REPORTS / "README.md").read_text()


@pytest.mark.parametrize("name", ["litellm-proxy", "qvac", "fastvideo"])
def test_the_page_names_the_version_that_the_profile_is_of(name):
    (version,) = re.findall(r"\d+\.\d+\.\d+", named(name).source)
    (row,) = [line for line in PAGE.splitlines() if f"]({name}.md)" in line]
    assert f"| {version} |" in row


def test_the_page_leads_to_every_report():
    kept = {path.name for path in REPORTS.iterdir()} - {"README.md"}
    assert set(re.findall(r"\]\(([\w-]+\.(?:md|json))\)", PAGE)) == kept
    assert {name.removesuffix(".md") for name in kept if name.endswith(".md")} == {
        name.removesuffix(".json") for name in kept if name.endswith(".json")
    }
