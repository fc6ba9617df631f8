"""What a client does wrong over several requests: it looks at each one once it is answered.

Real time counts, from the start of one request to the start of the next, as in `retries`.
"""

from collections import OrderedDict
from typing import cast

from msgspec import Struct

from fauxreel.diagnostics import Diagnostics
from fauxreel.domain.operations import Operation
from fauxreel.domain.refusals import NeverEnds
from fauxreel.domain.video import Status
from fauxreel.journal import Request
from fauxreel.retries import TOLD_SHARE, Retries, remember

# A shorter wait, as the auto clock tells it, is no longer than the way there and back.
LEAST_TOLD_MS = 10
# A client may look again once the end was told, say to show the job; a loop does more.
LOOKS_AFTER_END = 2
# After such a pause it is a new look at an old job, and no polling.
REST_SECONDS = 60.0
MOST_JOBS = 10_000

_MOST_EXPIRED = 8
_SECOND = 1_000_000_000
_REMOTE = ("http://", "https://")
_REMARKABLE = frozenset({"input_reference", "user"})
_UNFINISHED = (Status.QUEUED, Status.PROCESSING)

# Named once: on Python 3.11 the name of a member takes twenty times as long as another one.
_CONTENT, _DELETE = Operation.CONTENT, Operation.DELETE
_REMIX, _RETRIEVE = Operation.REMIX, Operation.RETRIEVE
_FAILED = Status.FAILED


class _Job(Struct):
    """A job that a client made, and has not collected yet; and its last request about it."""

    method: str
    path: str
    diagnostics: list[str]
    told: Status | None = None


class _Poller(Struct):
    """What one key was told of one job.

    Args:
        told_ms: How long it was to wait after the last answer.
        looks: How often it asked since the end was told; None before.
        expired: The downloads that were refused as expired.
    """

    asked_ns: int = 0
    told_ms: int | None = None
    looks: int | None = None
    expired: tuple[bytes, ...] = ()


