"""`contracts diff`: alike where the servers are, and else exactly where they differ."""

import argparse
import json

import pytest

from altered import altered
from fauxreel import Emulator
from fauxreel_contracts import diff
from fauxreel_contracts.diff import compare
from fauxreel_contracts.likeness import Difference, Kind, Names, Seen, differences
from fauxreel_contracts.target import Options, TargetError, resolve
from fauxreel_contracts.wire import Answer, Call

JOBS = "/openai/v1/video/generations"
# Each retrieve moves the clock by a second or so, and each state is seen.
WORLD = {"clock": "auto", "queue_seconds": 1.5, "processing_seconds": 3.0}


class Instant:
    """A clock on which waiting takes no time; the emulator's own moves with each poll."""

    def __init__(self):
        self._now = 0.0

    def now(self):
        return self._now

    def wait(self, seconds):
        self._now += seconds


def target(emulator, path="/v1", **options):
    return resolve(path, Options(url=emulator.root_url + path, **options), {})


def found(comparison):
    return {
        (call.name, each.kind, each.where): (each.a, each.b)
        for call in comparison.calls
        for each in call.found
    }


def without_headers(comparison):
    return {key: pair for key, pair in found(comparison).items() if key[1] is not Kind.HEADER}


@pytest.mark.parametrize("path", ["/v1", "/openai/v1", JOBS, "/litellm/v1"])
def test_a_server_is_like_itself(path):
    with Emulator(**WORLD) as emulator:
        one, same = target(emulator, path), target(emulator, path)
        comparison = compare(one, same, clock=Instant())

        assert found(comparison) == {}
        assert comparison.alike
        assert len(comparison.calls) > 20


def test_both_sides_clean_up_and_neither_sees_what_the_other_made():
    with Emulator(**WORLD) as emulator:
        comparison = compare(target(emulator), target(emulator), clock=Instant())

        assert [side.videos for side in (comparison.a, comparison.b)] == [5, 5]
        assert [side.left_behind for side in (comparison.a, comparison.b)] == [[], []]
        assert emulator.videos == []


def test_videos_of_others_in_the_list_are_no_difference():
    with Emulator(**WORLD) as mine, Emulator(**WORLD) as full:
        for _ in range(3):
            full.seed()
        comparison = compare(target(mine), target(full), clock=Instant())

        assert found(comparison) == {}


def test_openai_and_azure_differ_as_is_known():
    with Emulator(**WORLD) as emulator:
        comparison = compare(target(emulator), target(emulator, "/openai/v1"), clock=Instant())

    headers = {where for _, kind, where in found(comparison) if kind is Kind.HEADER}
    assert headers == {
        "apim-request-id",
        "content-type",
        "openai-organization",
        "openai-processing-ms",
        "openai-project",
        "openai-version",
        "www-authenticate",
        "x-envoy-upstream-service-time",
        "x-ms-region",
        "x-request-id",
    }
    others = without_headers(comparison)
    assert others["create by a form", Kind.VALUE, "$.id"] == (
        "{first}, video_ and 48 hex digits",
        "{first}, video_ and 32 hex digits",
    )
    assert others["list", Kind.SHAPE, "$, order"] == (
        "object, data, first_id, has_more, last_id",
        "object, data, has_more, first_id, last_id",
    )
    assert others["edit", Kind.STATUS, ""] == ("200", "404")
    assert others["create, unknown model", Kind.STATUS, ""] == ("400", "200")
    assert {name for name, kind, _ in others if kind is Kind.STATUS} == {
        "create, unknown model",
        "edit",
        "extend",
    }
    assert not [name for name, *_ in others if name.startswith("content")]


def test_a_dialect_with_other_calls_is_asked_those_that_both_have():
    with Emulator(**WORLD) as emulator:
        comparison = compare(target(emulator), target(emulator, JOBS), clock=Instant())

    assert comparison.left_out["remix"] == "Azure's jobs have no such call"
    assert ("create by JSON", Kind.STATUS, "") in found(comparison)


