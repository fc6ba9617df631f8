"""Looks at what a server has beside its jobs: content, lists, errors, further roads, deletion."""

from base64 import b64encode
from contextlib import suppress
from typing import cast

from fauxreel_contracts.clauses.retrieve import UNKNOWN
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.expect import Inconclusive
from fauxreel_contracts.forms import file, png
from fauxreel_contracts.look_at_jobs import (
    BOTH,
    NO_KEY,
    SUCCESS,
    Flags,
    Look,
    completed,
    life,
    plain,
    takes,
)
from fauxreel_contracts.media import Unreadable, movie
from fauxreel_contracts.profile import Flag
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer, json_call

_ABSENT = (404, 405, 501)


# Content


def _content(session: Session, variant: str = "", part: str = "") -> Answer:
    query = {"variant": variant} if variant else None
    headers = (("Range", part),) if part else ()
    return session.get(session.path(completed(session), "content"), query, headers=headers)


def files(session: Session) -> Flags:
    whole = _content(session)
    if whole.status not in SUCCESS:
        raise Inconclusive(f"the content is a {whole.status}")
    flags: dict[str, Flag] = {
        "content_types": [whole.content_type],
        "range": _content(session, part="bytes=4-11").status == 206,
        "variant_video_accepted": _content(session, "video").status in SUCCESS,
        "variants": _variants(session),
    }
    with suppress(Unreadable):  # it may be another kind of file, as AVI
        flags["sound"] = "mp4a" in movie(whole.body).codecs
    return flags


def _variants(session: Session) -> str:
    thumbnail = _content(session, "thumbnail")
    if thumbnail.status not in SUCCESS:
        return f"{thumbnail.status}"
    if thumbnail.content_type.startswith("image/"):
        return "real"
    return "drops" if session.target.dialect is Dialect.LITELLM else "ignored"


# Lists


def _list(session: Session, **query: object) -> Answer:
    return session.get(session.target.speech.collection, query)


def lists(session: Session) -> Flags:
    answer = _list(session)
    fields = answer.fields()
    if answer.status not in SUCCESS:
        provided = _list(session, custom_llm_provider="openai").status in SUCCESS
        return {"list": "provider" if provided else False}
    if "has_more" not in fields:
        return {"list": "plain"}
    flags: dict[str, Flag] = {"list": "cursors"}
    if fields["has_more"] and (entries := _entries(answer)):
        flags["list_default_limit"] = len(entries)
    return flags


def edges(session: Session) -> Flags:
    if _list(session).status not in SUCCESS:
        raise Inconclusive("it has no plain list")
    life(session)
    zero = _list(session, limit=0)
    after = _list(session, after=UNKNOWN[session.target.dialect])
    if after.status in SUCCESS:
        bad_after = "ignored" if _entries(after) else "empty"
    else:
        bad_after = f"{after.status}"
    return {
        "list_limit0": "ok" if zero.status in SUCCESS else f"{zero.status}",
        "bad_after": bad_after,
    }


def _entries(answer: Answer) -> list[object]:
    found: object = answer.fields().get("data")
    return cast("list[object]", found) if isinstance(found, list) else []


# What is there at all


def has(flag: str, *path: str) -> Look:
    """Whether there is a road for an empty POST, which it will refuse if there is."""

    def take(session: Session) -> Flags:
        request = json_call("/".join([session.target.speech.collection, *path]), {})
        return {flag: session.refused(request).status not in _ABSENT}

    return take


def remix(session: Session) -> Flags:
    request = json_call(session.path(completed(session), "remix"), {})
    return {"remix": session.refused(request).status not in _ABSENT}


def characters(session: Session) -> Flags:
    request = json_call(f"{session.target.speech.collection}/characters", {})
    return {"characters": session.post(request).status not in _ABSENT}


def reads(flag: str, path: str) -> Look:
    return lambda session: {flag: session.get(path).status in SUCCESS}


def references(session: Session) -> Flags:
    """Pictures as a file and as an object; what ignores them takes both."""
    width, _, height = str(session.fields().get("size", "1280x720")).partition("x")
    picture = png(int(width), int(height))
    by_file = session.plain_form(file("input_reference", picture, "boat.png", "image/png"))
    url = f"data:image/png;base64,{b64encode(picture).decode()}"
    by_object = session.plain_json(input_reference={"image_url": url})
    either = {
        "reference_files": takes(session, by_file),
        "reference_objects": takes(session, by_object),
    }
    return {"references": any(either.values()), **either}


def envelope(session: Session) -> Flags:
    answer = session.get(session.path(UNKNOWN[session.target.dialect]))
    fields = answer.fields()
    if answer.status in SUCCESS:
        raise Inconclusive("an unknown id is a success")
    error = fields.get("error")
    if isinstance(error, dict):
        code = cast("dict[str, object]", error).get("code")
        return {"error_envelope": "openai_int_code" if isinstance(code, int) else "openai"}
    if "detail" in fields:
        return {"error_envelope": "detail"}
    if "message" in fields:
        return {"error_envelope": "flat"}
    raise Inconclusive("an error of no known form")


def keys(session: Session) -> Flags:
    path = session.path(UNKNOWN[session.target.dialect])
    return {"auth_required": session.get(path, keyed=False).status in NO_KEY}


# Deleting


def stops(session: Session) -> Flags:
    made = session.create(plain(session))
    video_id = made.fields().get("id")
    if not isinstance(video_id, str):
        raise Inconclusive("no further video could be made")
    answer = session.get(session.path(video_id), method="DELETE")
    session.jobs.forget(video_id, answer)
    if answer.status in (404, 405):
        raise Inconclusive("it deletes nothing")
    if answer.status in SUCCESS and session.get(session.path(video_id)).status == 404:
        raise Inconclusive("the job is gone; whether the work on it has stopped, nobody can see")
    return {"delete_aborts": False}


def deletes(session: Session) -> Flags:
    shared = next((s for s in reversed(BOTH) if session.created(s).status in SUCCESS), None)
    if shared is None:
        raise Inconclusive("there is nothing to delete")
    answer = session.deletion(shared)
    return {"delete": answer.status in SUCCESS, "delete_shape": _shape_of(answer)}


def _shape_of(answer: Answer) -> str:
    if answer.status not in SUCCESS:
        return "none"
    fields = answer.fields()
    if fields.get("object") == "video.deleted":
        return "video.deleted"
    if "status" in fields:
        return "job"
    return "bare" if fields.get("deleted") is True else "none"
