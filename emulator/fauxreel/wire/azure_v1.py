"""The Azure dialect for Sora 2: `/openai/v1/videos` and `/openai/v1/models`."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import parse_qs

from msgspec.structs import replace
from starlette.types import ASGIApp, Receive, Scope, Send

from fauxreel.domain.commands import Create
from fauxreel.domain.errors import (
    DeploymentNotFound,
    NoSuchResource,
    RefusedCredentials,
    RefusedToken,
    RequestError,
    UnsupportedApiVersion,
)
from fauxreel.domain.models import BUILT_IN, LISTED_SECONDS, Model, Models
from fauxreel.domain.paging import Page
from fauxreel.domain.video import Lifetime, Since
from fauxreel.headers import Filled, Shape
from fauxreel.ids import azure_video_id
from fauxreel.looks import Seen
from fauxreel.memory import Memory
from fauxreel.service import MakeVideoId, Origin, VideoService
from fauxreel.space import Space
from fauxreel.wire.azure_render import (
    ascii_only,
    azure_answer,
    render_azure_error,
    render_azure_list,
    render_azure_video,
)
from fauxreel.wire.bodies import Fields, Limits
from fauxreel.wire.credentials import Keys, bearer_token
from fauxreel.wire.endpoint import Endpoint, Fallback
from fauxreel.wire.http import Answer, Exchange, Handler, Methods, Route, first_header
from fauxreel.wire.openai_assets import AssetOperations
from fauxreel.wire.openai_parse import Rules, create_parameters, parse_create
from fauxreel.wire.references import References, Referred
from fauxreel.wire.validation import refuse_unknown, required_text
from fauxreel.wire.videos import VideoOperations

SURFACE = "azure"
ROOT = "/openai"
PREFIX = f"{ROOT}/v1"

# expires_at = created_at + 86400 (evidence: verbatim, azure, 3 samples).
LIFETIME = Lifetime(86_400, Since.CREATION)

# Both, or none at all (evidence: specified; reported for others, azure, 2026).
API_VERSIONS = ("v1", "preview")

# Nothing beyond 12 seconds was documented, and no size beyond the 720p pair worked, though the
# schema lists four; sora-2-pro was never sold (evidence: documented and reported, azure, 2026).
AZURE_SORA_2 = replace(BUILT_IN[0], seconds=LISTED_SECONDS)

_LONGEST_NAME = 512
_MOST_DEPLOYED = 100

_HEADERS = Shape(
    (b"apim-request-id", None),
    (b"x-content-type-options", b"nosniff"),
    (b"x-envoy-upstream-service-time", None),
    (b"x-ms-region", b"East US 2"),
)


class AzureAccess:
    """Credentials, headers and errors, the same for both of Azure's APIs."""

    def __init__(self, keys: Keys, space: Space) -> None:
        self.name = SURFACE
        self.space = space
        self._keys = keys
        self._request_ids = space.request_ids(SURFACE)

    def authenticate(self, scope: Scope) -> str:
        """`api-key`, or a bearer key or token; both together were seen, and the key counts.

        Raises:
            UnsupportedApiVersion: The version is dated, or holds what is no version.
            RefusedCredentials, RefusedToken, MissingCredentials: As they say.
        """
        _check_version(scope)
        key = first_header(scope, b"api-key")
        if key is not None:
            if not key.strip():
                raise RefusedCredentials("")
            return self._keys.project(key.decode("latin-1").strip())
        try:
            return self._keys.project(bearer_token(scope))
        except RefusedCredentials as error:
            raise RefusedToken(str(error.fields["masked"]), unset=error.unset) from None

    def payer(self, scope: Scope) -> str:
        """The hashed key of an accepted request."""
        key = first_header(scope, b"api-key")
        token = bearer_token(scope) if key is None else key.decode("latin-1").strip()
        return self._keys.hashed(token)

    def render_error(self, error: RequestError) -> Answer:
        return render_azure_error(error)

    def common_headers(self, answer: Answer, project: str | None, elapsed_ns: int) -> Filled:
        """The closed list (evidence: inferred, from a capture of another route, 2025)."""
        del answer, project
        request_id = self._request_ids.next_uuid().encode("ascii")
        return _HEADERS.filled(request_id, b"%d" % (elapsed_ns // 1_000_000))


def _check_version(scope: Scope) -> None:
    query: str = scope["query_string"].decode("latin-1")
    versions = parse_qs(query, keep_blank_values=True).get("api-version", [])
    for version in versions:
        if version in API_VERSIONS:
            continue
        raise UnsupportedApiVersion(version)


class AzureV1:
    """The dialect over the jobs of one service.

    Args:
        deployments: The names that exist; without any, every name does.
        specified: Whether edits, extensions and characters are served, which are in the
            specification but were never seen to work.
    """

    def __init__(
        self,
        service: VideoService,
        access: AzureAccess,
        limits: Limits,
        rules: Rules,
        references: References,
        *,
        deployments: Sequence[str],
        specified: bool,
    ) -> None:
        self._access = access
        own = (model for model in rules.models if model.owned_by == "user")
        self.rules = replace(rules, models=Models(own, built_in=(AZURE_SORA_2,)))
        self._deployments = tuple(deployments)
        # What each deployment that was asked for takes.
        self._deployed: Memory[str, Rules] = Memory(_MOST_DEPLOYED)
        videos = VideoOperations(service, references, limits, self.rules, self)
        assets = AssetOperations(service, limits)
        asset_paths = assets.model_paths()
        self._paths: dict[str, Methods] = videos.paths()
        if specified:
            self._paths |= videos.later_paths()
            asset_paths |= assets.character_paths()
        self._paths |= {path: _in_ascii(methods) for path, methods in asset_paths.items()}

    def routes(self) -> list[Route]:
        """One route a path, with all its methods."""
        return [
            Route(PREFIX + path, _endpoint(self._access, path, methods))
            for path, methods in self._paths.items()
        ]

    def fallbacks(self) -> dict[str, ASGIApp]:
        """What answers where there is no route: the service below v1, else the gateway."""
        return {ROOT: Fallback(self._access, gateway_error), PREFIX: Fallback(self._access)}

    # What the operations ask for -----------------------------------------------------------------

    def origin(self, exchange: Exchange) -> Origin:
        payer = self._access.payer(exchange.scope)
        return Origin(exchange.project, SURFACE, LIFETIME, payer, azure_video_id)

    def parse_create(self, fields: Fields) -> tuple[Create, Referred | None]:
        """The new job; `model` is a deployment and required (evidence: verbatim, azure).

        Raises:
            InvalidParameter: A parameter is unknown or wrong.
            DeploymentNotFound: There is no such deployment.
        """
        refuse_unknown(fields.values, create_parameters(self.rules))
        name = required_text(fields.values, "model", _LONGEST_NAME)
        if self._deployments and name not in self._deployments:
            raise DeploymentNotFound(name)
        return parse_create(fields, self._deployed.get(name) or self._deploy(name))

    def _deploy(self, name: str) -> Rules:
        models = Models((replace(self._model(name), name=name),))
        return self._deployed.keep(name, replace(self.rules, models=models))

    def _model(self, name: str) -> Model:
        """What a deployment makes: its own model's videos, else what Azure sold as sora-2."""
        models = self.rules.models
        return models[name if name in models else AZURE_SORA_2.name]

    def render(self, exchange: Exchange, seen: Seen) -> str:
        del exchange
        return render_azure_video(seen)

    def render_page(self, exchange: Exchange, page: Page[Seen]) -> str:
        del exchange
        return render_azure_list(page)

    def newborn(self) -> tuple[Lifetime, MakeVideoId]:
        return LIFETIME, azure_video_id

    def render_error(self, error: RequestError) -> Answer:
        return render_azure_error(error)

    answer = staticmethod(azure_answer)


class _VideoEndpoint(Endpoint):
    """One video. A POST there is a wrong path: `/videos/create` was a 404 (evidence: reported,
    azure, 2026), and so are the paths that were specified and never seen."""

    def __init__(self, surface: AzureAccess, path: str, methods: Methods) -> None:
        super().__init__(surface, path, methods)
        self._unrouted = Fallback(surface)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._unrouted(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _endpoint(surface: AzureAccess, path: str, methods: Methods) -> Endpoint:
    kind = _VideoEndpoint if path == "/videos/{video_id}" else Endpoint
    return kind(surface, path, methods)


def _in_ascii(methods: Methods) -> Methods:
    """The handlers, their answers as Azure writes JSON."""
    return {method: partial(_answered, handler) for method, handler in methods.items()}


async def _answered(handler: Handler, exchange: Exchange) -> Answer:
    answer = await handler(exchange)
    return azure_answer(ascii_only(answer.whole().decode()), answer.status)


def gateway_error(scope: Scope) -> RequestError:
    """The gateway's error for a path that it does not know."""
    return NoSuchResource(scope["method"], scope["path"])
