"""How one error reads on the wire, in OpenAI's envelope, and how well that is known."""

from dataclasses import dataclass

from fauxreel.domain.evidence import Evidence

INVALID_REQUEST = "invalid_request_error"
SERVER_ERROR = "server_error"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one error reads on the wire."""

    status: int
    message: str
    evidence: Evidence
    code: str | None = None
    type: str = INVALID_REQUEST