def no_size(passage):
    if passage.retrieves and passage.status == 200:
        passage.answer({key: value for key, value in passage.json.items() if key != "size"})


def seconds_as_numbers(passage):
    if passage.creates and passage.status == 200:
        passage.answer({**passage.json, "seconds": 4})


def other_model(passage):
    if passage.creates and passage.status == 200:
        passage.answer({**passage.json, "model": "sora-3"})


def half_a_movie(passage):
    if passage.loads and passage.status == 200 and not passage.query:
        passage.reply = passage.reply[: len(passage.reply) // 2]


def another_part(passage):
    if passage.status == 206:
        passage.reply = passage.reply[1:]


def no_jpeg(passage):
    if passage.query.get("variant") == "spritesheet" and passage.status == 200:
        passage.reply_headers["content-type"] = "image/webp"


def accepted(passage):
    if passage.creates and passage.status == 200:
        passage.status = 202


def unpaged(passage):
    if passage.lists and "limit" not in passage.query and "order" not in passage.query:
        passage.answer({**passage.json, "data": passage.json["data"][::-1]})


def plain_words(passage):
    if passage.status == 405:
        passage.reply, passage.reply_headers["content-type"] = b"no", "text/plain"


def extra_header(passage):
    if passage.deletes and passage.status == 200:
        passage.reply_headers["x-deleted"] = "yes"


SIZE = "a string: '1280x720'"
ENDS = ("retrieved while queued", "retrieved while in_progress", "retrieved at its end")
LIVES = [f"{name}: {end}" for name in ("create by a form", "create by JSON") for end in ENDS]
MADE = ("create by a form", "create by JSON")


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        pytest.param(
            no_size,
            {(name, Kind.SHAPE, "$.size"): (SIZE, "not there") for name in [*LIVES, "retrieve"]},
            id="a key is missing",
        ),
        pytest.param(
            seconds_as_numbers,
            {(name, Kind.TYPE, "$.seconds"): ("a string: '4'", "an integer: 4") for name in MADE},
            id="a type is wrong",
        ),
        pytest.param(
            other_model,
            {(name, Kind.VALUE, "$.model"): ("'{model}'", "'sora-3'") for name in MADE},
            id="a value is wrong",
        ),
        pytest.param(
            accepted,
            {(name, Kind.STATUS, ""): ("200", "202") for name in MADE},
            id="a status is wrong",
        ),
        pytest.param(
            another_part,
            {("content, a part", Kind.FILE, "bytes"): ("8", "7")},
            id="a part is too short",
        ),
        pytest.param(
            unpaged,
            {("list", Kind.SHAPE, "$.data"): ("{second}, {first}", "{first}, {second}")},
            id="the order is wrong",
        ),
        pytest.param(
            extra_header,
            {("delete", Kind.HEADER, "x-deleted"): ("not there", "yes")},
            id="a header is added",
        ),
        pytest.param(
            no_jpeg,
            {
                ("content, variant spritesheet", Kind.HEADER, "content-type"): (
                    "image/jpeg",
                    "image/webp",
                )
            },
            id="a content type is wrong",
        ),
    ],
)
def test_what_is_altered_is_found_and_nothing_else(alter, expected):
    with Emulator(**WORLD) as plain, altered(alter, **WORLD) as other:
        comparison = compare(target(plain), target(other), clock=Instant())

    differing = found(comparison)
    if alter is unpaged:  # the ends of the page are named after what stands there
        differing = {key: pair for key, pair in differing.items() if key[0] == "list"}
        differing = {key: pair for key, pair in differing.items() if "_id" not in key[2]}
    assert differing == expected


def test_files_are_compared_by_what_they_decode_to():
    with Emulator(**WORLD) as plain, altered(half_a_movie, **WORLD) as other:
        differing = found(compare(target(plain), target(other), clock=Instant()))

    kinds = differing["content", Kind.FILE, "kind"]
    assert kinds[0] == "mp4"
    assert kinds[1].startswith("unreadable: ")
    assert {where for name, _, where in differing if name == "content"} == {
        "codecs",
        "kind",
        "seconds",
        "size",
    }


