"""Every example of the documentation runs as a reader would run it, against an own emulator.

`python`, `bash`, `js`, `go`, `toml`, `yaml` and `json` blocks are run or read; `sh` blocks are the
commands that set a reader up, which other tests and .ci/run run.
Blocks of Go run where there is Go; those that import a module, where it can be downloaded, too.
Blocks that import LiteLLM or call its proxy run in an environment that has it: the proxy with the
last `yaml` block before, and all with the variables that the page exports.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from fauxreel import Emulator
from fauxreel.client_variables import client_variables
from fauxreel.media.inspect import inspect

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
SET_UP = re.compile(
    r"(make \w+|pip install .+|npm install .+|fauxreel serve.*|fauxreel exec .+|go get .+|litellm --config .+|export \w+=.+|#.*)?"
)
EXPORT = re.compile(r"^export (\w+)=(.+)$", re.MULTILINE)
PROXY = "http://127.0.0.1:4000"


@dataclass(frozen=True)
class Example:
    page: Path
    line: int
    language: str
    code: str

    @property
    def is_for_pytest(self):
        """Whether it holds tests for pytest, which test_plugin_docs.py runs."""
        return "\ndef test_" in self.code or "\nasync def test_" in self.code

    @property
    def needs_litellm(self):
        return "import litellm" in self.code or PROXY in self.code


def blocks(page):
    text = page.read_text()
    return [
        Example(page, text.count("\n", 0, match.start()) + 1, match[1], match[2])
        for match in FENCE.finditer(text)
    ]


# Each takes a second or more, for the SDK's import alone; .ci/run runs them.
SLOW = ("guides", "reference")


def examples(*languages, litellm=False, slow=()):
    """The blocks in these languages; those of guides and references are slow ones if so asked."""
    return [
        pytest.param(
            block,
            id=f"{page.relative_to(ROOT)}:{block.line}",
            marks=[pytest.mark.slow] if page.parent.name in slow else [],
        )
        for page in PAGES
        for block in blocks(page)
        if not languages
        or (
            block.language in languages
            and block.needs_litellm is litellm
            and not block.is_for_pytest
        )
    ]


def replaced(text, addresses):
    for written, real in addresses.items():
        text = text.replace(written, real)
    return text


@pytest.fixture
def run(tmp_path):
    """Runs a command in an empty folder, with the variables of the README set."""
    with Emulator(queue_seconds=0.1, processing_seconds=0.1) as emulator:

        def run(*command, code):
            path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            variables = client_variables(emulator.root_url, "sk-fauxreel", os.environ)
            return subprocess.run(  # noqa: PLW1510 - the test looks at the status
                (*command, code.replace("http://127.0.0.1:4010", emulator.root_url)),
                cwd=tmp_path,
                env={**os.environ, "PATH": path, **variables},
                capture_output=True,
                text=True,
                timeout=100,
            )

        yield run


def assert_worked(done, folder):
    assert done.returncode == 0, done.stdout + done.stderr
    for name, kind in (("boat.mp4", "video"), ("boat.webp", "thumbnail"), ("boat.jpg", "spritesheet")):  # fmt: skip
        if (folder / name).exists():
            assert inspect(folder / name).kind == kind


@pytest.mark.parametrize("example", examples("python", slow=SLOW))
def test_a_python_example_runs(example, run, tmp_path):
    assert_worked(run(sys.executable, "-c", code=example.code), tmp_path)


@pytest.mark.parametrize("example", examples("bash", slow=SLOW))
def test_a_shell_example_runs(example, run, tmp_path):
    assert_worked(run("bash", "-euo", "pipefail", "-c", code=example.code), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("example", examples("js"))
def test_a_node_example_runs(example, run, tmp_path):
    subprocess.run(["npm", "install", "--silent", "openai@7"], cwd=tmp_path, check=True, timeout=90)
    assert_worked(run("node", "--input-type=module", "-e", code=example.code), tmp_path)
    assert (tmp_path / "boat.mp4").exists() == ("boat.mp4" in example.code)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("go") is None, reason="needs go (Debian's package: golang-go)")
@pytest.mark.parametrize("example", examples("go"))
def test_a_go_example_runs(example, run, tmp_path):
    is_test = "*testing.T" in example.code
    file = tmp_path / ("film_test.go" if is_test else "main.go")
    file.write_text(example.code)
    if shutil.which("gofmt"):
        assert run("gofmt", "-l", code=file.name).stdout == ""
    assert_worked(run("go", "mod", "init", code="example.test/film"), tmp_path)
    for module in re.findall(r'"(github\.com/[^"]+)"', example.code):
        got = run("go", "get", code=module)
        if got.returncode:
            pytest.skip(f"{module} cannot be had here: {got.stderr.splitlines()[-1]}")
    assert_worked(run("go", "test" if is_test else "run", code="."), tmp_path)
    assert (tmp_path / "boat.mp4").exists() == ("boat.mp4" in example.code)


@pytest.mark.slow
def test_the_node_project_passes_its_tests_with_an_emulator_of_its_own(tmp_path):
    project = shutil.copytree(ROOT / "docs" / "examples" / "node", tmp_path / "node")
    subprocess.run(["npm", "install", "--silent"], cwd=project, check=True, timeout=90)
    quick = ("--queue-seconds", "0.1", "--processing-seconds", "0.1")
    command = (sys.executable, "-m", "fauxreel", "exec", *quick, "--", "npm", "test")
    done = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=100, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# pass 6\n# fail 0\n" in done.stdout
    assert "INFO: $0.00 spent instead of $1.60\n" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("example", examples("python", "bash", litellm=True))
def test_an_example_with_litellm_runs(example, addresses, litellm_programs, start_proxy, tmp_path):
    before = [one for one in blocks(example.page) if one.line < example.line]
    exported = EXPORT.findall("".join(one.code for one in blocks(example.page) if one.language == "sh"))  # fmt: skip
    variables = {name: replaced(value, addresses) for name, value in exported}
    if PROXY in example.code:
        config = [one.code for one in before if one.language == "yaml"][-1]
        addresses = addresses | {PROXY: start_proxy(replaced(config, addresses), variables)}
    shell = example.language == "bash"
    own = litellm_programs if "import litellm" in example.code else Path(sys.executable).parent
    program = ("bash", "-euo", "pipefail", "-c") if shell else (own / "python", "-c")
    done = subprocess.run(  # noqa: PLW1510 - assert_worked looks at the status
        (*program, replaced(example.code, addresses)),
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{own}{os.pathsep}{os.environ['PATH']}", **variables},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert_worked(done, tmp_path)


READERS = {"toml": tomllib.loads, "json": json.loads, "yaml": yaml.safe_load}


@pytest.mark.parametrize("example", examples(*READERS))
def test_a_file_in_the_documentation_can_be_read(example):
    assert READERS[example.language](example.code)


@pytest.mark.parametrize("example", examples("sh"))
def test_what_is_not_run_here_only_sets_a_reader_up(example):
    assert [line for line in example.code.splitlines() if not SET_UP.fullmatch(line)] == []


@pytest.mark.parametrize("example", examples())
def test_every_block_has_a_language_that_something_runs(example):
    assert example.language in ("python", "bash", "js", "go", "sh", "text", *READERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page):
    links = LINK.findall(FENCE.sub("", page.read_text()))
    assert [link for link in links if not (page.parent / link).exists()] == []
