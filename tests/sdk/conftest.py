"""The official SDK against an emulator on a real socket, its clock moved by the test."""

import pytest
from openai import AsyncOpenAI, OpenAI

from fauxreel import Emulator, ManualClock


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def emulator(clock):
    with Emulator(clock=clock, queue_seconds=10, processing_seconds=60, seed=7) as emulator:
        yield emulator


@pytest.fixture
def client(emulator):
    with OpenAI(base_url=emulator.base_url, api_key=emulator.api_key, max_retries=0) as client:
        yield client


@pytest.fixture
def make_async_client(emulator):
    return lambda: AsyncOpenAI(base_url=emulator.base_url, api_key=emulator.api_key, max_retries=0)
