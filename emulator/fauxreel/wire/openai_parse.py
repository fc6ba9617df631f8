"""Reading OpenAI's requests for videos: which parameters there are, and what they may be."""

from collections.abc import Mapping
from typing import Any, cast

from msgspec import Struct

from fauxreel.domain.commands import Create, Extend, Remix
from fauxreel.domain.errors import (
    InvalidChoice,
    InvalidType,
    MissingParameter,
    TooManyItems,
    UnknownParameter,
)
from fauxreel.domain.models import DEFAULT_MODEL, LISTED_SECONDS, LISTED_SIZES, Model, Models
from fauxreel.domain.paging import DEFAULT_LIMIT, DEFAULT_ORDER, Order, PageRequest
from fauxreel.domain.size import LONGEST_SECONDS, parse_size
from fauxreel.domain.video import Variant
from fauxreel.memory import Memory
from fauxreel.wire.bodies import Encoding, Fields, type_name
from fauxreel.wire.multipart import Upload
from fauxreel.wire.references import FileId, ImageUrl, Referred
from fauxreel.wire.validation import choice, query_integer, refuse_unknown, required_text

CREATE_PARAMETERS = ("prompt", "model", "seconds", "size", "input_reference", "characters")

_LONGEST_PROMPT = 32000  # characters (evidence: documented, openai)
_LONGEST_IMAGE_URL = 20_971_520  # characters (evidence: specified, openai)
_LONGEST_ID = 512
_LISTED = [str(length) for length in LISTED_SECONDS]
_MOST_CHARACTERS = 2  # (evidence: documented, openai)


class Rules(Struct, frozen=True):
    """What this emulator takes.

    Args:
        user: Whether `user` is ignored instead of refused: a deliberate difference.
        characters: Whether creates may show characters.
        reference_files: Whether `input_reference` may be a file, as in 2025.
        reference_objects: Whether it may be an object, as in 2026.
        video_uploads: Whether edits and extensions take a file.
        free: Whether any model, size and length is taken, numbers as lengths too: what
            clients that follow the documentation of gateways send.
    """

    models: Models
    user: bool = True
    characters: bool = True
    reference_files: bool = True
    reference_objects: bool = True
    video_uploads: bool = False
    free: bool = False


def parse_create(fields: Fields, rules: Rules) -> tuple[Create, Referred | None]:
    """The new job, and what it refers to, still unchecked.

    Raises:
        InvalidParameter: A parameter is unknown or wrong; the first fault only.
    """
    values = fields.values
    refuse_unknown(values, create_parameters(rules))
    prompt = required_text(values, "prompt", _LONGEST_PROMPT)
    choices = _free_choices if rules.free else _choices
    model, seconds, size = choices(values, rules.models)
    referred = _parse_reference(fields, rules) if "input_reference" in values else None
    characters = _parse_characters(values["characters"]) if "characters" in values else ()
    return Create(prompt, model, seconds, size, characters=characters), referred


def create_parameters(rules: Rules) -> frozenset[str]:
    """The parameters of a create."""
    return _PARAMETERS[rules.characters, rules.user]


_KNOWN = frozenset(CREATE_PARAMETERS)
# By whether creates may show characters, and whether `user` is ignored.
_PARAMETERS = {
    (True, True): _KNOWN | {"user"},
    (True, False): _KNOWN,
    (False, True): _KNOWN - {"characters"} | {"user"},
    (False, False): _KNOWN - {"characters"},
}


def _choices(values: Mapping[str, Any], models: Models) -> tuple[str, int, str]:
    get = values.get
    asked = models, get("model", _ABSENT), get("seconds", _ABSENT), get("size", _ABSENT)
    try:
        known = _CHOICES.get(asked)
    except TypeError:  # a list or an object, which is none of them
        known = None
    if known is not None:
        return known
    model = models[choice(values, "model", DEFAULT_MODEL, models.names, models.names)]
    chosen = model.name, _seconds(values, model), _size(values, model)
    return _CHOICES.keep(asked, chosen)


# What was found right, of which there are few.
_CHOICES: Memory[object, tuple[str, int, str]] = Memory(1000)
_ABSENT = object()


def _seconds(values: Mapping[str, Any], model: Model) -> int:
    if "seconds" not in values:
        return model.default_seconds
    accepted, listed = tuple(map(str, model.seconds)), map(str, model.listed_seconds)
    return int(choice(values, "seconds", "", accepted, listed))


def _size(values: Mapping[str, Any], model: Model) -> str:
    """A size the model makes.

    A size that only other models make is answered with the list of this one (evidence: inferred).
    """
    known = (*model.sizes, *LISTED_SIZES)
    size = choice(values, "size", model.default_size, known, model.listed_sizes)
    if size not in model.sizes:
        raise InvalidChoice("size", size, model.sizes)
    return size


def _free_choices(values: Mapping[str, Any], models: Models) -> tuple[str, int, str]:
    """Any model by name; whole seconds as a number or a text; any size a video can have."""
    name = DEFAULT_MODEL
    if "model" in values:
        name = required_text(values, "model", _LONGEST_ID)
    known = models[name] if name in models else models[DEFAULT_MODEL]
    seconds = _free_seconds(values, known.default_seconds)
    size = values.get("size", known.default_size)
    if not isinstance(size, str):
        raise InvalidType("size", "a string", type_name(size))
    if parse_size(size) is None:
        raise InvalidChoice("size", size, known.listed_sizes)
    return name, seconds, size


