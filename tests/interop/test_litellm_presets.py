"""What the litellm package raises for each error of a rule; the page that says so is read here."""

import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from fauxreel import Emulator
from fauxreel.faults.presets import PRESETS

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sdk-exceptions.md"
TABLE = PAGE.read_text().partition("### From either provider\n")[2]
ROWS = [line.replace("`", "").split(" | ") for line in re.findall(r"^\| (.+) \|$", TABLE, re.MULTILINE)[2:]]  # fmt: skip
RULES = [row[0] for row in ROWS]
AGAIN = "error=server_error accepted=true retry_after=0.01"
CASES = [(provider, form) for provider in ("openai", "azure") for form in ("sync", "async")]


@pytest.fixture(scope="module")
def found(litellm):
    """By case: what was raised, and what the emulator then had; the import alone takes seconds."""
    with ExitStack() as stack:
        emulators = [stack.enter_context(Emulator(clock="manual")) for _ in CASES]
        asked = [
            (provider, one.base_url if provider == "openai" else one.root_url, form)
            for (provider, form), one in zip(CASES, emulators, strict=True)
        ]
        rules = json.dumps([*RULES, AGAIN])
        said = litellm.run("litellm_presets.py", json.dumps(asked), rules)
        raised = json.loads(said.splitlines()[-1])
        spaces = [one.app.space for one in emulators]
        return dict(zip(CASES, zip(raised, spaces, strict=True), strict=True))


def test_the_page_has_a_row_for_each_preset():
    assert RULES[: len(PRESETS)] == [f"error={name}" for name in PRESETS]


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_the_package_raises_what_the_page_says(found, case):
    raised = {rule: one for rule, one in found[case][0].items() if rule != AGAIN}
    openai = case[0] == "openai"
    assert raised == {
        row[0]: [row[1], int(row[2])] if openai else [row[3], int(row[4])] for row in ROWS
    }


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_the_package_never_sends_a_create_again(found, case):
    raised, space = found[case]
    requests = space.journal.requests()
    # A redirect to the same place is followed until it is too often.
    counted = [request for request in requests if request.faults != ("redirect",)]
    assert len(counted) == len({*RULES, AGAIN} - {"redirect"})
    assert raised[AGAIN] == ["InternalServerError", 500]
    assert (requests[-1].status, requests[-1].accepted) == (500, True)
    made = [request for request in requests if request.accepted]
    assert [account.jobs for account in space.ledger.accounts()] == [len(made)]
