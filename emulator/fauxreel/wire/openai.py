"""The OpenAI dialect: `/v1/videos`, `/v1/models`, and the same without `/v1`.

As every dialect it has routes, and beside it its parse, render and words; what a request means
is the affair of the service.
"""

from functools import partial

from starlette.types import ASGIApp, Scope

from fauxreel.domain.commands import Create
from fauxreel.domain.errors import MissingCredentials, RequestError
from fauxreel.domain.paging import Page
from fauxreel.domain.video import Lifetime, Since
from fauxreel.headers import Filled, Shape
from fauxreel.ids import organization, project_id, video_id
from fauxreel.looks import Seen
from fauxreel.service import MakeVideoId, Origin, VideoService
from fauxreel.wire.bodies import Fields, Limits
from fauxreel.wire.credentials import Keys, bearer_token
from fauxreel.wire.endpoint import Endpoint, Fallback
from fauxreel.wire.http import Answer, Exchange, Route
from fauxreel.wire.links import Links
from fauxreel.wire.openai_assets import AssetOperations
from fauxreel.wire.openai_parse import Rules, parse_create
from fauxreel.wire.openai_render import (
    json_answer,
    render_documented,
    render_error,
    render_list,
    render_video,
)
from fauxreel.wire.references import References, Referred
from fauxreel.wire.texts import Texts
from fauxreel.wire.videos import VideoOperations

SURFACE = "openai"

# expires_at = completed_at + 3600 (evidence: verbatim, openai, 5 samples).
LIFETIME = Lifetime(3600, Since.COMPLETION)

# The same dialect at both places: SDK suites, and people, forget the /v1.
PREFIXES = ("/v1", "")

_FIXED_HEADERS = (
    (b"openai-version", b"2020-10-01"),
    (b"x-content-type-options", b"nosniff"),
)
# Those of a request that is nobody's.
_NOBODYS = Shape(*_FIXED_HEADERS, (b"x-request-id", None))


class OpenAI:
    """The dialect over the jobs of one service.

    Args:
        prefixes: Where it answers.
    """

    def __init__(
        self,
        service: VideoService,
        keys: Keys,
        limits: Limits,
        rules: Rules,
        references: References,
        *,
        prefixes: tuple[str, ...] = PREFIXES,
    ) -> None:
        self.name = SURFACE
        self.space = service.space
        self._prefixes = prefixes
        self._seed = service.space.seed
        self._keys = keys
        self.rules = rules
        self._links = Links()
        self._texts = Texts(render_video)
        videos = VideoOperations(service, references, limits, rules, self)
        assets = AssetOperations(service, limits)
        self._paths = videos.paths() | videos.later_paths() | assets.paths()
        self._request_ids = service.space.request_ids(SURFACE)
        # By project.
        self._shapes: dict[str, Shape] = {}

    def routes(self) -> list[Route]:
        """One route a path, with all its methods, so that a 405 can name them all."""
        endpoints = {path: Endpoint(self, path, methods) for path, methods in self._paths.items()}
        return [
            Route(prefix + path, endpoint)
            for prefix in self._prefixes
            for path, endpoint in endpoints.items()
        ]

    def not_found(self) -> ASGIApp:
        """What answers where there is no route."""
        return Fallback(self)

    # What the operations ask for -----------------------------------------------------------------

    def origin(self, exchange: Exchange) -> Origin:
        payer = self.space.key_name(bearer_token(exchange.scope))
        return Origin(exchange.project, SURFACE, LIFETIME, payer)

    def parse_create(self, fields: Fields) -> tuple[Create, Referred | None]:
        return parse_create(fields, self.rules)

    def render(self, exchange: Exchange, seen: Seen) -> str:
        if self.rules.free:
            return render_documented(seen, self._links.content_url(exchange, seen.video.id))
        return render_video(seen)

    def render_page(self, exchange: Exchange, page: Page[Seen]) -> str:
        render = partial(self.render, exchange) if self.rules.free else self._texts.of
        return render_list(page, render, lambda seen: seen.video.id)

    def newborn(self) -> tuple[Lifetime, MakeVideoId]:
        return LIFETIME, video_id

    answer = staticmethod(json_answer)

    # What an endpoint asks for -------------------------------------------------------------------

    def authenticate(self, scope: Scope) -> str:
        try:
            return self._keys.bearer(scope)
        except MissingCredentials:
            project = self._links.project(scope)
            if project is None:
                raise
            return project

    def render_error(self, error: RequestError) -> Answer:
        return render_error(error)

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Filled:
        """The closed list: no CDN, no `server` (evidence: verbatim, openai, other routes)."""
        refused = answer.status == 401
        if project is None or refused:
            request_id = self._request_ids.next_uuid() if refused else self._request_ids.next()
            return _NOBODYS.filled(request_id.encode("ascii"))
        shape = self._shapes.get(project)
        if shape is None:
            seed = self._seed
            shape = self._shapes[project] = Shape(
                *_FIXED_HEADERS,
                (b"openai-organization", organization(seed).encode("ascii")),
                (b"openai-project", project_id(seed, project).encode("ascii")),
                (b"openai-processing-ms", None),
                (b"x-request-id", None),
            )
        request_id = self._request_ids.next()
        return shape.filled(b"%d" % (elapsed_ns // 1_000_000), request_id.encode("ascii"))