def test_text_in_place_of_json_is_a_difference():
    with Emulator(**WORLD) as plain, altered(plain_words, **WORLD) as other:
        differing = found(compare(target(plain), target(other), clock=Instant()))

    assert differing["PUT a video", Kind.SHAPE, "body"] == ("JSON", "text")


def test_a_run_without_money_sends_nothing_that_could_generate():
    with Emulator(**WORLD) as emulator:
        comparison = compare(target(emulator), target(emulator, max_spend=0.0), clock=Instant())

        assert emulator.videos == []
        assert {request.method for request in emulator.requests} == {"GET", "DELETE"}
    assert comparison.left_out["remix"] == "could cost $0.40 more than --max-spend 0 at /v1"
    assert comparison.left_out["retrieve"] == "A: there is no {first}"
    assert [call.name for call in comparison.calls][:2] == ["retrieve an unknown id", "list"]


def test_a_run_spends_no_more_than_it_may():
    with Emulator(**WORLD) as emulator:
        one = target(emulator, max_spend=0.8)
        comparison = compare(one, target(emulator), clock=Instant())

    assert comparison.a.videos == 2
    assert comparison.left_out["remix"] == "could cost $0.40 more than --max-spend 0.8 at /v1"
    assert "content" in [call.name for call in comparison.calls]


def test_a_server_that_costs_nothing_is_asked_everything():
    with Emulator(**WORLD) as emulator:
        free = target(emulator, max_spend=0.0, price_per_second=0.0)
        comparison = compare(free, free, clock=Instant())

    assert comparison.left_out == {}


def test_a_server_that_is_not_there_is_named():
    nowhere = resolve("it", Options(url="http://127.0.0.1:9/v1"), {})

    with pytest.raises(TargetError, match=r"^it: .* Is http://127.0.0.1:9/v1 running\?$"):
        compare(nowhere, nowhere, clock=Instant())


def test_a_call_without_an_answer_is_a_difference():
    with Emulator(**WORLD) as plain, Emulator(**WORLD) as other:
        other.rules.add("operation=retrieve_character reset")
        comparison = compare(target(plain), target(other), clock=Instant())

    assert {key: pair[0] for key, pair in found(comparison).items()} == {
        ("unknown character", Kind.ANSWER, ""): "404"
    }


def test_a_side_that_never_answers_a_call_is_no_less_a_difference():
    with Emulator(**WORLD) as emulator:
        emulator.rules.add("operation=retrieve_character reset")
        comparison = compare(target(emulator), target(emulator), clock=Instant())

    assert list(found(comparison)) == [("unknown character", Kind.ANSWER, "")]
    assert not comparison.alike


def refuses_json(passage):
    if passage.creates and passage.headers.get("content-type") == "application/json":
        passage.answer({"error": {"message": "no"}}, 415)


def test_what_one_side_cannot_make_is_left_out_with_the_reason():
    with Emulator(**WORLD) as plain, altered(refuses_json, **WORLD) as other:
        comparison = compare(target(plain), target(other), clock=Instant())

    assert found(comparison)["create by JSON", Kind.STATUS, ""] == ("200", "415")
    assert comparison.left_out["delete"] == "B: there is no {second}"
    assert comparison.left_out["create by JSON: retrieved at its end"] == "not seen at B"


def arguments(*argv):
    parser = argparse.ArgumentParser()
    diff.add_arguments(parser)
    return parser.parse_args(argv)


