"""LiteLLM's four documented POST routes, which today's proxy no longer has.

They answer as the documentation describes them: eight keys, its state words, ids in the body.
"""

from typing import Any

from fauxreel.domain.errors import MissingProxyParameter
from fauxreel.looks import Seen
from fauxreel.wire.bodies import Fields
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.litellm_bodies import read_proxy_fields
from fauxreel.wire.litellm_operations import ProxyOperations
from fauxreel.wire.litellm_render import json_answer, render_documented
from fauxreel.wire.litellm_targets import Target


class DocumentedOperations:
    """`/videos/generations`, `/status`, `/retrieval` and `/remix`, over the proxy's own."""

    def __init__(self, operations: ProxyOperations) -> None:
        self._operations = operations

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method."""
        return {
            "/videos/generations": {"POST": self._generate},
            "/videos/status": {"POST": self._status},
            "/videos/retrieval": {"POST": self._retrieve},
            "/videos/remix": {"POST": self._remix},
        }

    async def _generate(self, exchange: Exchange) -> Answer:
        fields = await self._read(exchange)
        target, seen = await self._operations.create(exchange, fields)
        return self._answer(exchange, target, seen, booked=True)

    async def _status(self, exchange: Exchange) -> Answer:
        values = (await self._read(exchange)).values
        wrapped = _video_id(values, "/videos/status")
        target, seen = await self._operations.looked_up(exchange, wrapped, values)
        return self._answer(exchange, target, seen, booked=False)

    async def _retrieve(self, exchange: Exchange) -> Answer:
        values = (await self._read(exchange)).values
        return await self._operations.mp4(exchange, _video_id(values, "/videos/retrieval"), values)

    async def _remix(self, exchange: Exchange) -> Answer:
        """With `video_id` a remix that has the given reference and length; without it a new
        video from the reference."""
        fields = await self._read(exchange)
        values = dict(fields.values)
        wrapped = values.pop("video_id", None)
        if "prompt" not in values:
            raise MissingProxyParameter("/videos/remix", "prompt")
        if wrapped is None:
            target, seen = await self._operations.create(exchange, Fields(values, fields.encoding))
        else:
            given = Fields(values, fields.encoding)
            target, seen = await self._operations.remix_with(exchange, str(wrapped), given)
        return self._answer(exchange, target, seen, booked=True)

    def _answer(self, exchange: Exchange, target: Target, seen: Seen, *, booked: bool) -> Answer:
        group = target.group or seen.video.model
        answer = json_answer(render_documented(seen, target.wrap(seen.video.id), group))
        cost = self._operations.cost(target, seen) if booked else 0.0
        answer.headers.extend(self._operations.proxy.headers(exchange, target, cost=cost))
        return answer

    async def _read(self, exchange: Exchange) -> Fields:
        return await read_proxy_fields(exchange, self._operations.limits)


def _video_id(values: dict[str, Any], route: str) -> str:
    wrapped = values.get("video_id")
    if not isinstance(wrapped, str) or not wrapped:
        raise MissingProxyParameter(route, "video_id")
    return wrapped
