"""The rows of the fact sheets that are known well, each with the clauses that hold servers to it.

A sheet collects what was ever published or measured of one API; a row is one fact. Facts that are
`verbatim`, `documented`, `specified` or `measured` stand here, or in `not_covered.py` with a
reason. The clauses are ids, or patterns of them.
"""

from dataclasses import dataclass

from fauxreel_contracts.evidence import Grade

VERBATIM, DOCUMENTED = Grade.VERBATIM, Grade.DOCUMENTED
SPECIFIED, MEASURED = Grade.SPECIFIED, Grade.MEASURED


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, and what holds a server to it.

    Args:
        place: The section of the sheet.
        clauses: Ids, or patterns such as `create.unknown.*`.
    """

    sheet: str
    place: str
    fact: str
    grade: Grade
    clauses: tuple[str, ...]


def _openai(place: str, grade: Grade, fact: str, *clauses: str) -> Row:
    return Row("OpenAI", place, fact, grade, clauses)


def _azure(place: str, grade: Grade, fact: str, *clauses: str) -> Row:
    return Row("Azure", place, fact, grade, clauses)


def _proxy(place: str, fact: str, *clauses: str) -> Row:
    return Row("LiteLLM proxy", place, fact, MEASURED, clauses)


def _clients(place: str, fact: str, *clauses: str) -> Row:
    return Row("clients", place, fact, MEASURED, clauses)


_ORDER = ("create.answer.order", "retrieve.answer.order")
_KEYS = ("create.answer.keys", "retrieve.answer.keys")
_TYPES = ("create.answer.types", "retrieve.answer.types")

OPENAI = (
    _openai("1.2", DOCUMENTED, "char_123 as the id of a character", "characters.id"),
    _openai("2.4", VERBATIM, "x-ratelimit-*, where it is sent", "headers.ratelimit"),
    _openai("4", DOCUMENTED, "GET characters/{id}", "characters.retrieve", "characters.unknown"),
    _openai("1.1", VERBATIM, "what is not known yet is null", "create.answer.nulls"),
    _openai("1.1", VERBATIM, "answers of one job agree", "lifecycle.*", "retrieve.again.same"),
    _openai("1.1", SPECIFIED, "answers are JSON", "create.content-type"),
    _openai("1.1", VERBATIM, "a remix is a video like any other", "remix.*"),
    _openai("1.2", VERBATIM, "twelve samples, twelve ids", "create.id.unique", "content.video.own"),
    _openai("1.6", VERBATIM, "a list of whole videos", "list.contains", "list.entry.same"),
    _openai("2.3", VERBATIM, "an unknown id elsewhere", "content.unknown", "delete.unknown"),
    _openai("3", DOCUMENTED, "standard content headers", "content.video.whole"),
    _openai("4", DOCUMENTED, "edits: the source is a video, the model its own", "edits.*"),
    _openai("1.1", VERBATIM, "id, object, created_at, status, then by alphabet", *_ORDER),
    _openai("1.1", VERBATIM, "all keys always present, nulls explicit", *_KEYS),
    _openai("1.1", VERBATIM, "prompt is a key", "create.echo.prompt", *_KEYS),
    _openai("1.1", VERBATIM, "model echoes the requested alias", "create.echo.fields"),
    _openai("1.1", VERBATIM, "seconds and size are strings", *_TYPES),
    _openai("1.1", VERBATIM, "error null or object", "lifecycle.error.null"),
    _openai("1.1", VERBATIM, "no quality, usage, url", "create.answer.no-extras"),
    _openai(
        "1.1", VERBATIM, "a remix is queued and names its source", "remix.source", "remix.queued"
    ),
    _openai("1.1", VERBATIM, "a remix copies seconds, size, model", "remix.inherits"),
    _openai("1.2", VERBATIM, "video_ and 48 hex digits", "create.id.form"),
    _openai("1.2", VERBATIM, "the first eight are created_at, or 1 s less", "create.id.time"),
    _openai("1.3", VERBATIM, "expires_at = completed_at + 3600", "lifecycle.end.expiry"),
    _openai("1.3", VERBATIM, "null until completed", "lifecycle.end.null-before"),
    _openai("1.3", VERBATIM, "progress is an integer, 0 to 100", "lifecycle.progress.whole"),
    _openai("1.3", VERBATIM, "progress 0 while queued", "lifecycle.progress.queued"),
    _openai("1.3", VERBATIM, "progress 100 once completed", "lifecycle.progress.completed"),
    _openai("1.6", VERBATIM, "object, data, first_id, has_more, last_id", "list.answer.*"),
    _openai("1.6", DOCUMENTED, "an empty list has null ids", "list.answer.empty"),
    _openai("1.7", VERBATIM, "id, video.deleted, deleted", "delete.answer"),
    _openai("2.1", VERBATIM, "bad seconds", "create.seconds.enum*"),
    _openai("2.1", VERBATIM, "seconds as a JSON int", "create.seconds.type*"),
    _openai("2.1", VERBATIM, "bad size", "create.size.enum*"),
    _openai("2.1", VERBATIM, "bad model, 2025 and 2026", "create.model.enum*"),
    _openai("2.1", VERBATIM, "the snapshots in that list", "create.model.sora-*"),
    _openai("2.1", VERBATIM, "unknown keys", "create.unknown.*"),
    _openai("2.1", VERBATIM, "input_reference as text in a form", "references.text.form*"),
    _openai("2.1", VERBATIM, "a part without a filename", "references.file.nameless*"),
    _openai("2.1", VERBATIM, "an object refused in 2025", "references.object.year*"),
    _openai("2.1", VERBATIM, "a string in JSON in 2026", "references.text.json*"),
    _openai("2.1", VERBATIM, "a file refused in 2026", "references.file.year*"),
    _openai("2.1", VERBATIM, "unsupported mimetype", "references.file.octets*"),
    _openai("2.1", VERBATIM, "edits by form with video", "edits.upload*"),
    _openai("2.2", VERBATIM, "a bad key", "authentication.wrong*"),
    _openai("2.2", VERBATIM, "no header, with a challenge", "authentication.missing*"),
    _openai("2.3", VERBATIM, "unknown or foreign id", "retrieve.unknown*"),
    _openai("2.3", VERBATIM, "content before completed", "content.not-ready*"),
    _openai("2.3", VERBATIM, "an unknown sub-path", "retrieve.path.unknown"),
    _openai("2.4", VERBATIM, "openai-version, x-request-id, openai-*", "headers.*"),
    _openai("2.4", DOCUMENTED, "openai-poll-after-ms", "headers.poll"),
    _openai("3", DOCUMENTED, "variant=video, thumbnail, spritesheet", "content.variant.*"),
    _openai("3", DOCUMENTED, "content types", "content.video.type", "content.variant.*"),
    _openai("3", DOCUMENTED, "bytes from the API host", "content.video"),
    _openai("3", MEASURED, "Accept: application/binary is never a 406", "content.accept"),
    _openai(
        "3", VERBATIM, "pixels as size, mostly 4.3 s", "content.video.size", "content.video.length"
    ),
    _openai("3", DOCUMENTED, "there is always sound", "content.video.sound"),
    _openai("4", DOCUMENTED, "defaults", "create.defaults"),
    _openai("4", VERBATIM, "JSON and forms on create", "create.form", "create.json"),
    _openai("4", SPECIFIED, "4, 8 and 12 seconds", "create.seconds.8", "create.seconds.12"),
    _openai(
        "4", DOCUMENTED, "16 and 20 seconds since 2026-03", "create.seconds.16", "create.seconds.20"
    ),
    _openai("4", DOCUMENTED, "sizes by model", "create.size.portrait", "create.size.pro-*"),
    _openai("4", DOCUMENTED, "input_reference: kinds and pixels", "references.*"),
    _openai(
        "4", DOCUMENTED, "prompt 1 to 32000 characters", "create.prompt.empty", "create.prompt.long"
    ),
    _openai("4", DOCUMENTED, "at most two characters in a video", "characters.shown.*"),
    _openai("4", VERBATIM, "edits by JSON", "edits.json"),
    _openai("4", DOCUMENTED, "extensions: seconds required, the total comes back", "extensions.*"),
    _openai("4", DOCUMENTED, "characters: name, video, what comes back", "characters.*"),
    _openai("4", VERBATIM, "octet-stream refused for characters", "characters.octets"),
    _openai("4", VERBATIM, "mp4 refused by /v1/files", "characters.files"),
    _openai("4", DOCUMENTED, "remix takes a prompt alone", "remix.json", "remix.seconds"),
    _openai("4", DOCUMENTED, "remix of a completed source only", "remix.unfinished"),
    _openai(
        "4",
        DOCUMENTED,
        "limit 0 to 100, order, after",
        "list.limit.*",
        "list.order.*",
        "list.after",
    ),
    _openai("4", MEASURED, "SDKs page with after while has_more", "list.after", "list.paging.ends"),
    _openai("4.1", MEASURED, "create is always a form", "create.form"),
    _openai("4.1", MEASURED, "characters[][id] in forms", "characters.shown.form"),
    _openai("4.1", MEASURED, "remix is JSON", "remix.json"),
    _openai("4.1", MEASURED, "delete: typed JSON, no body", "delete.accepted"),
    _openai("7", VERBATIM, "the models are in /v1/models", "list.models*"),
)

AZURE = (
    _azure("6", DOCUMENTED, "Microsoft's notebook asks for the models first", "list.models"),
    _azure("1.0", DOCUMENTED, "api-version v1 or preview", "validation.azure.versions"),
    _azure("1.0", VERBATIM, "any other version is a 400", "validation.azure.version"),
    _azure(
        "1.1", VERBATIM, "create, JSON or form, 200", "create.form", "create.json", "create.status"
    ),
    _azure("1.1", VERBATIM, "list with limit", "list.limit"),
    _azure("1.1", SPECIFIED, "order, after", "list.order.*", "list.after"),
    _azure("1.1", VERBATIM, "retrieve", "retrieve.status"),
    _azure("1.1", VERBATIM, "content", "content.video"),
    _azure("1.1", SPECIFIED, "thumbnail and spritesheet", "content.variant.*"),
    _azure("1.1", VERBATIM, "remix by JSON", "remix.json"),
    _azure("1.1", VERBATIM, "model is required", "create.model.missing*"),
    _azure("1.1", DOCUMENTED, "720x1280 by default, 4 seconds", "create.defaults"),
    _azure("1.1", VERBATIM, "seconds as a number", "create.seconds.type*"),
    _azure("1.1", VERBATIM, "bad seconds", "create.seconds.enum*"),
    _azure("1.1", DOCUMENTED, "input_reference: kinds and pixels", "references.*"),
    _azure("1.1", VERBATIM, "key order, nulls", *_ORDER, *_KEYS),
    _azure("1.1", VERBATIM, "model echoes the deployment", "create.echo.fields"),
    _azure("1.1", VERBATIM, "non-ASCII as escapes", "create.azure.escapes"),
    _azure("1.1", VERBATIM, "prompt echoed", "create.echo.prompt", "create.echo.letters"),
    _azure("1.1", VERBATIM, "expires_at = created_at + 86400", "lifecycle.end.expiry"),
    _azure("1.1", VERBATIM, "null while not completed", "lifecycle.end.null-before"),
    _azure(
        "1.1",
        VERBATIM,
        "id: video_ and 32 hex, created_at first",
        "create.id.form",
        "create.id.time",
    ),
    _azure("1.1", SPECIFIED, "list shape", "list.answer.shape", "list.answer.has-more"),
    _azure("1.1", SPECIFIED, "delete answer", "delete.answer"),
    _azure(
        "1.1", VERBATIM, "a remix inherits and names its source", "remix.inherits", "remix.source"
    ),
    _azure("1.2", VERBATIM, "jobs: 201", "create.status"),
    _azure(
        "1.2",
        SPECIFIED,
        "list by limit, after, before, statuses",
        "list.limit",
        "list.after",
        "list.job.*",
    ),
    _azure("1.2", SPECIFIED, "delete: 204", "delete.answer.none"),
    _azure("1.2", SPECIFIED, "a generation by its id", "retrieve.generation"),
    _azure("1.2", SPECIFIED, "thumbnail image/jpg", "content.job.thumbnail"),
    _azure("1.2", SPECIFIED, "GET and HEAD of the video, quality", "content.job.*"),
    _azure("1.2", SPECIFIED, "n_seconds 5, n_variants 1 by default", "create.job.defaults"),
    _azure("1.2", VERBATIM, "the job's keys", *_ORDER, *_KEYS, "create.job.nothing-yet"),
    _azure("1.2", VERBATIM, "the generation's keys", "lifecycle.job.generations"),
    _azure("1.2", VERBATIM, "ULIDs tell the time", "create.job.id-time"),
    _azure("1.2", VERBATIM, "states and their order", "lifecycle.states.*"),
    _azure("1.2", DOCUMENTED, "files live 24 h", "lifecycle.job.expiry"),
    _azure("1.2", VERBATIM, "a wrong content path", "content.job.path"),
    _azure(
        "2",
        DOCUMENTED,
        "api-key, or a bearer key",
        "authentication.key",
        "authentication.azure.bearer",
    ),
    _azure("2", VERBATIM, "a bad key", "authentication.azure.denied"),
    _azure("2", VERBATIM, "no key, flat", "authentication.azure.unauthorized"),
    _azure("2", VERBATIM, "a wrong deployment", "validation.azure.deployment"),
    _azure("2", SPECIFIED, "flat errors of jobs", "retrieve.job.flat"),
    _azure("2", VERBATIM, "an unrouted path", "retrieve.path.detail"),
    _azure("2", VERBATIM, "apim-request-id and others", "headers.azure.*"),
    _azure("2", VERBATIM, "Inpaint image must match", "references.size*"),
    _azure("3", DOCUMENTED, "video/mp4, raw bytes", "content.video", "content.video.type"),
)

PROXY = (
    _proxy("Wrapped ids", "what an id wraps", "create.proxy.id"),
    _proxy("Headers", "on success", "headers.proxy.create"),
    _proxy("Success bodies", "thirteen keys in their order", *_ORDER),
    _proxy("Success bodies", "usage", "create.proxy.usage"),
    _proxy("Success bodies", "model is the group", "create.proxy.group"),
    _proxy("Success bodies", "JSON seconds as a number", "create.proxy.number"),
    _proxy(
        "Success bodies",
        "content: whole mp4, its name",
        "content.disposition",
        "content.range.ignored",
    ),
    _proxy("Success bodies", "variant is dropped", "content.variant.dropped"),
    _proxy("Success bodies", "a remix names the raw source", "remix.proxy.source"),
    _proxy("Success bodies", "list without a provider", "list.proxy.provider"),
    _proxy("Routes that are not there", "DELETE is a 405", "delete.no-route"),
    _proxy("Routes that are not there", "an unknown path", "retrieve.path.detail"),
    _proxy("Keys", "none", "authentication.proxy.missing"),
    _proxy("Keys", "without Bearer", "authentication.proxy.bearer"),
    _proxy("Keys", "wrong, without a database", "authentication.proxy.wrong"),
    _proxy("Keys", "where it is accepted", "authentication.proxy.headers"),
    _proxy("Request errors", "unknown model", "validation.proxy.group"),
    _proxy("Request errors", "missing prompt", "validation.proxy.prompt"),
    _proxy("Request errors", "malformed JSON", "validation.proxy.array"),
    _proxy("Upstream errors", "400", "validation.proxy.upstream"),
    _proxy("Upstream errors", "404", "retrieve.proxy.unknown"),
)

CLIENTS = (
    _clients("4", "a file part without a filename", "references.file.nameless*"),
    _clients("4", "lobehub: image_url in JSON", "references.object.data", "references.text.json*"),
    _clients("1", "LiteLLM sends forms", "create.form"),
    _clients("1", "a filename may be a full path", "references.file.path"),
    _clients("1", "characters[][id]", "characters.shown.form"),
    _clients(
        "1",
        "LiteLLM remixes, edits, extends with JSON",
        "remix.json",
        "edits.json",
        "extensions.json",
    ),
    _clients("1", "VideoObject: id, object, status, integers, texts", *_TYPES),
    _clients(
        "1",
        "`Incorrect API key provided` makes an AuthenticationError",
        "authentication.wrong.words",
    ),
    _clients(
        "servers 2",
        "objects become bracketed names",
        "edits.form",
        "extensions.form",
        "references.object.form",
    ),
    _clients(
        "servers 2", "poll helpers wait for completed and failed only", "lifecycle.states.words"
    ),
    _clients("servers 1a", "what servers lack: 404 or 405", "*.absent"),
)

ROWS: tuple[Row, ...] = (*OPENAI, *AZURE, *PROXY, *CLIENTS)
