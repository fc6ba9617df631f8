"""What was measured on, and which versions of what: without names of machines and folders."""

import json
import os
import platform
import re
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.targets import RIVALS

_PACKAGES = (
    *("fauxreel", "starlette", "uvicorn", "uvloop", "httptools", "python-multipart"),
    "msgspec",
)
_RIVALS = {
    "aimock": "@copilotkit/aimock",
    "prism": "@stoplight/prism-cli",
    "steady": "@stdy/cli",
}


def machine() -> dict[str, Any]:
    """The machine, and how busy it was before the measurements."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "date": time.strftime("%Y-%m-%d"),
    }


def versions() -> dict[str, str]:
    """The versions of all that takes part."""
    found = {name: _installed(name) for name in _PACKAGES}
    for name, package in _RIVALS.items():
        about = RIVALS / "node_modules" / package / "package.json"
        if about.exists():
            found[name] = json.loads(about.read_text())["version"]
    found["node"] = _said(["node", "--version"], r"v([\d.]+)")
    found["wrk"] = _said(["wrk", "--version"], r"wrk \S*?([\d.]+)")
    found["commit"] = _said(["git", "rev-parse", "--short", "HEAD"], r"(\w+)")
    return {name: one for name, one in found.items() if one}


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", about.read_text()) if about.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _said(command: list[str], pattern: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    found = re.search(pattern, done.stdout + done.stderr)
    return found[1] if found else ""
