"""Makes the litellm package call under rules, and prints as JSON what it raised.

Runs in an environment with litellm. Arguments: JSON of `[provider, api_base, "sync" | "async"]`
lists, and JSON of the rules, one call each.
"""

import asyncio
import json
import sys

import litellm
import openai


def exceptions(runner, provider, api_base, form, rules):
    there = {"api_base": api_base, "custom_llm_provider": provider, "api_key": "sk-fauxreel"}
    function = litellm.avideo_generation if form == "async" else litellm.video_generation

    def raised(rule):
        asked = {"model": f"{provider}/sora-2", "prompt": "a cat"}
        try:
            given = function(**asked, **there, extra_headers={"X-Fauxreel": rule})
            if form == "async":
                runner.run(given)
        except openai.OpenAIError as error:
            return [type(error).__name__, error.status_code]
        return None

    return {rule: raised(rule) for rule in rules}


with asyncio.Runner() as only_runner:
    wanted = json.loads(sys.argv[2])
    found = [exceptions(only_runner, *case, wanted) for case in json.loads(sys.argv[1])]
print(json.dumps(found))
