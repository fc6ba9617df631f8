"""What clients send again after a failure: too soon, too often, or though a job was made.

Real time counts, from the start of one request to the start of the next: who waits as told after
an answer can never seem to have waited less, however busy the machine is.
"""

import json
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from fauxreel.domain.operations import CREATING
from fauxreel.journal import Request

K = TypeVar("K")
V = TypeVar("V")

# Less than this part of what was told is too early; timers that round down are not.
TOLD_SHARE = 0.8
# The backoff of the official SDKs (0.375 s at least, doubled each time) makes three in two seconds.
STORM_FAILURES = 5
STORM_SECONDS = 2.0
# A retry count may mean that an answer was lost on its way, though all of it was sent: the
# official SDKs then wait for 8 s at most, and some time goes by until they notice.
RESENT_SECONDS = 30.0
MOST_REQUESTS = 1_000

_MOST_ATTEMPTS = 8
_SECOND = 1_000_000_000
# What one tries again: an answer of another kind stays what it is.
_RETRIED = (408, 409, 429)

_Same = tuple[object, ...]


class _Trouble(Struct):
    """A request that fails, however often it is sent.

    Args:
        failures: When it was sent, without those that waited as they were told.
    """

    asked_ns: int = 0
    retry: int = 0
    connection: int = 0
    told_seconds: float = 0.0
    failures: deque[int] = field(default_factory=lambda: deque(maxlen=STORM_FAILURES))


class _Attempt(Struct, frozen=True):
    """One sending of a request that makes a job.

    Args:
        failed: Whether the client had to think that it failed.
        paid: Whether it made a job, or one of those before it did that failed.
    """

    retry: int
    ended_ns: int
    failed: bool
    paid: bool


class Retries:
    """What failed lately, and which requests made jobs.

    Args:
        note: Is told of a defect, and of the request that shows it.
    """

    def __init__(self, note: Callable[[str, Request], None]) -> None:
        self._note = note
        self._troubles: OrderedDict[_Same, _Trouble] = OrderedDict()
        self._attempts: OrderedDict[_Same, deque[_Attempt]] = OrderedDict()
        # Creates that went well at once, to be looked at when one comes that may send them again.
        self._plain: deque[Request] = deque(maxlen=MOST_REQUESTS)
        # Whether one that failed made a job, so that one like it is sent again.
        self._lost = False

    @property
    def troubled(self) -> bool:
        """Whether something failed lately."""
        return bool(self._troubles)

    def see(self, request: Request) -> None:
        """Looks at a request that was just answered."""
        again = failed(request)
        if request.accepted and not (again or request.retry or self._lost or self._troubles):
            self._plain.append(request)
            return
        creates = request.operation in CREATING
        if not (creates or again or self._troubles):
            return
        same = _same(request)
        if creates and (again or request.accepted):
            while self._plain:
                plain = self._plain.popleft()
                self._attempted(plain, _same(plain), again=False)
            self._attempted(request, same, again=again)
        trouble = self._troubles.get(same)
        if trouble is not None:
            if not _follows(request, trouble):
                return
            del self._troubles[same]
            self._waited(request, trouble)
        if again:
            self._failed(request, same, trouble or _Trouble())

    def clear(self) -> None:
        """Forgets everything."""
        self._troubles.clear()
        self._attempts.clear()
        self._plain.clear()
        self._lost = False

    def _attempted(self, request: Request, same: _Same, *, again: bool) -> None:
        attempts = self._attempts.pop(same, None) or deque(maxlen=_MOST_ATTEMPTS)
        before = _before(request, attempts) if attempts else None
        paid = before is not None and before.paid
        if before is not None:
            attempts.remove(before)
        if paid and request.accepted:
            self._note("paid-duplicate", request)
        ended = request.started_ns if request.ended_ns is None else request.ended_ns
        paid = paid or request.accepted
        self._lost = self._lost or (again and paid)
        attempts.append(_Attempt(request.retry, ended, again, paid))
        remember(self._attempts, same, attempts, MOST_REQUESTS)

    def _waited(self, request: Request, trouble: _Trouble) -> None:
        if not trouble.told_seconds:
            return
        if request.started_ns - trouble.asked_ns < trouble.told_seconds * _SECOND * TOLD_SHARE:
            self._note("retry-after-ignored", request)
        else:
            trouble.failures.clear()

    def _failed(self, request: Request, same: _Same, trouble: _Trouble) -> None:
        trouble.asked_ns, trouble.retry = request.started_ns, request.retry
        trouble.connection = request.connection
        trouble.told_seconds = request.retry_after or 0.0
        failures = trouble.failures
        failures.append(request.started_ns)
        within = failures[-1] - failures[0] <= STORM_SECONDS * _SECOND
        if len(failures) == STORM_FAILURES and within:
            failures.clear()
            self._note("retry-storm", request)
        remember(self._troubles, same, trouble, MOST_REQUESTS)


def failed(request: Request) -> bool:
    """Whether the answer is one after which one tries again: none, 408, 409, 429, 5xx."""
    status = request.status
    return status is None or status >= 500 or status in _RETRIED


def remember(memory: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Keeps it as the newest, and forgets the oldest if there are too many."""
    memory[key] = value
    if len(memory) > most:
        memory.popitem(last=False)


_ENCODED = json.JSONEncoder(sort_keys=True, default=str).encode


def _same(request: Request) -> _Same:
    """What a request has in common with those that send it again."""
    return request.key, request.method, request.path, request.query, _hashed(request.fields)


def _hashed(fields: Mapping[str, object] | None) -> int:
    """The same for the same parameters, in any order; the text of them may be long."""
    if fields is None:
        return 0
    try:
        return hash(frozenset(fields.items()))
    except TypeError:  # there are lists or objects among them
        return hash(_ENCODED(fields))


def _follows(request: Request, trouble: _Trouble) -> bool:
    """Whether it sends that one again.

    A client that counts its retries may send another with the same body in parallel, which
    knows nothing of the failure.
    """
    if not request.counts_retries:
        return True
    if request.retry:
        return request.retry == trouble.retry + 1
    return request.connection == trouble.connection


def _before(request: Request, attempts: deque[_Attempt]) -> _Attempt | None:
    """Which of the earlier ones it sends again, if any."""
    latest_first = reversed(attempts)
    if not request.retry:
        for one in latest_first:
            if one.failed and one.paid and one.ended_ns <= request.started_ns:
                return one
        return None
    since = request.started_ns - RESENT_SECONDS * _SECOND
    counted = (one for one in latest_first if one.retry == request.retry - 1)
    recent = (one for one in counted if one.failed or one.ended_ns > since)
    return max(recent, key=lambda one: one.failed, default=None)
