"""`contracts probe`: what servers can do is measured as it is, and read by `contracts run`."""

import argparse

import pytest

from altered import altered
from fauxreel import Emulator
from fauxreel_contracts import probe
from fauxreel_contracts.look_at_jobs import pattern
from fauxreel_contracts.probe import as_toml
from fauxreel_contracts.profile import CAPABILITIES, named, parse
from fauxreel_contracts.registry import CLAUSES
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.target import Options, TargetError, resolve
from others import FastVideo
from serving import served

# Each retrieve moves the clock by a second or so, and each state is seen.
WORLD = {"clock": "auto", "queue_seconds": 1.5, "processing_seconds": 3.0}
FAILING = "A cat [[fauxreel fail=moderation_blocked at=40]]"


class Instant:
    """A clock on which waiting takes no time; the emulator's own moves with each poll."""

    def __init__(self):
        self._now = 0.0

    def now(self):
        return self._now

    def wait(self, seconds):
        self._now += seconds


def target(root_url, path="/v1", **options):
    return resolve(path, Options(url=root_url + path, **options), {})


def probed(root_url, path="/v1", *, failing_prompt=None, **options):
    return probe.probe(
        target(root_url, path, **options), failing_prompt=failing_prompt, clock=Instant()
    )


def differing(found, name):
    """The measured flags that are not those of a profile that comes along."""
    profile = named(name)
    return {
        flag: value for flag, value in found.capabilities.items() if value != profile.flag(flag)
    }


@pytest.mark.parametrize(
    ("path", "name", "untold"),
    [
        ("/v1", "openai", {"delete_aborts", "list_default_limit"}),
        (
            "/litellm/v1",
            "litellm-proxy",
            {
                "bad_after",
                "delete_aborts",
                "list_default_limit",
                "list_limit0",
                "pro",
                "reference_files",
                "reference_objects",
                "references",
                "snapshots",
            },
        ),
    ],
)
def test_a_probe_of_the_emulator_gives_the_profile_that_comes_along(path, name, untold):
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, path, failing_prompt=FAILING)

    assert differing(found, name) == {}
    assert found.untold.keys() == untold
    assert found.capabilities.keys() | untold == CAPABILITIES.keys()


def test_any_deployment_of_azure_is_taken():
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, "/openai/v1", failing_prompt=FAILING)

    assert differing(found, "azure") == {"model_checked": False}


def test_azures_jobs_are_asked_what_they_have():
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, "/openai/v1/video/generations")

    assert found.capabilities["id_pattern"] == named("azure-jobs").flag("id_pattern")
    assert (found.capabilities["create_status"], found.capabilities["delete"]) == (201, True)
    assert found.untold["remix"] == "nothing that was sent shows it"


def test_a_server_like_fastvideo_is_seen_as_it_is():
    with served(FastVideo().app) as root_url:
        found = probed(root_url, failing_prompt="fail, please")

    assert found.capabilities == {
        "auth_required": False,
        "bad_after": "ignored",
        "characters": False,
        "content_types": ["video/mp4"],
        "create_json": True,
        "create_multipart": True,
        "create_status": 200,
        "delete": True,
        "delete_shape": "job",
        "edits": False,
        "error_envelope": "detail",
        "error_object": "message",
        "extensions": False,
        "failed_content_status": 500,
        "failed_retrieve_is_http_error": False,
        "fields_missing": ["expires_at", "prompt", "remixed_from_video_id"],
        "files": False,
        "id_pattern": "[0-9a-f]{32}",
        "list": "plain",
        "list_limit0": "ok",
        "model_checked": False,
        "model_required": False,
        "models": False,
        "not_ready_status": 404,
        "pro": False,
        "prompt_echoed": False,
        "range": True,
        "reference_files": True,
        "reference_objects": True,
        "references": True,
        "remix": False,
        "reports_in_progress": False,
        "reports_progress": False,
        "seconds_checked": False,
        "seconds_number_ok": True,
        "size_checked": False,
        "snapshots": False,
        "sound": True,
        "sync": False,
        "unknown_refused": False,
        "variant_video_accepted": True,
        "variants": "ignored",
    }
    assert found.untold.keys() == {"delete_aborts", "list_default_limit"}


