"""What a request for a video may not say, and how it is refused: one fault at a time."""

from collections.abc import Callable
from functools import partial

from fauxreel_contracts.clause import Cost, Severity
from fauxreel_contracts.clauses.refusals import Refusal
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import inferred, reported, verbatim
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Call, json_call

_OPENAI = (Dialect.OPENAI,)
_AZURE = (Dialect.AZURE,)
_REQUEST = "invalid_request_error"
_VALIDATOR = inferred("openai", "the wording of the platform's common validator on other routes")
_SAME_SERVICE = {Dialect.AZURE: inferred("azure", "the service behind both is the same")}
_SECONDS_ON_AZURE = {Dialect.AZURE: verbatim("azure", "refusals that users published", "2026")}
_IMAGES = inferred("openai", "verbatim on the image API, 2026-08")


def _form(**fields: object) -> Callable[[Session], Call]:
    """The plain request as a form, with these fields; None leaves one out."""
    return lambda session: session.plain_form(**fields)


def _json(**fields: object) -> Callable[[Session], Call]:
    """The plain request as JSON, with these fields; None is null here."""

    def made(session: Session) -> Call:
        return json_call(session.target.speech.collection, {**session.fields(), **fields})

    return made


def _body(body: bytes) -> Callable[[Session], Call]:
    """A request with just these bytes, said to be JSON."""
    headers = (("Content-Type", "application/json"),)
    return lambda session: Call("POST", session.target.speech.collection, headers, body)


def _invalid(param: str | None, code: str) -> dict[str, object]:
    return {"type": _REQUEST, "param": param, "code": code}


_LONG = "x" * 32001
_SECONDS = "Supported values are: '4', '8', and '12'."
_SIZES = "Supported values are: '720x1280', '1280x720', '1024x1792', and '1792x1024'."

_MODELS_OF_2026 = (
    "Invalid value: 'sora-1-turbo'. Supported values are: 'sora-2', 'sora-2-pro', "
    "'sora-2-2025-10-06', 'sora-2-pro-2025-10-06', and 'sora-2-2025-12-08'."
)

_refusal = partial(Refusal, evidence_by_dialect=_SAME_SERVICE)

