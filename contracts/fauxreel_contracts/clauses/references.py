"""What a video may begin with: `input_reference` as a file, an object, an address, an id.

The service took files in 2025 and objects in 2026; a profile says which of them a server takes.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses.content import download
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import (
    documented,
    inferred,
    measured,
    reported,
    specified,
    verbatim,
)
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.forms import Part, file, png, texts
from fauxreel_contracts.pictures import jpeg, webp
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, form_call

NAME = "input_reference"
_OPENAI = (Dialect.OPENAI,)
_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_GUIDE = documented("openai", "video generation guide and API reference")
_AZURE = {
    Dialect.AZURE: documented("azure", "Microsoft's notebook and video-generation.md", "2025")
}
_SAME_SERVICE = {Dialect.AZURE: inferred("azure", "the service behind both is the same")}
_WRONG_TYPE = {"type": "invalid_request_error", "param": NAME, "code": "invalid_type"}
_FORMATS = "Supported file formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
_UNTYPED = f"Invalid file '{NAME}': unsupported mimetype ('application/octet-stream'). {_FORMATS}"

Picture = Callable[[int, int], bytes]


def _wrong(expected: str, given: str) -> str:
    return f"Invalid type for '{NAME}': expected {expected}, but got {given} instead."


def _size(session: Session) -> tuple[int, int]:
    """The pixels of the plain request's video, which a picture must have too."""
    width, _, height = str(session.fields().get("size")).partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise Inconclusive("the target's own fields say no size in pixels")
    return int(width), int(height)


def _form(
    filename: str | None = "boat.png",
    content_type: str | None = "image/png",
    picture: Picture = png,
) -> Callable[[Session], Call]:
    """The plain request with a picture of the right size as a part of the form."""

    def made(session: Session) -> Call:
        part = Part(NAME, picture(*_size(session)), filename, content_type)
        return session.plain_form(part)

    return made


