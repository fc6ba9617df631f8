"""Characters: made from the shared video, retrieved, and shown in new videos.

An upload makes no video; that a character stays is said at the end, as no route deletes one.
"""

from base64 import b64encode
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Check, Clause, Severity, Shared, Topic
from fauxreel_contracts.clauses import derived
from fauxreel_contracts.clauses.content import download
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, inferred, measured, specified, verbatim
from fauxreel_contracts.forms import file, texts
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, Call, form_call, json_call

_BOTH = (Dialect.OPENAI, Dialect.AZURE)
_PATH = "/videos/characters"
_NAME = "Mossy"
_UNKNOWN = "char_" + "0" * 32
_KEYS = ("id", "created_at", "name")
_LONGEST_NAME = 80
_MOST = 2
_REFERENCE = documented("openai", "API reference")
_GUIDE = documented("openai", "video generation guide, as changed in March 2026")
_AZURE = {Dialect.AZURE: specified("azure", "the merged Foundry specification; never seen live")}
_REFUSED = range(400, 500)


def _upload(session: Session, name: str = _NAME, content_type: str = "video/mp4") -> Call:
    """A form that makes a character of the first shared video."""
    video = file("video", download(session).body, "mossy.mp4", content_type)
    return form_call(_PATH, (*texts({"name": name}), video))


def _made(session: Session) -> Answer:
    """What making the one character of the run answered."""
    return expect.status(session.uploaded(_upload(session)), 200)


def _id(session: Session) -> str:
    answer = _made(session)
    return str(expect.member(expect.body(answer), "id", str, answer))


def _retrieved(session: Session) -> Answer:
    return expect.status(session.get(f"{_PATH}/{_id(session)}"), 200)


def _makes(session: Session) -> None:
    answer = _made(session)
    expect.member(expect.body(answer), "id", (str, type(None)), answer)
    expect.member(expect.body(answer), "name", (str, type(None)), answer)
    expect.member(expect.body(answer), "created_at", int, answer)


def _name(session: Session) -> None:
    answer = _made(session)
    expect.same(expect.body(answer).get("name"), _NAME, "`name`", answer)


def _keys(session: Session) -> None:
    answer = _made(session)
    expect.same(tuple(expect.body(answer)), _KEYS, "the keys in their order", answer)


def _id_form(session: Session) -> None:
    answer = _made(session)
    expect.matching(expect.body(answer).get("id"), "char_.+", "`id`", answer)


def _retrieves(session: Session) -> None:
    made = dict(expect.body(_made(session)))
    answer = _retrieved(session)
    expect.same(dict(expect.body(answer)), made, "the character", answer)


def _is_unknown(session: Session) -> None:
    expect.status(session.get(f"{_PATH}/{_UNKNOWN}"), 404)


def _refuses(request: derived.Request) -> Check:
    """A check that an upload is refused; how was not seen."""

    def check(session: Session) -> None:
        answer = session.uploaded(request(session))
        expect.true(answer.status in _REFUSED, "a refusal (4xx)", answer.status, answer)

    return check


def _takes_long_names(session: Session) -> None:
    answer = session.uploaded(_upload(session, "x" * _LONGEST_NAME))
    expect.status(answer, 200)


def _as_json(session: Session) -> Call:
    url = f"data:video/mp4;base64,{b64encode(download(session).body).decode()}"
    return json_call(_PATH, {"name": _NAME, "video": url})


def _as_file(session: Session) -> Call:
    video = file("file", download(session).body, "mossy.mp4", "video/mp4")
    return form_call("/files", (*texts({"purpose": "user_data"}), video))


def _shown(session: Session) -> Call:
    return session.plain_json(characters=[{"id": _id(session)}])


def _shown_by_form(session: Session) -> Call:
    return session.plain_form(*texts({"characters[][id]": _id(session)}))


def _shows_two(session: Session) -> Call:
    return session.plain_json(characters=[{"id": _id(session)}] * _MOST)


def _shows_three(session: Session) -> Call:
    return session.plain_json(characters=[{"id": _id(session)}] * (_MOST + 1))


def _shows_an_unknown_one(session: Session) -> None:
    answer = session.refused(session.plain_json(characters=[{"id": _UNKNOWN}]))
    expect.true(answer.status in _REFUSED, "a refusal (4xx)", answer.status, answer)


def _without_route(session: Session) -> None:
    expect.status(session.get(f"{_PATH}/{_UNKNOWN}"), 404, 405, 501)


