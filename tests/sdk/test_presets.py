"""What the OpenAI SDK raises for each error that a rule asks for, and how often it tries again.

The page of the reference that says so is read here, row by row.
"""

import asyncio
import json
import re
from pathlib import Path

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from fauxreel import Emulator
from fauxreel.faults.presets import PRESETS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sdk-exceptions.md"
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
CREATE = {"model": "sora-2", "prompt": "a cat"}
# Long enough for an answer on a loaded machine; the faults that it is for last for ever.
TIMEOUT = 0.5


def rows(title):
    """The rows of the table below a title, their words without backticks."""
    (text,) = re.findall(
        rf"^### {title}\n(.*?)(?=^##|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    lines = [line.replace("`", "").split(" | ") for line in ROW.findall(text)[2:]]
    return [pytest.param(*line, id=" ".join(line[:2])) for line in lines]


OPENAI, AZURE = rows("From OpenAI"), rows("From Azure")
ERRORS = [pytest.param("/v1", *row.values, id=f"openai {row.id}") for row in OPENAI]
ERRORS += [pytest.param("/openai/v1", *row.values, id=f"azure {row.id}") for row in AZURE]


@pytest.fixture(scope="module")
def shared():
    with Emulator(clock="manual", queue_seconds=0, processing_seconds=0) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared):
    shared.call(shared.app.space.reset())
    return shared


@pytest.fixture(scope="module")
def clients(shared):
    """A client for each base and form, and what runs the asynchronous ones; making one is slow."""
    with asyncio.Runner() as runner:
        made = {}
        for base in ("/v1", "/openai/v1"):
            given = {"base_url": shared.root_url + base, "api_key": "sk-1"}
            made[base, "sync"], made[base, "async"] = OpenAI(**given), AsyncOpenAI(**given)
        yield runner, made
        for (_, form), client in made.items():
            closing = client.close()
            if form == "async":
                runner.run(closing)


@pytest.fixture
def client(clients):
    return clients[1]["/v1", "sync"]


@pytest.fixture
def raised(clients):
    """The exception of a create under a rule."""

    def raised(base, form, rule, retries=0):
        runner, made = clients
        videos = made[base, form].with_options(max_retries=retries).videos

        async def create():
            await videos.create(**CREATE, **under(rule))

        with pytest.raises(openai.APIStatusError) as found:
            runner.run(create()) if form == "async" else videos.create(**CREATE, **under(rule))
        return found.value

    return raised


def requests(emulator):
    return emulator.app.space.journal.requests()


def jobs(emulator):
    """How many jobs were paid for, and with how many dollars."""
    return [(one.jobs, str(one.dollars)) for one in emulator.app.space.ledger.accounts()]


def under(rule):
    return {"extra_headers": {"X-Fauxreel": rule}}


@pytest.mark.parametrize("table", [OPENAI, AZURE], ids=["openai", "azure"])
def test_the_page_has_a_row_for_each_preset(table):
    named = [row.values[0] for row in table]
    assert named == [f"error={name}" for name in PRESETS] + ["error=418", "error=422"]


@pytest.mark.parametrize("form", ["sync", "async"])
@pytest.mark.parametrize(("base", "rule", "kind", "status", "code", "type_", "param", "again"), ERRORS)  # fmt: skip
def test_an_error_is_raised_as_the_page_says(
    raised, form, base, rule, kind, status, code, type_, param, again
):
    error = raised(base, form, rule)
    told = [str(value) for value in (error.status_code, error.code, error.type, error.param)]
    assert [type(error).__name__, *told] == [kind, status, code, type_, param]


@pytest.mark.parametrize(("base", "rule"), [pytest.param(*row.values[:2], id=row.id) for row in ERRORS])  # fmt: skip
def test_an_exception_carries_what_the_service_sent(emulator, raised, base, rule):
    error = raised(base, "sync", rule)
    (request,) = requests(emulator)
    # The journal hides what an answer shows of a key.
    sent = json.loads(request.answer.replace(b"(hidden)", b"sk-fa***ke"))
    assert error.body == sent.get("error", sent)
    assert error.message.startswith(f"Error code: {request.status}")
    assert error.body.get("message", "") in error.message


@pytest.mark.parametrize(("base", "rule", "again"), [pytest.param(*row.values[:2], row.values[-1], id=row.id) for row in ERRORS])  # fmt: skip
def test_an_error_is_sent_again_as_the_page_says(emulator, raised, base, rule, again):
    raised(base, "sync", f"{rule} retry_after=0.01", retries=1)
    assert len(requests(emulator)) == {"yes": 2, "no": 1}[again]


@pytest.mark.parametrize(("rule", "call", "what"), rows("Broken answers"))
def test_a_broken_answer_does_what_the_page_says(client, rule, call, what):
    video = client.videos.create(**CREATE)
    once = client.with_options(max_retries=0)
    quick = once.with_options(timeout=TIMEOUT) if "stall" in rule else once
    calls = {
        "create": lambda: quick.videos.create(**CREATE, **under(rule)),
        "retrieve": lambda: quick.videos.retrieve(video.id, **under(rule)),
        "content": lambda: quick.videos.download_content(video.id, **under(rule)).read(),
    }
    try:
        found = f"returns {type(calls[call]()).__name__}"
    except Exception as error:  # noqa: BLE001 - the page says which
        found = f"raises {type(error).__name__}"
    assert found == what


# Trying again -------------------------------------------------------------------------------------


def test_two_errors_are_tried_again_and_the_third_request_succeeds(emulator, client):
    rule = "error=server_error retry_after=0.01 times=2"
    video = client.videos.create(**CREATE, **under(rule))
    tries = [(one.status, one.retry) for one in requests(emulator)]
    assert tries == [(500, 0), (500, 1), (200, 2)]
    assert [one.id for one in client.videos.list().data] == [video.id]
    assert jobs(emulator) == [(1, "0.40")]


def test_a_third_error_is_raised(emulator, raised):
    error = raised("/v1", "sync", "error=overloaded retry_after=0.01", retries=2)
    assert (type(error), error.status_code) == (openai.InternalServerError, 503)
    assert [one.retry for one in requests(emulator)] == [0, 1, 2]


@pytest.mark.parametrize("error", ["rate_limit", "503"])
def test_the_wait_that_the_answer_tells_is_kept(emulator, client, error):
    client.videos.create(**CREATE, **under(f"error={error} retry_after=0.2 times=1"))
    first, second = requests(emulator)
    assert first.retry_after == 0.2
    assert second.started_ns - first.started_ns >= 0.2e9


def test_a_job_made_in_spite_of_its_error_is_made_twice(emulator, client):
    rule = "error=server_error retry_after=0.01 accepted=true times=1"
    video = client.videos.create(**CREATE, **under(rule))
    tries = [(one.status, one.accepted) for one in requests(emulator)]
    assert tries == [(500, True), (200, True)]
    assert [one.id for one in client.videos.list().data].index(video.id) == 0
    assert jobs(emulator) == [(2, "0.80")]


def test_a_connection_that_ends_after_the_job_was_made_makes_it_twice(emulator, client):
    client.videos.create(**CREATE, **under("reset accepted=true times=1"))
    assert [(one.lost, one.accepted) for one in requests(emulator)] == [(True, True), (False, True)]
    assert jobs(emulator) == [(2, "0.80")]
