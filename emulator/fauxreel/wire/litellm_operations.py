"""The operations of the LiteLLM proxy on videos and characters (evidence: measured)."""

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, TypeVar, cast

from msgspec.structs import replace
from starlette.types import Scope

from fauxreel.domain.commands import Extend
from fauxreel.domain.errors import MissingProxyParameter, ProviderNotGiven, RequestError
from fauxreel.domain.models import DEFAULT_MODEL
from fauxreel.domain.paging import PageRequest
from fauxreel.domain.video import Variant
from fauxreel.headers import Headers
from fauxreel.looks import Seen
from fauxreel.service import Origin, VideoService
from fauxreel.space import Space
from fauxreel.wire.bodies import Encoding, Fields, Limits
from fauxreel.wire.consult import Caller, consult, ruled_after
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.litellm_bodies import read_proxy_fields
from fauxreel.wire.litellm_forms import sent_on
from fauxreel.wire.litellm_render import (
    LackingParameter,
    UnreadableReference,
    UpstreamFailed,
    compact,
    json_answer,
    render_list,
    render_model,
    render_video,
)
from fauxreel.wire.litellm_targets import AZURE, OPENAI, Target, Targets, named_provider
from fauxreel.wire.openai_parse import parse_extension, parse_remix
from fauxreel.wire.record import note_state
from fauxreel.wire.references import References
from fauxreel.wire.videos import Manner

T = TypeVar("T")


class Proxy(Protocol):
    """What the operations need of the dialect."""

    def payer(self, scope: Scope) -> str: ...

    def headers(
        self,
        exchange: Exchange,
        target: Target | None,
        *,
        cost: float | None,
        named: bool = True,
        itemised: bool = False,
    ) -> Headers: ...


