"""The ids of the LiteLLM proxy: a raw id wrapped with where it came from, in base64.

(evidence: measured, litellm 1.109.1)
"""

import base64
import binascii

from msgspec import Struct

PREFIX = "video_"
_MARK = "litellm:"


class WrappedId(Struct, frozen=True):
    """What a wrapped id says.

    Args:
        model: The upstream's model, without the provider; empty when it is not known.
        deployment: 64 hex digits; empty in lists and for raw ids.
    """

    provider: str
    model: str
    video_id: str
    deployment: str = ""

    def __str__(self) -> str:
        text = (
            f"{_MARK}custom_llm_provider:{self.provider};model_id:{self.model};"
            f"video_id:{self.video_id}"
        )
        if self.deployment:
            text += f";deployment_id:{self.deployment}"
        return PREFIX + base64.b64encode(text.encode("utf-8")).decode("ascii")


def unwrapped(wrapped: str) -> WrappedId | None:
    """What the id says, or None for a raw one; lost padding is forgiven, as by the proxy."""
    encoded = wrapped.removeprefix(PREFIX).replace("%3D", "=").rstrip("=")
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        text = base64.b64decode(padded, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    if not wrapped.startswith(PREFIX) or not text.startswith(_MARK):
        return None
    pairs = (part.partition(":") for part in text.removeprefix(_MARK).split(";"))
    fields = {name: value for name, _, value in pairs}
    if "video_id" not in fields:
        return None
    return WrappedId(
        fields.get("custom_llm_provider", ""),
        fields.get("model_id", ""),
        fields["video_id"],
        fields.get("deployment_id", ""),
    )