def test_a_run_by_the_probed_profile_meets_no_feature_that_is_not_there(tmp_path):
    file = tmp_path / "mine.toml"
    with served(FastVideo().app) as root_url:
        file.write_text(as_toml(probed(root_url, failing_prompt="fail, please")))
        report = run(target(root_url, profile=str(file), poll_seconds=0.0), CLAUSES)

    verdicts = {result.clause.id: result.verdict for result in report.results}
    assert verdicts["list.paging.ends"] is Verdict.LEFT_OUT
    assert verdicts["create.form"] is Verdict.HOLDS
    assert verdicts["content.video"] is Verdict.HOLDS
    assert Verdict.BROKEN not in verdicts.values()


def thumbnails_are(status, kind="application/json"):
    def alter(passage):
        if passage.query.get("variant") == "thumbnail" and passage.status == 200:
            passage.status, passage.reply_headers["content-type"] = status, kind

    return alter


def deletes_barely(passage):
    if passage.deletes and passage.status == 200:
        passage.answer({"deleted": True})


def keeps_at_work(passage):
    if passage.deletes and passage.status == 200:
        passage.answer({"error": {"message": "busy"}}, 409)


def has_no_list(passage):
    if passage.lists:
        passage.answer({"detail": "Method Not Allowed"}, 405)


def refuses_odd_pages(passage):
    if passage.lists and (passage.query.get("limit") == "0" or "after" in passage.query):
        passage.answer({"detail": "no"}, 422)


def ends_the_page(passage):
    if passage.lists and not passage.query:
        passage.answer({**passage.json, "data": passage.json["data"] * 3, "has_more": True})


def counts_codes(passage):
    if passage.retrieves and passage.status == 404:
        passage.answer({"error": {"message": "none", "code": 404}})


def says_it_flat(passage):
    if passage.retrieves and passage.status == 404:
        passage.answer({"message": "none"})


def is_not_ready_yet(passage):
    if passage.loads and passage.status == 404:
        passage.status = 409


def refuses_json(passage):
    if passage.creates and passage.headers.get("content-type") == "application/json":
        passage.answer({"error": {"message": "no"}}, 415)


def refuses_forms(passage):
    if passage.creates and passage.headers.get("content-type", "").startswith("multipart/"):
        passage.answer({"error": {"message": "no"}}, 415)


def fails_with_a_text(passage):
    if passage.retrieves and passage.status == 200 and passage.json["status"] == "failed":
        passage.answer({**passage.json, "error": "out of memory"}, 500)


def makes_avi(passage):
    if passage.loads and passage.status == 200 and "variant" not in passage.query:
        passage.reply, passage.reply_headers["content-type"] = b"RIFF....AVI ", "video/avi"


