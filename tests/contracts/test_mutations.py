"""Every clause of weight can fail: a server that errs in one way breaks the clause that names it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from altered import Change, Passage, altered, unchanged
from fauxreel_contracts.clause import Severity
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.registry import CLAUSES, find
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run
from fauxreel_contracts.target import Options, resolve

pytestmark = pytest.mark.slow

BASES = {
    Dialect.OPENAI: "/v1",
    Dialect.AZURE: "/openai/v1",
    Dialect.AZURE_JOBS: "/openai/v1/video/generations",
    Dialect.LITELLM: "/litellm/v1",
}


@dataclass(frozen=True)
class Mutation:
    """One way to err.

    Args:
        make: Makes the change, anew for each run, since some remember.
        early: Whether it changes requests in place of answers.
    """

    clause: str
    what: str
    make: Callable[[], Change]
    early: bool = False
    dialect: Dialect = Dialect.OPENAI


def always(change: Change) -> Callable[[], Change]:
    return lambda: change


def when(fits: Callable[[Passage], Any], change: Change) -> Callable[[], Change]:
    """The change, where the passage fits and was a success or is still a request."""

    def made(passage: Passage) -> None:
        if fits(passage):
            change(passage)

    return always(made)


def put(**values: Any) -> Change:
    """Sets keys of the JSON."""
    return lambda passage: passage.answer({**passage.json, **values})


def drop(*names: str) -> Change:
    """Leaves out keys of the JSON."""

    def change(passage: Passage) -> None:
        passage.answer({k: v for k, v in passage.json.items() if k not in names})

    return change


def fail(status: int) -> Change:
    return lambda passage: passage.answer({"error": {"message": "altered"}}, status)


def header(name: str, value: str) -> Change:
    def change(passage: Passage) -> None:
        passage.reply_headers[name] = value

    return change


def body(data: bytes) -> Change:
    def change(passage: Passage) -> None:
        passage.status, passage.reply = 200, data

    return change


def creates(passage: Passage) -> bool:
    return passage.creates and passage.status == 200


def retrieves(passage: Passage) -> bool:
    return passage.retrieves and passage.status == 200


def ended(passage: Passage) -> bool:
    return retrieves(passage) and passage.json["status"] == "completed"


def unfinished(passage: Passage) -> bool:
    return retrieves(passage) and passage.json["status"] != "completed"


def queued(passage: Passage) -> bool:
    return retrieves(passage) and passage.json["status"] == "queued"


def lists(passage: Passage) -> bool:
    return passage.lists and passage.status == 200


def loads(passage: Passage) -> bool:
    return passage.loads and passage.status == 200


def thumbnail(passage: Passage) -> bool:
    return loads(passage) and passage.query.get("variant") == "thumbnail"


def same_id_again() -> Change:
    """The second video gets the first one's id."""
    ids: list[str] = []

    def change(passage: Passage) -> None:
        if creates(passage):
            ids.append(passage.json["id"])
            put(id=ids[0])(passage)

    return change


def anothers_bytes() -> Change:
    """Every content is that of the first video."""
    first: list[bytes] = []

    def change(passage: Passage) -> None:
        if loads(passage):
            first.append(passage.reply)
            passage.reply = first[0]

    return change


def back_to_the_queue() -> Change:
    """The state goes back once."""
    seen: list[str] = []

    def change(passage: Passage) -> None:
        if retrieves(passage):
            seen.append(passage.json["status"])
            if seen.count("in_progress") == 2:
                put(status="queued")(passage)

    return change


def sinking() -> Change:
    polls: list[int] = []

    def change(passage: Passage) -> None:
        if unfinished(passage):
            polls.append(1)
            put(progress=max(0, 90 - 10 * len(polls)))(passage)

    return change


def loses_all_at_a_delete() -> Change:
    deleted: list[str] = []

    def change(passage: Passage) -> None:
        if passage.deletes:
            deleted.append(passage.path)
        elif deleted and retrieves(passage):
            fail(404)(passage)

    return change