def _other_size(session: Session) -> Call:
    width, height = _size(session)
    return session.plain_form(file(NAME, png(width // 2, height // 2), "boat.png", "image/png"))


def _data_url(session: Session) -> str:
    return f"data:image/png;base64,{b64encode(png(*_size(session))).decode()}"


def _object(session: Session) -> Call:
    return session.plain_json(input_reference={"image_url": _data_url(session)})


def _bracketed(session: Session) -> Call:
    return session.plain_form(*texts({f"{NAME}[image_url]": _data_url(session)}))


def _both_keys(session: Session) -> Call:
    reference = {"image_url": _data_url(session), "file_id": "file-0000000000000000000000"}
    return session.plain_json(input_reference=reference)


def _text_in_form(session: Session) -> Call:
    return session.plain_form(input_reference="boat.png")


def _text_in_json(session: Session) -> Call:
    return session.plain_json(input_reference=_data_url(session))


def _movie(session: Session) -> Call:
    return session.plain_form(file(NAME, download(session).body, "boat.mp4", "video/mp4"))


def _taken(answer: Answer) -> None:
    expect.member(expect.body(expect.status(answer, 200)), "id", str, answer)


def _takes(request: Callable[[Session], Call]) -> Callable[[Session], None]:
    """A check that a request makes a video."""
    return lambda session: _taken(session.create(request(session)))


def _takes_an_upload(session: Session) -> None:
    """Uploads a picture, and names it by its id; it is deleted at the end of the run."""
    picture = file("file", png(*_size(session)), "boat.png", "image/png")
    parts = (*texts({"purpose": "vision"}), picture)
    uploaded = expect.status(session.uploaded(form_call("/files", parts)), 200)
    file_id = expect.member(expect.body(uploaded), "id", str, uploaded)
    _taken(session.create(session.plain_json(input_reference={"file_id": file_id})))


def _one_key_only(session: Session) -> None:
    expect.refusal(session.refused(_both_keys(session)), 400)


_accepts = partial(
    Clause,
    topic=Topic.REFERENCES,
    severity=Severity.SHOULD,
    evidence=_GUIDE,
    evidence_by_dialect=_AZURE,
    dialects=_BOTH,
    needs=("references", "reference_files", "create_multipart"),
    cost=ONE_VIDEO,
)
_accepts_object = partial(
    _accepts,
    evidence_by_dialect={},
    dialects=_OPENAI,
    needs=("references", "reference_objects", "create_json"),
)
_refusal = partial(
    Refusal,
    topic=Topic.REFERENCES,
    dialects=_BOTH,
    evidence_by_dialect=_SAME_SERVICE,
    why="Clients that send it get a video that has nothing to do with their picture.",
)

_ROWS = (
    _refusal(
        id="references.text.form",
        title="A text in a form in place of the file",
        call=_text_in_form,
        message=_wrong("a file", "a string"),
        also=(_wrong("an object", "a string"),),
        facts=_WRONG_TYPE,
        evidence=verbatim("openai", "chatfire-AI/huobao-drama#49, the whole body", "2025"),
        needs=("references",),
    ),
    _refusal(
        id="references.text.json",
        title="A text in JSON in place of the object",
        call=_text_in_json,
        message=_wrong("an object", "a string"),
        also=(_wrong("a file", "a string"),),
        facts=_WRONG_TYPE,
        evidence=verbatim("openai", "lobehub#14891, in the words of 2026", "2026"),
        needs=("references", "create_json"),
    ),
    _refusal(
        id="references.file.nameless",
        title="A picture without a filename, which makes it a text,",
        call=_form(filename=None),
        message=_wrong("a file", "a string"),
        also=(_wrong("an object", "a string"),),
        facts=_WRONG_TYPE,
        evidence=verbatim("openai", "openai/openai-java#640", "2025"),
        needs=("references",),
    ),
    _refusal(
        id="references.file.octets",
        title="A picture called `application/octet-stream`, as the Python SDK calls bytes,",
        call=_form("upload", "application/octet-stream"),
        message=_UNTYPED,
        facts={"param": NAME, "code": "unsupported_file_mimetype"},
        evidence=verbatim("openai", "the message; the code was seen on images", "2026"),
        needs=("references", "reference_files"),
    ),
    _refusal(
        id="references.file.untyped",
        title="A picture without a `Content-Type`",
        call=_form("boat.png", None),
        message=_UNTYPED,
        facts={"param": NAME, "code": "unsupported_file_mimetype"},
        evidence=verbatim("openai", "bodies in issues of clients; the code as on images", "2026"),
        needs=("references", "reference_files"),
    ),
    _refusal(
        id="references.size",
        title="A picture of another size than the video",
        call=_other_size,
        message="Inpaint image must match the requested width and height",
        facts={"param": None, "code": None},
        evidence=reported("openai", "the same text as on Azure"),
        evidence_by_dialect={
            Dialect.AZURE: verbatim("azure", "MicrosoftLearning/mslearn-ai-vision PR 78", "2026")
        },
        needs=("references", "reference_files", "size_checked"),
    ),
    _refusal(
        id="references.file.year",
        title="A file, where only objects are taken as in 2026,",
        call=_form(),
        message=_wrong("an object", "a file"),
        facts=_WRONG_TYPE,
        evidence=verbatim("openai", "openai-python 2.52.0, and a probe of 2026-08-13", "2026-08"),
        dialects=_OPENAI,
        needs=("references", "reference_files=False", "reference_objects"),
    ),
    _refusal(
        id="references.object.year",
        title="An object, where only files are taken as in 2025,",
        call=_object,
        message=_wrong("a file", "an object"),
        facts=_WRONG_TYPE,
        evidence=verbatim("openai", "a published rejection", "2025-11"),
        dialects=_OPENAI,
        needs=("references", "reference_objects=False", "reference_files", "create_json"),
    ),
)

CLAUSES = (
    _accepts(
        id="references.file",
        title="A picture of the video's size is taken as a file",
        severity=Severity.MUST,
        check=_takes(_form()),
        why="`videos.create(input_reference=…)` of the SDKs sends a file.",
    ),
    _accepts(
        id="references.file.jpeg",
        title="The picture may be a JPEG",
        check=_takes(_form("boat.jpg", "image/jpeg", jpeg)),
        why="Photographs are JPEGs.",
    ),
    _accepts(
        id="references.file.webp",
        title="The picture may be a WebP",
        check=_takes(_form("boat.webp", "image/webp", webp)),
        why="Pictures of the web are, and so are the service's own thumbnails.",
    ),
    _accepts(
        id="references.file.mp4",
        title="An mp4 is taken in place of a picture",
        severity=Severity.MAY,
        check=_takes(_movie),
        evidence=verbatim("openai", "the list of formats in a rejection", "2026"),
        evidence_by_dialect=_SAME_SERVICE,
        shares=(Shared.FIRST,),
    ),
    _accepts(
        id="references.file.path",
        title="The filename may be a whole path",
        check=_takes(_form("/home/ada/pictures/boat.png")),
        evidence=measured("litellm", "what litellm 1.109.1 sends of an open file"),
        evidence_by_dialect={},
        why="LiteLLM sends the local path of an open file.",
    ),
    _accepts_object(
        id="references.object.data",
        title="A picture is taken as a data URL in JSON",
        check=_takes(_object),
        why="lobehub and others send `input_reference: {image_url}`.",
    ),
    _accepts_object(
        id="references.object.form",
        title="A picture is taken as a data URL in a bracketed field of a form",
        check=_takes(_bracketed),
        evidence=measured("openai", "what openai-node 7.55 and openai-go send of an object"),
        needs=("references", "reference_objects", "create_multipart"),
        why="The Node and Go SDKs write objects so.",
    ),
    _accepts_object(
        id="references.object.file-id",
        title="A picture is taken by the id of an uploaded file",
        check=_takes_an_upload,
        needs=("references", "reference_objects", "create_json", "files"),
        why="Clients upload a picture once and use it for many videos.",
    ),
    _accepts_object(
        id="references.object.one-key",
        title="An object has `image_url` or `file_id`, not both",
        severity=Severity.MAY,
        check=_one_key_only,
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        needs=("references", "reference_objects", "create_json", "error_envelope=openai"),
    ),
    *(clause for row in _ROWS for clause in row.clauses()),
)
