"""The operations of the LiteLLM proxy on videos and characters (evidence: measured)."""

import base64
import binascii
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar, cast

from starlette.types import Scope

from fauxreel.domain.commands import Extend
from fauxreel.domain.errors import MissingProxyParameter, ProviderNotGiven, RequestError
from fauxreel.domain.paging import PageRequest
from fauxreel.domain.video import Variant
from fauxreel.service import Origin, Seen, VideoService
from fauxreel.wire.bodies import Encoding, Fields, Limits, read_fields
from fauxreel.wire.http import Answer, Exchange, Headers, Methods
from fauxreel.wire.litellm_render import (
    CharacterWithoutVideo,
    UnreadableReference,
    UpstreamFailed,
    compact,
    json_answer,
    render_list,
    render_model,
    render_video,
)
from fauxreel.wire.litellm_targets import OPENAI, Target, Targets, named_provider
from fauxreel.wire.multipart import Upload
from fauxreel.wire.openai_parse import parse_extension, parse_remix
from fauxreel.wire.references import VIDEO_ONLY, References, decoded
from fauxreel.wire.videos import Manner

T = TypeVar("T")

_CHARACTER = "character_"


class Proxy(Protocol):
    """What the operations need of the dialect."""

    def payer(self, scope: Scope) -> str: ...

    def headers(
        self,
        exchange: Exchange,
        target: Target | None,
        *,
        cost: Decimal | None,
        named: bool = True,
        itemised: bool = False,
    ) -> Headers: ...


