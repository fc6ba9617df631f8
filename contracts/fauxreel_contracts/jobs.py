"""The videos of a run: made, followed to their end, booked, and deleted.

Nothing that could generate is ever sent twice by itself, but after a 429, which makes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from fauxreel_contracts.clause import Shared
from fauxreel_contracts.interrupts import put_off
from fauxreel_contracts.pace import Clock
from fauxreel_contracts.target import Target
from fauxreel_contracts.wire import Answer, Call, NoAnswer, Wire, call

_TOO_MANY = 429
_MOST_TRIES = 4
_LONGEST_WAIT = 60.0
_SUCCESS = range(200, 300)
# What keeps in mind what an answer says was made; it gives the answer back.
Book = Callable[[Answer], Answer]


def unbooked(answer: Answer) -> Answer:
    """Keeps nothing: for answers to requests that make nothing."""
    return answer


class Send(Protocol):
    """Sends a request, and books its answer before an interrupt could lose it."""

    def __call__(self, request: Call, book: Book = ...) -> Answer: ...


class Unavailable(Exception):
    """What a clause looks at is not there, for a reason that another clause is about."""


@dataclass(frozen=True, slots=True)
class Life:
    """A job from its creation to its end.

    Args:
        created: What creating it answered.
        early: What its content answered right after its creation.
        polls: What each retrieve answered, in order.
    """

    id: str
    created: Answer
    early: Answer
    polls: tuple[Answer, ...]

    @property
    def last(self) -> Answer:
        return self.polls[-1]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The creation's and all polls'."""
        return (self.created, *self.polls)

    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """The job as each of them shows it."""
        return tuple(answer.fields() for answer in self.answers)


@dataclass(slots=True)
class Ledger:
    """What a run generated.

    Args:
        accidents: Videos that should have been refused.
        unknown: Requests that could generate and got no answer.
    """

    videos: int = 0
    seconds: float = 0.0
    accidents: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])

    def book(self, fields: Mapping[str, Any], otherwise: float) -> None:
        """Counts a video by the length that the server says it has."""
        self.videos += 1
        self.seconds += _number(fields.get("seconds", fields.get("n_seconds")), otherwise)


def _number(value: object, otherwise: float) -> float:
    try:
        return float(value)  # type: ignore[arg-type] # what is no number raises
    except (TypeError, ValueError):
        return otherwise


