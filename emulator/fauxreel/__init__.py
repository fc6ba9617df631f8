"""A mock of the video generation APIs of OpenAI and Azure, for tests and for work offline.

Only the version is loaded here: `Emulator` and `create_app` come from the modules that define
them, when they are asked for, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fauxreel.app import create_app
    from fauxreel.clock import ManualClock
    from fauxreel.embed import Emulator
    from fauxreel.settings import Settings

__all__ = ["Emulator", "ManualClock", "Settings", "__version__", "create_app"]

__version__ = "0.1.0"

_HOMES = {
    "Emulator": "fauxreel.embed",
    "ManualClock": "fauxreel.clock",
    "Settings": "fauxreel.settings",
    "create_app": "fauxreel.app",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'fauxreel' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