def test_the_command_says_what_differs_and_ends_with_1(tmp_path, capsys):
    file = tmp_path / "diff.json"
    with (
        Emulator(queue_seconds=0, processing_seconds=0) as plain,
        altered(extra_header, queue_seconds=0, processing_seconds=0) as other,
    ):
        pair = [target(plain), target(other)]
        status = diff.run(arguments("A", "B", "--json", str(file)), pair)

    told, before = capsys.readouterr()
    assert status == 1
    assert before == "/v1: at worst 19 videos, $8.20\n" * 2
    assert told.startswith(f"A {plain.root_url}/v1 (openai)\nB {other.root_url}/v1 (openai)\n")
    assert "  header x-deleted\n    A: not there\n    B: yes\n" in told
    assert "calls compared: 1 differ\n" in told
    written = json.loads(file.read_text())
    assert written["alike"] is False
    assert [call for call in written["calls"] if call["differences"]] == [
        {
            "name": "delete",
            "request": written["calls"][[c["name"] for c in written["calls"]].index("delete")][
                "request"
            ],
            "differences": [{"kind": "header", "where": "x-deleted", "a": "not there", "b": "yes"}],
        }
    ]


class Impatient(Instant):
    """A clock whose owner presses Ctrl-C while a job is waited for."""

    def wait(self, seconds):
        raise KeyboardInterrupt


def test_an_interrupted_run_cleans_up_and_asks_no_further():
    with Emulator(**WORLD) as emulator:
        comparison = compare(target(emulator), target(emulator), clock=Impatient())

        assert emulator.videos == []
    assert (comparison.interrupted, comparison.a.videos, comparison.b.videos) == (True, 1, 0)
    assert "\n  interrupted\n" in diff.as_text(comparison)


def test_a_key_that_a_server_shows_is_hidden():
    def shows(passage):
        passage.reply_headers["x-key"] = passage.headers.get("authorization", "")

    with Emulator(**WORLD) as plain, altered(shows, **WORLD) as other:
        options = Options(url=other.root_url + "/v1", key_variable="KEY")
        secretive = resolve("b", options, {"KEY": "sk-very-secret"})
        comparison = compare(target(plain), secretive, free_only=True, clock=Instant())

    assert "sk-very-secret" not in diff.as_text(comparison) + diff.as_json(comparison)
    assert "B: Bearer $KEY" in diff.as_text(comparison)


def test_the_command_ends_with_0_if_nothing_differs(capsys):
    with Emulator() as emulator:
        status = diff.run(arguments("A", "B", "--free"), [target(emulator)] * 2)

    assert status == 0
    assert "left out, could generate a video, and the run is a free one: create by a form; " in (
        capsys.readouterr().out
    )


def test_what_many_calls_show_is_told_once(capsys):
    def served_by(passage):
        passage.reply_headers["server"] = "uvicorn"

    with Emulator() as plain, altered(served_by) as other:
        status = diff.run(arguments("A", "B", "--free"), [target(plain), target(other)])

    assert status == 1
    assert capsys.readouterr().out.count("header server") == 1


def test_a_server_without_a_path_names_none():
    one = seen({"message": "GET /videos"}, base="")
    other = seen({"message": "GET /video"}, base="")

    assert [each.where for each in differences(one, other)] == ["$.message"]


def seen(body=None, headers=(), status=200, base="/v1", ids=None):
    data = json.dumps(body).encode() if body is not None else b""
    answer = Answer(Call("GET", "/videos"), status, headers, data)
    return Seen(answer, Names(ids or {}, base, "sora-2"))


