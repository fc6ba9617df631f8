"""Signed links: a download that works without credentials, and that nobody can guess."""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote

from starlette.types import Scope

from fauxreel.ids import random_secret
from fauxreel.wire.http import Exchange, first_header

_PARAMETER = "signature"


class Links:
    """Makes and checks the links of one emulator; they end with it."""

    def __init__(self) -> None:
        self._secret = random_secret()

    def content_url(self, exchange: Exchange, video_id: str) -> str:
        """The absolute address of a video's mp4, as the client that asks can reach it."""
        scope = exchange.scope
        host = (first_header(scope, b"host") or b"127.0.0.1").decode("latin-1")
        prefix = "/v1" if scope["path"].startswith("/v1/") else ""
        ticket = f"{exchange.project}.{self._sign(exchange.project, video_id)}"
        root = f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}{prefix}"
        return f"{root}/videos/{quote(video_id)}/content?{_PARAMETER}={quote(ticket)}"

    def project(self, scope: Scope) -> str | None:
        """The project whose link the request follows; None when it follows none."""
        if not scope["path"].endswith("/content") or scope["method"] not in ("GET", "HEAD"):
            return None
        ticket = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(_PARAMETER, "")
        project, _, signature = ticket.rpartition(".")
        expected = self._sign(project, str(scope["path_params"].get("video_id")))
        return project if hmac.compare_digest(expected.encode(), signature.encode()) else None

    def _sign(self, project: str, video_id: str) -> str:
        words = f"{project} {video_id}".encode()
        return hmac.new(self._secret, words, hashlib.sha256).hexdigest()
