"""What only Azure's jobs have (Sora 1): generations, their files, and flat errors."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fauxreel_contracts import expect, media
from fauxreel_contracts.clause import Clause, Cost, Severity, Shared, Topic
from fauxreel_contracts.clauses.listing import entries, page
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, reported, specified, verbatim
from fauxreel_contracts.expect import Violation
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

_SAMPLE = verbatim("azure", "the samples of Microsoft's documentation, from a live service", "2025")
_SPEC = specified("azure", "azure-v1-preview-generated.yaml, commit 0723d852", "2025")
_JOBS = (Dialect.AZURE_JOBS,)
_PATH = "/video/generations"
_GENERATION = ("object", "id", "job_id", "created_at", "width", "height", "n_seconds", "prompt")
_FLAT = ("code", "message", "param", "type", "inner_error")
_ULID = "0123456789abcdefghjkmnpqrstvwxyz"
_DAY = 86400


def _moment(ulid: str) -> int:
    """The second that a ULID tells: its first ten digits are milliseconds."""
    milliseconds = 0
    for digit in ulid[:10]:
        milliseconds = milliseconds * 32 + _ULID.index(digit)
    return milliseconds // 1000


def _generation(session: Session) -> tuple[Mapping[str, Any], Answer]:
    """The first generation of the completed job, and where it stands."""
    session.completed()
    last = session.life().last
    found = expect.member(expect.body(last), "generations", list, last)
    expect.true(found, "a generation in a job that succeeded", found, last)
    return found[0], last


def _none_yet(session: Session) -> None:
    answer = session.created()
    job = expect.body(answer)
    expect.keys(job, ["generations", "finished_at", "failure_reason"], answer)
    expect.same(job["generations"], [], "`generations`", answer)
    for name in ("finished_at", "failure_reason"):
        expect.same(job[name], None, f"`{name}`", answer)


def _time_in_id(session: Session) -> None:
    answer = session.created()
    job = expect.body(answer)
    expect.matching(job.get("id"), "task_[0-9a-hjkmnp-tv-z]{26}", "`id`", answer)
    late = _moment(job["id"].removeprefix("task_")) - expect.member(job, "created_at", int, answer)
    expect.true(late in (-1, 0), "the second of the creation in the id", late, answer)


def _defaults(session: Session) -> None:
    answer = expect.status(session.create(n_seconds=None), 201)
    job = expect.body(answer)
    expect.same(job.get("n_seconds"), 5, "`n_seconds`", answer)
    expect.same(job.get("n_variants"), 1, "`n_variants`", answer)


def _numbers_as_texts(session: Session) -> None:
    answer = expect.status(session.create(session.plain_json(width="480", height="480")), 201)
    expect.same(expect.body(answer).get("width"), 480, "`width`", answer)


def _generation_keys(session: Session) -> None:
    found, last = _generation(session)
    expect.same(tuple(found), _GENERATION, "the keys of a generation in their order", last)
    expect.same(found["object"], "video.generation", "`object`", last)
    expect.matching(found["id"], "gen_[0-9a-hjkmnp-tv-z]{26}", "`id`", last)
    expect.same(found["job_id"], session.life().id, "`job_id`", last)


def _expires(session: Session) -> None:
    job, last = session.completed(), session.life().last
    lasts = expect.member(job, "expires_at", int, last) - job["created_at"]
    expect.same(lasts, _DAY, "`expires_at` - `created_at`", last)


def _same_alone(session: Session) -> None:
    found, _ = _generation(session)
    answer = expect.status(session.get(f"{_PATH}/{found['id']}"), 200)
    expect.same(dict(expect.body(answer)), dict(found), "the generation", answer)


def _file(session: Session, *rest: str, method: str = "GET") -> Answer:
    found, _ = _generation(session)
    path = "/".join([_PATH, found["id"], "content", *rest])
    return session.get(path, method=method)


def _video(session: Session) -> None:
    answer = expect.status(_file(session, "video"), 200)
    expect.content_type(answer, "video/mp4")
    try:
        movie = media.movie(answer.body)
    except media.Unreadable as error:
        raise Violation("a whole mp4", str(error), answer=answer) from None
    expect.same((movie.width, movie.height), (480, 480), "the size", answer)


def _qualities(session: Session) -> None:
    for quality in ("high", "low"):
        expect.status(_file(session, f"video?quality={quality}"), 200)


def _head(session: Session) -> None:
    whole = expect.status(_file(session, "video"), 200)
    answer = expect.status(_file(session, "video", method="HEAD"), 200)
    for name in ("content-type", "content-length", "accept-ranges", "last-modified"):
        expect.true(answer.header(name), f"a header `{name}`", answer.header(name), answer)
    expect.same(answer.header("content-length"), str(len(whole.body)), "the length", answer)


def _thumbnail(session: Session) -> None:
    answer = expect.status(_file(session, "thumbnail"), 200)
    expect.content_type(answer, "image/jpg")


def _wrong_path(session: Session) -> None:
    answer = expect.status(_file(session), 404)
    wanted = b'{"error":{"code":"404","message": "Resource not found"}}'
    expect.same(answer.body, wanted, "the body", answer)


def _flat(session: Session) -> None:
    answer = expect.status(session.get(session.path(UNKNOWN[Dialect.AZURE_JOBS])), 404)
    expect.keys(expect.body(answer), _FLAT, answer)


def _by_status(session: Session) -> None:
    done = session.completed()["id"]
    failed = page(session, limit=10, statuses="failed,cancelled")
    for job in entries(failed):
        expect.one_of(job.get("status"), ("failed", "cancelled"), "the state", failed)
    succeeded = page(session, limit=10, statuses="succeeded")
    ids = [job.get("id") for job in entries(succeeded)]
    expect.true(done in ids, f"{done} among those that succeeded", ids, succeeded)


def _before(session: Session) -> None:
    older, newer = session.created(Shared.FIRST), session.created(Shared.SECOND)
    first = expect.body(older).get("id")
    answer = page(session, limit=10, before=first)
    ids = [job.get("id") for job in entries(answer)]
    expect.true(first not in ids, "none of what comes later", ids, answer)
    expect.true(expect.body(newer).get("id") in ids, "the newer one", ids, answer)


_job = partial(Clause, evidence=_SAMPLE, dialects=_JOBS, shares=(Shared.FIRST,))
_create = partial(_job, topic=Topic.CREATE, severity=Severity.SHOULD)
_content = partial(_job, topic=Topic.CONTENT, evidence=_SPEC)
_WHY = "PyRIT, promptfoo and ruby_llm read it."

CLAUSES = (
    _create(
        id="create.job.nothing-yet",
        title="A new job has no generations, no end and no reason of failure",
        check=_none_yet,
        why=_WHY,
    ),
    _create(
        id="create.job.id-time",
        title="A job's id is `task_` and a ULID of the moment of its creation",
        severity=Severity.MAY,
        check=_time_in_id,
    ),
    _create(
        id="create.job.defaults",
        title="Without them, a job makes one video of 5 seconds",
        check=_defaults,
        evidence=_SPEC,
        shares=(),
        cost=Cost(videos=1, seconds=5),
        why="Clients leave out what the user leaves out.",
    ),
    _create(
        id="create.job.texts",
        title="Width and height may be texts",
        severity=Severity.MAY,
        check=_numbers_as_texts,
        evidence=reported("azure", "old versions of PyRIT sent them so", "2025"),
        shares=(),
        cost=Cost(videos=1, seconds=4),
    ),
    _job(
        id="lifecycle.job.generations",
        title="A job that succeeded has generations, each with its id, its job and its size",
        topic=Topic.LIFECYCLE,
        severity=Severity.SHOULD,
        check=_generation_keys,
        why="Their ids are what the files are downloaded by.",
    ),
    _job(
        id="lifecycle.job.expiry",
        title="The files of a job expire a day after its creation",
        topic=Topic.LIFECYCLE,
        severity=Severity.MAY,
        check=_expires,
        evidence=documented("azure", "new-inference-preview.md", "2025"),
    ),
    _job(
        id="retrieve.generation",
        title="A generation can be retrieved by its id, and looks the same as in its job",
        topic=Topic.RETRIEVE,
        severity=Severity.SHOULD,
        check=_same_alone,
        evidence=_SPEC,
        why=_WHY,
    ),
    _job(
        id="retrieve.job.flat",
        title="An unknown job is a 404 with a flat error",
        topic=Topic.RETRIEVE,
        severity=Severity.MAY,
        check=_flat,
        evidence=_SPEC,
        shares=(),
    ),
    _content(
        id="content.job.video",
        title="The video of a generation is an mp4 of the size that was asked for",
        severity=Severity.SHOULD,
        check=_video,
        why="It is what the job was made for.",
    ),
    _content(
        id="content.job.quality",
        title="It can be asked for in high and in low quality",
        severity=Severity.MAY,
        check=_qualities,
    ),
    _content(
        id="content.job.head",
        title="HEAD tells the headers of the video without its bytes",
        severity=Severity.MAY,
        check=_head,
    ),
    _content(
        id="content.job.thumbnail",
        title="The thumbnail of a generation is `image/jpg`",
        severity=Severity.MAY,
        check=_thumbnail,
    ),
    _content(
        id="content.job.path",
        title="The path of a file without its kind is a 404 of the gateway, to the byte",
        severity=Severity.MAY,
        check=_wrong_path,
        evidence=verbatim("azure", "GET /video/generations/{gen}/content", "2025"),
    ),
    _job(
        id="list.job.statuses",
        title="Jobs can be listed by their states",
        topic=Topic.LIST,
        severity=Severity.MAY,
        check=_by_status,
        evidence=_SPEC,
    ),
    _job(
        id="list.job.before",
        title="`before` lists what comes before a job",
        topic=Topic.LIST,
        severity=Severity.MAY,
        check=_before,
        evidence=_SPEC,
        shares=(Shared.FIRST, Shared.SECOND),
    ),
)