class ProxyOperations:
    """What the proxy serves: create, list, retrieve, content, remix, edits, extensions,
    models. There is no delete."""

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
        self.proxy = proxy

    def paths(self) -> dict[str, Methods]:
        """The handlers by path and method."""
        return {
            "/videos": {"POST": self._create, "GET": self._list},
            "/videos/{video_id}": {"GET": self._retrieve},
            "/videos/{video_id}/content": {"GET": self._content},
            "/videos/{video_id}/remix": {"POST": self._remix},
            "/videos/edits": {"POST": self._edit},
            "/videos/extensions": {"POST": self._extend},
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
        if "prompt" not in values:
            raise LackingParameter("/videos", "prompt", self.targets.known(values.get("model")))
        target = self.targets.of_group(values.get("model"))
        return target, await self.upstream(
            exchange, target, self._created(exchange, target, values)
        )

    async def looked_up(
        self, exchange: Exchange, wrapped: str, values: Mapping[str, Any] | None = None
    ) -> tuple[Target, Seen]:
        """A job by its wrapped or raw id, after one more poll.

        Raises:
            UpstreamFailed: There is no such job.
        """
        target, raw = self.targets.of_id(wrapped, named_provider(exchange, values))
        seen = await self.upstream(exchange, target, self.service.retrieve(exchange.project, raw))
        note_state(exchange.scope, seen.view.status)
        return target, seen

    async def mp4(
        self, exchange: Exchange, wrapped: str, values: Mapping[str, Any] | None = None
    ) -> Answer:
        """The whole mp4, whatever part or variant is asked for.

        Raises:
            UpstreamFailed: There is no such job, or it has no content.
        """
        target, raw = self.targets.of_id(wrapped, named_provider(exchange, values))
        getting = self.service.content(exchange.project, raw, Variant.VIDEO)
        asset = await self.upstream(exchange, target, getting)
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
        return target, await self.upstream(
            exchange, target, self._remixed(exchange, target, raw, fields)
        )

    def origin(self, exchange: Exchange, target: Target) -> Origin:
        """What the upstream gives to new jobs, charged to the key that the proxy was given."""
        lifetime, make_id = self.upstreams[target.provider].newborn()
        payer = self.proxy.payer(exchange.scope)
        return Origin(exchange.project, "litellm", lifetime, payer, make_id)

    def _caller(self, exchange: Exchange) -> Caller:
        return Caller(self.service.space, exchange.scope)

    async def upstream(
        self,
        exchange: Exchange,
        target: Target,
        call: Coroutine[Any, Any, T],
        *,
        named: bool = True,
    ) -> T:
        """What a call of the upstream gives, unless a rule has it fail.

        Args:
            named: Whether the headers of an error name the deployment's model.

        Raises:
            UpstreamFailed: It refuses the call.
        """
        space, scope = self.service.space, exchange.scope
        try:
            await _consulted(space, scope, call)
            found = await call
            ruled_after(scope)
        except UnreadableReference:
            raise
        except RequestError as error:
            manner = self.upstreams[target.provider]
            raise UpstreamFailed(error, target, manner, exchange.project, named=named) from error
        return found

    # The operations ------------------------------------------------------------------------------

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_proxy_fields(exchange, self.limits)
        target, seen = await self.create(exchange, fields)
        return self._booked(exchange, target, seen)

    async def _retrieve(self, exchange: Exchange) -> Answer:
        target, seen = await self.looked_up(exchange, exchange.path_param("video_id"))
        headers = self.proxy.headers(exchange, target, cost=0.0, itemised=True)
        return self._answer(target, seen, headers, booked=False)

    async def _list(self, exchange: Exchange) -> Answer:
        provider = named_provider(exchange)
        if provider is None:
            raise ProviderNotGiven
        # limit and after are not sent on (evidence: measured).
        listing = self.service.page(exchange.project, PageRequest())
        target = Target(AZURE if provider == AZURE else OPENAI, "")
        page = await self.upstream(exchange, target, listing, named=False)
        answer = json_answer(render_list(page, provider))
        answer.headers.extend(self.proxy.headers(exchange, None, cost=None))
        return answer

    async def _content(self, exchange: Exchange) -> Answer:
        return await self.mp4(exchange, exchange.path_param("video_id"))

    async def _remix(self, exchange: Exchange) -> Answer:
        fields = await read_proxy_fields(exchange, self.limits)
        wrapped = exchange.path_param("video_id")
        if "prompt" not in fields.values:
            target, _ = self.targets.of_id(wrapped, None)
            raise LackingParameter("/videos/{video_id}/remix", "prompt", target)
        # What else the documentation names is dropped on the way (evidence: measured).
        kept = {k: v for k, v in fields.values.items() if k in ("prompt", "custom_llm_provider")}
        target, seen = await self.remix_with(exchange, wrapped, Fields(kept, fields.encoding))
        return self._booked(exchange, target, seen)

    async def _edit(self, exchange: Exchange) -> Answer:
        values = (await read_proxy_fields(exchange, self.limits)).values
        target, raw = self._named_video(exchange, values, "/videos/edits", ("prompt",))
        prompt = Fields({"prompt": values["prompt"]}, Encoding.JSON)
        seen = await self.upstream(
            exchange, target, self._remixed(exchange, target, raw, prompt), named=False
        )
        headers = self.proxy.headers(exchange, target, cost=0.0, named=False)
        return self._answer(target, seen, headers, booked=False)

    async def _extend(self, exchange: Exchange) -> Answer:
        values = (await read_proxy_fields(exchange, self.limits)).values
        needed = ("prompt", "seconds")
        target, raw = self._named_video(exchange, values, "/videos/extensions", needed)
        extending = self._extended(exchange, target, raw, values)
        seen = await self.upstream(exchange, target, extending, named=False)
        headers = self.proxy.headers(exchange, target, cost=0.0, named=False, itemised=True)
        return self._answer(target, seen, headers, booked=False)

    async def _models(self, exchange: Exchange) -> Answer:
        del exchange
        entries = [render_model(group) for group in self.targets.groups()]
        return json_answer(compact({"data": entries, "object": "list"}))

    # Steps ---------------------------------------------------------------------------------------

    async def _created(self, exchange: Exchange, target: Target, values: dict[str, Any]) -> Seen:
        upstream = self.upstreams[target.provider]
        command, referred = upstream.parse_create(sent_on(target, values))
        if referred is not None:
            command = await self.references.checked(exchange.project, command, referred)
        origin, caller = self.origin(exchange, target), self._caller(exchange)
        return await self.service.create(origin, caller, command)

    async def _remixed(self, exchange: Exchange, target: Target, raw: str, fields: Fields) -> Seen:
        """The remix; length and reference are those of the source unless they are given."""
        origin = self.origin(exchange, target)
        command = parse_remix(raw, Fields({"prompt": fields.values["prompt"]}, Encoding.JSON))
        if {"seconds", "input_reference"} & fields.values.keys():
            source = await self.service.peek(exchange.project, raw)
            values = {"model": source.video.model, "size": source.video.size, **fields.values}
            sent = sent_on(target, values)
            whole, referred = self.upstreams[target.provider].parse_create(sent)
            if referred is not None:
                whole = await self.references.checked(exchange.project, whole, referred)
            seconds = whole.seconds if "seconds" in fields.values else None
            command = replace(command, seconds=seconds, reference=whole.reference)
        return await self.service.remix(origin, self._caller(exchange), command)

    async def _extended(
        self, exchange: Exchange, target: Target, raw: str, values: Mapping[str, Any]
    ) -> Seen:
        sent = {
            "prompt": values["prompt"],
            "seconds": values["seconds"],
            "video": {"id": raw},
        }
        rules = self.upstreams[target.provider].rules
        command = parse_extension(Fields(sent, Encoding.JSON), rules)
        assert isinstance(command, Extend)  # a video that is named is no upload
        origin, caller = self.origin(exchange, target), self._caller(exchange)
        return await self.service.extend(origin, caller, command)

    def _named_video(
        self, exchange: Exchange, values: Mapping[str, Any], route: str, needed: tuple[str, ...]
    ) -> tuple[Target, str]:
        """The video in `{"video": {"id"}}` or `{"video": id}`.

        A raw id goes through the deployment that `model` names (evidence: measured).
        """
        video = values.get("video")
        wrapped = cast("dict[str, object]", video).get("id") if isinstance(video, dict) else video
        for name in needed:
            if name not in values:
                found = self.targets.of_id(wrapped, None)[0] if isinstance(wrapped, str) else None
                raise LackingParameter(route, name, found)
        if not isinstance(wrapped, str):
            raise MissingProxyParameter(route, "video")
        target, raw = self.targets.of_id(wrapped, named_provider(exchange, values))
        if not target.model and values.get("model"):
            target = self.targets.of_group(values["model"])
        return target, raw

    def cost(self, target: Target, seen: Seen) -> float:
        """What the proxy books, in US dollars: by model and length alone, whatever the size."""
        models = self.service.space.models
        name = target.model if target.model in models else DEFAULT_MODEL
        # In binary fractions, as the proxy reckons: 12 seconds are 1.2000000000000002.
        return float(models.price(name, models[name].default_size, 1)) * seen.video.seconds

    def _booked(self, exchange: Exchange, target: Target, seen: Seen) -> Answer:
        """The answer of a create or remix."""
        headers = self.proxy.headers(exchange, target, cost=self.cost(target, seen))
        return self._answer(target, seen, headers, booked=True)

    def _answer(self, target: Target, seen: Seen, headers: Headers, *, booked: bool) -> Answer:
        group = target.group or seen.video.model
        body = render_video(seen, target.wrap(seen.video.id), group, booked=booked)
        answer = json_answer(body)
        answer.headers.extend(headers)
        return answer


async def _consulted(space: Space, scope: Scope, call: Coroutine[Any, Any, object]) -> None:
    """Asks the rules; a call that they do not let through is never made."""
    try:
        if (asking := consult(space, scope)) is not None:
            await asking
    except BaseException:
        call.close()
        raise
