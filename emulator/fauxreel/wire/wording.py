"""How one error reads on the wire, in OpenAI's envelope, and how well that is known."""

from msgspec import Struct

from fauxreel.domain.evidence import Evidence

INVALID_REQUEST = "invalid_request_error"
SERVER_ERROR = "server_error"


class Wording(Struct, frozen=True):
    """How one error reads on the wire."""

    status: int
    message: str
    evidence: Evidence
    code: str | None = None
    type: str = INVALID_REQUEST
