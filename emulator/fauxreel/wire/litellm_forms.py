"""What the LiteLLM proxy sends on to its upstream when it creates a video: always a form.

(evidence: measured, litellm 1.109.1)
"""

from collections.abc import Mapping
from typing import Any

from fauxreel.wire.bodies import Encoding, Fields
from fauxreel.wire.litellm_render import UnreadableReference
from fauxreel.wire.litellm_targets import Target
from fauxreel.wire.multipart import Upload


def sent_on(target: Target, values: Mapping[str, Any]) -> Fields:
    """The form: numbers are texts in it, a text as the reference is a file, and an empty prompt
    is left out.

    Raises:
        UnreadableReference: The reference is an object.
    """
    sent = {name: _as_text(value) for name, value in values.items()}
    if not sent.get("prompt"):
        sent.pop("prompt", None)
    reference = sent.get("input_reference")
    if isinstance(reference, dict):
        raise UnreadableReference(target)
    if isinstance(reference, str):
        data = reference.encode("utf-8")
        sent["input_reference"] = Upload("input_reference.png", "image/png", data)
    sent["model"] = target.model or sent["model"]
    sent.pop("custom_llm_provider", None)
    return Fields(sent, Encoding.MULTIPART)


def _as_text(value: object) -> object:
    """A scalar as a form carries it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