_character = partial(
    Clause,
    topic=Topic.CHARACTERS,
    evidence=_REFERENCE,
    evidence_by_dialect=_AZURE,
    dialects=_BOTH,
    needs=("characters",),
    shares=(Shared.FIRST,),
)
_shows = partial(
    _character,
    severity=Severity.SHOULD,
    evidence=_GUIDE,
    evidence_by_dialect={},
    dialects=(Dialect.OPENAI,),
    needs=("characters", "create_json"),
    cost=ONE_VIDEO,
)
_THREE = Refusal(
    id="characters.shown.three",
    title="A video with three characters",
    call=_shows_three,
    message="Invalid 'characters': array too long. Expected an array with maximum length 2, "
    "but got an array with length 3 instead.",
    facts={"param": "characters"},
    evidence=_GUIDE,
    words_evidence=inferred("openai", "the platform's common validator on other routes"),
    topic=Topic.CHARACTERS,
    dialects=(Dialect.OPENAI,),
    needs=("characters", "create_json"),
    severity=Severity.MAY,
)

CLAUSES = (
    _character(
        id="characters.create",
        title="A character is made from a form with a name and an mp4",
        severity=Severity.MUST,
        check=_makes,
        why="`videos.create_character` would raise.",
    ),
    _character(
        id="characters.retrieve",
        title="A character is retrieved as it was made",
        severity=Severity.MUST,
        check=_retrieves,
        why="`videos.get_character` would raise, or tell of another.",
    ),
    _character(
        id="characters.name",
        title="A character has the name that it was given",
        severity=Severity.SHOULD,
        check=_name,
        why="Prompts speak of it by its name.",
    ),
    _character(
        id="characters.keys",
        title="A character is `id`, `created_at` and `name`, in this order",
        severity=Severity.MAY,
        check=_keys,
    ),
    _character(
        id="characters.id",
        title="The id of a character begins with `char_`",
        severity=Severity.MAY,
        check=_id_form,
    ),
    _character(
        id="characters.unknown",
        title="An unknown character is a 404",
        severity=Severity.SHOULD,
        check=_is_unknown,
        evidence=inferred("openai", "as of an unknown video; none was seen"),
        shares=(),
        why="The SDKs raise NotFoundError by the status.",
    ),
    _character(
        id="characters.name.longest",
        title="A name has up to 80 characters",
        severity=Severity.MAY,
        check=_takes_long_names,
    ),
    _character(
        id="characters.name.long",
        title="A name of more than 80 characters is refused",
        severity=Severity.MAY,
        check=_refuses(partial(_upload, name="x" * (_LONGEST_NAME + 1))),
    ),
    _character(
        id="characters.name.empty",
        title="An empty name is refused",
        severity=Severity.MAY,
        check=_refuses(partial(_upload, name="")),
    ),
    _character(
        id="characters.octets",
        title="An mp4 called `application/octet-stream` is refused",
        severity=Severity.SHOULD,
        check=_refuses(partial(_upload, content_type="application/octet-stream")),
        evidence=verbatim("openai", "uploads that users of the API tried", "2026"),
        why="The Python SDK calls bytes so; users learn of it by the refusal.",
    ),
    _character(
        id="characters.json",
        title="JSON makes no character",
        severity=Severity.MAY,
        check=_refuses(_as_json),
    ),
    _character(
        id="characters.files",
        title="An mp4 cannot be uploaded as a file in place of a character",
        severity=Severity.MAY,
        check=_refuses(_as_file),
        evidence=verbatim("openai", "uploads that users of the API tried", "2026"),
        dialects=(Dialect.OPENAI,),
        needs=("characters", "files"),
    ),
    _shows(
        id="characters.shown.json",
        title="A video can show a character, named by its id in JSON",
        check=derived.answered(_shown, derived.is_a_video),
        why="Characters are made for nothing else.",
    ),
    _shows(
        id="characters.shown.form",
        title="A video can show a character, named by `characters[][id]` in a form",
        check=derived.answered(_shown_by_form, derived.is_a_video),
        evidence=measured("openai", "what openai-python 3.51.0 and litellm 1.109.1 send"),
        needs=("characters", "create_multipart"),
        why="The Python SDK and LiteLLM send nothing else.",
    ),
    _shows(
        id="characters.shown.two",
        title="A video can show two characters",
        severity=Severity.MAY,
        check=derived.answered(_shows_two, derived.is_a_video),
    ),
    *derived.of_shared(_THREE),
    _shows(
        id="characters.shown.unknown",
        title="A video with an unknown character is refused",
        severity=Severity.MAY,
        check=_shows_an_unknown_one,
        evidence=inferred("openai", "as of other unknown ids; none was seen"),
        shares=(),
    ),
    Clause(
        id="characters.absent",
        title="A server without characters says so: 404, 405 or 501",
        topic=Topic.CHARACTERS,
        severity=Severity.SHOULD,
        check=_without_route,
        evidence=measured("fastvideo, qvac", "FastVideo 0.2.1 and @qvac/cli 0.13.1, run locally"),
        evidence_by_dialect={
            Dialect.AZURE: inferred("azure", "specified, but there is no live evidence of it")
        },
        dialects=_BOTH,
        needs=("characters=False",),
        why="Clients look whether there are characters.",
    ),
)
