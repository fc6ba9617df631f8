"""The applications in docs/examples run as a reader runs them, and their tests find what they say."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import openai
import pytest
from packaging.requirements import Requirement

from fauxreel import Emulator, __version__
from fauxreel.media.inspect import inspect

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
GUIDE = ROOT / "docs" / "guides" / "replace-your-mocks.md"
# Plugins that a reader of the examples need not have, and that speak up at each start.
PLAIN = ("-p", "no:asyncio", "-p", "no:cacheprovider", "-W", "ignore:The Sora API:DeprecationWarning")  # fmt: skip

# A mistake of before/film.py put into after/film.py, and the tests that notice it there.
MISTAKES = {
    "a length that does not exist": (
        'seconds="4"',
        'seconds="5"',
        {"made", "says", "told", "harm[False]", "harm[True]"},
    ),
    "a state that is forgotten": (
        "video = client.videos.poll(order(client, prompt).id)",
        """video = order(client, prompt)
    while video.status == "queued":
        video = client.videos.retrieve(video.id)""",
        {"made", "says", "told", "harm[False]", "harm[True]"},
    ),
    "a state that does not exist": ('== "failed"', '== "error"', {"told"}),
    "a wrong type of file": ("poster.webp", "poster.jpg", {"says"}),
    "a second job": ("new[0] if new else send(client, prompt)", "send(client, prompt)", {"harm[True]"}),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Runs in this process forget what they import, so all that a test needs is imported before."""
    with Emulator() as emulator:
        emulator.client.videos.list()


def copied(name, folder):
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(EXAMPLES / name, folder / Path(name).name, ignore=ignored))


def run(*command, folder, **variables):
    return subprocess.run(  # noqa: PLW1510 - the test looks at the status
        (sys.executable, *command),
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )


def last_words(nodeid):
    """What tells the tests of the film apart: the end of a test's name."""
    return nodeid.rpartition("_")[2]


def test_the_tests_of_the_application_pass(tmp_path):
    done = run("-m", "pytest", *PLAIN, folder=copied("python-app", tmp_path))

    assert re.search(r"^=+ \d+ passed in ", done.stdout, re.MULTILINE), done.stdout + done.stderr


def test_the_application_runs_as_a_program(tmp_path):
    folder = copied("python-app", tmp_path)
    with Emulator(queue_seconds=0, processing_seconds=0, seed=1) as emulator:
        variables = {"OPENAI_BASE_URL": emulator.base_url, "OPENAI_API_KEY": emulator.api_key}
        done = run("clips.py", "A paper boat", "boat.mp4", folder=folder, **variables)

    assert done.returncode == 0, done.stderr
    stamp = inspect(folder / "boat.mp4").stamp
    assert (stamp.id, stamp.prompt) == (done.stdout.strip(), "A paper boat")


def test_the_application_wants_packages_that_there_are():
    project = tomllib.loads((EXAMPLES / "python-app" / "pyproject.toml").read_text())

    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    versions = {"openai": openai.__version__, "pytest": pytest.__version__, "fauxreel": __version__}
    assert {Requirement(one).name for one in wanted} == set(versions)
    for one in map(Requirement, wanted):
        assert one.specifier.contains(versions[one.name], prereleases=True)


def test_the_mocks_are_content_with_all_mistakes(pytester):
    copied("replace-your-mocks/before", pytester.path)

    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=3)


def test_the_emulator_is_content_without_them(pytester):
    copied("replace-your-mocks/after", pytester.path)

    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=5)


def test_the_emulator_is_not_content_with_the_old_program(pytester):
    copied("replace-your-mocks/after", pytester.path)
    shutil.copy(EXAMPLES / "replace-your-mocks" / "before" / "film.py", pytester.path / "after")

    done = pytester.runpytest_inprocess(*PLAIN)

    done.assert_outcomes(failed=5)
    (told,) = re.findall(r"^openai\..+", GUIDE.read_text(), re.MULTILINE)
    assert told in {line.removeprefix("E").strip() for line in done.outlines}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_emulator_notices_each_mistake(pytester, mistake):
    good, bad, noticed = MISTAKES[mistake]
    film = copied("replace-your-mocks/after", pytester.path) / "film.py"
    assert good in film.read_text()
    film.write_text(film.read_text().replace(good, bad))

    reports = pytester.inline_run(*PLAIN).getreports("pytest_runtest_logreport")

    assert {last_words(one.nodeid) for one in reports if one.failed} == noticed


@pytest.mark.parametrize("part", ["before/film.py", "before/test_film.py", "after/film.py", "after/test_film.py"])  # fmt: skip
def test_the_guide_shows_the_files_as_they_are(part):
    assert (
        f"```python\n{(EXAMPLES / 'replace-your-mocks' / part).read_text()}```" in GUIDE.read_text()
    )
