"""What the jobs would have cost, by surface, model and hashed key."""

import signal
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from http.client import HTTPConnection

import pytest

from fauxreel.ids import hashed_key
from fauxreel.ledger import Account, Booking, Ledger

USAGE = "/_fauxreel/usage"
ONE, TWO = hashed_key(7, "key-1"), hashed_key(7, "key-2")


def account(surface, model, key, jobs, seconds, dollars):
    return {
        "surface": surface,
        "model": model,
        "key": key,
        "jobs": jobs,
        "seconds": seconds,
        "dollars": dollars,
    }


def on_openai(send, model="sora-2", key="key-1", **others):
    fields = {"model": model, "prompt": "a mug", **others}
    return send("POST", "/v1/videos", fields, Authorization=f"Bearer {key}").json["id"]


def on_azure(send, deployment="dep", **others):
    fields = {"model": deployment, "prompt": "a mug", **others}
    return send("POST", "/openai/v1/videos", fields).json["id"]


def as_job(send, **others):
    fields = {"model": "sora", "prompt": "a cat", "width": 480, "height": 480, **others}
    return send("POST", "/openai/v1/video/generations/jobs", fields).json["id"]


def test_nothing_was_spent_at_the_start(send):
    assert send("GET", USAGE).told == (200, '{"dollars": 0.0, "accounts": []}')


def test_each_surface_model_and_key_has_an_account_the_dearest_first(send):
    on_openai(send)
    on_openai(send, seconds="12")
    on_openai(send, key="key-2", seconds="8")
    on_openai(send, model="sora-2-pro", seconds="8", size="1792x1024")
    on_openai(send, model="sora-2-pro", seconds="4", size="1280x720")
    on_azure(send, seconds="12")
    as_job(send, n_seconds=3)
    send(
        "POST",
        "/litellm/v1/videos",
        {"model": "sora-2", "prompt": "a mug"},
        Authorization="Bearer key-1",
    )
    assert send("GET", USAGE).json == {
        "dollars": 9.5,
        "accounts": [
            account("openai", "sora-2-pro", ONE, 2, 12, 5.2),
            account("openai", "sora-2", ONE, 2, 16, 1.6),
            account("azure", "dep", ONE, 1, 12, 1.2),
            account("openai", "sora-2", TWO, 1, 8, 0.8),
            account("litellm", "sora-2", ONE, 1, 4, 0.4),
            account("azure-jobs", "sora", ONE, 1, 3, 0.3),
        ],
    }


def test_a_key_counts_in_whichever_header_it_comes(send):
    on_azure(send)
    fields = {"model": "dep", "prompt": "a mug"}
    send("POST", "/openai/v1/videos", fields, api_key=None, Authorization="Bearer key-1")
    send("POST", "/openai/v1/videos", fields, Authorization="Bearer key-2")
    assert send("GET", USAGE).json["accounts"] == [account("azure", "dep", ONE, 3, 12, 1.2)]


def test_every_variant_of_a_job_counts(send):
    as_job(send, n_seconds=5, n_variants=4)
    as_job(send, n_seconds=10, width=1080, height=1080)
    assert send("GET", USAGE).json == {
        "dollars": 3.0,
        "accounts": [account("azure-jobs", "sora", ONE, 2, 30, 3.0)],
    }


def test_a_remix_and_an_edit_count_whole_an_extension_what_it_adds(send, clock):
    source = on_openai(send, seconds="12")
    clock.advance(70)
    key = {"Authorization": "Bearer key-2"}
    send("POST", f"/v1/videos/{source}/remix", {"prompt": "at night"}, **key)
    send("POST", "/v1/videos/edits", {"prompt": "red", "video": {"id": source}}, **key)
    extension = {"prompt": "on", "seconds": "4", "video": {"id": source}}
    stitched = send("POST", "/v1/videos/extensions", extension, **key).json
    assert stitched["seconds"] == "16"
    assert send("GET", USAGE).json["accounts"] == [
        account("openai", "sora-2", TWO, 3, 28, 2.8),
        account("openai", "sora-2", ONE, 1, 12, 1.2),
    ]