class Watch:
    """What is remembered of the clients of one namespace: so much at most, the oldest goes first.

    Args:
        fetches: Whether remote `image_url`s are looked at.
    """

    def __init__(self, diagnostics: Diagnostics, *, fetches: bool = False) -> None:
        self._diagnostics = diagnostics
        self._fetches = fetches
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._pollers: OrderedDict[tuple[str, str], _Poller] = OrderedDict()
        self._retries = Retries(self._note)

    def see(self, request: Request) -> None:
        """Looks at a request that was just answered."""
        operation = request.operation
        if operation is None or request.method == "HEAD":
            return
        if operation is _RETRIEVE:
            self._polled(request)
            if request.status == 200 and not self._retries.troubled:
                return
        elif request.accepted:
            self._created(request)
        elif operation is _CONTENT:
            self._asked_for_content(request)
        elif operation is _DELETE and request.status in (200, 204):
            self._jobs.pop(request.video_id or "", None)
        self._retries.see(request)

    def conclude(self) -> None:
        """Names what can only be said at the end: what a client never did with its jobs."""
        for video_id, job in self._jobs.items():
            code = "poll-stopped" if job.told in _UNFINISHED else "never-collected"
            made = f" ({video_id})" if job.told is None else ""  # no poll, which has it in its path
            self._diagnostics.note(code, f"{job.method} {job.path}{made}")
            job.diagnostics.append(code)
        self._jobs.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._jobs.clear()
        self._pollers.clear()
        self._retries.clear()

    def _note(self, code: str, request: Request, param: str | None = None) -> None:
        if not self._diagnostics.again(code):
            place = f"{request.method} {request.path}" + (f" ({param})" if param else "")
            self._diagnostics.note(code, place)
        request.diagnostics.append(code)

    # Jobs ----------------------------------------------------------------------------------------

    def _polled(self, request: Request) -> None:
        video_id, state = request.video_id or "", request.state
        if state is None or request.status != 200:
            self._told_nothing(request.key, video_id)
            if request.error == NeverEnds.__name__:
                self._jobs.pop(video_id, None)  # the emulator itself ended the polling
            return
        poller = self._poller(request.key, video_id)
        passed = request.started_ns - poller.asked_ns
        told = poller.told_ms or 0
        if told >= LEAST_TOLD_MS and passed < told * 1_000_000 * TOLD_SHARE:
            self._note("polling-too-fast", request)
        poller.asked_ns, poller.told_ms = request.started_ns, request.poll_after_ms
        if state not in _UNFINISHED:
            self._told_the_end(request, poller, passed)
        job = self._jobs.get(video_id)
        if job is not None:
            self._told(request, job, video_id, state)

    def _told(self, request: Request, job: _Job, video_id: str, state: Status) -> None:
        if state is _FAILED:
            del self._jobs[video_id]
        elif job.told in (None, *_UNFINISHED):
            job.told, job.diagnostics = state, request.diagnostics
            job.method, job.path = request.method, request.path

    def _told_nothing(self, key: str, video_id: str) -> None:
        """After a failure, the client's own pace counts."""
        known = self._pollers.get((key, video_id))
        if known is not None:
            known.told_ms = None

    def _told_the_end(self, request: Request, poller: _Poller, passed: int) -> None:
        if poller.looks is None or passed > REST_SECONDS * _SECOND:
            poller.looks = 0
            return
        poller.looks += 1
        if poller.looks > LOOKS_AFTER_END:
            self._note("polling-after-end", request)

    def _asked_for_content(self, request: Request) -> None:
        video_id = request.video_id or ""
        if request.status is not None and request.status < 400:
            self._jobs.pop(video_id, None)
        elif request.error == "VideoExpired":
            poller = self._poller(request.key, video_id)
            asked = request.path.encode("utf-8", "replace") + b"?" + request.query
            if asked in poller.expired:
                self._note("expired-again", request)
            elif len(poller.expired) < _MOST_EXPIRED:
                poller.expired = (*poller.expired, asked)

    def _poller(self, key: str, video_id: str) -> _Poller:
        known = self._pollers.get((key, video_id))
        if known is None:
            known = _Poller()
            remember(self._pollers, (key, video_id), known, MOST_JOBS)
        return known

    # Creates -------------------------------------------------------------------------------------

    def _created(self, request: Request) -> None:
        if request.source_id is not None:
            self._jobs.pop(request.source_id, None)  # it was of use
        # A client that never learnt the id has nothing to collect.
        if request.status is not None and request.status < 300 and request.video_id is not None:
            job = _Job(request.method, request.path, request.diagnostics)
            remember(self._jobs, request.video_id, job, MOST_JOBS)
        self._remark(request)

    def _remark(self, request: Request) -> None:
        """Notes what was accepted here and would not be, or not for long, elsewhere."""
        fields = request.fields or {}
        if _REMARKABLE.isdisjoint(fields) and request.operation is not _REMIX:
            return
        # Unknown to the video API (evidence: inferred, openai, from others that it refused). Of
        # Azure's jobs nothing is known, and the LiteLLM proxy documents it.
        if "user" in fields and request.surface in ("openai", "azure"):
            self._note("deprecated-field", request, "user")
        # (evidence: documented, openai, 2026-03-12). On Azure edits never came, and the proxy
        # has a remix of its own. Files as `input_reference` are no matter for a note: SDKs send
        # them to this day, and the service took and refused them at the same time.
        if request.operation is _REMIX and request.surface == "openai":
            self._note("deprecated-route", request)
        reference = fields.get("input_reference")
        named = cast("dict[str, object]", reference) if isinstance(reference, dict) else {}
        address = named.get("image_url")
        if not self._fetches and str(address).lower().startswith(_REMOTE):
            self._note("image-url-not-fetched", request, "input_reference.image_url")