def _free_seconds(values: Mapping[str, Any], default: int) -> int:
    seconds = values.get("seconds", default)
    if isinstance(seconds, float) and seconds.is_integer():
        seconds = int(seconds)
    digits = str(seconds)
    if isinstance(seconds, bool) or not (digits.isascii() and digits.isdigit()):
        raise InvalidType("seconds", "a whole number", type_name(seconds))
    if len(digits) > 3 or not 1 <= int(digits) <= LONGEST_SECONDS:
        raise InvalidChoice("seconds", digits, _LISTED)
    return int(digits)


def _parse_reference(fields: Fields, rules: Rules) -> Referred:
    """What `input_reference` names.

    The service took files in 2025 and objects in 2026; what it said to the other form is known
    for both years (evidence: verbatim, openai). Where both are taken, a text in a form is told
    to be a file, and anything else in JSON to be an object.
    """
    value: object = fields.values["input_reference"]
    given = type_name(value)
    if isinstance(value, Upload) and rules.reference_files:
        return value
    if isinstance(value, dict) and rules.reference_objects:
        return _parse_reference_object(cast("dict[str, Any]", value))
    file_wanted = rules.reference_files and (
        not rules.reference_objects or fields.encoding is not Encoding.JSON
    )
    wanted = "a file" if file_wanted else "an object"
    raise InvalidType("input_reference", wanted, given)


def _parse_reference_object(value: dict[str, Any]) -> FileId | ImageUrl:
    """`file_id` or `image_url`, not both (evidence: specified, openai)."""
    name = "input_reference"
    refuse_unknown(value, {"file_id", "image_url"}, within=name)
    if "file_id" in value and "image_url" in value:
        raise UnknownParameter(f"{name}.image_url")
    if "image_url" in value:
        return ImageUrl(required_text(value, "image_url", _LONGEST_IMAGE_URL, within=name))
    return FileId(required_text(value, "file_id", _LONGEST_ID, within=name))


def _parse_characters(given: object) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise InvalidType("characters", "an array", type_name(given))
    items = cast("list[object]", given)
    if len(items) > _MOST_CHARACTERS:
        raise TooManyItems("characters", _MOST_CHARACTERS, len(items))
    return tuple(_parse_id(item, f"characters[{at}]") for at, item in enumerate(items))


def _parse_id(value: object, name: str) -> str:
    """The id in `{"id": …}`."""
    if not isinstance(value, dict):
        raise InvalidType(name, "an object", type_name(value))
    table = cast("dict[str, Any]", value)
    refuse_unknown(table, {"id"}, within=name)
    return required_text(table, "id", _LONGEST_ID, within=name)


def parse_remix(source_id: str, fields: Fields) -> Remix:
    """The remix of a job: a prompt and nothing else (evidence: documented, openai).

    Raises:
        InvalidParameter: A parameter is unknown or wrong.
    """
    refuse_unknown(fields.values, {"prompt"})
    return Remix(source_id, required_text(fields.values, "prompt", _LONGEST_PROMPT))


def parse_edit(fields: Fields, rules: Rules) -> Remix | tuple[Upload, Create]:
    """The edit of a job, or of an uploaded video where that is allowed.

    Raises:
        InvalidParameter: A parameter is unknown or wrong.
    """
    values = fields.values
    source = _parse_video(values, {"prompt", "video"}, rules)
    prompt = required_text(values, "prompt", _LONGEST_PROMPT)
    if isinstance(source, str):
        return Remix(source, prompt)
    model, seconds, size = _choices(values, rules.models)
    return source, Create(prompt, model, seconds, size)


def parse_extension(fields: Fields, rules: Rules) -> Extend | tuple[Upload, Create]:
    """The extension of a job, or of an uploaded video where that is allowed.

    Raises:
        InvalidParameter: A parameter is unknown or wrong.
    """
    values = fields.values
    source = _parse_video(values, {"prompt", "seconds", "video"}, rules)
    prompt = required_text(values, "prompt", _LONGEST_PROMPT)
    if "seconds" not in values:
        raise MissingParameter("seconds")
    if rules.free:
        seconds = _free_seconds(values, 0)
    else:
        # The source's model is not known here: any length that some model makes.
        lengths = {str(length) for model in rules.models for length in model.seconds}
        seconds = int(choice(values, "seconds", "", tuple(lengths), _LISTED))
    if isinstance(source, str):
        return Extend(source, prompt, seconds)
    model = choice(values, "model", DEFAULT_MODEL, rules.models.names, rules.models.names)
    return source, Create(prompt, model, seconds, rules.models[model].default_size)


def _parse_video(values: dict[str, Any], known: set[str], rules: Rules) -> str | Upload:
    """The id in `video`, or the uploaded file, which the service did not know as a parameter
    unless a customer was eligible (evidence: verbatim, openai, 2026)."""
    video = values.get("video")
    if isinstance(video, Upload):
        if not rules.video_uploads:
            raise UnknownParameter("video")
        refuse_unknown(values, {*known, "model"})
        return video
    refuse_unknown(values, known)
    if "video" not in values:
        raise MissingParameter("video")
    return _parse_id(video, "video")


def parse_list(
    query: Mapping[str, str], most: int = 100, default: int = DEFAULT_LIMIT
) -> PageRequest:
    """The page asked for; parameters nobody knows are ignored (evidence: inferred).

    Raises:
        InvalidParameter: `limit` or `order` is wrong.
    """
    limit = query_integer(query, "limit", default, 0, most)
    orders = [order.value for order in Order]
    order = choice(query, "order", DEFAULT_ORDER, orders, orders)
    return PageRequest(limit, query.get("after") or None, Order(order))


def parse_variant(query: Mapping[str, str]) -> Variant:
    """Which file is asked for.

    Raises:
        InvalidChoice: There is no such variant.
    """
    variants = [variant.value for variant in Variant]
    return Variant(choice(query, "variant", Variant.VIDEO, variants, variants))