def takes_anything(passage):
    if passage.creates and passage.status == 400:
        passage.answer({"id": "video_" + "0" * 48, "status": "queued"}, 200)


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        (thumbnails_are(501), {"variants": "501"}),
        (thumbnails_are(200, "video/mp4"), {"variants": "ignored"}),
        (deletes_barely, {"delete_shape": "bare"}),
        (has_no_list, {"list": False}),
        (refuses_odd_pages, {"list_limit0": "422", "bad_after": "422"}),
        (ends_the_page, {"list_default_limit": 6}),
        (counts_codes, {"error_envelope": "openai_int_code"}),
        (says_it_flat, {"error_envelope": "flat"}),
        (is_not_ready_yet, {"failed_content_status": 409, "not_ready_status": 409}),
        (refuses_json, {"create_json": False, "reference_objects": False}),
        (refuses_forms, {"create_multipart": False, "reference_files": False}),
        (
            fails_with_a_text,
            {"failed_retrieve_is_http_error": True, "error_object": "string"},
        ),
        (makes_avi, {"content_types": ["video/avi"]}),
        (
            takes_anything,
            {
                "model_checked": False,
                "pro": False,
                "seconds_checked": False,
                "seconds_number_ok": True,
                "size_checked": False,
                "snapshots": False,
                "unknown_refused": False,
            },
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_whatever_differs_is_measured(alter, expected):
    with altered(alter, **WORLD) as emulator:
        found = probed(emulator.root_url, failing_prompt=FAILING)

    assert differing(found, "openai") == expected


def breaks_down(passage):
    if passage.creates and passage.status == 400:
        passage.answer({"error": {"message": "oops"}}, 500)


def test_a_server_that_breaks_down_over_a_request_is_not_told_by_it():
    with altered(breaks_down, **WORLD) as emulator:
        found = probed(emulator.root_url)

    assert found.untold["size_checked"] == found.untold["model_checked"] == "500"


def loses_content(passage):
    if passage.loads and passage.status == 200:
        passage.answer({"error": {"message": "expired"}}, 410)


def test_a_server_without_content_is_not_told_by_it():
    with altered(loses_content, **WORLD) as emulator:
        found = probed(emulator.root_url)

    assert found.untold["variants"] == "the content is a 410"


def fails_all(passage):
    if passage.retrieves and passage.status == 200 and passage.json["status"] == "completed":
        passage.answer({**passage.json, "status": "failed"})


def test_a_server_on_which_all_jobs_fail_shows_no_content():
    with altered(fails_all, **WORLD) as emulator:
        found = probed(emulator.root_url)

    assert found.untold["variants"] == found.untold["remix"] == "no shared video is completed"


def knows_all(passage):
    if passage.retrieves and passage.status == 404:
        passage.answer({"id": passage.last, "status": "queued"}, 200)


def says_nothing(passage):
    if passage.retrieves and passage.status == 404:
        passage.answer({"oops": True})


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (knows_all, "an unknown id is a success"),
        (says_nothing, "an error of no known form"),
    ],
)
def test_errors_that_cannot_be_told_are_not(alter, reason):
    with altered(alter, **WORLD) as emulator:
        found = probed(emulator.root_url, max_spend=0.0)

    assert found.untold["error_envelope"] == reason


def never_ends(passage):
    if passage.retrieves and passage.status == 200 and passage.json["prompt"] == "a slow one":
        passage.answer({**passage.json, "status": "in_progress"})


def test_a_failing_prompt_whose_job_never_ends_is_given_up():
    with altered(never_ends, **WORLD) as emulator:
        found = probed(
            emulator.root_url, failing_prompt="a slow one", job_seconds=5.0, poll_seconds=2.0
        )

    assert found.untold["error_object"] == "the job did not end"


class Impatient(Instant):
    """A clock whose owner presses Ctrl-C while a job is waited for."""

    def wait(self, seconds):
        raise KeyboardInterrupt


def test_an_interrupted_probe_cleans_up_and_says_what_it_knows():
    with Emulator(**WORLD) as emulator:
        found = probe.probe(target(emulator.root_url), clock=Impatient())

        assert emulator.videos == []
    assert found.interrupted
    assert found.capabilities["auth_required"] is True
    assert found.untold["remix"] == "interrupted"


@pytest.mark.parametrize(
    ("date", "month"),
    [("Fri, 20 Nov 2026 12:00:00 GMT", "2026-11"), ("soon", "")],
)
def test_the_month_is_read_off_the_servers_clock(date, month):
    assert probe.month_of(date) == month


def test_a_job_that_cannot_be_deleted_while_it_runs_is_no_abort():
    with altered(keeps_at_work, **WORLD) as emulator:
        found = probed(emulator.root_url)

    assert found.capabilities["delete_aborts"] is False
    assert (found.capabilities["delete"], found.capabilities["delete_shape"]) == (False, "none")


def test_a_job_that_is_done_too_soon_tells_nothing_of_its_way():
    with Emulator(queue_seconds=0, processing_seconds=0) as emulator:
        found = probed(emulator.root_url)

    assert found.untold["reports_in_progress"] == "the job was done too soon"
    assert found.untold["reports_progress"] == "the job was done too soon"
    assert found.untold["not_ready_status"] == ("the job was done before its content was asked for")


