"""One side of a comparison: sends the calls of the table to one target, and keeps the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlsplit

from fauxreel_contracts.budget import Allowance
from fauxreel_contracts.clause import Shared
from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.diff_calls import Body, Sends, Step
from fauxreel_contracts.foretold import Names
from fauxreel_contracts.forms import texts
from fauxreel_contracts.jobs import Unavailable
from fauxreel_contracts.pace import Clock
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Target
from fauxreel_contracts.wire import Answer, Call, NoAnswer, form_call, json_call

_SUCCESS = range(200, 300)


class NotMade(Exception):
    """A call is about something that this side has not made."""


@dataclass(slots=True)
class Side:
    """What one target answered.

    Args:
        answers: By the name of the call; those of a followed job have names of their own.
        silent: The calls that got no answer, with the reason.
        unasked: The calls that are about something that was not made, with the reason.
        ids: Those that were made, with their names.
        crowded: Whether there were videos before.
    """

    target: Target
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    silent: dict[str, str] = field(default_factory=dict[str, str])
    unasked: dict[str, str] = field(default_factory=dict[str, str])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    crowded: bool = False
    interrupted: bool = False
    left_behind: Sequence[str] = ()
    videos: int = 0
    seconds: float = 0.0

    @property
    def names(self) -> Names:
        base = urlsplit(self.target.base_url).path.rstrip("/")
        return Names(self.ids, base, self.target.model)


def asked(target: Target, steps: Sequence[Step], clock: Clock | None = None) -> Side:
    """Sends the calls to the target, in their order, and deletes what they made.

    Raises:
        TargetError: It does not answer at all.
    """
    session = Session(target, clock)
    asker = _Asker(session)
    side, ledger = asker.side, session.jobs.ledger
    try:
        asker.check_reachable()
        for step in steps:
            asker.ask(step)
    except KeyboardInterrupt:
        side.interrupted = True
    finally:
        side.left_behind = session.close()
        side.videos, side.seconds = ledger.videos, ledger.seconds
    return side


class _Asker:
    """Sends calls, and fills in the ids that earlier ones made."""

    def __init__(self, session: Session) -> None:
        unknown = UNKNOWN[session.target.dialect]
        self._session = session
        self._kept = {"unknown": unknown}
        self.side = Side(session.target, ids={unknown: "unknown"})

    def check_reachable(self) -> None:
        self.side.crowded = bool(self._session.reach().fields().get("data"))

    def ask(self, step: Step) -> None:
        """Sends a call, and keeps its answer or the reason why there is none."""
        self._session.allowance = Allowance(step.name, step.cost.videos)
        try:
            answer = self._answer(step)
        except NotMade as error:
            self.side.unasked[step.name] = str(error)
        except NoAnswer as error:
            self.side.silent[step.name] = str(error)
        else:
            self.side.answers[step.name] = answer
            self._keep(step, answer)

    def _answer(self, step: Step) -> Answer:
        match step.sends:
            case Sends.FOLLOWS:
                return self._follow(step.name, step.shared or Shared.FIRST)
            case Sends.DELETES:
                return self._delete(step.shared or Shared.SECOND)
            case Sends.MAKES:
                return self._session.create(self._call(step))
            case Sends.TRIES:
                return self._session.refused(self._call(step))
            case Sends.ASKS:
                return self._session.send(self._call(step))

    def _follow(self, name: str, shared: Shared) -> Answer:
        """The creation's answer; what came later goes by names of its own."""
        try:
            life = self._session.life(shared)
        except Unavailable:
            return self._session.created(shared)
        self.side.answers[name] = life.created
        states = dict[str, Answer]()
        for poll in life.polls:
            states.setdefault(self._when(poll), poll)
        if life.early.status not in _SUCCESS or len(states) > 1:  # else it was done by then
            self.side.answers[f"{name}: its content before the end"] = life.early
        for when, poll in states.items():
            self.side.answers[f"{name}: {when}"] = poll
        return life.created

    def _when(self, poll: Answer) -> str:
        state, speech = poll.fields().get("status"), self._session.target.speech
        unfinished = state in speech.states and state not in speech.ended
        return f"retrieved while {state}" if unfinished else "retrieved at its end"

    def _delete(self, shared: Shared) -> Answer:
        if shared not in self._kept:  # asking for it would make it
            raise NotMade(f"there is no {{{shared}}}")
        try:
            return self._session.deletion(shared)
        except Unavailable as error:
            raise NotMade(str(error)) from None

    def _keep(self, step: Step, answer: Answer) -> None:
        """Keeps the id that the answer shows, if the step says so."""
        fields = answer.fields()
        if not step.keeps or answer.status not in _SUCCESS:
            return
        if step.keeps == "last":
            self._kept["last"] = _last_of(fields)
        elif isinstance(video_id := fields.get("id"), str):
            self._kept[step.keeps] = video_id
            self.side.ids[video_id] = step.keeps

    # Requests

    def _call(self, step: Step) -> Call:
        path, headers = self._path(step), step.headers
        fields = cast("dict[str, object]", self._filled(step.fields))
        match step.body:
            case Body.RAW:
                kind = ("Content-Type", "application/json")
                return Call(step.method, path, (kind, *headers), step.raw, keyed=step.keyed)
            case Body.FORM:
                said = self._session.fields(**fields) if step.plain else fields
                return form_call(path, texts(said), headers=headers, keyed=step.keyed)
            case Body.JSON:
                said = {**self._session.fields(), **fields} if step.plain else fields
                return json_call(path, said, headers=headers, keyed=step.keyed)
            case Body.NONE:
                return Call(step.method, path, headers, keyed=step.keyed)

    def _path(self, step: Step) -> str:
        below = "/".join(self._quoted(part) for part in step.path.split("/"))
        collection = self._session.target.speech.collection
        path = below[1:] if below.startswith("//") else f"{collection}{below}"
        query = "&".join(f"{key}={self._quoted(value)}" for key, value in step.query.items())
        return f"{path}?{query}" if query else path

    def _quoted(self, value: object) -> str:
        return quote(str(self._filled(value)), safe="")

    def _filled(self, value: object) -> object:
        """The value with this side's ids in the places that wait for them."""
        if isinstance(value, Mapping):
            fields = cast("Mapping[str, object]", value)
            return {name: self._filled(inner) for name, inner in fields.items()}
        if not isinstance(value, str) or not value.startswith("{"):
            return value
        name = value.strip("{}")
        if not self._kept.get(name):
            raise NotMade(f"there is no {value}")
        return self._kept[name]


def _last_of(fields: Mapping[str, Any]) -> str:
    """The id of the last one on a page; empty if there is none."""
    entries = fields.get("data")
    if not isinstance(entries, list) or not entries:
        return ""
    last = cast("list[object]", entries)[-1]
    return str(cast("dict[str, Any]", last).get("id", "")) if isinstance(last, dict) else ""
