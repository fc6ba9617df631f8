"""The journal of one namespace: which requests came, and what they were answered.

It holds the last so many. What is entered has no credentials and no contents of files any more.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.eager import in_task
from fauxreel.masking import masked_answer

# Longer JSON answers are not kept.
MOST_ANSWER_BYTES = 16 * 1024

# Faults after which an answer arrives whole and is still wrong.
_SPOILING = frozenset({"corrupt", "empty", "json_body", "content_type", "redirect"})


class Told(Struct, frozen=True, gc=False):
    """What is kept of an answer beside its status, as a `Request` tells it.

    Args:
        body: That of a JSON answer that is not too long.
    """

    content_type: str = ""
    length: int = 0
    body: bytes | None = None
    retry_after: float | None = None
    poll_after_ms: int | None = None


NOTHING = Told()


class Request(Struct, eq=False):
    """One request and its answer.

    Args:
        sequence: Its place in the order of arrival, from 1.
        time: When it came, in emulated seconds.
        path: With the prefix of its namespace; a very long one is cut.
        query: Without credentials.
        surface: The surface that answered; None where no surface has such a path.
        key: The hash of the API key; empty without one.
        client: The `User-Agent`.
        connection: The client's port, which tells its connections apart.
        retry: How often the client says that it sent this before (`x-stainless-retry-count`).
        counts_retries: Whether it says so at all.
        brings_rules: Whether it has the header `X-Fauxreel`.
        fields: The parameters in the body; files are told by their type, length and digest.
        video_id: The raw id of the job that it names or made.
        accepted: Whether it made a job.
        source_id: The job that this one was made from.
        state: Of the job, as a retrieve found it.
        status: Of the answer; None while there is none, or when it was lost.
        told: What else it was answered.
        part: The bytes of a file that were sent: from, up to but not including, and of how many
            there are.
        rule: The rule that fired, and in `faults` what it did.
        degraded: Whether a fault of the transport could only be imitated.
        diagnostics: The defects of the client that it showed.
        started_ns: Real time, for durations.
    """

    method: str
    path: str
    query: bytes
    surface: str | None
    operation: Operation | None
    started_ns: int = 0
    sequence: int = 0
    time: float = 0.0
    key: str = ""
    client: str = ""
    connection: int = 0
    retry: int = 0
    counts_retries: bool = False
    brings_rules: bool = False
    fields: Mapping[str, Any] | None = None
    video_id: str | None = None
    accepted: bool = False
    source_id: str | None = None
    state: Status | None = None
    status: int | None = None
    told: Told = NOTHING
    part: tuple[int, int, int] | None = None
    ended_ns: int | None = None
    rule: str | None = None
    faults: tuple[str, ...] = ()
    degraded: bool = False
    error: str | None = None
    diagnostics: list[str] = []

    @property
    def content_type(self) -> str:
        """That of the answer."""
        return self.told.content_type

    @property
    def length(self) -> int:
        """That of the whole body of the answer, in bytes."""
        return self.told.length

    @property
    def retry_after(self) -> float | None:
        """How many seconds the answer tells to wait after a failure."""
        return self.told.retry_after

    @property
    def poll_after_ms(self) -> int | None:
        """How many milliseconds the answer tells to wait between polls."""
        return self.told.poll_after_ms

    @property
    def answer(self) -> bytes | None:
        """The body of a JSON answer that is not too long, without the credentials in it."""
        # Looked for only now: few answers are ever looked at.
        body = self.told.body
        return None if body is None else masked_answer(body, ())

    @property
    def spoilt(self) -> bool:
        """Whether a rule replaced or corrupted the answer.

        An imitated end is one that seems to be whole.
        """
        return self.degraded or any(name in _SPOILING for name in self.faults)

    @property
    def lost(self) -> bool:
        """Whether the client never got a whole answer."""
        return self.ended_ns is not None and self.status is None


class Filter(Struct, frozen=True):
    """Which requests are wanted; what is None does not matter."""

    surface: str | None = None
    operation: str | None = None
    method: str | None = None
    status: int | None = None
    video_id: str | None = None
    rule: str | None = None
    key: str | None = None
    after: int = 0

    def takes(self, request: Request) -> bool:
        """Whether the request is wanted."""
        return request.sequence > self.after and all(
            wanted is None or wanted == given
            for wanted, given in (
                (self.surface, request.surface),
                (self.operation, request.operation),
                (self.method, request.method),
                (self.status, request.status),
                (self.video_id, request.video_id),
                (self.rule, request.rule),
                (self.key, request.key),
            )
        )


_ALL = Filter()


class Journal:
    """The requests of one namespace.

    Args:
        most: How many are kept.
        now: The emulated time.
    """

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._requests: deque[Request] = deque(maxlen=most)
        self._now = now
        self._last = 0
        self._waiting: set[asyncio.Event] = set()

    def open(self, request: Request) -> Request:
        """Enters a request that has just come, under the next number."""
        self._last += 1
        request.sequence = self._last
        request.time = self._now()
        self._requests.append(request)
        return request

    def closed(self) -> None:
        """Tells those who wait that a request was answered."""
        for event in self._waiting:
            event.set()

    def requests(self, wanted: Filter = _ALL) -> list[Request]:
        """Those that are kept and wanted, in the order of arrival."""
        return [request for request in self._requests if wanted.takes(request)]

    async def wait(self, wanted: Filter, count: int, seconds: float) -> list[Request]:
        """Those that are wanted, once so many were answered or so many real seconds passed."""
        event = asyncio.Event()
        self._waiting.add(event)
        await in_task()
        try:
            async with asyncio.timeout(seconds):
                while len(self._answered(wanted)) < count:
                    event.clear()
                    await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(event)
        return self.requests(wanted)

    def clear(self) -> None:
        """Forgets everything, the numbers too."""
        self._requests.clear()
        self._last = 0

    def _answered(self, wanted: Filter) -> list[Request]:
        return [request for request in self.requests(wanted) if request.ended_ns is not None]


def described(request: Request) -> dict[str, Any]:
    """A request as JSON, without anything secret."""
    ended = request.ended_ns
    return {
        "sequence": request.sequence,
        "time": request.time,
        "method": request.method,
        "path": request.path,
        "query": request.query.decode("utf-8", "replace"),
        "surface": request.surface,
        "operation": request.operation,
        "key": request.key,
        "client": request.client,
        "retry": request.retry,
        "video_id": request.video_id,
        "fields": request.fields,
        "status": request.status,
        "lost": request.lost,
        "content_type": request.content_type,
        "length": request.length,
        "answer": _answer(request.answer),
        "milliseconds": None
        if ended is None
        else round((ended - request.started_ns) / 1_000_000, 3),
        "rule": request.rule,
        "faults": list(request.faults),
        "degraded": request.degraded,
        "diagnostics": list(request.diagnostics),
    }


def _answer(body: bytes | None) -> Any:
    if body is None:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
