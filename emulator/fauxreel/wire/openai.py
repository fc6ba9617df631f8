"""The OpenAI dialect: `/v1/videos`, `/v1/models`, and the same without `/v1`.

As every dialect it has routes, and beside it its parse, render and words; what a request means
is the affair of the service.
"""

from json.encoder import encode_basestring as quoted

from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from fauxreel.domain.errors import RequestError
from fauxreel.domain.video import Lifetime, Since, Status
from fauxreel.ids import RequestIds, organization, project_id
from fauxreel.service import Origin, Seen, VideoService
from fauxreel.wire.bodies import Limits, read_fields
from fauxreel.wire.credentials import Keys, bearer_token
from fauxreel.wire.downloads import download
from fauxreel.wire.endpoint import Endpoint, NotFound
from fauxreel.wire.http import Answer, Exchange, Headers
from fauxreel.wire.openai_parse import (
    CREATE_PARAMETERS,
    parse_create,
    parse_list,
    parse_remix,
    parse_variant,
)
from fauxreel.wire.openai_render import render_error, render_list, render_model, render_video
from fauxreel.wire.references import checked_reference

SURFACE = "openai"

# The same dialect at both places: SDK suites, and people, forget the /v1.
PREFIXES = ("/v1", "")

_FIXED_HEADERS: Headers = [
    (b"openai-version", b"2020-10-01"),
    (b"x-content-type-options", b"nosniff"),
]
_UNFINISHED = (Status.QUEUED, Status.PROCESSING)

# expires_at = completed_at + 3600 (evidence: verbatim, openai, 5 samples).
LIFETIME = Lifetime(3600, Since.COMPLETION)


class OpenAI:
    """The dialect over the jobs of one service.

    Args:
        accept_user: Whether `user` is ignored instead of refused: a deliberate difference.
    """

    def __init__(
        self, service: VideoService, keys: Keys, limits: Limits, *, accept_user: bool
    ) -> None:
        self._service = service
        self._keys = keys
        self._limits = limits
        self._parameters = (*CREATE_PARAMETERS, "user") if accept_user else CREATE_PARAMETERS
        self._request_ids = RequestIds(service.space.seed)
        # Encoded once, by project; requests without one get the fixed headers alone.
        self._account_headers: dict[str, Headers] = {}

    def routes(self) -> list[Route]:
        """One route a path, with all its methods, so that a 405 can name them all."""
        paths = {
            "/videos/{video_id}": {"GET": self._retrieve, "DELETE": self._delete},
            "/videos": {"POST": self._create, "GET": self._list},
            "/videos/{video_id}/content": {"GET": self._content},
            "/videos/{video_id}/remix": {"POST": self._remix},
            "/models": {"GET": self._models},
        }
        endpoints = {path: Endpoint(self, methods) for path, methods in paths.items()}
        return [
            Route(prefix + path, endpoint)
            for prefix in PREFIXES
            for path, endpoint in endpoints.items()
        ]

    def not_found(self) -> ASGIApp:
        """What answers where there is no route."""
        return NotFound(self)

    # What an endpoint asks for -------------------------------------------------------------------

    def authenticate(self, scope: Scope) -> str:
        return self._keys.project(bearer_token(scope))

    def render_error(self, error: RequestError) -> Answer:
        return render_error(error)

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Headers:
        """The closed list: no CDN, no `server` (evidence: verbatim, openai, other routes)."""
        if project is None:
            request_id = (
                self._request_ids.next_uuid() if answer.status == 401 else self._request_ids.next()
            )
            return [*_FIXED_HEADERS, (b"x-request-id", request_id.encode("ascii"))]
        account = self._account_headers.get(project)
        if account is None:
            seed = self._service.space.seed
            account = self._account_headers[project] = [
                *_FIXED_HEADERS,
                (b"openai-organization", organization(seed).encode("ascii")),
                (b"openai-project", project_id(seed, project).encode("ascii")),
            ]
        return [
            *account,
            (b"openai-processing-ms", b"%d" % (elapsed_ns // 1_000_000)),
            (b"x-request-id", self._request_ids.next().encode("ascii")),
        ]

    # The operations ------------------------------------------------------------------------------

    async def _create(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command, upload = parse_create(fields, self._service.space.models, self._parameters)
        if upload is not None:
            command = await checked_reference(command, "input_reference", upload)
        return _video_answer(await self._service.create(self._origin(exchange), command))

    async def _retrieve(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        if exchange.method == "HEAD":
            return _video_answer(await self._service.peek(exchange.project, video_id))
        seen = await self._service.retrieve(exchange.project, video_id)
        answer = _video_answer(seen)
        if seen.view.status in _UNFINISHED and seen.video.poll_after_ms is not None:
            answer.headers.append((b"openai-poll-after-ms", b"%d" % seen.video.poll_after_ms))
        return answer

    async def _list(self, exchange: Exchange) -> Answer:
        page = await self._service.page(exchange.project, parse_list(exchange.query()))
        return _json_answer(render_list(page))

    async def _delete(self, exchange: Exchange) -> Answer:
        video_id = exchange.path_param("video_id")
        await self._service.delete(exchange.project, video_id)
        return _json_answer(f'{{"id":{quoted(video_id)},"object":"video.deleted","deleted":true}}')

    async def _content(self, exchange: Exchange) -> Answer:
        variant = parse_variant(exchange.query())
        video_id = exchange.path_param("video_id")
        return download(exchange, await self._service.content(exchange.project, video_id, variant))

    async def _remix(self, exchange: Exchange) -> Answer:
        fields = await read_fields(exchange, self._limits)
        command = parse_remix(exchange.path_param("video_id"), fields)
        return _video_answer(await self._service.remix(self._origin(exchange), command))

    async def _models(self, exchange: Exchange) -> Answer:
        del exchange
        entries = ",".join(render_model(model) for model in self._service.space.models)
        return _json_answer(f'{{"object":"list","data":[{entries}]}}')

    def _origin(self, exchange: Exchange) -> Origin:
        return Origin(exchange.project, SURFACE, LIFETIME)


def _video_answer(seen: Seen) -> Answer:
    return _json_answer(render_video(seen))


def _json_answer(body: str) -> Answer:
    return Answer(200, (body.encode("utf-8"),))