def test_a_deployment_named_as_an_own_model_costs_what_the_model_does(run, sender_of, tmp_path):
    path = tmp_path / "models.toml"
    path.write_text('[models.my-video-1]\nseconds = [5]\nsizes = { "640x360" = "0.03" }\n')
    send = sender_of(run(models=path))
    on_azure(send, "my-video-1")
    on_azure(send)
    assert send("GET", USAGE).json == {
        "dollars": 0.55,
        "accounts": [
            account("azure", "dep", ONE, 1, 4, 0.4),
            account("azure", "my-video-1", ONE, 1, 5, 0.15),
        ],
    }


def test_many_small_sums_add_up_without_a_rest(send):
    for _ in range(30):
        as_job(send, n_seconds=1)
    assert send("GET", USAGE).text.startswith('{"dollars": 3.0, ')


def test_what_was_refused_seeded_or_only_read_costs_nothing(send, clock):
    send("POST", "/openai/v1/videos", {"model": "dep", "prompt": "a mug", "seconds": "16"})
    send("POST", "/_fauxreel/videos", {"count": 3})
    for path in ("/openai/v1/videos", "/openai/v1/models", "/openai/v1/videos/video_x"):
        send("GET", path)
    assert send("GET", USAGE).json == {"dollars": 0.0, "accounts": []}


def test_a_deleted_or_failed_job_stays_in_the_books(send):
    deleted, failed = on_azure(send), on_azure(send)
    send("DELETE", f"/openai/v1/videos/{deleted}")
    send("POST", f"/_fauxreel/videos/{failed}/force", {"status": "failed"})
    assert send("GET", USAGE).json["accounts"] == [account("azure", "dep", ONE, 2, 8, 0.8)]


def test_a_reset_empties_the_books(send):
    on_azure(send)
    send("POST", "/_fauxreel/reset")
    assert send("GET", USAGE).json == {"dollars": 0.0, "accounts": []}


def test_no_key_stands_in_the_books(run, sender_of):
    send = sender_of(run(keys=("key-1",)))
    on_azure(send)
    assert "key-1" not in send("GET", USAGE).text


def test_accounts_beyond_the_most_are_added_up_under_one_name():
    ledger = Ledger()
    for number in range(10_003):
        ledger.book(Booking("azure", "dep", f"key_{number}", 4, Decimal("0.1")))
    ledger.book(Booking("azure", "dep", "key_1", 8, Decimal("0.4")))
    dearest, second, *_ = ledger.accounts()
    assert len(ledger.accounts()) == 10_001
    assert dearest == Account("azure", "dep", "key_1", 2, 12, Decimal("0.5"))
    assert second == Account("other", "other", "other", 3, 12, Decimal("0.3"))
    assert ledger.total == Decimal("1000.7")


@pytest.fixture
def serve():
    """Serves in a process of its own; ends it and returns what it wrote to standard error."""
    command = [sys.executable, "-m", "fauxreel", "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = process.stdout.readline().removeprefix("ready http://").strip()

    def ask(path, body):
        headers = {"api-key": "key-1", "Content-Type": "application/json"}
        with closing(HTTPConnection(address, timeout=20)) as connection:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status

    def end():
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
        return said

    yield ask, end
    process.kill()
    process.communicate()


def test_serve_ends_with_what_was_not_spent(serve):
    ask, end = serve
    video = '{"model":"dep","prompt":"a mug","seconds":"12"}'
    job = '{"model":"sora","prompt":"a cat","width":480,"height":480,"n_seconds":20,"n_variants":4}'
    asked = [ask("/openai/v1/videos", video)]
    asked += [ask("/openai/v1/video/generations/jobs", job) for _ in range(2)]
    assert asked == [200, 201, 201]
    assert "INFO: $0.00 spent instead of $17.20" in end().splitlines()


def test_serve_says_nothing_of_money_when_there_was_no_job(serve):
    _, end = serve
    assert "spent" not in end()
