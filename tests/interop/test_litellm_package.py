"""The litellm package, sync and async, against the emulator as OpenAI and as Azure."""

import json
from contextlib import ExitStack

import pytest

from fauxreel import Emulator

pytestmark = pytest.mark.slow

STARTED = 1767225600
CASES = [(provider, form) for provider in ("openai", "azure") for form in ("sync", "async")]


def answers(litellm, script):
    """What a driver gave in each case; one run for all, since the import alone takes seconds."""
    with ExitStack() as emulators:
        asked = []
        for provider, form in CASES:
            emulator = Emulator(clock="auto", azure_specified_routes=True)
            emulators.enter_context(emulator)
            base = emulator.base_url if provider == "openai" else emulator.root_url
            asked.append((provider, base, form))
        said = litellm.run(script, json.dumps(asked))
    return dict(zip(CASES, json.loads(said.splitlines()[-1]), strict=True))


@pytest.fixture(scope="module")
def calls(litellm):
    return answers(litellm, "litellm_calls.py")


@pytest.fixture(scope="module")
def exceptions(litellm):
    return answers(litellm, "litellm_exceptions.py")


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_every_video_function_gives_what_the_emulator_has(calls, case):
    found = dict(calls[case])
    video = found.pop("video")
    assert found == {
        "version": "1.109.1",
        "id": f"litellm:custom_llm_provider:{case[0]};model_id:sora-2;video_id:RAW",
        "seen": ["queued", "queued", "in_progress", "in_progress", "completed"],
        "kind": "ftyp",
        "stamped with the id": True,
        "made from it": [
            [True, "8", "1280x720"],
            [True, "8", "1280x720"],
            [True, "12", "1280x720"],
        ],
        "newest two listed": True,
    }
    assert (video["seconds"], video["size"], video["model"]) == ("8", "1280x720", "sora-2")
    assert (video["created_at"], video["usage"]) == (STARTED, {"duration_seconds": 8.0})


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_refusals_become_the_packages_own_exceptions(exceptions, case):
    assert exceptions[case] == {
        "bad key": ["AuthenticationError", 401],
        "bad key, retrieve": ["AuthenticationError", 401],
        "bad seconds": ["BadRequestError", 400],
        "bad size": ["BadRequestError", 400],
        "unknown id": ["NotFoundError", 404],
        "unknown id, content": ["NotFoundError", 404],
        "unknown id, remix": ["NotFoundError", 404],
    }
