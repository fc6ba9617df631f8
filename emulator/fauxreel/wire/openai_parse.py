"""Reading OpenAI's requests: which parameters there are, and what they may be."""

from collections.abc import Sequence
from typing import Any

from fauxreel.domain.commands import Create, Remix
from fauxreel.domain.errors import InvalidChoice, InvalidType
from fauxreel.domain.models import (
    DEFAULT_MODEL,
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    LISTED_SIZES,
    Model,
    Models,
)
from fauxreel.domain.paging import DEFAULT_LIMIT, DEFAULT_ORDER, Order, PageRequest
from fauxreel.domain.video import Variant
from fauxreel.wire.bodies import Encoding, Fields, Upload, type_name
from fauxreel.wire.validation import choice, query_integer, refuse_unknown, required_text

CREATE_PARAMETERS = ("prompt", "model", "seconds", "size", "input_reference")

_LONGEST_PROMPT = 32000  # characters (evidence: documented, openai)


def parse_create(
    fields: Fields, models: Models, parameters: Sequence[str]
) -> tuple[Create, Upload | None]:
    """The new job, and the file it refers to, still unchecked.

    Raises:
        InvalidParameter: A parameter is unknown or wrong; the first fault only.
    """
    values = fields.values
    refuse_unknown(values, parameters)
    prompt = required_text(values, "prompt", _LONGEST_PROMPT)
    model = models[choice(values, "model", DEFAULT_MODEL, models.names, models.names)]
    lengths = [str(length) for length in model.seconds]
    listed = [str(length) for length in model.listed_seconds]
    fallback = str(DEFAULT_SECONDS) if DEFAULT_SECONDS in model.seconds else lengths[0]
    seconds = choice(values, "seconds", fallback, lengths, listed)
    size = _parse_size(values, model)
    upload = _parse_reference(fields)
    return Create(prompt, model.name, int(seconds), size), upload


def _parse_size(values: dict[str, Any], model: Model) -> str:
    """A size the model makes.

    A size that only other models make is answered with the list of this one (evidence: inferred).
    """
    fallback = DEFAULT_SIZE if DEFAULT_SIZE in model.sizes else model.sizes[0]
    known = {*model.sizes, *LISTED_SIZES}
    size = choice(values, "size", fallback, tuple(known), model.listed_sizes)
    if size not in model.sizes:
        raise InvalidChoice("size", size, model.sizes)
    return size


def _parse_reference(fields: Fields) -> Upload | None:
    """The uploaded reference.

    A text in a form and an object in JSON: the words of 2025; a text in JSON: those of 2026
    (evidence: verbatim, openai).
    """
    if "input_reference" not in fields.values:
        return None
    value = fields.values["input_reference"]
    if isinstance(value, Upload):
        return value
    text_in_json = isinstance(value, str) and fields.encoding is Encoding.JSON
    raise InvalidType(
        "input_reference", "an object" if text_in_json else "a file", type_name(value)
    )


def parse_remix(source_id: str, fields: Fields) -> Remix:
    """The remix of a job: a prompt and nothing else (evidence: documented, openai).

    Raises:
        InvalidParameter: A parameter is unknown or wrong.
    """
    refuse_unknown(fields.values, ("prompt",))
    return Remix(source_id, required_text(fields.values, "prompt", _LONGEST_PROMPT))


def parse_list(query: dict[str, str]) -> PageRequest:
    """The page asked for; parameters nobody knows are ignored (evidence: inferred).

    Raises:
        InvalidParameter: `limit` or `order` is wrong.
    """
    limit = query_integer(query, "limit", DEFAULT_LIMIT, 0, 100)
    orders = [order.value for order in Order]
    order = choice(query, "order", DEFAULT_ORDER, orders, orders)
    return PageRequest(limit, query.get("after") or None, Order(order))


def parse_variant(query: dict[str, str]) -> Variant:
    """Which file is asked for.

    Raises:
        InvalidChoice: There is no such variant.
    """
    variants = [variant.value for variant in Variant]
    return Variant(choice(query, "variant", Variant.VIDEO, variants, variants))
