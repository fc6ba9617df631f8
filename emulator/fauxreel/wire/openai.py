"""The OpenAI dialect: `/v1/videos`, `/v1/models`, and the same without `/v1`.

As every dialect it has routes, and beside it its parse, render and words; what a request means
is the affair of the service.
"""

from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from fauxreel.domain.errors import MissingCredentials, RequestError
from fauxreel.ids import RequestIds, organization, project_id
from fauxreel.service import VideoService
from fauxreel.wire.bodies import Limits
from fauxreel.wire.credentials import Keys, bearer_token
from fauxreel.wire.endpoint import Endpoint, NotFound
from fauxreel.wire.http import Answer, Headers
from fauxreel.wire.links import Links
from fauxreel.wire.openai_assets import AssetOperations
from fauxreel.wire.openai_parse import Rules
from fauxreel.wire.openai_render import render_error
from fauxreel.wire.openai_videos import VideoOperations
from fauxreel.wire.references import References

# The same dialect at both places: SDK suites, and people, forget the /v1.
PREFIXES = ("/v1", "")

_FIXED_HEADERS: Headers = [
    (b"openai-version", b"2020-10-01"),
    (b"x-content-type-options", b"nosniff"),
]


class OpenAI:
    """The dialect over the jobs of one service."""

    def __init__(
        self,
        service: VideoService,
        keys: Keys,
        limits: Limits,
        rules: Rules,
        references: References,
    ) -> None:
        self._service = service
        self._keys = keys
        self._links = Links()
        self._groups = (
            VideoOperations(service, references, self._links, limits, rules),
            AssetOperations(service, limits),
        )
        self._request_ids = RequestIds(service.space.seed)
        # Encoded once, by project; requests without one get the fixed headers alone.
        self._account_headers: dict[str, Headers] = {}

    def routes(self) -> list[Route]:
        """One route a path, with all its methods, so that a 405 can name them all."""
        endpoints = {
            path: Endpoint(self, methods)
            for group in self._groups
            for path, methods in group.paths().items()
        }
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
        try:
            return self._keys.project(bearer_token(scope))
        except MissingCredentials:
            project = self._links.project(scope)
            if project is None:
                raise
            return project

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