class ProxyOperations:
    """What the proxy serves: create, list, retrieve, content, remix, edits, extensions,
    characters, models. There is no delete."""

    def __init__(
        self,
        service: VideoService,
        targets: Targets,
        limits: Limits,
        references: References,
        upstreams: Mapping[str, Manner],
        proxy: Proxy,
    ) -> None:
        self.service = service
        self.targets = targets
        self.limits = limits
        self.references = references
        self.upstreams = upstreams
        self._proxy = proxy

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method."""
        return {
            "/videos": {"POST": self._create, "GET": self._list},
            "/videos/{video_id}": {"GET": self._retrieve},
            "/videos/{video_id}/content": {"GET": self._content},
            "/videos/{video_id}/remix": {"POST": self._remix},
            "/videos/edits": {"POST": self._edit},
            "/videos/extensions": {"POST": self._extend},
            "/videos/characters": {"POST": self._create_character},
            "/videos/characters/{character_id}": {"GET": self._character},
            "/models": {"GET": self._models},
        }

    # Shared with the documented routes -----------------------------------------------------------

    async def create(self, exchange: Exchange, fields: Fields) -> tuple[Target, Seen]:
        """A new job through the deployment of its model group.

        Raises:
            MissingProxyParameter: There is no prompt, which the proxy looks for first.
            UnknownModelGroup: There is no such group.
            UpstreamFailed: The upstream refuses it.
        """
        values = dict(fields.values)
        if not values.get("prompt"):
            raise MissingProxyParameter("/videos", "prompt")
        target = self.targets.of_group(values.get("model"))
        return target, await self._upstream(exchange, target, self._created(exchange, target, values))

    async def looked_up(self, exchange: Exchange, wrapped: str) -> tuple[Target, Seen]:
        """A job by its wrapped or raw id, after one more poll.

        Raises:
            UpstreamFailed: There is no such job.
        """
        target, raw = self.targets.of_id(wrapped, named_provider(exchange))
        return target, await self._upstream(exchange, target, self.service.retrieve(exchange.project, raw))

    async def mp4(self, exchange: Exchange, wrapped: str) -> Answer:
        """The whole mp4, whatever part or variant is asked for.

        Raises:
            UpstreamFailed: There is no such job, or it has no content.
        """
        target, raw = self.targets.of_id(wrapped, named_provider(exchange))
        getting = self.service.content(exchange.project, raw, Variant.VIDEO)
        asset = await self._upstream(exchange, target, getting)
        name = wrapped if wrapped.isascii() and wrapped.isprintable() else "video"
        disposition = f"attachment; filename=video_{name}.mp4".encode("ascii")
        headers = [(b"content-disposition", disposition)]
        return Answer(200, asset.segments, b"video/mp4", headers)

    async def remix_with(
        self, exchange: Exchange, wrapped: str, fields: Fields
    ) -> tuple[Target, Seen]:
        """A remix of a job by its wrapped or raw id, with the length and reference given.

        Raises:
            UpstreamFailed: The upstream refuses it.
        """
        target, raw = self.targets.of_id(wrapped, named_provider(exchange, fields.values))
        return target, await self._upstream(exchange, target, self._remixed(exchange, target, raw, fields))

    def origin(self, exchange: Exchange, target: Target) -> Origin:
        """What the upstream gives to new jobs, charged to the key that the proxy was given."""
        lifetime, make_id = self.upstreams[target.provider].newborn()
        return Origin(
            exchange.project, "litellm", lifetime, self._proxy.payer(exchange.scope), make_id
        )

    # The operations ------------------------------------------------------------------------------

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_proxy_fields(exchange, self.limits)
        target, seen = await self.create(exchange, fields)
        return self._booked(exchange, target, seen)

    async def _retrieve(self, exchange: Exchange) -> Answer:
        target, seen = await self.looked_up(exchange, exchange.path_param("video_id"))
        headers = self._proxy.headers(exchange, target, cost=Decimal(0), itemised=True)
        return self._answer(target, seen, headers, booked=False)

    async def _list(self, exchange: Exchange) -> Answer:
        provider = named_provider(exchange)
        if provider is None:
            raise ProviderNotGiven
        # limit and after are not sent on (evidence: measured).
        page = await self.service.page(exchange.project, PageRequest())
        answer = json_answer(render_list(page, provider))
        answer.headers.extend(self._proxy.headers(exchange, None, cost=None))
        return answer

    async def _content(self, exchange: Exchange) -> Answer:
        return await self.mp4(exchange, exchange.path_param("video_id"))

    async def _remix(self, exchange: Exchange) -> Answer:
        fields = await read_proxy_fields(exchange, self.limits)
        if not fields.values.get("prompt"):
            raise MissingProxyParameter("/videos/{video_id}/remix", "prompt")
        # What else the documentation names is dropped on the way (evidence: measured).
        kept = {k: v for k, v in fields.values.items() if k in ("prompt", "custom_llm_provider")}
        wrapped = exchange.path_param("video_id")
        target, seen = await self.remix_with(exchange, wrapped, Fields(kept, fields.encoding))
        return self._booked(exchange, target, seen)

    async def _edit(self, exchange: Exchange) -> Answer:
        values = (await read_proxy_fields(exchange, self.limits)).values
        target, raw = self._named_video(exchange, values, "/videos/edits", ("prompt",))
        prompt = Fields({"prompt": values["prompt"]}, Encoding.JSON)
        seen = await self._upstream(exchange, target, self._remixed(exchange, target, raw, prompt), named=False)
        headers = self._proxy.headers(exchange, target, cost=Decimal(0), named=False)
        return self._answer(target, seen, headers, booked=False)

    async def _extend(self, exchange: Exchange) -> Answer:
        values = (await read_proxy_fields(exchange, self.limits)).values
        needed = ("prompt", "seconds")
        target, raw = self._named_video(exchange, values, "/videos/extensions", needed)
        extending = self._extended(exchange, target, raw, values)
        seen = await self._upstream(exchange, target, extending, named=False)
        headers = self._proxy.headers(exchange, target, cost=Decimal(0), named=False, itemised=True)
        return self._answer(target, seen, headers, booked=False)

    async def _create_character(self, exchange: Exchange) -> Answer:
        values = (await read_proxy_fields(exchange, self.limits)).values
        upload = values.get("video")
        if not isinstance(upload, Upload):
            raise CharacterWithoutVideo
        target = self.targets.of_group(values.get("target_model_names", "sora-2"))
        name = str(values.get("name", ""))
        await self._upstream(exchange, target, decoded("video", upload, VIDEO_ONLY, None))
        character = await self.service.characters.create(exchange.project, name, None)
        text = (
            f"litellm:custom_llm_provider:{target.provider};model_id:{target.deployment};"
            f"character_id:{character.id}"
        )
        return self._character_answer(exchange, target, text, int(character.created), name)

    async def _character(self, exchange: Exchange) -> Answer:
        wrapped = exchange.path_param("character_id")
        text = _unwrapped_character(wrapped)
        target = Target(OPENAI, "")
        raw = text.rpartition("character_id:")[2] if text else wrapped
        getting = self.service.characters.get(exchange.project, raw)
        character = await self._upstream(exchange, target, getting)
        return self._character_answer(
            exchange, target, text or raw, int(character.created), character.name
        )

    async def _models(self, exchange: Exchange) -> Answer:
        del exchange
        entries = [render_model(group) for group in self.targets.groups()]
        return json_answer(compact({"data": entries, "object": "list"}))

    # Steps ---------------------------------------------------------------------------------------

    async def _created(self, exchange: Exchange, target: Target, values: dict[str, Any]) -> Seen:
        upstream = self.upstreams[target.provider]
        command, referred = upstream.parse_create(self._sent(target, values))
        if referred is not None:
            command = await self.references.checked(exchange.project, command, referred)
        return await self.service.create(self.origin(exchange, target), command)

    async def _remixed(self, exchange: Exchange, target: Target, raw: str, fields: Fields) -> Seen:
        """The remix; length and reference are those of the source unless they are given."""
        origin = self.origin(exchange, target)
        command = parse_remix(raw, Fields({"prompt": fields.values["prompt"]}, Encoding.JSON))
        if {"seconds", "input_reference"} & fields.values.keys():
            source = await self.service.peek(exchange.project, raw)
            values = {"model": source.video.model, "size": source.video.size, **fields.values}
            sent = self._sent(target, values)
            whole, referred = self.upstreams[target.provider].parse_create(sent)
            if referred is not None:
                whole = await self.references.checked(exchange.project, whole, referred)
            seconds = whole.seconds if "seconds" in fields.values else None
            command = replace(command, seconds=seconds, reference=whole.reference)
        return await self.service.remix(origin, command)

    async def _extended(
        self, exchange: Exchange, target: Target, raw: str, values: Mapping[str, Any]
    ) -> Seen:
        sent = {
            "prompt": values["prompt"],
            "seconds": _as_form(values["seconds"]),
            "video": {"id": raw},
        }
        rules = self.upstreams[target.provider].rules
        command = parse_extension(Fields(sent, Encoding.JSON), rules)
        assert isinstance(command, Extend)  # a video that is named is no upload
        return await self.service.extend(self.origin(exchange, target), command)

    def _sent(self, target: Target, values: Mapping[str, Any]) -> Fields:
        """What the proxy sends on: a form, in which numbers are texts, and a text as the
        reference is a file (evidence: measured)."""
        sent = {name: _as_form(value) for name, value in values.items()}
        reference = sent.get("input_reference")
        if isinstance(reference, dict):
            raise UnreadableReference(target)
        if isinstance(reference, str):
            data = reference.encode("utf-8")
            sent["input_reference"] = Upload("input_reference.png", "image/png", data)
        sent["model"] = target.model or sent["model"]
        sent.pop("custom_llm_provider", None)
        return Fields(sent, Encoding.MULTIPART)

    def _named_video(
        self, exchange: Exchange, values: Mapping[str, Any], route: str, needed: tuple[str, ...]
    ) -> tuple[Target, str]:
        """The video in `{"video": {"id"}}`; a raw id goes through the deployment that `model`
        names (evidence: measured)."""
        for name in needed:
            if not values.get(name):
                raise MissingProxyParameter(route, name)
        video = values.get("video")
        wrapped = cast("dict[str, object]", video).get("id") if isinstance(video, dict) else None
        if not isinstance(wrapped, str):
            raise MissingProxyParameter(route, "video")
        target, raw = self.targets.of_id(wrapped, named_provider(exchange, values))
        if not target.model and values.get("model"):
            target = self.targets.of_group(values["model"])
        return target, raw

    async def _upstream(
        self, exchange: Exchange, target: Target, call: Awaitable[T], *, named: bool = True
    ) -> T:
        try:
            return await call
        except RequestError as error:
            if isinstance(error, UnreadableReference):
                raise
            manner = self.upstreams[target.provider]
            raise UpstreamFailed(error, target, manner, exchange.project, named=named) from error

    def _booked(self, exchange: Exchange, target: Target, seen: Seen) -> Answer:
        """The answer of a create or remix: priced by model and length alone, whatever the size."""
        models = self.service.space.models
        model = models[target.model] if target.model in models else models["sora-2"]
        cost = model.price(model.default_size, seen.video.seconds)
        headers = self._proxy.headers(exchange, target, cost=cost)
        return self._answer(target, seen, headers, booked=True)

    def _answer(self, target: Target, seen: Seen, headers: Headers, *, booked: bool) -> Answer:
        group = target.group or seen.video.model
        body = render_video(seen, target.wrap(seen.video.id), group, booked=booked)
        answer = json_answer(body)
        answer.headers.extend(headers)
        return answer

    def _character_answer(
        self, exchange: Exchange, target: Target, text: str, created: int, name: str
    ) -> Answer:
        wrapped = _CHARACTER + base64.b64encode(text.encode()).decode("ascii")
        body = {"id": wrapped, "object": "character", "created_at": created, "name": name}
        answer = json_answer(compact(body))
        headers = self._proxy.headers(exchange, target, cost=None, named=False, itemised=True)
        answer.headers.extend(headers)
        return answer


def _as_form(value: object) -> object:
    """A scalar as a form carries it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _unwrapped_character(wrapped: str) -> str | None:
    if not wrapped.startswith(_CHARACTER):
        return None
    try:
        text = base64.b64decode(wrapped.removeprefix(_CHARACTER), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return text if text.startswith("litellm:") else None
