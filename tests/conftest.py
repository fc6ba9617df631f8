"""What all tests share: no key, proxy or setting of the developer's shell reaches a test."""

import os

import pytest


@pytest.fixture(autouse=True)
def _no_settings_from_the_shell(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("FAUXREEL_", "OPENAI_", "AZURE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