def test_a_failing_prompt_that_does_not_fail_or_is_refused_tells_nothing():
    with Emulator(**WORLD) as emulator:
        good = probed(emulator.root_url, failing_prompt="A cat")
        refused = probed(emulator.root_url, failing_prompt="x" * 32001)

    assert good.untold["error_object"] == "the job did not fail"
    assert refused.untold["error_object"] == "the prompt is refused at once, 400"


def test_without_money_only_what_is_free_is_measured():
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, max_spend=0.0)

        assert emulator.videos == []
        posts = [request.path for request in emulator.requests if request.method == "POST"]
    assert posts == ["/v1/videos/characters"]
    assert found.capabilities == {
        "auth_required": True,
        "characters": True,
        "error_envelope": "openai",
        "files": True,
        "list": "cursors",
        "models": True,
    }
    assert found.untold["create_json"] == "could cost $0.80 more than --max-spend 0"


def test_everything_that_a_probe_made_is_deleted():
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, failing_prompt=FAILING)

        assert (emulator.videos, found.left_behind) == ([], [])
        assert 0 < found.videos <= found.plan.videos


def test_a_server_that_takes_no_plain_request_is_told_of(capsys):
    def refuses(passage):
        if passage.creates:
            passage.answer({"error": {"message": "no such size"}}, 400)

    with altered(refuses, **WORLD) as emulator:
        status = probe.run(arguments("it"), [target(emulator.root_url)])

    told = capsys.readouterr()
    assert status == 1
    assert told.err == (
        "/v1: at worst 19 videos, $9.80\n"
        'no video could be made: a plain request is answered 400 {"error":{"message":"no such '
        'size"}}\nGive its --model, or a --profile FILE with the [fields] that it wants.\n'
    )
    assert "auth_required = true\n" in told.out


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(TargetError, match=r"^/v1: .* Is http://127.0.0.1:9/v1 running\?$"):
        probed("http://127.0.0.1:9")


def arguments(*argv):
    parser = argparse.ArgumentParser()
    probe.add_arguments(parser)
    return parser.parse_args(argv)


def test_the_command_writes_a_profile(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    with Emulator() as emulator:
        free = [target(emulator.root_url, max_spend=0.0)]
        assert probe.run(arguments("it", "--output", str(file)), free) == 0
        told = capsys.readouterr()
        assert probe.run(arguments("it", "--free"), free) == 0

    assert told.out == f"{file}: 6 capabilities measured\n"
    assert told.err == "/v1: at worst 0 videos, $0.00\nmade 0 videos\n"
    assert named(str(file)).flag("list") == "cursors"
    printed = parse(capsys.readouterr().out, "printed")
    assert printed.capabilities == named(str(file)).capabilities
    assert printed.source.startswith(f"measured, {emulator.root_url}/v1, 20")


def test_what_a_profile_asks_for_stands_in_the_one_that_is_written(tmp_path):
    file = tmp_path / "base.toml"
    file.write_text('dialect = "openai"\nsource = "me"\nfields = {size = "720x1280"}\n')
    with Emulator(**WORLD) as emulator:
        found = probed(emulator.root_url, profile=str(file), model="sora-2-pro")

    written = parse(as_toml(found), "written")
    assert (written.fields, written.model) == ({"size": "720x1280"}, "sora-2-pro")


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["video_" + "0a" * 24, "video_" + "1b" * 24], "video_[0-9a-f]{48}"),
        (["0a" * 16], "[0-9a-f]{32}"),
        (["101", "102"], "[0-9]{3}"),
        (["7", "12"], "[0-9]+"),
        (["task_01jd4k9w2yfv8q3r5t7x9zabcd"], "task_[0-9a-hjkmnp-tv-z]{26}"),
        (["vid_abcdefghil", "vid_abcdefghiu"], "vid_[0-9a-z]{10}"),
        (["video_Zm9v/A==", "video_Zm9vYmFy"], "video_[A-Za-z0-9+/]+=*"),
        (["aB-_1", "aB-_2c"], "[A-Za-z0-9_-]+=*"),
        (["a b", "c d"], ".+"),
        (["video_12", "clip_34"], "[A-Za-z0-9_-]+=*"),
    ],
)
def test_a_pattern_fits_the_ids_that_were_seen(ids, expected):
    assert pattern(ids) == expected
