"""JSON with status 200 where a file belongs: what a client saves as a broken .mp4."""

from fauxreel.faults.kind import Kind, Slot, always, yes
from fauxreel.faults.replaced import Replaced

# The words of an answer that came too early, with the wrong status; a POST of LiteLLM's to
# /content was saved as a video like this (evidence: reported, BerriAI/litellm PR 16672).
_BODY = (
    b'{"error":{"message":"Video is not ready yet, use GET /v1/videos/{video_id} to check '
    b'status.","type":"invalid_request_error","param":null,"code":null}}'
)

KIND = Kind(
    "json_body",
    Slot.ANSWER,
    yes,
    always(Replaced(200, "application/json", _BODY)),
    "answers 200 with an error in JSON, as if it were the file",
    "operation=content json_body",
)
