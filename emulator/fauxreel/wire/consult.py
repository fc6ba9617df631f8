"""Asking the rules about a request, and about a job that it makes."""

from collections.abc import Awaitable, Mapping

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import Scope

from fauxreel.domain.errors import RequestError
from fauxreel.domain.refusals import Injected, retry_headers
from fauxreel.domain.video import Draft, Video, ended_at
from fauxreel.faults.book import HEADER
from fauxreel.faults.plan import ErrorSpec, Plan
from fauxreel.faults.rule import Subject
from fauxreel.journal import Request
from fauxreel.space import Space
from fauxreel.wire.defects import VALUES
from fauxreel.wire.record import REQUEST

# Where the scope holds what was ruled.
RULING = "fauxreel.ruling"
# Where it holds that a rule may say something of the request, or of its job.
_MAY_BE_RULED = "fauxreel.may_be_ruled"
_NONE: Mapping[str, object] = {}


class Ruling(Struct, frozen=True):
    """What a rule says of a request."""

    plan: Plan
    subject: Subject


class Replaced(Exception):
    """A request whose real answer nobody will see, so that it is not carried out."""


def consult(space: Space, scope: Scope) -> Awaitable[None] | None:
    """Asks which fault is to be, and leaves it in the scope.

    Returns:
        What raises as below once it is awaited; None where no rule can say anything, as with most
        requests.

    Raises:
        RequestError: The request is answered with an error instead of being carried out.
        Replaced: Its answer is replaced or lost otherwise, and it is not carried out.
    """
    book = space.rules
    request: Request = scope[REQUEST]
    if book.idle and not request.brings_rules:
        values = scope.get(VALUES)
        if values is None or "[[" not in str(values.get("prompt", "")) or not book.phrases:
            return None
    scope[_MAY_BE_RULED] = True
    return _consult(space, scope)


async def _consult(space: Space, scope: Scope) -> None:
    book = space.rules
    request: Request = scope[REQUEST]
    subject = await _looked_up(space, _subject(scope, request))
    choice = book.fault(subject, request.sequence)
    if choice is None:
        return
    plan = choice.entry.rule.plan(choice.draw)
    request.rule, request.faults = choice.entry.id, plan.names
    scope[RULING] = Ruling(plan, subject)
    if plan.replaces and not plan.accepted:
        _raise(scope[RULING])


def ruled_after(scope: Scope) -> None:
    """Raises what comes only after the request was carried out.

    Raises:
        RequestError, Replaced: As for `consult`.
    """
    ruling: Ruling | None = scope.get(RULING)
    if ruling is not None and ruling.plan.replaces and ruling.plan.accepted:
        _raise(ruling)


def _raise(ruling: Ruling) -> None:
    spec = ruling.plan.error
    if spec is None:
        raise Replaced
    raise _injected(spec, ruling)


def _injected(spec: ErrorSpec, ruling: Ruling) -> RequestError:
    base = None
    if spec.preset is not None:
        from fauxreel.faults.presets import PRESETS

        base = PRESETS[spec.preset].make(ruling.subject, spec.retry_after)
    names = ("status", "message", "type", "code", "param")
    parts = {name: value for name in names if (value := getattr(spec, name)) is not None}
    headers = dict(() if base is None else base.headers)
    if spec.retry_after is not None:
        headers |= dict(retry_headers(spec.retry_after))
    headers |= dict(ruling.plan.headers)
    if base is not None and not parts and tuple(headers.items()) == base.headers:
        return base
    return Injected(base, parts, tuple(headers.items()))


class Caller(Struct):
    """Who asks for a job: what rules say of it, and where it is noted."""

    space: Space
    scope: Scope

    def decide(self, draft: Draft) -> Draft:
        """The new job with the fate that a rule gives it, once the rules were asked for faults.

        Raises:
            BadRule: The rule in the request cannot be read.
        """
        if _MAY_BE_RULED not in self.scope:
            return draft
        request: Request = self.scope[REQUEST]
        subject = _subject(self.scope, request)
        subject = replace(subject, model=draft.model, prompt=draft.prompt)
        choice = self.space.rules.outcome(subject, request.sequence)
        if choice is None:
            return draft
        request.rule = request.rule or choice.entry.id
        request.faults = (*request.faults, *choice.entry.rule.names)
        return choice.entry.rule.shape(draft)

    def accepted(self, video: Video) -> None:
        """Notes the job that was made."""
        request: Request = self.scope[REQUEST]
        request.accepted = True
        request.video_id, request.source_id = video.id, video.source_id
        if _MAY_BE_RULED in self.scope:
            self.space.rules.bind(video.prompt, video.id, request.operation or "")


_HEADER = HEADER.encode("ascii")


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; values of the same name are joined, rules as rules are."""
    found: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name = raw_name.decode("latin-1")
        joint = "; " if raw_name == _HEADER else ", "
        value = _text(raw)
        found[name] = f"{found[name]}{joint}{value}" if name in found else value
    return found


def _text(raw: bytes) -> str:
    """A header's value, which nobody says the encoding of."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _subject(scope: Scope, request: Request) -> Subject:
    values = scope.get(VALUES, _NONE)
    model, prompt = values.get("model"), values.get("prompt")
    return Subject(
        surface=request.surface or "",
        operation=request.operation or "",
        method=request.method,
        path=scope["path"],
        model=model if isinstance(model, str) else None,
        prompt=prompt if isinstance(prompt, str) else None,
        headers=_headers(scope),
        video_id=request.video_id,
    )


async def _looked_up(space: Space, subject: Subject) -> Subject:
    """The same with the facts of the job that it names, where a rule asks for them."""
    if subject.video_id is None or not space.rules.knows(subject):
        return subject
    record = await space.store.get(None, subject.video_id)
    if record is None:
        return subject
    video, now = record.video, space.clock.now()
    ended = now - ended_at(video, record.polls)
    return replace(
        subject,
        model=subject.model or video.model,
        prompt=subject.prompt or video.prompt,
        age=now - video.created,
        ended=ended if ended >= 0 else None,
    )
