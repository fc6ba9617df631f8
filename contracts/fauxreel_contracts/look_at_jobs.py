"""Looks at how a server makes videos: what `contracts probe` learns of requests and jobs.

A look gets a session and returns flags; it raises `Inconclusive` if the server cannot be told.
"""

import re
from collections.abc import Callable, Mapping

from fauxreel_contracts.clause import Shared
from fauxreel_contracts.clauses import shapes
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.jobs import Life, Unavailable
from fauxreel_contracts.profile import Flag
from fauxreel_contracts.session import OTHER_PROMPT, PROMPT, Session
from fauxreel_contracts.wire import Answer, Call

Flags = Mapping[str, Flag]
Look = Callable[[Session], Flags]
BOTH = (Shared.FIRST, Shared.SECOND)
SUCCESS = range(200, 300)
NO_KEY = (401, 403)
# Fewer looks at an unfinished job tell nothing of what it shows on its way.
_LOOKS = 3
_LONGEST = 200


# Creating


def encodings(session: Session) -> Flags:
    form, as_json = session.created(Shared.FIRST), session.created(Shared.SECOND)
    taken = [answer for answer in (form, as_json) if answer.status in SUCCESS]
    if not taken:
        said = form.body[:_LONGEST].decode(errors="replace")
        raise Inconclusive(f"a plain request is answered {form.status} {said}")
    return {
        "create_multipart": form.status in SUCCESS,
        "create_json": as_json.status in SUCCESS,
        "create_status": taken[0].status,
    }


def life(session: Session) -> Life:
    """The life of a shared video, of whichever could be made.

    Raises:
        Unavailable: Neither could.
    """
    try:
        return session.life(Shared.FIRST)
    except Unavailable:
        return session.life(Shared.SECOND)


def plain(session: Session, **changed: object) -> Call:
    """The plain request with these fields, in an encoding that the server takes."""
    by_form = session.created(Shared.FIRST).status in SUCCESS
    return session.plain_form(**changed) if by_form else session.plain_json(**changed)


def takes(session: Session, request: Call) -> bool:
    """Whether the server takes a request that it may refuse."""
    life(session)  # that the plain one is refused would tell nothing of this one
    status = session.refused(request).status
    if status in SUCCESS:
        return True
    if status >= 500 or status in NO_KEY or status == 429:
        raise Inconclusive(f"{status}")
    return False


def refuses(flag: str, request: Callable[[Session], Call]) -> Look:
    return lambda session: {flag: not takes(session, request(session))}


def too_long(session: Session) -> Call:
    """A length that no model makes; Azure's jobs make any but none at all."""
    jobs = session.target.dialect is Dialect.AZURE_JOBS
    return plain(session, n_seconds=0) if jobs else plain(session, seconds="10")


def square(session: Session) -> Call:
    jobs = session.target.dialect is Dialect.AZURE_JOBS
    return plain(session, width=481) if jobs else plain(session, size="1080x1080")


def number(session: Session) -> Flags:
    if session.created(Shared.SECOND).status not in SUCCESS:
        raise Inconclusive("it takes no JSON")
    name = session.target.speech.seconds
    return {"seconds_number_ok": takes(session, session.plain_json(**{name: 4}))}


def models(session: Session) -> Flags:
    return {"model_checked": not takes(session, plain(session, model="no-such-model"))}


def named_model(flag: str, model: str) -> Look:
    """Whether it knows a model; where any name will do, it knows none."""

    def take(session: Session) -> Flags:
        any_name = not models(session)["model_checked"]
        return {flag: not any_name and takes(session, plain(session, model=model))}

    return take


# The life of a job


def shape(session: Session) -> Flags:
    last = life(session).last.fields()
    return {
        "prompt_echoed": last.get("prompt") in (PROMPT, OTHER_PROMPT),
        "fields_missing": [name for name in shapes.keys(session) if name not in last],
    }


