"""Makes the litellm package raise, and prints as JSON what it raised.

Runs in an environment with litellm. Arguments: JSON of `[provider, api_base, "sync" | "async"]`
lists.
"""

import asyncio
import json
import sys

import litellm
import openai


def exceptions(runner, provider, api_base, form):
    there = {"api_base": api_base, "custom_llm_provider": provider}

    def raised(name, key="sk-fauxreel", **arguments):
        try:
            function = getattr(litellm, ("a" if form == "async" else "") + name)
            given = function(**arguments, api_key=key, **there)
            if form == "async":
                runner.run(given)
        except openai.OpenAIError as error:
            return [type(error).__name__, error.status_code]
        return None

    create = {"model": f"{provider}/sora-2", "prompt": "a cat"}
    refused = "sk-invalid-0123456789"
    return {
        "bad key": raised("video_generation", key=refused, **create),
        "bad key, retrieve": raised("video_status", key=refused, video_id="video_1"),
        "bad seconds": raised("video_generation", **create, seconds="7"),
        "bad size": raised("video_generation", **create, size="1x1"),
        "unknown id": raised("video_status", video_id="video_1"),
        "unknown id, content": raised("video_content", video_id="video_1"),
        "unknown id, remix": raised("video_remix", video_id="video_1", prompt="bluer"),
    }


with asyncio.Runner() as only_runner:
    found = [exceptions(only_runner, *case) for case in json.loads(sys.argv[1])]
print(json.dumps(found))
