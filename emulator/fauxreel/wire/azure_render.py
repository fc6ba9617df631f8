"""Writing Azure's answers: OpenAI's shapes in ASCII, and errors of two layers."""

import re
from json.encoder import encode_basestring_ascii as quoted

from fauxreel.domain.errors import MethodNotAllowed, RequestError
from fauxreel.domain.paging import Page
from fauxreel.service import Seen
from fauxreel.wire.azure_words import AZURE_WORDINGS, USER_ERROR, AzureWording, Layer
from fauxreel.wire.http import Answer
from fauxreel.wire.openai_render import error_body, list_parts, render_video, wording_of

# As captured on another route of the service (evidence: inferred for videos, azure, 2025).
CONTENT_TYPE = b"application/json; charset=UTF-8"


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
    kind = next((kind for kind in type(error).__mro__ if kind in AZURE_WORDINGS), None)
    if kind is None:
        # What a validator finds reads as on OpenAI (evidence: verbatim, azure, for seconds).
        answer = azure_answer(ascii_only(error_body(error)), wording_of(error).status)
    else:
        wording = AZURE_WORDINGS[kind]
        message = wording.message.format(**error.fields)
        answer = azure_answer(_ENVELOPES[wording.layer](wording, quoted(message)), wording.status)
    if isinstance(error, MethodNotAllowed):
        answer.headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    return answer


def _gateway(wording: AzureWording, message: str) -> str:
    return f'{{"error":{{"code":"{wording.code}","message":{message}}}}}'


def _gateway_spaced(wording: AzureWording, message: str) -> str:
    return f'{{"error":{{"code":"{wording.code}","message": {message}}}}}'


def _flat(wording: AzureWording, message: str) -> str:
    return f'{{"statusCode":{wording.status},"message":{message}}}'


def _service(wording: AzureWording, message: str) -> str:
    del wording
    return f'{{"detail":{message}}}'


def _user(wording: AzureWording, message: str) -> str:
    del wording
    return f'{{"error":{{"message":{message},"type":"{USER_ERROR}","param":null,"code":null}}}}'


_ENVELOPES = {
    Layer.GATEWAY: _gateway,
    Layer.GATEWAY_SPACED: _gateway_spaced,
    Layer.FLAT: _flat,
    Layer.SERVICE: _service,
    Layer.USER: _user,
}


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