def still_loads() -> Change:
    """The content of a deleted video is still there."""
    deleted: list[str] = []

    def change(passage: Passage) -> None:
        if passage.deletes:
            deleted.append(passage.path)
        elif passage.loads and deleted:
            body(b"mp4")(passage)

    return change


def keeps_what_is_deleted() -> Change:
    """A deleted video is still answered as it was before."""
    kept: dict[str, Any] = {}

    def change(passage: Passage) -> None:
        if retrieves(passage) or loads(passage):
            kept[passage.path] = (passage.reply, passage.reply_headers)
        elif passage.status == 404 and passage.path in kept:
            passage.reply, passage.reply_headers = kept[passage.path]
            passage.status = 200

    return change


def strip(name: str) -> Change:
    def change(passage: Passage) -> None:
        if passage.lists:
            passage.query.pop(name, None)

    return change


def accepts_all() -> Change:
    """What is refused is answered as if it were made."""
    made: list[Any] = []

    def change(passage: Passage) -> None:
        if creates(passage):
            made.append(passage.json)
        elif passage.creates and passage.status == 400:
            passage.answer({"id": "video_accident", "status": "queued", "seconds": "4"}, 200)

    return change


def reversed_data(passage: Passage) -> None:
    answer = passage.json
    put(data=answer["data"][::-1])(passage)


def other_words(passage: Passage) -> None:
    if passage.status >= 400 and passage.reply.startswith(b'{"error"'):
        error = passage.json["error"]
        passage.answer({"error": {**error, "message": "Bad request."}})


def shows_the_key(passage: Passage) -> None:
    if passage.status == 401:
        fail(401)(passage)
        passage.answer({"error": {"message": passage.headers["authorization"]}})


def is_form(passage: Passage) -> bool:
    return passage.headers.get("content-type", "").startswith("multipart/")


def is_json(passage: Passage) -> bool:
    return passage.creates and not is_form(passage)


def asks_binary(passage: Passage) -> bool:
    return passage.headers.get("accept") == "application/binary"


def bears(passage: Passage) -> bool:
    return "authorization" in passage.headers


