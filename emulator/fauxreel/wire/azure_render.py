"""Writing Azure's answers: OpenAI's shapes in ASCII, and errors of two layers."""

import re
from json.encoder import encode_basestring_ascii as quoted

from msgspec.structs import replace

from fauxreel.domain.errors import MethodNotAllowed, RequestError
from fauxreel.domain.paging import Page
from fauxreel.domain.refusals import Injected
from fauxreel.looks import Seen
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, AzureWording, Layer
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_render import (
    ErrorParts,
    error_body,
    error_parts,
    injected_parts,
    known_of,
    list_parts,
    render_video,
    with_headers,
)
from fauxreel.wire.refusal_words import AZURE_REFUSALS

# As captured on another route of the service (evidence: inferred for videos, azure, 2025).
CONTENT_TYPE = b"application/json; charset=UTF-8"

# What the content filter calls what it refuses.
POLICY_VIOLATION = "ResponsibleAIPolicyViolation"


def ascii_only(text: str) -> str:
    """The same JSON with escapes for what is not ASCII (evidence: verbatim, azure, 2026)."""
    return _NOT_ASCII.sub(lambda found: quoted(found[0])[1:-1], text)


def render_azure_video(seen: Seen) -> str:
    """A job as JSON: the keys and their order are OpenAI's (evidence: verbatim, azure, 2026-09)."""
    return render_video(seen, quoted=quoted)


def render_azure_list(page: Page[Seen]) -> str:
    """A page as JSON; no body was ever seen (evidence: specified, azure)."""
    data, first, has_more, last = list_parts(page, render_azure_video, lambda seen: seen.video.id)
    return (
        f'{{"object":"list","data":[{data}],"has_more":{has_more},'
        f'"first_id":{first},"last_id":{last}}}'
    )


def azure_answer(body: str, status: int = 200) -> Answer:
    return Answer(status, (body.encode("ascii"),), CONTENT_TYPE)


def render_azure_error(error: RequestError) -> Answer:
    """The error in the envelope of the layer that says it."""
    parts = azure_parts(error)
    answer = azure_answer(ascii_only(_ENVELOPES[layer_of(error)](parts)), parts.status)
    if isinstance(error, MethodNotAllowed):
        answer.headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    return with_headers(answer, error)


def layer_of(error: RequestError) -> Layer:
    """Who says it; what a validator finds reads as on OpenAI (evidence: verbatim, azure, for
    seconds), and so does a bare status that a rule asked for."""
    known = known_of(error)
    wording = None if known is None else _wording_of(known)
    return Layer.USER if wording is None else wording.layer


def azure_parts(error: RequestError) -> ErrorParts:
    """What an error says in Azure's words, whatever the envelope."""
    if isinstance(error, Injected):
        return _injected(error)
    wording = _wording_of(error)
    if wording is None:
        return error_parts(error)
    message = wording.message.format(**error.fields)
    filtered = wording.layer is Layer.FILTER
    kind, param = (None, "prompt") if filtered else (USER_ERROR, None)
    return ErrorParts(wording.status, message, kind, param, wording.code)


def _wording_of(error: RequestError) -> AzureWording | None:
    """Azure's own words for an error; None where they are OpenAI's."""
    return next((_ALL[kind] for kind in type(error).__mro__ if kind in _ALL), None)


_ALL = {**AZURE_WORDINGS, **AZURE_REFUSALS}


def _injected(error: Injected) -> ErrorParts:
    """An error that a rule asked for; where the code is the status, another status is another."""
    parts = injected_parts(error, azure_parts)
    if error.base is None or "code" in error.parts:
        return parts
    base = azure_parts(error.base)
    return replace(parts, code=str(parts.status)) if base.code == str(base.status) else parts


def _gateway(parts: ErrorParts) -> str:
    return f'{{"error":{{"code":{_text(parts.code)},"message":{quoted(parts.message)}}}}}'


def _gateway_spaced(parts: ErrorParts) -> str:
    return f'{{"error":{{"code":{_text(parts.code)},"message": {quoted(parts.message)}}}}}'


def _flat(parts: ErrorParts) -> str:
    return f'{{"statusCode":{parts.status},"message":{quoted(parts.message)}}}'


def _service(parts: ErrorParts) -> str:
    return f'{{"detail":{quoted(parts.message)}}}'


def _filter(parts: ErrorParts) -> str:
    """As the filter of chats writes it (evidence: verbatim there)."""
    found = ",".join(
        f'"{kind}":{{"filtered":{hit},"severity":"{severity}"}}' for kind, hit, severity in _FOUND
    )
    return (
        f'{{"error":{{"message":{quoted(parts.message)},"type":{_text(parts.type)},'
        f'"param":{_text(parts.param)},"code":{_text(parts.code)},"status":{parts.status},'
        f'"innererror":{{"code":"{POLICY_VIOLATION}","content_filter_result":{{{found}}}}}}}}}'
    )


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


_FOUND = (
    ("hate", "false", "safe"),
    ("self_harm", "false", "safe"),
    ("sexual", "true", "medium"),
    ("violence", "false", "safe"),
)

_ENVELOPES = {
    Layer.GATEWAY: _gateway,
    Layer.GATEWAY_SPACED: _gateway_spaced,
    Layer.FLAT: _flat,
    Layer.SERVICE: _service,
    Layer.USER: error_body,
    Layer.FILTER: _filter,
}


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
