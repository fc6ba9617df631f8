"""Calls every video function of the litellm package once, and prints as JSON what they gave.

Runs in an environment with litellm. Arguments: JSON of `[provider, api_base, "sync" | "async"]`
lists, each of them an emulator that nobody asked before.
"""

import asyncio
import base64
import inspect
import json
import sys
from importlib.metadata import version

import litellm


def said(wrapped):
    return base64.b64decode(wrapped.removeprefix("video_")).decode()


def raw(wrapped):
    return said(wrapped).partition("video_id:")[2].partition(";")[0]


def calls(runner, provider, api_base, form):
    there = {"api_base": api_base, "api_key": "sk-1", "custom_llm_provider": provider}

    def call(name, **arguments):
        # The sync functions must not be called inside a loop: video_list starts one itself.
        given = getattr(litellm, ("a" if form == "async" else "") + name)(**arguments, **there)
        assert inspect.isawaitable(given) == (form == "async")
        return runner.run(given) if form == "async" else given

    wanted = {"prompt": "a cat", "seconds": "8", "size": "1280x720"}
    video = call("video_generation", model=f"{provider}/sora-2", **wanted)
    seen = [video.status]
    while seen[-1] not in ("completed", "failed") and len(seen) < 20:
        seen.append(call("video_status", video_id=video.id).status)
    content = call("video_content", video_id=video.id)
    remix = call("video_remix", video_id=video.id, prompt="bluer")
    edit = call("video_edit", video_id=video.id, prompt="redder")
    longer = call("video_extension", video_id=video.id, prompt="on", seconds="4")
    listed = call("video_list", limit=2)
    return {
        "version": version("litellm"),
        "id": said(video.id).replace(raw(video.id), "RAW"),
        "video": {**video.model_dump(), "id": raw(video.id)},
        "seen": seen,
        "kind": content[4:8].decode("latin-1"),
        "stamped with the id": raw(video.id).encode() in content,
        "made from it": [
            [each.remixed_from_video_id == raw(video.id), each.seconds, each.size]
            for each in (remix, edit, longer)
        ],
        "newest two listed": [raw(each["id"]) for each in listed["data"]]
        == [raw(longer.id), raw(edit.id)],
    }


with asyncio.Runner() as only_runner:
    found = [calls(only_runner, *case) for case in json.loads(sys.argv[1])]
print(json.dumps(found))