M = Mutation
MUTATIONS = [
    M("create.form", "refuses forms", when(lambda p: p.creates and is_form(p), fail(415))),
    M("create.json", "refuses JSON", when(is_json, fail(415))),
    M("create.status", "answers 202", when(creates, lambda p: p.answer(p.json, 202))),
    M("create.content-type", "says text", when(creates, header("content-type", "text/plain"))),
    M("create.answer.types", "seconds is a number", when(creates, put(seconds=4))),
    M("create.answer.types", "created_at is a boolean", when(creates, put(created_at=True))),
    M("create.answer.types", "the id is empty", when(creates, put(object="clip"))),
    M("create.answer.keys", "no error key", when(creates, drop("error"))),
    M("create.answer.order", "one key more", when(creates, put(zoom=1))),
    M("create.answer.no-extras", "quality is there", when(creates, put(quality="standard"))),
    M("create.answer.nulls", "expires already", when(creates, put(expires_at=1))),
    M("create.id.form", "the id is a UUID", when(creates, put(id="video_68f4-2b71"))),
    M("create.id.time", "the id tells no time", when(creates, put(id="video_" + "0" * 48))),
    M("create.id.unique", "one id for two videos", same_id_again),
    M("create.echo.fields", "another size", when(creates, put(size="720x1280"))),
    M("create.echo.prompt", "a better prompt", when(creates, put(prompt="A boat"))),
    M("create.echo.letters", "question marks", when(creates, put(prompt="Un bateau, ???"))),
    M("create.defaults", "eight seconds", when(creates, put(seconds="8"))),
    M("create.seconds.8", "always four", when(creates, put(seconds="4"))),
    M("lifecycle.begins.unfinished", "done at once", when(creates, put(status="completed"))),
    M("lifecycle.states.words", "says processing", when(unfinished, put(status="processing"))),
    M("lifecycle.states.completes", "fails", when(ended, put(status="failed"))),
    M("lifecycle.states.forward", "goes back", back_to_the_queue),
    M("lifecycle.states.running", "never runs", when(unfinished, put(status="queued"))),
    M("lifecycle.progress.whole", "a fraction", when(retrieves, put(progress=33.5))),
    M("lifecycle.progress.whole", "101 per cent", when(ended, put(progress=101))),
    M("lifecycle.progress.forward", "sinks", sinking),
    M("lifecycle.progress.queued", "5 in the queue", when(queued, put(progress=5))),
    M("lifecycle.progress.completed", "ends at 99", when(ended, put(progress=99))),
    M("lifecycle.progress.hundred", "100 too early", when(unfinished, put(progress=100))),
    M("lifecycle.id.stays", "another id", when(retrieves, put(id="video_other"))),
    M("lifecycle.facts.stay", "created later", when(ended, put(created_at=4102444800))),
    M("lifecycle.end.null-before", "ends early", when(unfinished, put(completed_at=1))),
    M("lifecycle.end.order", "ends before it began", when(ended, put(completed_at=1))),
    M("lifecycle.end.expiry", "a day", when(ended, put(expires_at=4102444800))),
    M("lifecycle.error.null", "an empty error", when(ended, put(error={}))),
    M("retrieve.status", "202 while it runs", when(unfinished, lambda p: p.answer(p.json, 202))),
    M("retrieve.answer.types", "no size at the end", when(ended, drop("size"))),
    M("retrieve.answer.keys", "no prompt at the end", when(ended, drop("prompt"))),
    M("retrieve.answer.order", "one key more", when(ended, put(usage={}))),
    M(
        "retrieve.unknown.status",
        "null for an unknown id",
        when(lambda p: p.retrieves and p.status == 404, body(b"null")),
    ),
    M(
        "retrieve.unknown",
        "the web framework's error",
        when(
            lambda p: p.retrieves and p.status == 404, lambda p: p.answer({"detail": "Not Found"})
        ),
    ),
    M("retrieve.unknown.words", "other words", always(other_words)),
    M("retrieve.path.unknown", "other words", always(other_words)),
    M("content.video", "JSON in place of the mp4", when(loads, body(b'{"error":null}'))),
    M(
        "content.video",
        "half of the mp4",
        when(loads, lambda p: setattr(p, "reply", p.reply[: len(p.reply) // 2])),
    ),
    M("content.video", "a redirect", when(loads, fail(302))),
    M(
        "content.video.type",
        "a stream of bytes",
        when(loads, header("content-type", "application/octet-stream")),
    ),
    M("content.video.size", "says another size", when(ended, put(size="720x1280"))),
    M("content.video.length", "says another length", when(ended, put(seconds="8"))),
    M("content.video.own", "another's bytes", anothers_bytes),
    M("content.accept", "406", when(lambda p: loads(p) and asks_binary(p), fail(406))),
    M(
        "content.variant.video",
        "refuses the default",
        when(lambda p: loads(p) and p.query.get("variant") == "video", fail(400)),
    ),
    M("content.variant.thumbnail", "a JPEG", when(thumbnail, body(b"\xff\xd8\xff\xd9"))),
    M(
        "content.variant.thumbnail",
        "the mp4's type",
        when(thumbnail, header("content-type", "video/mp4")),
    ),
    M("content.not-ready", "an empty file", when(lambda p: p.loads and p.status == 404, body(b""))),
    M(
        "content.not-ready.status",
        "409",
        when(lambda p: p.loads and p.status == 404, lambda p: p.answer(p.json, 409)),
    ),
    M("content.not-ready.words", "other words", always(other_words)),
    M(
        "content.unknown",
        "410",
        when(lambda p: p.loads and p.status == 404, lambda p: p.answer(p.json, 410)),
    ),
    M("list.answer.shape", "a bare array", when(lists, lambda p: p.answer(p.json["data"]))),
    M("list.answer.shape", "no object", when(lists, drop("object"))),
    M("list.answer.has-more", "missing", when(lists, drop("has_more"))),
    M(
        "list.answer.order",
        "has_more first",
        when(lists, lambda p: p.answer({"has_more": False, **p.json})),
    ),
    M("list.answer.ends", "no last id", when(lists, put(last_id=None))),
    M("list.contains", "an empty list", when(lists, put(data=[], has_more=False))),
    M(
        "list.entry.same",
        "no prompts",
        when(
            lists,
            lambda p: p.answer(
                {**p.json, "data": [{**video, "prompt": None} for video in p.json["data"]]}
            ),
        ),
    ),
    M("list.limit", "ignored", always(strip("limit")), early=True),
    M("list.after", "ignored", always(strip("after")), early=True),
    M("list.paging.ends", "always more", when(lists, put(has_more=True))),
    M("list.paging.ends", "the first page again", always(strip("after")), early=True),
    M("list.order.default", "oldest first", when(lists, reversed_data)),
    M("list.order.asc", "order ignored", always(strip("order")), early=True),
    M("list.order.desc", "the other way", when(lists, reversed_data)),
    M("create.seconds.enum", "made all the same", accepts_all),
    M(
        "create.seconds.enum",
        "another param",
        when(
            lambda p: p.creates and p.status == 400,
            lambda p: p.answer({"error": {**p.json["error"], "param": None}}),
        ),
    ),
    M("create.seconds.enum.words", "other words", always(other_words)),
    M("authentication.key", "refused", when(lambda p: p.retrieves, fail(401))),
    M("authentication.wrong", "403", when(lambda p: p.status == 401, fail(403))),
    M("authentication.wrong.facts", "no code", when(lambda p: p.status == 401, fail(401))),
    M("authentication.wrong.words", "other words", always(other_words)),
    M("authentication.wrong.masked", "in clear", when(lambda p: p.status == 401, shows_the_key)),
    M("authentication.missing", "403", when(lambda p: p.status == 401, fail(403))),
    M(
        "authentication.azure.bearer",
        "api-key alone",
        when(bears, fail(401)),
        dialect=Dialect.AZURE,
    ),
    M("delete.accepted", "wants a body", when(lambda p: p.deletes, fail(400))),
    M(
        "delete.answer",
        "the whole job",
        when(lambda p: p.deletes and p.status == 200, put(object="video")),
    ),
    M("delete.gone", "still there", keeps_what_is_deleted),
    M("delete.gone.content", "still there", still_loads),
    M("delete.others.stay", "all are lost", loses_all_at_a_delete),
    M("delete.twice", "again", when(lambda p: p.deletes and p.status == 404, body(b"{}"))),
    M("delete.unknown", "deleted", when(lambda p: p.deletes and p.status == 404, body(b"{}"))),
]


@pytest.mark.parametrize("each", MUTATIONS, ids=lambda each: f"{each.clause}: {each.what}")
def test_a_server_that_errs_so_breaks_the_clause(each):
    change = each.make()
    before, after = (change, unchanged) if each.early else (unchanged, change)
    with altered(after, before=before) as emulator:
        target = resolve("x", Options(url=emulator.root_url + BASES[each.dialect]), {})
        report = run(target, [find(each.clause)])

    assert [(result.verdict, result.note) for result in report.results] == [(Verdict.DIFFERS, "")]


def test_each_must_has_such_a_server():
    musts = {clause.id for clause in CLAUSES if clause.severity is Severity.MUST}
    # Topics with a file of tests of their own have their servers there.
    others = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))

    assert {must for must in musts if f'"{must}"' not in others} == set()
