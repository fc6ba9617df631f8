"""What all tests share: a clean environment, and LiteLLM in one of its own for the slow ones."""

import os
import signal
import subprocess
import sys

import pytest

# Must stand in the topmost conftest; tests/plugin runs pytest within pytest.
pytest_plugins = ["pytester"]

# The version whose wire the emulator imitates. It asks for packages so new that an index may
# lack them; those of the one before will do.
LITELLM = "1.109.1"
WITH_PACKAGES = "1.106.2"


def pytest_configure():
    """Signals mean what they mean at a terminal, also where a script runs this in its background.

    There Ctrl-C and the end of the terminal are ignored, and so they are in what tests start.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(config, items):
    """Leaves the nightly tests out, also of `-m "not slow"`, unless they are asked for."""
    if "nightly" not in config.option.markexpr:
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]


@pytest.fixture(autouse=True)
def _no_settings_from_the_shell(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("FAUXREEL_", "OPENAI_", "AZURE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def litellm_programs(tmp_path_factory):
    """The folder of programs of a virtual environment with LiteLLM and its proxy.

    It takes minutes to make, so that workers side by side share one.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _with_litellm(tmp_path_factory.mktemp("litellm"))
    import fcntl  # which Windows lacks

    folder = tmp_path_factory.getbasetemp().parent / "litellm"
    with (folder.parent / "litellm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made"
        if not made.exists():
            _with_litellm(folder)
            made.touch()
    return folder / "bin"


def _with_litellm(folder):
    subprocess.run((sys.executable, "-m", "venv", folder), check=True, timeout=120)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"
    _pip(python, "--upgrade", "pip")
    _pip(python, f"litellm[proxy]=={WITH_PACKAGES}")
    _pip(python, "--no-deps", f"litellm=={LITELLM}")
    return programs


def _pip(python, *wanted):
    command = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        pytest.fail(f"pip did not install {' '.join(wanted)} within 300 s")
    if done.returncode:
        pytest.fail(f"pip could not install {' '.join(wanted)}:\n{done.stdout}\n{done.stderr}")