_ROWS = (
    _refusal(
        id="create.seconds.enum",
        title="A length that no model makes, 10 seconds,",
        call=_form(seconds="10"),
        message=f"Invalid value: '10'. {_SECONDS}",
        facts=_invalid("seconds", "invalid_value"),
        evidence=verbatim("openai", "full body in the apiyi blog; the same in 2026", "2026-07"),
        evidence_by_dialect=_SECONDS_ON_AZURE,
        needs=("seconds_checked",),
        cost=Cost(videos=1, seconds=10),
    ),
    _refusal(
        id="create.seconds.type",
        title="`seconds` as a number in JSON",
        call=_json(seconds=4),
        message="Invalid type for 'seconds': expected one of '4', '8', or '12', "
        "but got an integer instead.",
        facts={"type": _REQUEST, "param": "seconds"},
        evidence=verbatim("openai", "THU-MAIC/OpenMAIC PR 98", "2026-06"),
        evidence_by_dialect=_SECONDS_ON_AZURE,
        needs=("create_json", "seconds_number_ok=False"),
    ),
    _refusal(
        id="create.size.enum",
        title="A size that no model makes, 1080x1080,",
        call=_form(size="1080x1080"),
        message=f"Invalid value: '1080x1080'. {_SIZES}",
        facts=_invalid("size", "invalid_value"),
        evidence=verbatim("openai", "a call with curl", "2025-10"),
        needs=("size_checked",),
    ),
    _refusal(
        id="create.size.model",
        title="A size of sora-2-pro with sora-2",
        call=_form(size="1792x1024"),
        message="Invalid value: '1792x1024'. Supported values are: '720x1280' and '1280x720'.",
        facts=_invalid("size", "invalid_value"),
        evidence=inferred("openai", "that it is refused; the words were never seen"),
        needs=("size_checked", "model_checked", "pro"),
        dialects=_OPENAI,
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.model.enum",
        title="A model that there is not, sora-1-turbo,",
        call=_form(model="sora-1-turbo"),
        message="Invalid value: 'sora-1-turbo'. Supported values are: 'sora-2' and 'sora-2-pro'.",
        also=(_MODELS_OF_2026,),
        facts=_invalid("model", "invalid_value"),
        evidence=verbatim("openai", "a published rejection", "2025"),
        needs=("model_checked",),
        dialects=_OPENAI,
    ),
    _refusal(
        id="create.model.missing",
        title="A request without a deployment",
        call=_form(model=None),
        message="Missing required parameter: 'model'.",
        facts={"param": "model"},
        evidence=verbatim("azure", "an empty request, 400; the envelope was not shown", "2026"),
        evidence_by_dialect={},
        needs=("model_required",),
        dialects=_AZURE,
    ),
    *(
        _refusal(
            id=f"create.unknown.{name}",
            title=f"The parameter `{name}`, which there is not,",
            call=_form(**{name: value}),
            message=f"Unknown parameter: '{name}'.",
            facts=_invalid(name, "unknown_parameter"),
            evidence=verbatim("openai", "BerriAI/litellm PR 38155", "2026"),
            evidence_by_dialect={Dialect.AZURE: reported("azure", "names of Sora 1, refused")},
            needs=("unknown_refused",),
        )
        for name, value in (
            ("width", "1280"),
            ("aspect_ratio", "16:9"),
            ("duration", "4"),
            ("seed", "7"),
            ("reference_image", "x"),
        )
    ),
    *(
        _refusal(
            id=f"create.unknown.{name}",
            title=f"The parameter `{name}`, which there is not,",
            call=_form(**{name: value}),
            message=f"Unknown parameter: '{name}'.",
            facts=_invalid(name, "unknown_parameter"),
            evidence=inferred("openai", "as of those that were seen refused"),
            needs=("unknown_refused",),
            severity=Severity.MAY,
        )
        for name, value in (("n", "1"), ("metadata", "x"), ("fps", "24"), ("quality", "high"))
    ),
    _refusal(
        id="create.order.unknown-first",
        title="The unknown parameter of a request that has two faults",
        call=_form(width="1280", seconds="10"),
        message="Unknown parameter: 'width'.",
        facts=_invalid("width", "unknown_parameter"),
        evidence=_IMAGES,
        needs=("unknown_refused", "seconds_checked"),
        severity=Severity.MAY,
        cost=Cost(videos=1, seconds=10),
    ),
    _refusal(
        id="create.prompt.missing",
        title="A request without a prompt",
        call=_form(prompt=None),
        message="Missing required parameter: 'prompt'.",
        facts=_invalid("prompt", "missing_required_parameter"),
        evidence=_VALIDATOR,
    ),
    _refusal(
        id="create.prompt.empty",
        title="An empty prompt",
        call=_json(prompt=""),
        message="Invalid 'prompt': empty string. Expected a string with minimum length 1, "
        "but got an empty string instead.",
        facts=_invalid("prompt", "empty_string"),
        evidence=_IMAGES,
        needs=("create_json",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.prompt.null",
        title="A prompt that is null",
        call=_json(prompt=None),
        message="Invalid type for 'prompt': expected a string, but got null instead.",
        facts=_invalid("prompt", "invalid_type"),
        evidence=_IMAGES,
        needs=("create_json",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.prompt.number",
        title="A prompt that is a number",
        call=_json(prompt=7),
        message="Invalid type for 'prompt': expected a string, but got an integer instead.",
        facts=_invalid("prompt", "invalid_type"),
        evidence=_IMAGES,
        needs=("create_json",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.prompt.long",
        title="A prompt of more than 32000 characters",
        call=_json(prompt=_LONG),
        message="Invalid 'prompt': string too long. Expected a string with maximum length 32000, "
        "but got a string with length 32001 instead.",
        facts=_invalid("prompt", "string_above_max_length"),
        evidence=inferred("openai", "the limit is documented; the words are the validator's"),
        needs=("create_json",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.json.broken",
        title="JSON that breaks off",
        call=_body(b'{"prompt": "a paper boat"'),
        message="We could not parse the JSON body of your request. (HINT: This likely means you "
        "aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but "
        "what was sent was not valid JSON. If you have trouble figuring out how to fix this, "
        "please contact us through our help center at help.openai.com.)",
        facts={"type": _REQUEST},
        evidence=inferred("openai", "verbatim on other routes, 2025"),
        needs=("create_json",),
        severity=Severity.MAY,
    ),
    _refusal(
        id="create.json.array",
        title="JSON that is an array",
        call=_body(b'["a paper boat"]'),
        message="Invalid type: expected an object, but got an array instead.",
        facts={"type": _REQUEST},
        evidence=inferred("openai", "after the validator's words for a parameter"),
        needs=("create_json",),
        severity=Severity.MAY,
    ),
)
CLAUSES = tuple(clause for row in _ROWS for clause in row.clauses())