def ids(session: Session) -> Flags:
    answers = (session.created(shared) for shared in BOTH)
    ids = [str(each.fields()["id"]) for each in answers if each.fields().get("id")]
    if not ids:
        raise Inconclusive("no id was seen")
    return {"id_pattern": pattern(ids)}


def pattern(ids: list[str]) -> str:
    """A regular expression for ids such as these."""
    prefix = re.match(r"(?:[a-z]+_)?", ids[0])
    begin = prefix[0] if prefix and all(each.startswith(prefix[0]) for each in ids) else ""
    rests = [each[len(begin) :] for each in ids]
    same_length = len({len(rest) for rest in rests}) == 1
    for letters in ("0-9", "0-9a-f", "0-9a-hjkmnp-tv-z", "0-9a-z"):
        if all(re.fullmatch(f"[{letters}]+", rest) for rest in rests):
            return f"{begin}[{letters}]" + (f"{{{len(rests[0])}}}" if same_length else "+")
    for letters in ("A-Za-z0-9+/", "A-Za-z0-9_-"):
        if all(re.fullmatch(f"[{letters}]+=*", rest) for rest in rests):
            return f"{begin}[{letters}]+=*"
    return ".+"


def _states(session: Session) -> list[str]:
    """The states of the unfinished job, poll by poll."""
    ended = session.target.speech.ended
    states = [str(poll.fields().get("status")) for poll in life(session).polls]
    return [state for state in states if state not in ended]


def running(session: Session) -> Flags:
    unfinished = _states(session)
    seen = set(unfinished) - {session.target.speech.states[0]}
    if not seen and len(unfinished) < _LOOKS:
        raise Inconclusive("the job was done too soon")
    return {"reports_in_progress": bool(seen)}


def progress(session: Session) -> Flags:
    shown = [poll.fields().get("progress") for poll in life(session).polls]
    partly = any(isinstance(each, int | float) and 0 < each < 100 for each in shown)
    if not partly and len(_states(session)) < _LOOKS:
        raise Inconclusive("the job was done too soon")
    return {"reports_progress": partly}


def early(session: Session) -> Flags:
    status = life(session).early.status
    if status in SUCCESS:
        raise Inconclusive("the job was done before its content was asked for")
    return {"not_ready_status": status}


def completed(session: Session) -> str:
    """The id of a shared video that is completed."""
    made = life(session)
    if made.last.fields().get("status") != session.target.speech.completed:
        raise Inconclusive("no shared video is completed")
    return made.id


def failure(session: Session, prompt: str) -> Flags:
    """How a job looks that fails, by a prompt that makes it fail."""
    made = session.create(plain(session, prompt=prompt))
    video_id = str(made.fields().get("id", ""))
    if made.status not in SUCCESS or not video_id:
        raise Inconclusive(f"the prompt is refused at once, {made.status}")
    last = _followed(session, video_id)
    if last.fields().get("status") == session.target.speech.completed:
        raise Inconclusive("the job did not fail")
    content = session.get(session.path(video_id, "content"))
    error = last.fields().get("error")
    flags: dict[str, Flag] = {"failed_retrieve_is_http_error": last.status >= 400}
    if content.status not in SUCCESS:
        flags["failed_content_status"] = content.status
    if isinstance(error, str):
        flags["error_object"] = "string"
    elif isinstance(error, dict):
        flags["error_object"] = "code+message" if "code" in error else "message"
    return flags


def _followed(session: Session, video_id: str) -> Answer:
    """The last retrieve of a job, once it has ended."""
    deadline = session.clock.now() + session.target.job_seconds
    answer = session.jobs.poll(video_id)
    unfinished = set(session.target.speech.states) - session.target.speech.ended
    while answer.fields().get("status") in unfinished:
        if session.clock.now() > deadline:
            raise Inconclusive("the job did not end")
        session.clock.wait(session.target.poll_seconds)
        answer = session.jobs.poll(video_id)
    return answer