MINE, OTHERS = "video_" + "0a" * 24, "video_" + "1b" * 24


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"created_at": 1767225600}, {"created_at": 1767225999}),
        ({"at": "2026-01-01T00:00:00Z"}, {"at": "2026-05-01 12:00:00"}),
        ({"url": "http://a/1"}, {"url": "https://b/2"}),
        ({"id": MINE}, {"id": OTHERS}),
        ({"request_id": "req_" + "0a" * 16}, {"request_id": "req_" + "1b" * 16}),
        (
            {"id": "59c02736-3145-4481-8cf9-37626227e0ae"},
            {"id": "403b54d7-59a5-4105-83d9-fc2d8f8a8d14"},
        ),
        ({"progress": 33}, {"progress": 66}),
        ({"message": f"No {MINE} here"}, {"message": f"No {OTHERS} here"}),
        ({"hash": "Zm9vYmFyYmF6cXV4MTIz"}, {"hash": "QUJDREVGR0hJSktMTU5PUDEyMw=="}),
        ({"id": "task_01jd4k9w2yfv8q3r5t7x9zabcd"}, {"id": "task_01jd4k9w2yfv8q3r5t7x9zabce"}),
    ],
)
def test_values_that_nobody_can_foretell_are_alike_by_kind(a, b):
    assert differences(seen(a), seen(b)) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"n": True}, {"n": 1}, Difference(Kind.TYPE, "$.n", "a boolean: True", "an integer: 1")),
        ({"n": 1}, {"n": 1.0}, Difference(Kind.TYPE, "$.n", "an integer: 1", "a number: 1.0")),
        ({"n": None}, {"n": 5}, Difference(Kind.TYPE, "$.n", "null", "an integer: 5")),
        ({"n": {"m": 1}}, {"n": {"m": 2}}, Difference(Kind.VALUE, "$.n.m", "1", "2")),
        ({"n": [1]}, {"n": [1, 2]}, Difference(Kind.SHAPE, "$.n", "0", "0, 1")),
        ({"n": [1]}, {"n": [2]}, Difference(Kind.VALUE, "$.n[0]", "1", "2")),
        ({"n": 1}, [1], Difference(Kind.TYPE, "$", "an object: {'n': 1}", "an array: [1]")),
        (
            {"progress": 99},
            {"progress": 100},
            Difference(Kind.VALUE, "$.progress", "some progress", "100"),
        ),
        (
            {"code": "invalid_request_error"},
            {"code": "sora-2-pro-2025-10-06"},
            Difference(Kind.VALUE, "$.code", "'invalid_request_error'", "'sora-2-pro-2025-10-06'"),
        ),
        (
            {"id": MINE},
            {"id": "video_" + "0a" * 16},
            Difference(Kind.VALUE, "$.id", "video_ and 48 hex digits", "video_ and 32 hex digits"),
        ),
    ],
)
def test_values_that_should_agree_are_compared(a, b, expected):
    assert differences(seen(a), seen(b)) == [expected]


@pytest.mark.parametrize("path", ["/ns/x/v1", "/v1"])
def test_texts_are_compared_apart_from_what_only_one_side_has(path):
    one = seen({"message": f"Invalid URL (GET /v1/videos/{MINE})"}, ids={MINE: "first"})
    other = seen(
        {"message": f"Invalid URL (GET {path}/videos/{OTHERS})"},
        base="/ns/x/v1",
        ids={OTHERS: "first"},
    )

    assert differences(one, other) == []


def test_texts_that_are_not_json_are_compared():
    one, other = seen(), seen()
    one = Seen(Answer(one.answer.call, 200, (), b"up"), one.names)
    other = Seen(Answer(other.answer.call, 200, (), b"down"), other.names)

    assert differences(one, other) == [Difference(Kind.VALUE, "body", "'up'", "'down'")]
    assert differences(one, one) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("Date", "Fri, 20 Nov 2026 12:00:00 GMT"), ("Server", ""), []),
        (("Age", "Fri, 20 Nov 2026 12:00:00 GMT"), ("Age", "Sat, 21 Nov 2026 12:00:00 GMT"), []),
        (("Retry-After", "1"), ("retry-after", "20"), []),
        (("ETag", '"a"'), ("ETag", '"b"'), []),
        (("Content-Range", "bytes 4-11/100"), ("Content-Range", "bytes 4-11/200"), []),
        (
            ("Content-Range", "bytes 4-11/100"),
            ("Content-Range", "bytes 4-12/200"),
            [Difference(Kind.HEADER, "content-range", "bytes 4-11/{size}", "bytes 4-12/{size}")],
        ),
        (
            ("Allow", "GET"),
            ("Allow", "POST"),
            [Difference(Kind.HEADER, "allow", "GET", "POST")],
        ),
    ],
)
def test_headers_are_compared_by_name_and_by_kind(a, b, expected):
    if b[0] == "Server":
        b = ("Date", "Sat, 21 Nov 2026 12:00:00 GMT")

    assert differences(seen(headers=(a,)), seen(headers=(b,))) == expected
