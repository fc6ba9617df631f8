"""What importing costs: a server that starts late is a server that tests do not wait for."""

import subprocess
import sys

import pytest

# What Starlette brings along differs with its version and Python's.
_STARLETTES_OWN = {"anyio", "exceptiongroup", "idna", "sniffio", "typing_extensions"}
_MSGSPECS_OWN = {"typing_extensions"}

ADDED = """
import sys
before = {name.partition(".")[0] for name in sys.modules}
%s
after = {name.partition(".")[0] for name in sys.modules}
print(*sorted(after - before - sys.stdlib_module_names), file=sys.stderr)
"""


def added_by(statements: str) -> set[str]:
    """The top-level modules beyond the standard library that the statements import."""
    done = subprocess.run(
        [sys.executable, "-c", ADDED % statements], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def added_by_command(arguments: list[str]) -> set[str]:
    """The same of a command that ends well."""
    return added_by(
        "from fauxreel.cli import main\n"
        f"try: main({arguments})\n"
        "except SystemExit as end: assert not end.code\n"
    )


def test_the_package_imports_nothing_but_itself():
    assert added_by("import fauxreel") == {"fauxreel"}


def test_the_application_imports_a_web_framework_and_a_form_parser():
    added = added_by("import fauxreel.app")

    assert added - _STARLETTES_OWN == {"fauxreel", "msgspec", "python_multipart", "starlette"}


def test_the_server_imports_little_more():
    added = added_by("import fauxreel.serve")

    # The name of a main module is multiprocessing's, which uvicorn imports.
    assert added - _STARLETTES_OWN - {"__mp_main__"} == {
        "click",
        "fauxreel",
        "msgspec",
        "python_multipart",
        "starlette",
        "uvicorn",
    }


@pytest.mark.parametrize("module", ["fauxreel.app", "fauxreel.serve", "fauxreel.embed"])
def test_what_is_heavy_waits_until_it_is_needed(module):
    assert not added_by(f"import {module}") & {
        "PIL",
        "faker",
        "httpx",
        "httpx2",
        "imageio_ffmpeg",
        "openai",
        "prometheus_client",
        "pydantic",
        "rich",
        "schemathesis",
        "typer",
    }


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["wait", "--help"]])
def test_commands_without_settings_import_nothing(arguments):
    assert added_by_command(arguments) == {"fauxreel"}


@pytest.mark.parametrize("arguments", [["serve", "--help"], ["exec", "--help"], ["settings"]])
def test_commands_that_only_speak_import_no_server(arguments):
    assert added_by_command(arguments) - _MSGSPECS_OWN == {"fauxreel", "msgspec"}


def test_a_video_is_made_and_downloaded_without_pillow_faker_and_pydantic():
    added = added_by(
        "from http.client import HTTPConnection\n"
        "from fauxreel import Emulator\n"
        "with Emulator(queue_seconds=0, processing_seconds=0) as emulator:\n"
        "    client = HTTPConnection(emulator.root_url.removeprefix('http://'))\n"
        "    def ask(method, path, body=None):\n"
        "        client.request(method, path, body, {'Authorization': 'Bearer sk-x',\n"
        "                                            'Content-Type': 'application/json'})\n"
        "        answer = client.getresponse()\n"
        "        return answer.status, answer.read()\n"
        "    import json\n"
        "    _, video = ask('POST', '/v1/videos', '{\"prompt\": \"a cat\"}')\n"
        "    path = '/v1/videos/' + json.loads(video)['id']\n"
        "    assert ask('GET', path)[0] == 200\n"
        "    assert ask('GET', path + '/content')[0] == 200\n"
        "    client.close()\n"
    )

    assert not added & {"PIL", "faker", "imageio_ffmpeg", "prometheus_client", "pydantic"}
    assert {"fauxreel", "starlette", "uvicorn"} <= added
