"""The characters of the LiteLLM proxy (evidence: measured, litellm 1.109.1)."""

import base64
import binascii
from collections.abc import Mapping

from fauxreel.domain.assets import Character
from fauxreel.domain.errors import UnknownModelGroup
from fauxreel.wire.bodies import Encoding
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.litellm_bodies import read_proxy_fields
from fauxreel.wire.litellm_operations import ProxyOperations
from fauxreel.wire.litellm_render import (
    CharacterIncomplete,
    NoDeployment,
    compact,
    json_answer,
)
from fauxreel.wire.litellm_targets import OPENAI, Target
from fauxreel.wire.multipart import Upload
from fauxreel.wire.openai_assets import LONGEST_NAME
from fauxreel.wire.references import VIDEO_ONLY, decoded
from fauxreel.wire.validation import required_text

_PREFIX = "character_"


class CharacterOperations:
    """Create and retrieve, over the proxy's own."""

    def __init__(self, operations: ProxyOperations) -> None:
        self._operations = operations

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method."""
        return {
            "/videos/characters": {"POST": self._create},
            "/videos/characters/{character_id}": {"GET": self._retrieve},
        }

    async def _create(self, exchange: Exchange) -> Answer:
        operations = self._operations
        fields = await read_proxy_fields(exchange, operations.limits)
        values = {} if fields.encoding is Encoding.JSON else fields.values
        upload = values.get("video")
        missing = [name for name in ("video", "name") if name not in values]
        if missing or not isinstance(upload, Upload):
            raise CharacterIncomplete(missing)
        group = str(values.get("target_model_names", "sora-2"))
        try:
            target = operations.targets.of_group(group)
        except UnknownModelGroup:
            raise NoDeployment(group) from None
        creating = self._created(exchange, values, upload)
        character = await operations.upstream(exchange, target, creating, named=False)
        created = int(character.created)
        return self._answer(exchange, target, character.id, created, character.name)

    async def _created(
        self, exchange: Exchange, values: Mapping[str, object], upload: Upload
    ) -> Character:
        name = required_text(values, "name", LONGEST_NAME)
        reference = await decoded("video", upload, VIDEO_ONLY, None)
        characters = self._operations.service.characters
        return await characters.create(exchange.project, name, reference)

    async def _retrieve(self, exchange: Exchange) -> Answer:
        operations = self._operations
        target, raw = self._of_id(exchange.path_param("character_id"))
        getting = operations.service.characters.get(exchange.project, raw)
        character = await operations.upstream(exchange, target, getting, named=False)
        created = int(character.created)
        return self._answer(exchange, target, character.id, created, character.name)

    def _of_id(self, wrapped: str) -> tuple[Target, str]:
        """The destination that an id names, and the raw id; a raw one uses no deployment."""
        text = _unwrapped(wrapped)
        if text is None:
            return Target(OPENAI, ""), wrapped
        pairs = (part.partition(":") for part in text.split(";"))
        fields = {name: value for name, _, value in pairs}
        target = self._operations.targets.of_deployment(fields.get("model_id", ""))
        return target or Target(OPENAI, ""), fields.get("character_id", "")

    def _answer(
        self, exchange: Exchange, target: Target, raw: str, created: int, name: str
    ) -> Answer:
        text = (
            f"litellm:custom_llm_provider:{target.provider};model_id:{target.deployment};"
            f"character_id:{raw}"
        )
        wrapped = _PREFIX + base64.b64encode(text.encode("utf-8")).decode("ascii")
        body = {"id": wrapped, "object": "character", "created_at": created, "name": name}
        answer = json_answer(compact(body))
        headers = self._operations.proxy.headers
        answer.headers.extend(headers(exchange, target, cost=None, named=False, itemised=True))
        return answer


def _unwrapped(wrapped: str) -> str | None:
    if not wrapped.startswith(_PREFIX):
        return None
    encoded = wrapped.removeprefix(_PREFIX)
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return text if text.startswith("litellm:") else None