@dataclass(slots=True)
class Jobs:
    """The videos of one run."""

    target: Target
    send: Send
    clock: Clock
    ledger: Ledger = field(default_factory=Ledger)
    alive: dict[str, str] = field(default_factory=dict[str, str])
    created: dict[Shared, Answer] = field(default_factory=dict[Shared, Answer])
    uploads: list[str] = field(default_factory=list[str])

    def patient(self, request: Call, wire: Wire, book: Book) -> Answer:
        """Sends a request and books its answer; after a 429 again, as late as the server says.

        Raises:
            NoAnswer: There is none; if it could generate, it may have.
        """
        answer = self._once(request, wire, book)
        for _ in range(_MOST_TRIES - 1):
            if answer.status != _TOO_MANY:
                break
            after = _number(answer.header("retry-after"), 1.0)
            self.clock.wait(min(max(after, 0.05), _LONGEST_WAIT))
            answer = self._once(request, wire, book)
        return answer

    def _once(self, request: Call, wire: Wire, book: Book) -> Answer:
        makes = request.method == "POST"
        with put_off() if makes else nullcontext():
            try:
                return book(wire.send(request))
            except (NoAnswer, KeyboardInterrupt):
                if makes:
                    self.ledger.unknown.append(f"POST {request.path}")
                raise

    def made(self, answer: Answer) -> Answer:
        """Books and remembers a video, if the answer is one; a success without an id may be."""
        video_id = _id_of(answer)
        if video_id:
            self.alive[video_id] = "asked for"
        elif answer.status in _SUCCESS:
            line = f"{answer.call.method} {answer.call.path}, {answer.status} without an id"
            self.ledger.unknown.append(line)
        if answer.status in _SUCCESS:
            self.ledger.book(answer.fields(), 4.0)
        return answer

    def not_made(self, answer: Answer) -> Answer:
        """Reports and deletes a video that should have been refused."""
        video_id = _id_of(answer)
        if video_id:
            call_line = f"{answer.call.method} {answer.call.path}"
            self.ledger.accidents.append(f"{video_id}, by {call_line}")
            self.alive[video_id] = "should have been refused"
            self._delete(video_id)
        return answer

    def kept(self, answer: Answer) -> Answer:
        """Remembers an upload that is no video, if the answer is one."""
        upload_id = _id_of(answer)
        if upload_id:
            self.uploads.append(f"{answer.call.path}/{quote(upload_id, safe='')}")
        return answer

    def live(self, request: Call, shared: Shared) -> Life:
        """Makes a shared video and follows it to its end, as politely as the SDKs.

        Raises:
            Unavailable: It could not be made, or takes too long.
            NoAnswer: There is none to one of the requests.
        """
        created = self.created[shared] = self.send(request, self.made)
        video_id = _id_of(created)
        if not video_id:
            raise Unavailable(f"the {shared} shared video was not made: {_in_short(created)}")
        early = self.send(call("GET", f"{self._path(video_id)}/content"))
        polls = [self.poll(video_id)]
        deadline = self.clock.now() + self.target.job_seconds
        while not self._ended(polls[-1]):
            if self.clock.now() > deadline:
                limit = f"{self.target.job_seconds:g} seconds"
                raise Unavailable(f"the {shared} shared video was not done after {limit}")
            self.clock.wait(self._wait_of(polls[-1]))
            polls.append(self.poll(video_id))
        return Life(video_id, created, early, tuple(polls))

    def poll(self, video_id: str) -> Answer:
        """Retrieves a job."""
        return self.send(call("GET", self._path(video_id)))

    def forget(self, video_id: str, answer: Answer) -> None:
        """Takes a video from what is to be deleted, if the answer says that it is."""
        if answer.status in _SUCCESS:
            self.alive.pop(video_id, None)

    def clean_up(self) -> Sequence[str]:
        """Deletes what is left; returns a line for each video that stays."""
        if self.target.profile.flag("delete"):
            for video_id in list(self.alive):
                self._delete_patiently(video_id)
            self.uploads = [path for path in self.uploads if not self._removed(path)]
        return self.listed()

    def listed(self) -> Sequence[str]:
        """A line for each video and upload that is not known to be deleted."""
        videos = [f"{video_id} ({why})" for video_id, why in self.alive.items()]
        return [*videos, *(f"{path} (uploaded)" for path in self.uploads)]

    def _removed(self, path: str) -> bool:
        try:
            return self.send(call("DELETE", path)).status in _SUCCESS
        except NoAnswer:
            return False

    def _delete_patiently(self, video_id: str) -> None:
        """Deletes a video; if it is still being made and cannot be, waits for its end."""
        deadline = self.clock.now() + self.target.job_seconds
        self._delete(video_id)
        while video_id in self.alive and self.clock.now() < deadline:
            try:
                seen = self.poll(video_id)
            except NoAnswer:
                return
            if self._ended(seen):
                self._delete(video_id)
                return
            self.clock.wait(self._wait_of(seen))

    def _delete(self, video_id: str) -> None:
        try:
            answer = self.send(call("DELETE", self._path(video_id)))
        except NoAnswer:
            return
        self.forget(video_id, answer)

    def _path(self, video_id: str) -> str:
        return f"{self.target.speech.collection}/{quote(video_id, safe='')}"

    def _ended(self, answer: Answer) -> bool:
        """Whether polling on is of no use: it is done, or no longer told of."""
        state = answer.fields().get("status")
        known = state in self.target.speech.states
        return answer.status not in _SUCCESS or not known or state in self.target.speech.ended

    def _wait_of(self, answer: Answer) -> float:
        """The seconds until the next poll: as the server says, or else as configured."""
        said = _number(answer.header("openai-poll-after-ms"), -1.0)
        return min(said / 1000, _LONGEST_WAIT) if said >= 0 else self.target.poll_seconds


def _id_of(answer: Answer) -> str:
    if answer.status not in _SUCCESS:
        return ""
    found = answer.fields().get("id")
    return found if isinstance(found, str) else ""


def _in_short(answer: Answer) -> str:
    return f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip()
